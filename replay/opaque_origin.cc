#include "replay/opaque_origin.h"

#include "core/base/ascii.h"
#include "replay/policy.h"
#include "replay/wombat_files.h"

namespace wm::replay {
namespace {

constexpr std::string_view kSelf = "'self'";

/// The policy with 'self', which would be the app too, made narrower. An ancestor is told by its
/// origin, which is opaque for frames within archived pages: whom the mount is known to may frame.
std::string narrowed(std::string_view policy, std::string_view sources) {
  std::string out = "sandbox allow-scripts allow-forms allow-modals allow-pointer-lock; ";
  policy = policy.substr(0, policy.find("frame-ancestors"));
  for (std::size_t at = 0; at < policy.size();) {
    const std::size_t self = std::min(policy.find(kSelf, at), policy.size());
    out += policy.substr(at, self - at);
    if (self < policy.size()) out += sources;
    at = self + kSelf.size();
  }
  return out;
}

/// Everything below the mount; at an address open to all, below its collection.
std::string sources_of(const ReplayRequest& request, std::string_view origin) {
  if (origin.empty()) return "'none'";
  const std::string path =
      request.mount.empty() ? request.target.substr(0, request.target.find('/', 1)) : request.mount;
  // What is odd in a path ends a source, or the whole policy.
  for (const char c : path) {
    if (!is_alnum(c) && c != '/' && c != '-' && c != '_' && c != '.') return "'none'";
  }
  const std::string at(origin);
  return at + path + "/ " + at + std::string(WombatFiles::kPrefix);
}

/// A list of header names, as a preflight asks for, or nothing.
std::string_view header_names(std::string_view list) {
  if (list.size() > 4000) return {};
  for (const auto name : split(list, ',')) {
    if (!http::is_token(trim(name))) return {};
  }
  return list;
}

void allow_opaque_documents(const ReplayRequest& request, http::Headers& headers) {
  if (request.headers.find("Origin").value_or("") != "null") return;
  std::string names;
  for (const auto& [name, value] : headers) (names += names.empty() ? "" : ", ") += name;
  headers.add("Access-Control-Allow-Origin", "null");
  headers.add("Access-Control-Allow-Credentials", "true");
  headers.add("Access-Control-Expose-Headers", names);
  if (request.method == "OPTIONS") {
    headers.add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT");
    headers.add("Access-Control-Max-Age", "600");
    const auto asked =
        header_names(request.headers.find("Access-Control-Request-Headers").value_or(""));
    if (!asked.empty()) headers.add("Access-Control-Allow-Headers", asked);
  }
}

}  // namespace

void hold_in_opaque_origin(const ReplayRequest& request, std::string_view origin,
                           ReplayResponse& response) {
  auto& headers = response.headers;
  const std::string sources = sources_of(request, origin);
  const std::string policy =
      narrowed(headers.find("Content-Security-Policy").value_or(""), sources);
  headers.set("Content-Security-Policy", policy);
  headers.set("Referrer-Policy", "no-referrer");
  headers.remove("Set-Cookie");
  if (const auto location = headers.find("Location"); location && location->starts_with('/')) {
    const std::string mounted = request.mount + std::string(*location);
    headers.set("Location", mounted);
  }
  std::string vary = headers.joined("Vary");
  headers.set("Vary", vary.empty() ? "Origin" : vary + ", Origin");
  // Of an open address any page of the web could be the opaque one that asks.
  const bool open_to_all = request.target.starts_with(WombatFiles::kPrefix);
  if (!request.mount.empty() || open_to_all) allow_opaque_documents(request, headers);
}

std::string opaque_origin_shim() {
  return R"(<script>/*<![CDATA[*/(function(w){"use strict";
var d=function(o,p,v,s){try{Object.defineProperty(o,p,{configurable:true,enumerable:true,get:function(){return v},set:s||function(){}})}catch(e){}};
var throwing=function(f){try{f();return false}catch(e){return true}};
var store=function(){var m=new Map();var api={getItem:function(k){k=String(k);return m.has(k)?m.get(k):null},setItem:function(k,v){m.set(String(k),String(v))},removeItem:function(k){m.delete(String(k))},clear:function(){m.clear()},key:function(i){var k=Array.from(m.keys());return i>=0&&i<k.length?k[i]:null}};
return new Proxy(api,{get:function(t,k){if(k==="length")return m.size;if(k in t||typeof k==="symbol")return t[k];return m.has(k)?m.get(k):undefined},set:function(t,k,v){m.set(String(k),String(v));return true},has:function(t,k){return k in t||m.has(k)},deleteProperty:function(t,k){m.delete(k);return true},ownKeys:function(){return Array.from(m.keys())},getOwnPropertyDescriptor:function(t,k){return m.has(k)?{value:m.get(k),writable:true,enumerable:true,configurable:true}:undefined}})};
["localStorage","sessionStorage"].forEach(function(n){if(throwing(function(){w[n].length}))d(w,n,store())});
if(throwing(function(){w.document.cookie})){var jar=new Map();Object.defineProperty(w.Document.prototype,"cookie",{configurable:true,enumerable:true,get:function(){return Array.from(jar,function(c){return c[0]?c[0]+"="+c[1]:c[1]}).join("; ")},set:function(t){var p=String(t).split(";"),e=p[0].indexOf("="),k=(e<0?"":p[0].slice(0,e)).trim(),v=p[0].slice(e+1).trim(),gone=p.slice(1).some(function(a){var i=a.indexOf("="),n=a.slice(0,i).trim().toLowerCase(),x=a.slice(i+1).trim();return n==="max-age"?Number(x)<=0:n==="expires"?Date.parse(x)<=Date.now():false});if(gone)jar.delete(k);else jar.set(k,v)}})}
if(throwing(function(){w.navigator.serviceWorker.controller}))d(w.Navigator.prototype,"serviceWorker",undefined);
if(throwing(function(){w.caches.keys}))d(w,"caches",undefined);
if(w.IDBFactory){var dbOpen=w.IDBFactory.prototype.open;w.IDBFactory.prototype.open=function(){try{return dbOpen.apply(this,arguments)}catch(e){var r=new EventTarget();r.error=e;r.result=undefined;r.readyState="done";setTimeout(function(){var v=new Event("error");if(typeof r.onerror==="function")r.onerror(v);r.dispatchEvent(v)});return r}}}
["pushState","replaceState"].forEach(function(n){var f=w.History.prototype[n];w.History.prototype[n]=function(s,t,u){try{return f.call(this,s,t,u)}catch(e){if(!e||e.name!=="SecurityError")throw e;return f.call(this,s,t)}}});
var base=w.location.origin!=="null"?w.location.origin:new URL(w.document.baseURI).origin;
["Worker","SharedWorker"].forEach(function(n){var F=w[n];if(!F)return;var G=function(u,o){u=String(u);var at=new URL(u,w.document.baseURI);
if(at.protocol==="http:"||at.protocol==="https:"){var m=o&&typeof o==="object"&&o.type==="module",s="self.__wb_origin="+JSON.stringify(base)+";"+(m?"import ":"importScripts(")+JSON.stringify(at.href)+(m?";":");");u=URL.createObjectURL(new Blob([s],{type:"text/javascript"}))}
return new F(u,o)};G.prototype=F.prototype;G.prototype.constructor=G;w[n]=G});
})(window);/*]]>*/</script>)";
}

}  // namespace wm::replay
