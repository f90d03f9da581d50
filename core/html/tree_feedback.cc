// HTML Standard 13.2.6: the dispatcher and 13.2.6.5, "the rules for parsing tokens in foreign
// content".
#include "core/html/tree_feedback_internal.h"

#include <algorithm>
#include <array>

namespace wm::html {
namespace {

constexpr std::size_t kMaxDepth = 256;

template <std::size_t N>
constexpr std::array<Name, N> sorted_names(const std::string_view (&names)[N]) {
  std::array<Name, N> sorted{};
  for (std::size_t i = 0; i < N; ++i) sorted[i] = Name(names[i]);
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

template <std::size_t N>
bool is_one_of(const std::array<Name, N>& names, const Name& name) {
  return std::binary_search(names.begin(), names.end(), name);
}

/// Start tags that end foreign content.
constexpr auto kBreakout = sorted_names(
    {"b",      "big",  "blockquote", "body",  "br",   "center", "code",    "dd",   "div",
     "dl",     "dt",   "em",         "embed", "h1",   "h2",     "h3",      "h4",   "h5",
     "h6",     "head", "hr",         "i",     "img",  "li",     "listing", "menu", "meta",
     "nobr",   "ol",   "p",          "pre",   "ruby", "s",      "small",   "span", "strong",
     "strike", "sub",  "sup",        "table", "tt",   "u",      "ul",      "var"});

constexpr auto kVoid = sorted_names({"area", "base", "basefont", "bgsound", "br", "col", "embed",
                                     "frame", "hr", "image", "img", "input", "keygen", "link",
                                     "meta", "param", "source", "track", "wbr"});

constexpr Name kSvg("svg"), kMath("math"), kFont("font"), kBr("br"), kP("p"),
    kAnnotationXml("annotation-xml");

bool has_font_attribute(const std::vector<Attribute>* attributes) {
  if (attributes == nullptr) return false;
  return std::any_of(attributes->begin(), attributes->end(), [](const Attribute& attribute) {
    return iequals(attribute.name, "color") || iequals(attribute.name, "face") ||
           iequals(attribute.name, "size");
  });
}

bool has_html_encoding(const std::vector<Attribute>* attributes) {
  if (attributes == nullptr) return false;
  return std::any_of(attributes->begin(), attributes->end(), [](const Attribute& attribute) {
    if (!iequals(attribute.name, "encoding")) return false;
    const std::string value = decode_references(attribute.value.substr(0, 128), InAttribute::kYes);
    return iequals(value, "text/html") || iequals(value, "application/xhtml+xml");
  });
}

}  // namespace

TreeFeedback::Effect TreeFeedback::html_start(const Name& name, bool self_closing) {
  using Mode = RawText::Mode;
  const auto text = [&](Mode mode, std::string_view element) {
    if (name == Name(element)) return Effect{mode, element, false};
    ++count_of(name);
    return Effect{};
  };
  switch (name.low) {
    case packed("svg"):
    case packed("math"):
      if (name.high != 0) return {};
      if (!self_closing) push(name, name == kSvg ? Space::kSvg : Space::kMathMl, Point::kNone);
      return {Mode::kNone, {}, true};
    case packed("title"):
      return text(Mode::kRcdata, "title");
    case packed("textarea"):
      return text(Mode::kRcdata, "textarea");
    case packed("style"):
      return text(Mode::kRawtext, "style");
    case packed("xmp"):
      return text(Mode::kRawtext, "xmp");
    case packed("iframe"):
      return text(Mode::kRawtext, "iframe");
    case packed("noembed"):
      return text(Mode::kRawtext, "noembed");
    case packed("noframes"):
      return text(Mode::kRawtext, "noframes");
    case packed("script"):
      return text(Mode::kScript, "script");
    case packed("plaintext"):
      return text(Mode::kPlaintext, "plaintext");
    // The end tags of these leave what is open within them open.
    case packed("body"):
    case packed("form"):
    case packed("html"):
      return {};
    default:
      ++count_of(name);
      return {};
  }
}

void TreeFeedback::push(const Name& name, Space space, Point point) {
  if (open_.size() < kMaxDepth) {
    open_.push_back({name, space, point});
  } else {
    ++beyond_;
  }
}

TreeFeedback::Point TreeFeedback::point_of(const Name& name, Space space,
                                           const std::vector<Attribute>* attributes) {
  if (space == Space::kSvg) {
    const bool html =
        name == Name("foreignobject") || name == Name("desc") || name == Name("title");
    return html ? Point::kHtml : Point::kNone;
  }
  if (name == kAnnotationXml)
    return has_html_encoding(attributes) ? Point::kHtml : Point::kAnnotation;
  const bool text = name == Name("mi") || name == Name("mo") || name == Name("mn") ||
                    name == Name("ms") || name == Name("mtext");
  return text ? Point::kMathText : Point::kNone;
}

/// Whether a start tag here follows the rules of HTML: the dispatcher of 13.2.6.
bool TreeFeedback::takes_html(const Name& name) const {
  if (beyond_ > 0) return false;
  const Open& top = open_.back();
  if (top.html_inside) return true;
  switch (top.point) {
    case Point::kHtml:
      return true;
    case Point::kMathText:
      return name != Name("mglyph") && name != Name("malignmark");
    case Point::kAnnotation:
      return name == kSvg;
    case Point::kNone:
      return false;
  }
  return false;
}

TreeFeedback::Effect TreeFeedback::on_start_tag(const Name& name, bool self_closing,
                                                const std::vector<Attribute>* attributes) {
  if (open_.empty()) return html_start(name, self_closing);
  const bool breaks_out = !takes_html(name) && (is_one_of(kBreakout, name) ||
                                                (name == kFont && has_font_attribute(attributes)));
  if (breaks_out) break_out();
  if (open_.empty()) return html_start(name, self_closing);
  if (breaks_out || takes_html(name)) {
    if (name != kSvg && name != kMath && !is_one_of(kVoid, name)) open_.back().html_inside = true;
    return html_start(name, self_closing);
  }
  const Space space = open_.back().space;
  if (!self_closing) push(name, space, point_of(name, space, attributes));
  return {RawText::Mode::kNone, {}, true};
}

void TreeFeedback::close_to(std::size_t size) {
  open_.resize(size, Open{});
  beyond_ = 0;
}

/// Pops up to the next integration point or HTML element.
void TreeFeedback::break_out() {
  std::size_t size = open_.size();
  while (size > 0 && !open_[size - 1].html_inside && open_[size - 1].point != Point::kHtml &&
         open_[size - 1].point != Point::kMathText)
    --size;
  close_to(size);
}

bool TreeFeedback::close_nearest(const Name& name) {
  for (std::size_t i = open_.size(); i > 0; --i) {
    if (open_[i - 1].name != name) continue;
    close_to(i - 1);
    return true;
  }
  return false;
}

/// Of the HTML elements that share a counter with `name`.
std::uint32_t& TreeFeedback::count_of(const Name& name) {
  const std::uint64_t mixed = (name.low ^ (name.high * 0x9e3779b97f4a7c15U)) * 0xff51afd7ed558ccdU;
  return counts_[mixed >> 55];
}

void TreeFeedback::on_end_tag(const Name& name) {
  if (open_.empty() || open_.back().html_inside) {
    if (auto& count = count_of(name); count > 0) --count;
  }
  if (open_.empty()) return;
  if (open_.back().html_inside) {
    if (name == open_.back().name || name == kSvg || name == kMath) close_nearest(name);
    return;
  }
  if (name == kBr || name == kP) return break_out();
  if (beyond_ > 0 && name != kSvg && name != kMath && count_of(name) == 0) {
    --beyond_;
    return;
  }
  for (std::size_t i = open_.size(); i > 0 && !open_[i - 1].html_inside; --i) {
    if (open_[i - 1].name == name) return close_to(i - 1);
  }
  if (count_of(name) == 0) return;
  // An integration point is a scope of its own: no end tag within it closes what is outside.
  std::size_t size = open_.size();
  while (size > 0 && !open_[size - 1].html_inside && open_[size - 1].point == Point::kNone) --size;
  if (size > 0 && !open_[size - 1].html_inside) return;
  close_to(size);
  --count_of(name);
}

}  // namespace wm::html
