#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/html/tokenizer.h"

namespace wm::html {

/// What the URL of an attribute is used for. Capture takes from it what is a requisite, replay
/// which modifier it gets.
enum class UrlRole {
  kNavigation,  ///< a, area, form action: followed by the reader, not fetched with the page
  kDocument,    ///< iframe
  kFrame,       ///< frame
  kStyle,
  kScript,
  kModule,  ///< script type=module, modulepreload
  kImage,
  kIcon,
  kFont,
  kMedia,   ///< audio, video, source src, track
  kObject,  ///< embed, object, applet
  kManifest,
  kFetch,  ///< preload as=fetch and unknown `as`
  kFeed,   ///< rel=alternate feeds: links only
  kCanonical,
  kHint,  ///< preconnect, dns-prefetch: a host, not a resource
  kPrefetch,
  kMetaImage,  ///< og:image, twitter:image, msapplication-TileImage
  kRefresh,    ///< meta refresh
  kBase,
  kCite,  ///< cite, longdesc, ping, profile: told, neither fetched nor shown
  kLazy,  ///< data-src and its kin
};

struct UrlAttribute {
  enum class Syntax { kUrl, kSrcset, kRefresh, kUrlList, kCss, kHtml, kContent };
  std::size_t index;  ///< into Token::attributes
  UrlRole role;
  Syntax syntax;
};

/// Every attribute of a start tag that holds a URL, with its role: the one table that link
/// extraction and rewriting share (facts: replay 2.2, capture 5.1). `style` comes as kCss, `srcdoc`
/// as kHtml, meta content as kRefresh or kContent.
std::vector<UrlAttribute> url_attributes(const Token& start_tag);

/// One candidate of a srcset as byte range within the attribute's value (HTML Standard "parse a
/// srcset attribute").
struct SrcsetCandidate {
  std::size_t begin;
  std::size_t end;  ///< of the URL
};
std::vector<SrcsetCandidate> parse_srcset(std::string_view value);

/// The byte range of the URL in a meta refresh value "5; url='x'"; nullopt if it holds none.
std::optional<SrcsetCandidate> parse_refresh(std::string_view value);

}  // namespace wm::html
