#include "core/html/foreign_content.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace wm::html {

namespace {

constexpr std::size_t kDepth = 512;

/// 13.2.6.5: start tags that end foreign content.
constexpr std::array<std::string_view, 44> kBreakout = {
    "b",   "big",  "blockquote", "body", "br",  "center", "code", "dd",     "div",  "dl",   "dt",    "em",   "embed", "h1",     "h2",
    "h3",  "h4",   "h5",         "h6",   "head", "hr",    "i",    "img",    "li",   "listing", "menu", "meta", "nobr",  "ol",     "p",
    "pre", "ruby", "s",          "small", "span", "strong", "strike", "sub", "sup", "table", "tt",   "u",    "ul",    "var"};

/// A name of up to 16 bytes as two words folded into one: enough to tell the few that are compared.
std::uint64_t key_of(std::string_view name) {
  std::uint64_t key = 1469598103934665603ull;
  for (const char c : name) key = (key ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return key;
}

bool is_breakout(const Token& tag, std::string_view name) {
  if (name == "font") return tag.find("color") || tag.find("face") || tag.find("size");
  return std::binary_search(kBreakout.begin(), kBreakout.end(), name);
}

}  // namespace

void ForeignContent::enter(Space space, std::string_view lower_name) {
  if (stack_.size() < kDepth) stack_.push_back({space, key_of(lower_name)});
}

void ForeignContent::break_out() {
  while (inside()) stack_.pop_back();
}

bool ForeignContent::is_integration_point(const Token& tag, std::string_view name) const {
  if (stack_.back().space == Space::kSvg) return name == "foreignobject" || name == "desc" || name == "title";
  if (name == "mi" || name == "mo" || name == "mn" || name == "ms" || name == "mtext") return true;
  if (name != "annotation-xml") return false;
  const Attribute* encoding = tag.find("encoding");
  return encoding && (iequals(encoding->value, "text/html") || iequals(encoding->value, "application/xhtml+xml"));
}

void ForeignContent::start_tag(const Token& tag, std::string_view name) {
  if (inside() && is_breakout(tag, name)) break_out();
  if (name == "svg" || name == "math") {
    if (!tag.self_closing) enter(name == "svg" ? Space::kSvg : Space::kMath, name);
  } else if (inside() && !tag.self_closing && is_integration_point(tag, name)) {
    enter(Space::kHtml, name);
  }
}

void ForeignContent::end_tag(std::string_view name) {
  if (stack_.empty()) return;
  if (inside() && (name == "p" || name == "br")) return break_out();
  const std::uint64_t key = key_of(name);
  if (stack_.back().name == key) {
    stack_.pop_back();
    return;
  }
  // </svg> within an integration point of that svg closes both.
  if (name != "svg" && name != "math") return;
  for (std::size_t i = stack_.size(); i-- > 0;) {
    if (stack_[i].name == key) {
      stack_.resize(i);
      return;
    }
  }
}

}  // namespace wm::html
