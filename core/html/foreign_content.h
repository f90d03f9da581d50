#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/html/tokenizer.h"

namespace wm::html {

/// Which namespace the tree builder would be in (HTML Standard 13.2.6.5), without a tree: a stack of where <svg>, <math> and their
/// integration points were entered. Bounded; deeper nesting is taken as more of the same.
class ForeignContent {
 public:
  bool inside() const { return !stack_.empty() && stack_.back().space != Space::kHtml; }
  void start_tag(const Token& tag, std::string_view lower_name);
  void end_tag(std::string_view lower_name);

 private:
  enum class Space : std::uint8_t { kHtml, kSvg, kMath };
  struct Entered {
    Space space;
    std::uint64_t name;  ///< of the element it was entered by
  };
  void enter(Space space, std::string_view lower_name);
  void break_out();
  bool is_integration_point(const Token& tag, std::string_view lower_name) const;

  std::vector<Entered> stack_;
};

}  // namespace wm::html
