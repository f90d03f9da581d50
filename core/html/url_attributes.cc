#include "core/html/url_attributes.h"

#include <algorithm>
#include <optional>

#include "core/base/ascii.h"
#include "core/html/url_element_internal.h"

namespace wm::html {
namespace {

using Syntax = UrlAttribute::Syntax;
struct Use {
  UrlRole role;
  Syntax syntax = Syntax::kUrl;
};
using MaybeUse = std::optional<Use>;

MaybeUse if_element(bool is_it, UrlRole role, Syntax syntax = Syntax::kUrl) {
  return is_it ? MaybeUse(Use{role, syntax}) : std::nullopt;
}

bool contains(std::string_view text, std::string_view part) {
  return ifind(text, part) != std::string_view::npos;
}

/// A lazy-loading script's attribute: may be a URL, a srcset, or CSS.
MaybeUse lazy_use(std::string_view name, std::string_view value) {
  const bool set =
      name.size() >= 5 && (iequals(name.substr(name.size() - 5), "bgset") ||
                           (name.size() >= 6 && iequals(name.substr(name.size() - 6), "srcset")));
  if (set) {
    const std::size_t begin = value.find_first_not_of(" \t\r\n\f,");
    const std::string_view first =
        begin == value.npos ? std::string_view()
                            : value.substr(begin, value.find_first_of(" \t\r\n\f", begin) - begin);
    return if_element(looks_like_url(first), UrlRole::kLazy, Syntax::kSrcset);
  }
  if (contains(value, "url(")) return Use{UrlRole::kLazy, Syntax::kCss};
  return if_element(looks_like_url(value), UrlRole::kLazy);
}

MaybeUse data_use(std::string_view name, std::string_view value) {
  for (const std::string_view part : {"src", "lazy", "original", "bg", "background", "image", "img",
                                      "poster", "thumb", "picture", "photo"}) {
    if (contains(name, part)) return lazy_use(name, value);
  }
  return if_element(is_absolute_url(value), UrlRole::kLazy);
}

MaybeUse href_use(const Token& tag, Element element, std::string_view value) {
  const bool fragment = trim(value).starts_with('#');
  switch (element) {
    case Element::kA:
    case Element::kArea:
      return Use{UrlRole::kNavigation};
    case Element::kBase:
      return Use{UrlRole::kBase};
    case Element::kLink:
      return Use{link_role(tag)};
    case Element::kScript:
      return Use{UrlRole::kScript};
    case Element::kFontFaceUri:
      return if_element(!fragment, UrlRole::kFont);
    case Element::kImage:
    case Element::kUse:
    case Element::kFeImage:
      return if_element(!fragment, UrlRole::kImage);
    default:
      // Gradients, patterns, filters and paths of SVG may live in another file.
      if (tag.foreign) return if_element(!fragment, UrlRole::kImage);
      return Use{UrlRole::kNavigation};
  }
}

bool has_type(const Token& tag, std::string_view type) {
  const Attribute* const attribute = tag.find("type");
  return attribute != nullptr && iequals(trim(attribute->value), type);
}

MaybeUse src_use(const Token& tag, Element element, std::string_view value) {
  switch (element) {
    case Element::kScript:
      return Use{has_type(tag, "module") ? UrlRole::kModule : UrlRole::kScript};
    case Element::kImage:
    case Element::kMglyph:
      return Use{UrlRole::kImage};
    case Element::kInput:
      return if_element(has_type(tag, "image"), UrlRole::kImage);
    case Element::kAudio:
    case Element::kVideo:
    case Element::kSource:
    case Element::kTrack:
    case Element::kBgsound:
      return Use{UrlRole::kMedia};
    case Element::kEmbed:
      return Use{UrlRole::kObject};
    case Element::kFrame:
      return Use{UrlRole::kFrame};
    case Element::kIframe:
    case Element::kLayer:
    case Element::kPortal:
      return Use{UrlRole::kDocument};
    default:
      return if_element(!tag.foreign && looks_like_url(value), UrlRole::kLazy);
  }
}

MaybeUse param_use(const Token& tag, std::string_view value) {
  if (is_absolute_url(value)) return Use{UrlRole::kObject};
  const Attribute* const name = tag.find("name");
  if (name == nullptr || !looks_like_url(value)) return std::nullopt;
  for (const std::string_view known :
       {"movie", "src", "url", "filename", "data", "href", "archive"}) {
    if (iequals(trim(name->value), known)) return Use{UrlRole::kObject};
  }
  return std::nullopt;
}

/// Attributes of any element that SVG takes a url( ) in; mostly a fragment of the page itself.
MaybeUse presentation_use(const Token& tag, std::string_view value) {
  if (!tag.foreign) return std::nullopt;
  const std::size_t url = ifind(value, "url(");
  if (url == value.npos) return std::nullopt;
  const std::size_t inside = value.find_first_not_of(" \t\r\n\f\"'", url + 4);
  return if_element(inside != value.npos && value[inside] != '#', UrlRole::kImage, Syntax::kCss);
}

/// The names of more than eight letters: a case label holds the first eight, the rest is checked.
MaybeUse long_name_use(const Token& tag, Element element, const Name& name,
                       const Attribute& attribute) {
  const auto if_rest = [&name](std::string_view rest, MaybeUse use) {
    return name.high == packed(rest) ? use : std::nullopt;
  };
  const std::string_view value = attribute.value;
  switch (name.low) {
    case packed("background"):
      return if_rest("nd", if_element(element == Element::kBlock || element == Element::kLayer,
                                      UrlRole::kImage));
    case packed("formaction"):
      return if_rest("on", if_element(element == Element::kButton || element == Element::kInput,
                                      UrlRole::kNavigation));
    case packed("imagesrcset"):
      return if_rest("set",
                     if_element(element == Element::kLink, UrlRole::kImage, Syntax::kSrcset));
    case packed("xlink:href"):
      return if_rest("ef", href_use(tag, element, value));
    case packed("original-src"):
      return element == Element::kImage ? if_rest("-src", lazy_use(attribute.name, value))
                                        : std::nullopt;
    case packed("marker-start"):
      return if_rest("tart", presentation_use(tag, value));
    case packed("marker-mid"):
      return if_rest("id", presentation_use(tag, value));
    case packed("marker-end"):
      return if_rest("nd", presentation_use(tag, value));
    case packed("clip-path"):
      return if_rest("h", presentation_use(tag, value));
    default:
      return std::nullopt;
  }
}

/// The table.
MaybeUse use_of(const Token& tag, Element element, const Attribute& attribute) {
  const std::string_view value = attribute.value;
  const Name name(attribute.name);
  const bool img = element == Element::kImage;
  if (attribute.name.size() > 5 && istarts_with(attribute.name, "data-"))
    return data_use(attribute.name, value);
  if (name.high != 0) return long_name_use(tag, element, name, attribute);
  switch (name.low) {
    case packed("href"):
      return href_use(tag, element, value);
    case packed("src"):
      return src_use(tag, element, value);
    case packed("srcset"):
      if (img || element == Element::kSource) return Use{UrlRole::kImage, Syntax::kSrcset};
      return tag.foreign ? std::nullopt : lazy_use(attribute.name, value);
    case packed("style"):
      // Without a parenthesis, escaped or not, there is no url( ).
      return if_element(value.find_first_of("(&") != value.npos, UrlRole::kImage, Syntax::kCss);
    case packed("srcdoc"):
      return if_element(element == Element::kIframe, UrlRole::kDocument, Syntax::kHtml);
    case packed("content"): {
      const auto use = element == Element::kMeta ? meta_use(tag, value) : std::nullopt;
      return use ? MaybeUse(Use{use->role, use->syntax}) : std::nullopt;
    }
    case packed("poster"):
      if (element == Element::kVideo) return Use{UrlRole::kImage};
      return if_element(!tag.foreign && looks_like_url(value), UrlRole::kLazy);
    case packed("action"):
      return if_element(element == Element::kForm, UrlRole::kNavigation);
    case packed("ping"):
      return if_element(element == Element::kA || element == Element::kArea, UrlRole::kCite,
                        Syntax::kUrlList);
    case packed("cite"):
      return if_element(element == Element::kQuote, UrlRole::kCite);
    case packed("longdesc"):
      return if_element(img || element == Element::kIframe || element == Element::kFrame,
                        UrlRole::kCite);
    case packed("lowsrc"):
      return if_element(img || element == Element::kInput, UrlRole::kImage);
    case packed("dynsrc"):
      return if_element(img || element == Element::kInput, UrlRole::kMedia);
    case packed("data"):
      return if_element(element == Element::kObject, UrlRole::kObject);
    case packed("codebase"):
      return if_element(element == Element::kObject || element == Element::kApplet,
                        UrlRole::kObject);
    case packed("archive"):
      return if_element(element == Element::kObject || element == Element::kApplet,
                        UrlRole::kObject, Syntax::kUrlList);
    case packed("value"):
      return element == Element::kParam ? param_use(tag, value) : std::nullopt;
    case packed("manifest"):
      return if_element(element == Element::kHtml, UrlRole::kFetch);
    case packed("profile"):
      return if_element(element == Element::kHead, UrlRole::kCite);
    case packed("icon"):
      return if_element(element == Element::kCommand, UrlRole::kImage);
    case packed("altimg"):
      return if_element(element == Element::kMath, UrlRole::kImage);
    case packed("file"):
    case packed("zoomfile"):
    case packed("lazy-src"):
    case packed("lazysrc"):
    case packed("original"):
    case packed("_src"):
      return img ? lazy_use(attribute.name, value) : std::nullopt;
    case packed("fill"):
    case packed("stroke"):
    case packed("filter"):
    case packed("mask"):
    case packed("marker"):
    case packed("cursor"):
      return presentation_use(tag, value);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<UrlAttribute> url_attributes(const Token& start_tag) {
  std::vector<UrlAttribute> found;
  if (start_tag.attributes == nullptr || start_tag.attributes->empty()) return found;
  const Element element = element_of(Name(start_tag.name));
  for (std::size_t i = 0; i < start_tag.attributes->size(); ++i) {
    const Attribute& attribute = (*start_tag.attributes)[i];
    // An empty href of <base> still is the first one.
    if (attribute.value.empty() && element != Element::kBase) continue;
    if (const auto use = use_of(start_tag, element, attribute))
      found.push_back({i, use->role, use->syntax});
  }
  return found;
}

}  // namespace wm::html
