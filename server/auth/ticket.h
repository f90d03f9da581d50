#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/time14.h"

namespace wm::auth {

/// Short-lived signed permissions that the app hands to the replay origin, which knows no users: "<expiry>.<HMAC>". Thread-safe.
class Tickets {
 public:
  /// Where a ticket stands in a path, a slash after it: to be taken as a cookie, …
  static constexpr std::string_view kTakePath = "/_ticket/";
  /// … or before every address of what it lets in (one port for app and replay).
  static constexpr std::string_view kMountPath = "/_replay/";

  /// `key`: 32 random bytes kept in the data folder.
  explicit Tickets(std::string key) : key_(std::move(key)) {}
  std::string issue(SysSeconds now, std::chrono::seconds life) const;
  bool valid(std::string_view ticket, SysSeconds now) const;

 private:
  std::string key_;
};

}  // namespace wm::auth
