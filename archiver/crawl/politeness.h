#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/http/headers.h"

namespace wm::crawl {

/// How many requests each host gets at a time, and how long one that asked for a pause (429, 503
/// with Retry-After) is left alone. A host is an origin as host_of() names it. One thread.
class Politeness {
 public:
  using Time = std::chrono::steady_clock::time_point;
  Politeness(std::size_t parallel, std::size_t parallel_per_host)
      : parallel_(parallel), per_host_(parallel_per_host) {}

  bool full() const { return active_ >= parallel_; }
  bool may_start(const std::string& host, Time now) const;
  void started(const std::string& host);
  void finished(const std::string& host);
  /// The host shares one connection among requests (HTTP/2): more at a time cost it nothing.
  void allow_more(const std::string& host);
  void pause(const std::string& host, Time until);
  /// When the next pause ends after `now`.
  std::optional<Time> next_end(Time now) const;

 private:
  struct Host {
    std::size_t active = 0;
    bool multiplexed = false;
    Time paused_until{};
  };
  const std::size_t parallel_;
  const std::size_t per_host_;
  std::size_t active_ = 0;
  std::unordered_map<std::string, Host> hosts_;
};

/// "https://host:port" of an absolute http(s) URL.
std::string host_of(std::string_view url);

/// Seconds that Retry-After asks to wait, as number or as date; nullopt if it says nothing
/// sensible.
std::optional<std::chrono::seconds> retry_after(const http::Headers& headers,
                                                std::chrono::sys_seconds now);

/// Referer by the web's default policy, strict-origin-when-cross-origin: all of `from` to its own
/// origin, only the origin to another, nothing from https to http. Both absolute, `from` without
/// user info.
std::string referrer_for(std::string_view from, std::string_view to);

}  // namespace wm::crawl
