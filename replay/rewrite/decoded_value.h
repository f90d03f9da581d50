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
  std::string_view text() const { return decoded_.empty() ? written_ : std::string_view(decoded_); }
  /// The place as written of offset `at` of text(). Inside a reference: its start.
  std::size_t written_at(std::size_t at) const;

 private:
  struct Step {
    std::size_t decoded;  ///< from here on …
    std::size_t written;  ///< … text() and the value as written run in step
  };
  void add(std::string_view piece);

  std::string_view written_;
  std::string decoded_;
  std::vector<Step> steps_;
};

}  // namespace wm::rewrite
