#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace wm::browser {

/// What is done to a page besides looking at it: config/behaviours.toml says how rules are written.
struct BehaviourRule {
  std::string host = "*";               ///< "example.org" with all below it; "*" = every host
  std::vector<std::string> open = {};   ///< selectors of <details> that are opened for the text
  std::vector<std::string> click = {};  ///< selectors of what is clicked at the end of the page
  std::vector<std::string> words = {};  ///< the same for buttons that say just this, in lower case
  std::size_t clicks = 3;               ///< at most, all together
};

class Behaviours {
 public:
  /// The rules that the program has built in.
  static const Behaviours& built_in();
  /// kNotFound, kIo; kInvalid with line and reason.
  static Result<Behaviours> read(const std::filesystem::path& file);
  static Result<Behaviours> parse(std::string_view toml);

  /// All rules that hold for a host, as one.
  BehaviourRule for_host(std::string_view host) const;

 private:
  std::vector<BehaviourRule> rules_;
};

}  // namespace wm::browser
