#include "core/html/url_element_internal.h"

#include <algorithm>

namespace wm::html {
namespace {

/// An element by its whole name; `low` has been compared already.
Element if_high(const Name& tag, std::string_view rest, Element element) {
  return tag.high == packed(rest) ? element : Element::kOther;
}

bool attribute_is(const Token& token, std::string_view name, std::string_view value) {
  const Attribute* const attribute = token.find(name);
  return attribute != nullptr && iequals(trim(attribute->value), value);
}

/// What a rel attribute says, one bit a word.
enum Rel : std::uint32_t {
  kStylesheet = 1,
  kIconRel = 2,
  kManifestRel = 4,
  kModulePreload = 8,
  kPreload = 16,
  kPrefetchRel = 32,
  kCanonicalRel = 64,
  kAlternate = 128,
  kImport = 256,
  kHintRel = 512,
  kService = 1024,
  kPicture = 2048,
  kNavigationRel = 4096,
  kWorker = 8192,
};

struct RelWord {
  std::string_view word;
  Rel rel;
};
constexpr RelWord kRelWords[] = {
    {"stylesheet", kStylesheet},
    {"stylesheet/less", kStylesheet},
    {"icon", kIconRel},
    {"apple-touch-icon", kIconRel},
    {"apple-touch-icon-precomposed", kIconRel},
    {"apple-touch-startup-image", kIconRel},
    {"mask-icon", kIconRel},
    {"fluid-icon", kIconRel},
    {"image_src", kPicture},
    {"manifest", kManifestRel},
    {"modulepreload", kModulePreload},
    {"preload", kPreload},
    {"prefetch", kPrefetchRel},
    {"prerender", kPrefetchRel},
    {"subresource", kPrefetchRel},
    {"canonical", kCanonicalRel},
    {"alternate", kAlternate},
    {"alternative", kAlternate},
    {"feed", kAlternate},
    {"import", kImport},
    {"serviceworker", kWorker},
    {"preconnect", kHintRel},
    {"dns-prefetch", kHintRel},
    {"search", kService},
    {"pingback", kService},
    {"edituri", kService},
    {"wlwmanifest", kService},
    {"profile", kService},
    {"schema.dc", kService},
    {"webmention", kService},
    {"hub", kService},
    {"next", kNavigationRel},
    {"prev", kNavigationRel},
    {"previous", kNavigationRel},
    {"first", kNavigationRel},
    {"last", kNavigationRel},
    {"up", kNavigationRel},
    {"start", kNavigationRel},
    {"index", kNavigationRel},
    {"contents", kNavigationRel},
    {"home", kNavigationRel},
    {"help", kNavigationRel},
    {"author", kNavigationRel},
    {"license", kNavigationRel},
    {"copyright", kNavigationRel},
    {"bookmark", kNavigationRel},
    {"shortlink", kNavigationRel},
    {"amphtml", kNavigationRel},
    {"me", kNavigationRel},
    {"privacy-policy", kNavigationRel},
    {"terms-of-service", kNavigationRel},
};

std::uint32_t rel_words(std::string_view rel) {
  std::uint32_t found = 0;
  std::size_t at = 0;
  while (at < rel.size()) {
    const std::size_t begin = at;
    while (at < rel.size() && !is_space(rel[at])) ++at;
    const std::string_view word = rel.substr(begin, at - begin);
    const auto* const row =
        std::find_if(std::begin(kRelWords), std::end(kRelWords),
                     [&](const RelWord& entry) { return iequals(entry.word, word); });
    if (row != std::end(kRelWords)) found |= row->rel;
    ++at;
  }
  return found;
}

/// HTML "potential destination" of preload and its kin.
UrlRole role_of_destination(std::string_view as, UrlRole without) {
  struct Row {
    std::string_view as;
    UrlRole role;
  };
  static constexpr Row kRows[] = {
      {"script", UrlRole::kScript},       {"worker", UrlRole::kScript},
      {"sharedworker", UrlRole::kScript}, {"serviceworker", UrlRole::kScript},
      {"audioworklet", UrlRole::kScript}, {"paintworklet", UrlRole::kScript},
      {"style", UrlRole::kStyle},         {"image", UrlRole::kImage},
      {"font", UrlRole::kFont},           {"audio", UrlRole::kMedia},
      {"video", UrlRole::kMedia},         {"track", UrlRole::kMedia},
      {"document", UrlRole::kDocument},   {"embed", UrlRole::kObject},
      {"object", UrlRole::kObject},       {"manifest", UrlRole::kManifest},
      {"fetch", UrlRole::kFetch},         {"json", UrlRole::kFetch}};
  for (const Row& row : kRows) {
    if (iequals(as, row.as)) return row.role;
  }
  return without;
}

bool is_feed_type(std::string_view type) {
  type = trim(type.substr(0, type.find(';')));
  for (const std::string_view feed :
       {"application/rss+xml", "application/atom+xml", "application/feed+json",
        "application/rdf+xml", "application/xml", "text/xml", "application/json+feed",
        "application/x.atom+xml"}) {
    if (iequals(type, feed)) return true;
  }
  return false;
}

}  // namespace

Element element_of(const Name& tag) noexcept {
  const auto whole = [&](Element element) { return tag.high == 0 ? element : Element::kOther; };
  switch (tag.low) {
    case packed("a"):
      return whole(Element::kA);
    case packed("applet"):
      return whole(Element::kApplet);
    case packed("area"):
      return whole(Element::kArea);
    case packed("audio"):
    case packed("amp-audio"):
      return tag.high == 0 ? Element::kAudio : if_high(tag, "o", Element::kAudio);
    case packed("amp-img"):
      return whole(Element::kImage);
    case packed("amp-anim"):
      return whole(Element::kImage);
    case packed("amp-video"):
      return if_high(tag, "o", Element::kVideo);
    case packed("amp-iframe"):
      return if_high(tag, "me", Element::kIframe);
    case packed("base"):
      return whole(Element::kBase);
    case packed("bgsound"):
      return whole(Element::kBgsound);
    case packed("blockquote"):
      return if_high(tag, "te", Element::kQuote);
    case packed("body"):
    case packed("col"):
    case packed("table"):
    case packed("tbody"):
    case packed("td"):
    case packed("tfoot"):
    case packed("th"):
    case packed("thead"):
    case packed("tr"):
      return whole(Element::kBlock);
    case packed("button"):
      return whole(Element::kButton);
    case packed("command"):
    case packed("menuitem"):
      return whole(Element::kCommand);
    case packed("del"):
    case packed("ins"):
    case packed("q"):
      return whole(Element::kQuote);
    case packed("embed"):
      return whole(Element::kEmbed);
    case packed("feimage"):
      return whole(Element::kFeImage);
    case packed("font-face-uri"):
      return if_high(tag, "e-uri", Element::kFontFaceUri);
    case packed("form"):
      return whole(Element::kForm);
    case packed("frame"):
      return whole(Element::kFrame);
    case packed("head"):
      return whole(Element::kHead);
    case packed("html"):
      return whole(Element::kHtml);
    case packed("iframe"):
      return whole(Element::kIframe);
    case packed("image"):
    case packed("img"):
      return whole(Element::kImage);
    case packed("input"):
      return whole(Element::kInput);
    case packed("ilayer"):
    case packed("layer"):
      return whole(Element::kLayer);
    case packed("link"):
      return whole(Element::kLink);
    case packed("math"):
      return whole(Element::kMath);
    case packed("meta"):
      return whole(Element::kMeta);
    case packed("mglyph"):
      return whole(Element::kMglyph);
    case packed("object"):
      return whole(Element::kObject);
    case packed("param"):
      return whole(Element::kParam);
    case packed("portal"):
      return whole(Element::kPortal);
    case packed("script"):
      return whole(Element::kScript);
    case packed("source"):
      return whole(Element::kSource);
    case packed("track"):
      return whole(Element::kTrack);
    case packed("use"):
      return whole(Element::kUse);
    case packed("video"):
      return whole(Element::kVideo);
    default:
      return Element::kOther;
  }
}

/// A stylesheet that is also preloaded is a stylesheet: the use that a reader sees goes first.
UrlRole link_role(const Token& link) {
  const Attribute* const rel = link.find("rel");
  const Attribute* const as = link.find("as");
  const Attribute* const type = link.find("type");
  const std::string_view destination = as == nullptr ? std::string_view() : trim(as->value);
  const std::uint32_t words = rel == nullptr ? 0 : rel_words(rel->value);
  if (words & kStylesheet) return UrlRole::kStyle;
  if (words & kIconRel) return UrlRole::kIcon;
  if (words & kManifestRel) return UrlRole::kManifest;
  if (words & kModulePreload) {
    const UrlRole role = role_of_destination(destination, UrlRole::kModule);
    return role == UrlRole::kScript ? UrlRole::kModule : role;
  }
  if (words & kPreload) return role_of_destination(destination, UrlRole::kFetch);
  if (words & kPrefetchRel) return UrlRole::kPrefetch;
  if (words & kWorker) return UrlRole::kScript;
  if (words & kCanonicalRel) return UrlRole::kCanonical;
  if (words & kPicture) return UrlRole::kMetaImage;
  if (words & kAlternate)
    return type != nullptr && is_feed_type(type->value) ? UrlRole::kFeed : UrlRole::kNavigation;
  if (words & kImport) return UrlRole::kDocument;
  if (words & kHintRel) return UrlRole::kHint;
  if (words & kNavigationRel) return UrlRole::kNavigation;
  const bool picture =
      attribute_is(link, "itemprop", "image") || attribute_is(link, "itemprop", "thumbnailurl");
  return picture ? UrlRole::kMetaImage : UrlRole::kCite;
}

bool is_absolute_url(std::string_view value) noexcept {
  value = trim(value);
  if (!istarts_with(value, "http://") && !istarts_with(value, "https://")) return false;
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return is_space(c) || c == '<' || c == '"'; });
}

bool looks_like_url(std::string_view value) noexcept {
  value = trim(value);
  if (value.empty() || value.front() == '#' || istarts_with(value, "data:") ||
      istarts_with(value, "javascript:") || istarts_with(value, "about:") ||
      istarts_with(value, "blob:")) {
    return false;
  }
  bool letter = false, mark = false;
  for (const char c : value) {
    if (is_space(c) || std::string_view("{}[]<>\"'`|^\\").find(c) != std::string_view::npos)
      return false;
    letter = letter || is_alpha(c) || static_cast<unsigned char>(c) >= 0x80;
    mark = mark || c == '.' || c == '/';
  }
  return mark && (letter || value.find('/') != std::string_view::npos);
}

std::optional<MetaUse> meta_use(const Token& meta, std::string_view content) {
  using Syntax = UrlAttribute::Syntax;
  if (attribute_is(meta, "http-equiv", "refresh"))
    return MetaUse{UrlRole::kRefresh, Syntax::kRefresh};
  struct Row {
    std::string_view key;
    UrlRole role;
  };
  static constexpr Row kRows[] = {{"og:image", UrlRole::kMetaImage},
                                  {"og:image:url", UrlRole::kMetaImage},
                                  {"og:image:secure_url", UrlRole::kMetaImage},
                                  {"twitter:image", UrlRole::kMetaImage},
                                  {"twitter:image:src", UrlRole::kMetaImage},
                                  {"twitter:image0", UrlRole::kMetaImage},
                                  {"image", UrlRole::kMetaImage},
                                  {"thumbnail", UrlRole::kMetaImage},
                                  {"thumbnailurl", UrlRole::kMetaImage},
                                  {"msapplication-tileimage", UrlRole::kMetaImage},
                                  {"msapplication-square70x70logo", UrlRole::kMetaImage},
                                  {"msapplication-square150x150logo", UrlRole::kMetaImage},
                                  {"msapplication-wide310x150logo", UrlRole::kMetaImage},
                                  {"msapplication-square310x310logo", UrlRole::kMetaImage},
                                  {"msapplication-config", UrlRole::kFetch},
                                  {"msapplication-starturl", UrlRole::kNavigation}};
  for (const std::string_view by : {"property", "name", "itemprop"}) {
    const Attribute* const key = meta.find(by);
    if (key == nullptr) continue;
    for (const Row& row : kRows) {
      if (!iequals(trim(key->value), row.key)) continue;
      // "image" and its like hold words at times, msapplication-config "none".
      if (looks_like_url(content)) return MetaUse{row.role, Syntax::kContent};
      break;
    }
  }
  if (is_absolute_url(content) || (trim(content).starts_with("//") && looks_like_url(content)))
    return MetaUse{UrlRole::kCite, Syntax::kContent};
  return std::nullopt;
}

}  // namespace wm::html
