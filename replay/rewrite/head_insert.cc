#include "replay/rewrite/head_insert.h"

#include "core/base/ascii.h"

namespace wm::rewrite {
namespace {

/// Without WebRTC, which has nobody to talk to in an archive: its packets pass by content policies,
/// and Chromium 156 ends a page whose frame uses it behind a connection allowlist.
constexpr std::string_view kNoWebRtc =
    "<script>/*<![CDATA[*/(function(w){var strip=function(v){try{delete "
    "v.RTCPeerConnection;delete v.webkitRTCPeerConnection}catch(e){}return v};strip(w);"
    "[\"HTMLIFrameElement\",\"HTMLFrameElement\",\"HTMLObjectElement\"].forEach(function(n){"
    "var p=w[n]&&w[n].prototype,d=p&&Object.getOwnPropertyDescriptor(p,\"contentWindow\"),"
    "c=p&&Object.getOwnPropertyDescriptor(p,\"contentDocument\");"
    "if(d)Object.defineProperty(p,\"contentWindow\",{configurable:true,enumerable:true,"
    "get:function(){return strip(d.get.call(this))}});"
    "if(c)Object.defineProperty(p,\"contentDocument\",{configurable:true,enumerable:true,"
    "get:function(){var r=c.get.call(this);if(r)strip(r.defaultView);return r}});"
    "})})(window);/*]]>*/</script>";

/// A JavaScript string that no HTML or XHTML parser can be led out of a script by.
std::string js_string(std::string_view text) {
  std::string out = "\"";
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == '\'' ||
        c == ']') {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::string wombat_insert(const HeadInsert& insert) {
  const Address& address = insert.address;
  const std::string href = address.document.href();
  const std::string stamp = insert.capture_time.text();
  const auto seconds = insert.capture_time.time().time_since_epoch().count();
  std::string port = address.document.port() ? ":" + std::to_string(*address.document.port()) : "";
  std::string out = std::string(kNoWebRtc) +
                    "<script>/*<![CDATA[*/(function(w){var "
                    "o=w.origin;if(!o||o===\"null\")o=w.location.origin;"
                    "if(o===\"null\")o=new w.URL(w.document.baseURI).origin;w.wbinfo={";
  out += "url:" + js_string(href);
  out += ",timestamp:\"" + stamp + "\",request_ts:" + js_string(address.timestamp);
  out += ",prefix:o+" + js_string(address.prefix);
  out += ",mod:\"" + std::string(memento::name_of(
                         memento::is_page(address.modifier) ? address.modifier : Modifier::kNone));
  // A page by itself must not look for the frame around it: wombat would load it anew at top_url.
  out += "\",is_framed:w.parent!==w,is_live:false";
  out += ",coll:" + js_string(insert.collection);
  out += ",proxy_magic:\"\",static_prefix:o+" + js_string(insert.static_prefix);
  out += ",ww_rw_script:o+" + js_string(insert.workers_script);
  out += ",enable_auto_fetch:false";
  out += ",top_url:o+" + js_string(address.prefix + address.timestamp + "/" + href);
  out += ",target_frame:\"___wb_replay_top_frame\"";
  if (!insert.app_origin.empty()) out += ",top_host:" + js_string(insert.app_origin);
  out += ",wombat_ts:" + js_string(address.timestamp) + ",wombat_sec:\"" + std::to_string(seconds) +
         "\"";
  out += ",wombat_scheme:" + js_string(address.document.scheme());
  out += ",wombat_host:" + js_string(std::string(address.document.host()) + port);
  out += ",wombat_opts:{}};})(window);/*]]>*/</script><script src=\"" + insert.static_prefix +
         "wombat.js\"></script>";
  // The frames of the page find it as their top by is_framed, whether it is framed itself or not.
  // Handlers use the function.
  out +=
      "<script>/*<![CDATA[*/if(window._WBWombatInit)window._WBWombatInit(window.wbinfo);"
      "window.wbinfo.is_framed=true;"
      "var "
      "_____WB$wombat$assign$function_____=function(name){return(self._wb_wombat&&self._wb_wombat."
      "local_init&&"
      "self._wb_wombat.local_init(name))||self[name];};/*]]>*/</script>";
  return out;
}

}  // namespace wm::rewrite
