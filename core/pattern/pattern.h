#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace wm::pattern {

/// A regular expression that strangers may write: matching is linear in the text whatever the
/// expression, and the memory of both has a bound. Bytes, not characters: what is no UTF-8 matches
/// as it is. Syntax: https://github.com/google/re2/wiki/Syntax (no look-around, no back
/// references). A value that is moved, not copied; const methods from many threads.
class Pattern {
 public:
  static constexpr std::size_t kLongest = 2000;  ///< bytes of an expression

  /// kInvalid with what is wrong in it; kTooLarge for one that is too long or compiles to too much.
  static Result<Pattern> compile(std::string_view expression);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  bool matches(std::string_view text) const;  ///< all of it
  bool matches_start(std::string_view text) const;
  bool found_in(std::string_view text) const;
  /// What its groups hold where it is first found; of an expression without groups all that was
  /// found. nullopt if it is not there. A group that took no part is "".
  std::optional<std::vector<std::string>> groups_in(std::string_view text) const;

 private:
  struct State;
  explicit Pattern(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::pattern
