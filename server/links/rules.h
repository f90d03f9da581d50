#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "server/links/link.h"
#include "server/links/numbered.h"

namespace wm::links {

/// What is done to links that fit. Conditions left "" do not matter, the others must all hold. A pattern is words that must stand there, whatever their case
/// and width; or /…/, a regular expression (RE2's syntax, any case). A value.
struct Rule {
  std::uint64_t id = 0;
  std::string name{};
  bool enabled = true;
  std::string site{};   ///< "example.org", "example.org/docs", "example.org?lang=de": the host or one below it, a beginning of the path, arguments of the query
  std::string url{};    ///< pattern
  std::string title{};  ///< pattern
  std::string text{};   ///< pattern, on the beginning of the page's text
  std::vector<std::string> tags{};
  std::string engine{};    ///< "" = leave it
  std::string schedule{};
  std::optional<bool> unread{};
  std::optional<bool> archived{};
  std::optional<bool> favourite{};
  std::optional<bool> shared{};
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// Checked and cleaned; kInvalid with the reason: no condition, no effect, a pattern that RE2 does not take.
Result<Rule> clean(const Rule& rule);
std::string encode(const Rule& rule);
Result<Rule> decode_rule(std::string_view stored);

/// Rules ready to match. Linear in what they look at, whatever their patterns say. Immutable; any thread.
class RuleSet {
 public:
  /// Rules that cannot be read any more are told in the log and left out.
  explicit RuleSet(const std::vector<Rule>& rules);
  ~RuleSet();
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;

  enum class Moment { kAdded, kCaptured };
  /// The rules that fit. kCaptured: of those only that ask for a title or text, which an address alone does not tell.
  std::vector<const Rule*> matching(const Link& link, std::string_view text, Moment moment) const;

 private:
  struct Compiled;
  std::vector<std::unique_ptr<Compiled>> rules_;
};

/// The rules of a store, applied when a link is added and, where they ask for a title or text, after its first capture. From any thread.
class Rules {
 public:
  explicit Rules(store::Store& store);

  Result<std::vector<Rule>> list() const;
  Result<Rule> get(std::uint64_t id) const;
  Result<Rule> add(const Rule& rule);
  Result<Rule> replace(const Rule& rule);
  Result<> remove(std::uint64_t id);

  /// Made once and kept until a rule changes.
  Result<std::shared_ptr<const RuleSet>> compiled() const;

 private:
  mutable Mutex mutex_;  // one change at a time
  mutable Numbered stored_;
  mutable std::shared_ptr<const RuleSet> compiled_ WM_GUARDED_BY(mutex_);  // shared with those who match right now
};

/// What `rules` say, done to the link; its tags are not settled yet.
void apply(const std::vector<const Rule*>& rules, Link& link);

}  // namespace wm::links
