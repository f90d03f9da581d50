#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::schedules {

/// What is archived again. A value.
struct Schedule {
  std::uint64_t id = 0;
  std::string when;  ///< as Recurrence::parse() takes it
  enum class Of { kLink, kTag, kSearch } of = Of::kLink;
  std::string what;  ///< the link's id in digits, the tag, or the query
  std::chrono::sys_seconds created{};
  std::chrono::sys_seconds next{};
  std::optional<std::chrono::sys_seconds> last;
  std::uint64_t last_queued = 0;  ///< captures queued then
  std::string last_error;         ///< why not all could be queued then; "" for none
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

std::string_view name_of(Schedule::Of of) noexcept;  ///< "link", "tag", "search"

/// Stored form, JSON with a version; docs/formats/schedules.md.
std::string encode(const Schedule& schedule);
Result<Schedule> decode_schedule(std::string_view stored);

}  // namespace wm::schedules
