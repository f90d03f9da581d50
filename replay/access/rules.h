#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::access {

/// What may be seen of a capture.
enum class Access {
  kAllow,
  kBlock,    ///< that it is there, not what it holds: 451
  kExclude,  ///< nothing, as if it were not there: 404
};
std::string_view name_of(Access access) noexcept;

/// The captures a rule holds for by their time. All bounds that are set must hold.
struct Window {
  std::optional<Time14> before;  ///< captured before
  std::optional<Time14> after;
  std::optional<std::chrono::seconds> newer;  ///< captured less than so long ago
  std::optional<std::chrono::seconds> older;
  bool holds(Time14 captured, SysSeconds now) const;
};

struct Rule {
  std::string key;  ///< a SURT or the start of one; "" stands for all
  bool exact = false;
  std::string collection;  ///< "" = any
  Access access = Access::kAllow;
  bool ignore_embargo = false;
  bool embargo = false;
  Window window;
  std::size_t line = 0;
};

/// Access rules as pywb's .aclj files have them: one line a rule, a SURT prefix ("###" at its end
/// makes it one URL, "*," stands for all), "-", and a JSON object with "access": allow, block,
/// exclude or allow_ignore_embargo. The longest prefix that fits decides, an exact key before it;
/// of one key the first line. "before", "after", "newer", "older" bind a rule to captures of that
/// time: for others it allows. Rules with "user" are passed over: nobody is told apart here.
/// Beyond pywb: "collection" binds a rule to one, and "embargo": true makes a rule that withholds
/// on top of what the others allow, save allow_ignore_embargo. A value; const methods from any
/// thread.
class Rules {
 public:
  struct Complaint {
    std::size_t line;
    std::string what;
  };
  static constexpr std::size_t kMost = 1'000'000;

  /// Lines that are no rule are passed over and told of in `complaints`, the first 100 of them.
  static Rules parse(std::string_view text, std::vector<Complaint>& complaints);

  bool empty() const { return rules_.empty(); }
  std::size_t size() const { return rules_.size(); }
  Access decide(std::string_view collection, std::string_view surt, Time14 captured,
                SysSeconds now) const;
  /// The rule that decides about a URL's captures, embargoes aside; nullptr if none does.
  const Rule* rule_for(std::string_view collection, std::string_view surt) const;

 private:
  using Places = std::vector<std::size_t>;
  void add(Rule rule);
  const Rule* first_of(const Places& places, std::string_view collection) const;
  Access embargo_on(std::string_view collection, std::string_view surt, Time14 captured,
                    SysSeconds now) const;

  std::vector<Rule> rules_;
  std::map<std::string, Places, std::less<>> exact_;
  std::map<std::string, Places, std::less<>> prefixes_;
  std::vector<std::size_t> lengths_;  ///< of the prefixes, longest first
  std::vector<std::size_t> embargoes_;
};

}  // namespace wm::access
