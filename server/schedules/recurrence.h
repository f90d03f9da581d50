#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::schedules {

/// When something comes again. A value; pure.
///
/// "every 30min", "every 12h", "every 7d", "every 2w": that long after the time before; at least 10
/// minutes, at most 10 years. Or a cron expression of five fields, minute hour day-of-month month
/// day-of-week, in UTC: numbers, names (jan, mon), "*", lists, ranges, steps; Sunday is 0 and 7; of
/// a restricted day-of-month and a restricted day-of-week either will do, as POSIX has it. Or
/// @hourly, @daily, @weekly, @monthly, @yearly.
class Recurrence {
 public:
  /// kInvalid with what was expected, and for a cron expression that no day ever meets.
  static Result<Recurrence> parse(std::string_view text);

  /// The first time after `after`, to the second for "every", to the minute for cron.
  std::chrono::sys_seconds next(std::chrono::sys_seconds after) const;
  /// As given, blanks single.
  const std::string& text() const { return text_; }

 private:
  static Result<Recurrence> parse_every(std::string_view text);
  static Result<Recurrence> parse_cron(std::string_view text);
  std::optional<std::chrono::sys_seconds> next_by_cron(std::chrono::sys_seconds after) const;
  bool is_day(std::chrono::sys_days day) const;

  std::string text_;
  std::chrono::seconds every_{0};  ///< 0: cron
  // A bit for each value that is meant.
  std::uint64_t minutes_ = 0;
  std::uint64_t hours_ = 0;
  std::uint64_t days_ = 0;
  std::uint64_t months_ = 0;
  std::uint64_t weekdays_ = 0;
  bool any_day_ = true;
  bool any_weekday_ = true;
};

}  // namespace wm::schedules
