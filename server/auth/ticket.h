#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/time14.h"

namespace wm::auth {

/// Short-lived signed permissions that the app hands to the replay origin, which knows no users: "<expiry>.<HMAC>". Thread-safe.
class Tickets {
 public:
  /// `key`: 32 random bytes kept in the data folder.
  explicit Tickets(std::string key) : key_(std::move(key)) {}
  std::string issue(SysSeconds now, std::chrono::seconds life) const;
  bool valid(std::string_view ticket, SysSeconds now) const;

 private:
  std::string key_;
};

}  // namespace wm::auth
