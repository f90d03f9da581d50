#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/html/name_internal.h"
#include "core/html/raw_text_internal.h"
#include "core/html/tokenizer.h"

namespace wm::html {

/// What the tree builder tells the tokenizer (13.2.6), without a tree.
///
/// How bytes are cut into tokens depends on the tree in two ways: a few HTML elements hold raw
/// text, and within <svg> and <math> those same names do not, while CDATA sections exist. So only
/// the open elements of foreign content are kept, and of HTML content within them (foreignObject,
/// desc, title, mi …) just that there is some. Not followed, because it needs the whole tree:
/// implied end tags within such HTML content (its end is the end tag of the integration point, or
/// of an svg or math element around it), whether an HTML element whose end tag appears in foreign
/// content is open (it is taken to be), and the select and frameset insertion modes.
class TreeFeedback {
 public:
  struct Effect {
    RawText::Mode text = RawText::Mode::kNone;
    std::string_view element{};  ///< of that text, lower case; a constant
    bool foreign = false;        ///< the element itself belongs to SVG or MathML
  };
  Effect on_start_tag(const Name& name, bool self_closing,
                      const std::vector<Attribute>* attributes);
  /// Not for end tags that end raw text.
  void on_end_tag(const Name& name);
  /// Whether text here stands directly within an SVG or MathML element; CDATA sections are known
  /// there only.
  bool foreign() const { return !open_.empty() && !open_.back().html_inside; }

 private:
  enum class Space : std::uint8_t { kSvg, kMathMl };
  enum class Point : std::uint8_t { kNone, kHtml, kMathText, kAnnotation };
  struct Open {
    Name name;
    Space space;
    Point point;
    bool html_inside = false;
  };
  static Point point_of(const Name& name, Space space, const std::vector<Attribute>* attributes);
  Effect html_start(const Name& name, bool self_closing);
  void push(const Name& name, Space space, Point point);
  bool takes_html(const Name& name) const;
  void break_out();
  bool close_nearest(const Name& name);
  void close_to(std::size_t size);
  std::uint32_t& count_of(const Name& name);

  std::vector<Open> open_;
  std::array<std::uint32_t, 512> counts_{};  ///< open HTML elements, by a hash of their names
  std::size_t beyond_ = 0;                   ///< elements open past the depth that is kept
};

}  // namespace wm::html
