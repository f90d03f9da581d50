#include "replay/rewrite/kind.h"

#include <array>
#include <utility>

#include "core/base/ascii.h"

namespace wm::rewrite {
namespace {

using memento::Destination;
using memento::Modifier;

/// Types that browsers and servers use for anything.
bool says_nothing(const std::optional<http::MediaType>& type) {
  if (!type) return true;
  const auto essence = type->essence();
  return essence == "text/plain" || essence == "application/octet-stream" ||
         essence == "text/html" || essence == "binary/octet-stream" ||
         essence == "application/x-unknown" || essence == "unknown/unknown";
}

bool is_css(const std::optional<http::MediaType>& type) {
  return type && type->essence() == "text/css";
}
bool is_svg(const std::optional<http::MediaType>& type) {
  return type && type->essence() == "image/svg+xml";
}

bool is_binary(std::string_view bytes) {
  // UTF-16 is text with NULs; its byte order mark tells.
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return false;
  return bytes.find('\0') != std::string_view::npos;
}

/// MIME Sniffing Standard 7.1, the patterns of text/html.
bool looks_like_html(std::string_view bytes) {
  constexpr std::array<std::string_view, 17> kTags = {"<!doctype html",
                                                      "<html",
                                                      "<head",
                                                      "<script",
                                                      "<iframe",
                                                      "<h1",
                                                      "<div",
                                                      "<font",
                                                      "<table",
                                                      "<a",
                                                      "<style",
                                                      "<title",
                                                      "<b",
                                                      "<body",
                                                      "<br",
                                                      "<p",
                                                      "<!--"};
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  bytes = trim(bytes);
  for (const auto tag : kTags) {
    if (!istarts_with(bytes, tag)) continue;
    if (tag == "<!--") return true;
    return bytes.size() > tag.size() && (is_space(bytes[tag.size()]) || bytes[tag.size()] == '>');
  }
  return false;
}

Kind script_kind_of(const KindHints& hints) {
  if (hints.scripts == Scripts::kLeave || is_binary(hints.first_bytes)) return Kind::kNone;
  if (hints.type && !hints.type->is_javascript() && !says_nothing(hints.type)) return Kind::kNone;
  if (hints.destination == Destination::kWorker) {
    return hints.modifier == Modifier::kWorkerModule ? Kind::kWorkerModule : Kind::kWorker;
  }
  return hints.modifier == Modifier::kModule ? Kind::kModule : Kind::kScript;
}

Kind page_kind(const KindHints& hints) {
  if (!hints.type) return looks_like_html(hints.first_bytes) ? Kind::kHtml : Kind::kNone;
  if (hints.type->is_html()) return is_binary(hints.first_bytes) ? Kind::kNone : Kind::kHtml;
  if (is_svg(hints.type)) return Kind::kMarkup;
  // A style sheet or script under a page's modifier was reached by a relative reference; opened as
  // a page, it is read by a person.
  if (hints.destination_told) return Kind::kNone;
  if (is_css(hints.type)) return Kind::kCss;
  return hints.type->is_javascript() ? script_kind_of(hints) : Kind::kNone;
}

}  // namespace

Kind kind_of(const KindHints& hints) {
  if (hints.modifier == Modifier::kIdentity || hints.modifier == Modifier::kWorkerFetch)
    return Kind::kNone;
  switch (hints.destination) {
    case Destination::kPage:
    case Destination::kEmbed:
      return page_kind(hints);
    case Destination::kStyle:
      if (is_binary(hints.first_bytes)) return Kind::kNone;
      return is_css(hints.type) || says_nothing(hints.type) ? Kind::kCss : Kind::kNone;
    case Destination::kScript:
    case Destination::kWorker:
      return script_kind_of(hints);
    case Destination::kImage:
    case Destination::kMedia:
      if (hints.destination_told) return Kind::kNone;
      return is_svg(hints.type) ? Kind::kMarkup : is_css(hints.type) ? Kind::kCss : Kind::kNone;
    case Destination::kServiceWorker:
    case Destination::kFetch:
    case Destination::kOther:
      break;
  }
  return Kind::kNone;
}

std::optional<Kind> kind_named(std::string_view name) {
  using Pair = std::pair<std::string_view, Kind>;
  constexpr std::array kNames = {Pair{"html", Kind::kHtml},           Pair{"xml", Kind::kMarkup},
                                 Pair{"svg", Kind::kMarkup},          Pair{"css", Kind::kCss},
                                 Pair{"js", Kind::kScript},           Pair{"module", Kind::kModule},
                                 Pair{"worker", Kind::kWorker},       Pair{"json", Kind::kNone},
                                 Pair{"importmap", Kind::kImportMap}, Pair{"none", Kind::kNone}};
  for (const auto& [known, kind] : kNames) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

}  // namespace wm::rewrite
