#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/html/name_internal.h"
#include "core/html/url_attributes.h"

namespace wm::html {

/// The elements that some rule about URLs names.
enum class Element : std::uint8_t {
  kOther,
  kA,
  kApplet,
  kArea,
  kAudio,
  kBase,
  kBgsound,
  kBlock,  ///< body, table and its parts, layer: those with a background
  kButton,
  kCommand,
  kEmbed,
  kFeImage,
  kFontFaceUri,
  kForm,
  kFrame,
  kHead,
  kHtml,
  kIframe,
  kImage,  ///< img, image, amp-img
  kInput,
  kLayer,
  kLink,
  kMath,
  kMeta,
  kMglyph,
  kObject,
  kParam,
  kPortal,
  kQuote,  ///< blockquote, q, ins, del
  kScript,
  kSource,
  kTrack,
  kUse,
  kVideo,
};
Element element_of(const Name& tag) noexcept;

/// The role of <link href> by its rel, type and as.
UrlRole link_role(const Token& link);

/// What <meta content> holds by its http-equiv, name, property or itemprop; nullopt if no URL.
struct MetaUse {
  UrlRole role;
  UrlAttribute::Syntax syntax;
};
std::optional<MetaUse> meta_use(const Token& meta, std::string_view content);

/// http:// or https:// and no blank in it.
bool is_absolute_url(std::string_view value) noexcept;
/// What stands in an attribute of uncertain meaning may well be a URL: one word with a dot or
/// slash, no template, no data: URL.
bool looks_like_url(std::string_view value) noexcept;

}  // namespace wm::html
