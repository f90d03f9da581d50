#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/pattern/pattern.h"

namespace wm::fuzzy {

/// When two URLs that differ are taken for one: when a rule finds the same in both of their keys.
/// Moved, not copied; const methods from many threads.
struct Rule {
  std::string name;
  std::size_t line = 0;
  std::vector<std::string> prefixes;  ///< of keys it holds for; none = all
  std::optional<pattern::Pattern> match;
  std::vector<std::string> keep;
  std::vector<pattern::Pattern> drop;
  bool path = false;
  std::vector<std::string> extensions;
  std::string search;  ///< how the keys begin that are looked through; "" = the path

  /// What must agree; nullopt where the rule does not hold.
  std::optional<std::string> identity(std::string_view key) const;
  /// How keys begin that may agree with `key`, the most promising first.
  std::vector<std::string> search_prefixes(std::string_view key) const;
};

/// The rules of a file as config/fuzzy.toml tells. Moved, not copied; const methods from many
/// threads.
class Rules {
 public:
  struct Complaint {
    std::size_t line;
    std::string what;
  };
  /// kInvalid if the text is no TOML. Rules that are wrong are passed over and told of.
  static Result<Rules> parse(std::string_view toml, std::vector<Complaint>& complaints);
  /// Those that come with the program.
  static std::string_view shipped();

  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::vector<Rule> rules_;
};

/// A key's path and its arguments.
struct KeyParts {
  std::string_view path;
  std::vector<std::string_view> arguments;
};
KeyParts parts_of(std::string_view key);

}  // namespace wm::fuzzy
