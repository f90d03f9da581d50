#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "archiver/crawl/politeness.h"
#include "core/html/url_attributes.h"

namespace wm::crawl {

/// A URL to be fetched as part of a page.
struct Target {
  std::string url;  ///< absolute, without fragment: what makes it the same as another
  html::UrlRole role = html::UrlRole::kDocument;
  std::size_t depth = 0;      ///< resources between the page and this one
  std::size_t redirects = 0;  ///< hops that led here
  std::string referrer;       ///< Referer to send; "" for none
  unsigned tries = 0;         ///< that came to nothing
  bool expected = true;       ///< false for a guess such as /favicon.ico: its absence is no news
};

/// What waits, each URL once: documents before style sheets before scripts before pictures, in the
/// order found; hosts of equal claim in turn.
class Frontier {
 public:
  /// Takes at most `limit` URLs in its life.
  explicit Frontier(std::size_t limit) : limit_(limit) {}

  enum class Added { kNew, kKnown, kFull };
  Added add(Target target);
  /// The same target again, after a failed try; it counts only once.
  void put_back(Target target);
  /// Marks a URL as fetched by other means.
  void know(const std::string& url) { known_.insert(url); }
  bool knows(const std::string& url) const { return known_.contains(url); }

  /// The most urgent target whose host `politeness` lets in at `now`; nullopt if there is none.
  std::optional<Target> next(const Politeness& politeness, Politeness::Time now);
  std::size_t waiting() const { return waiting_; }
  std::size_t known() const { return known_.size(); }
  /// Takes out all that waits.
  std::vector<Target> drain();

 private:
  static constexpr std::size_t kClasses = 4;
  static std::size_t class_of(html::UrlRole role) noexcept;
  struct Host {
    std::array<std::deque<Target>, kClasses> queues;
  };
  void push(Target target, bool front);

  const std::size_t limit_;
  std::unordered_set<std::string> known_;
  std::map<std::string, Host> hosts_;  ///< only hosts with something waiting
  std::string last_host_;              ///< whose turn was last
  std::size_t waiting_ = 0;
};

}  // namespace wm::crawl
