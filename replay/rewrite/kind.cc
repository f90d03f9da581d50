#include "replay/rewrite/kind.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "core/base/ascii.h"
#include "replay/rewrite/jsonp_rewriter.h"
#include "replay/rewrite/sniff.h"

namespace wm::rewrite {
namespace {

using memento::Destination;
using memento::Modifier;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> known) {
  return std::ranges::find(known, text) != known.end();
}

/// Types that browsers and servers use for anything.
bool says_nothing(const std::optional<http::MediaType>& type) {
  return !type || is_one_of(type->essence(),
                            {"text/plain", "application/octet-stream", "text/html",
                             "binary/octet-stream", "application/x-unknown", "unknown/unknown"});
}

bool is_css(const std::optional<http::MediaType>& type) {
  return type && type->essence() == "text/css";
}
bool is_svg(const std::optional<http::MediaType>& type) {
  return type && type->essence() == "image/svg+xml";
}

/// UTF-16 without a byte order mark is text with NULs too, if the header says that it is.
bool is_binary(const KindHints& hints) {
  const auto charset = hints.type ? hints.type->parameter("charset") : std::nullopt;
  return !(charset && istarts_with(*charset, "utf-16")) && looks_binary(hints.first_bytes);
}

/// Streams are lists of addresses, whoever asks for them.
Kind stream_kind(const KindHints& hints) {
  const std::string essence = hints.type ? hints.type->essence() : "";
  if (is_one_of(essence, {"application/vnd.apple.mpegurl", "application/x-mpegurl",
                          "application/mpegurl", "audio/mpegurl", "audio/x-mpegurl"}) ||
      (says_nothing(hints.type) && looks_like_hls(hints.first_bytes))) {
    return looks_like_hls(hints.first_bytes) ? Kind::kHls : Kind::kNone;
  }
  const bool is_manifest = essence == "application/dash+xml" || says_nothing(hints.type) ||
                           (hints.type->is_xml() && !hints.type->is_html());
  return is_manifest && xml_root(hints.first_bytes) == "MPD" ? Kind::kDash : Kind::kNone;
}

/// Browsers run whatever a script element fetches, save for these.
bool is_no_script(const http::MediaType& type) {
  return is_one_of(type.type, {"image", "audio", "video", "font"}) || type.essence() == "text/csv";
}

Kind script_kind_of(const KindHints& hints) {
  if (is_binary(hints)) return Kind::kNone;
  if (hints.asks_callback && begins_as_jsonp(hints.first_bytes)) return Kind::kJson;
  if (hints.scripts == Scripts::kLeave) return Kind::kNone;
  if (!hints.type || !hints.type->is_javascript()) {
    if (hints.type && is_no_script(*hints.type)) return Kind::kNone;
    if (begins_with_tag(hints.first_bytes) || looks_like_json(hints.first_bytes))
      return Kind::kNone;
  }
  if (hints.destination == Destination::kWorker) {
    return hints.modifier == Modifier::kWorkerModule ? Kind::kWorkerModule : Kind::kWorker;
  }
  return hints.modifier == Modifier::kModule ? Kind::kModule : Kind::kScript;
}

Kind xml_kind(const KindHints& hints) {
  if (hints.type->essence() == "application/xhtml+xml") return Kind::kXhtml;
  return xml_root(hints.first_bytes) == "html" ? Kind::kXhtml : Kind::kMarkup;
}

Kind page_kind(const KindHints& hints) {
  if (!hints.type) return looks_like_html(hints.first_bytes) ? Kind::kHtml : Kind::kNone;
  if (is_binary(hints)) return Kind::kNone;
  if (hints.type->is_xml() || is_svg(hints.type)) return xml_kind(hints);
  if (hints.type->is_html()) {
    // An answer for a program, which the browser did not say.
    const bool is_data = !hints.destination_told && looks_like_json(hints.first_bytes);
    return is_data ? Kind::kNone : Kind::kHtml;
  }
  // A style sheet or script under a page's modifier was reached by a relative reference; opened as
  // a page, it is read by a person.
  if (hints.destination_told) return Kind::kNone;
  if (is_css(hints.type)) return Kind::kCss;
  return hints.type->is_javascript() ? script_kind_of(hints) : Kind::kNone;
}

Kind style_kind(const KindHints& hints) {
  if (is_binary(hints)) return Kind::kNone;
  if (is_css(hints.type) || says_nothing(hints.type)) return Kind::kCss;
  return hints.type->is_xml() ? xml_kind(hints) : Kind::kNone;  // XSLT
}

}  // namespace

Kind kind_of(const KindHints& hints) {
  if (hints.modifier == Modifier::kIdentity || hints.modifier == Modifier::kWorkerFetch)
    return Kind::kNone;
  switch (hints.destination) {
    case Destination::kStyle:
      return style_kind(hints);
    case Destination::kScript:
    case Destination::kWorker:
      return script_kind_of(hints);
    case Destination::kServiceWorker:
      return Kind::kNone;
    default:
      break;
  }
  if (const Kind stream = stream_kind(hints); stream != Kind::kNone) return stream;
  switch (hints.destination) {
    case Destination::kPage:
    case Destination::kEmbed:
      return page_kind(hints);
    case Destination::kImage:
    case Destination::kMedia:
      if (hints.destination_told) return Kind::kNone;
      return is_svg(hints.type) ? Kind::kMarkup : is_css(hints.type) ? Kind::kCss : Kind::kNone;
    default:
      return Kind::kNone;
  }
}

std::optional<Kind> kind_named(std::string_view name) {
  using Pair = std::pair<std::string_view, Kind>;
  constexpr std::array<Pair, kKindNames.size()> kNames = {{{"html", Kind::kHtml},
                                                           {"xhtml", Kind::kXhtml},
                                                           {"xml", Kind::kMarkup},
                                                           {"svg", Kind::kMarkup},
                                                           {"css", Kind::kCss},
                                                           {"js", Kind::kScript},
                                                           {"module", Kind::kModule},
                                                           {"worker", Kind::kWorker},
                                                           {"worker-module", Kind::kWorkerModule},
                                                           {"importmap", Kind::kImportMap},
                                                           {"json", Kind::kJson},
                                                           {"jsonp", Kind::kJson},
                                                           {"hls", Kind::kHls},
                                                           {"dash", Kind::kDash}}};
  for (const auto& [known, kind] : kNames) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

}  // namespace wm::rewrite
