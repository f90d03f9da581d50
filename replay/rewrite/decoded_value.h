#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wm::rewrite {

/// An attribute's value with its character references undone, and the way back: where in the value
/// as written a place of the decoded text is. So a style sheet or a page inside an attribute is
/// edited in place, too.
class DecodedValue {
 public:
  explicit DecodedValue(std::string_view written);
  /// The text of an element of XML, SVG or MathML instead: its CDATA sections stand for what is in
  /// them.
  static DecodedValue of_text(std::string_view written);
  std::string_view text() const {
    return steps_.empty() && decoded_.empty() ? written_ : std::string_view(decoded_);
  }
  /// The place as written of offset `at` of text(). Inside a reference: its start.
  std::size_t written_at(std::size_t at) const;
  /// The place as written right after the byte before offset `at` of text(); `at` is not 0.
  std::size_t written_end(std::size_t at) const;
  /// The CDATA section that a place as written is in, counted from 1; 0 in none. What is put there
  /// must not be escaped.
  std::size_t section_at(std::size_t written) const;

 private:
  DecodedValue() = default;
  struct Step {
    std::size_t decoded;  ///< from here on …
    std::size_t written;  ///< … text() and the value as written run in step
  };
  void add(std::string_view piece, bool in_attribute);
  void add_text(std::string_view text, bool in_attribute);
  std::size_t steps_before(std::size_t at) const;
  void skip(std::size_t written_begin, std::size_t written_end);

  std::string_view written_;
  std::string decoded_;
  std::vector<Step> steps_;
  std::vector<std::size_t> sections_;  ///< where each begins and ends, as written
};

}  // namespace wm::rewrite
