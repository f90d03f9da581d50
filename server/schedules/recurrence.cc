// POSIX.1-2017, crontab.
#include "server/schedules/recurrence.h"

#include <array>
#include <span>
#include <vector>

#include "core/base/ascii.h"

namespace wm::schedules {
namespace {

using namespace std::chrono;

constexpr seconds kLeast = minutes(10);
constexpr seconds kMost = days(3653);
constexpr int kSearchedDays = 366 * 9;  // 29 February is eight years away at most

struct Field {
  const char* name;
  unsigned first;
  unsigned last;
  std::span<const char* const> names;  ///< of `first` and those after it
};

constexpr std::array kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                             "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
const Field kFields[] = {{"minute", 0, 59, {}},
                         {"hour", 0, 23, {}},
                         {"day of month", 1, 31, {}},
                         {"month", 1, 12, kMonths},
                         {"day of week", 0, 7, kWeekdays}};

std::unexpected<Error> invalid(std::string what) {
  return fail(Error::Code::kInvalid, std::move(what));
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!trim(word).empty()) words.push_back(trim(word));
  }
  return words;
}

Result<unsigned> value_of(std::string_view text, const Field& field) {
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (iequals(text, field.names[i])) return field.first + static_cast<unsigned>(i);
  }
  const auto number = parse_u64(text);
  if (!number || *number < field.first || *number > field.last) {
    return invalid("\"" + std::string(text.substr(0, 40)) + "\" is no " + field.name + ": " +
                   std::to_string(field.first) + " to " + std::to_string(field.last));
  }
  return static_cast<unsigned>(*number);
}

/// "*", "5", "1-5", each with "/step".
Result<std::uint64_t> bits_of_part(std::string_view part, const Field& field) {
  const std::size_t slash = part.find('/');
  std::uint64_t step = 1;
  if (slash != part.npos) {
    const auto given = parse_u64(part.substr(slash + 1));
    if (!given || *given == 0 || *given > field.last)
      return invalid(std::string("a step of ") + field.name + " is 1 to " +
                     std::to_string(field.last));
    step = *given;
    part = part.substr(0, slash);
  }
  unsigned from = field.first, to = field.last;
  if (part != "*") {
    const std::size_t dash = part.find('-');
    from = WM_TRY(value_of(part.substr(0, dash), field));
    if (dash != part.npos) {
      to = WM_TRY(value_of(part.substr(dash + 1), field));
    } else if (slash == part.npos && step == 1) {
      to = from;
    }
  }
  if (from > to) return invalid(std::string("a range of ") + field.name + " goes upwards");
  std::uint64_t bits = 0;
  for (std::uint64_t value = from; value <= to; value += step) bits |= std::uint64_t{1} << value;
  return bits;
}

Result<std::uint64_t> bits_of(std::string_view text, const Field& field) {
  std::uint64_t bits = 0;
  for (const std::string_view part : split(text, ',')) bits |= WM_TRY(bits_of_part(part, field));
  return bits;
}

bool holds(std::uint64_t bits, unsigned value) {
  return (bits >> value & 1) != 0;
}

std::string_view cron_of(std::string_view name) {
  if (iequals(name, "@hourly")) return "0 * * * *";
  if (iequals(name, "@daily")) return "0 0 * * *";
  if (iequals(name, "@weekly")) return "0 0 * * 0";
  if (iequals(name, "@monthly")) return "0 0 1 * *";
  if (iequals(name, "@yearly")) return "0 0 1 1 *";
  return {};
}

}  // namespace

Result<Recurrence> Recurrence::parse(std::string_view text) {
  if (text.size() > 1000) return invalid("a schedule is shorter than 1000 bytes");
  const auto words = words_of(text);
  std::string clean;
  for (const std::string_view word : words) clean += (clean.empty() ? "" : " ") + std::string(word);
  auto recurrence = words.size() == 2 && iequals(words[0], "every")
                        ? parse_every(words[1])
                        : parse_cron(words.size() == 1 ? cron_of(words[0]) : clean);
  if (recurrence) recurrence->text_ = std::move(clean);
  return recurrence;
}

Result<Recurrence> Recurrence::parse_every(std::string_view text) {
  struct Unit {
    const char* name;
    seconds length;
  };
  constexpr Unit kUnits[] = {{"min", minutes(1)}, {"h", hours(1)}, {"d", days(1)}, {"w", weeks(1)}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_u64(text.substr(0, digits));
  for (const Unit& unit : kUnits) {
    if (!count || text.substr(digits) != unit.name || *count > 1'000'000) continue;
    Recurrence recurrence;
    recurrence.every_ = unit.length * static_cast<std::int64_t>(*count);
    if (recurrence.every_ >= kLeast && recurrence.every_ <= kMost) return recurrence;
    return invalid("what comes again comes after 10min to 3653d");
  }
  return invalid("\"every\" takes a time like 30min, 12h, 7d or 2w");
}

Result<Recurrence> Recurrence::parse_cron(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() != std::size(kFields))
    return invalid(
        "a schedule is \"every 7d\", or a cron expression of five fields: minute hour day-of-month "
        "month day-of-week");
  Recurrence recurrence;
  std::uint64_t* const into[] = {&recurrence.minutes_, &recurrence.hours_, &recurrence.days_,
                                 &recurrence.months_, &recurrence.weekdays_};
  for (std::size_t i = 0; i < std::size(kFields); ++i)
    *into[i] = WM_TRY(bits_of(words[i], kFields[i]));
  if (holds(recurrence.weekdays_, 7)) recurrence.weekdays_ |= 1;
  recurrence.any_day_ = words[2].starts_with('*');
  recurrence.any_weekday_ = words[4].starts_with('*');
  if (!recurrence.next_by_cron(sys_days(2024y / 1 / 1)))
    return invalid("no day is ever meant by \"" + std::string(text) + "\"");
  return recurrence;
}

bool Recurrence::is_day(sys_days day) const {
  const year_month_day date(day);
  if (!holds(months_, static_cast<unsigned>(date.month()))) return false;
  const bool by_day = holds(days_, static_cast<unsigned>(date.day()));
  const bool by_weekday = holds(weekdays_, weekday(day).c_encoding());
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<sys_seconds> Recurrence::next_by_cron(sys_seconds after) const {
  const sys_seconds start = floor<minutes>(after) + minutes(1);
  const sys_days first = floor<days>(start);
  for (int i = 0; i < kSearchedDays; ++i) {
    const sys_days day = first + days(i);
    if (!is_day(day)) continue;
    for (unsigned hour = 0; hour < 24; ++hour) {
      if (!holds(hours_, hour)) continue;
      for (unsigned minute = 0; minute < 60; ++minute) {
        const sys_seconds time = day + hours(hour) + minutes(minute);
        if (holds(minutes_, minute) && time >= start) return time;
      }
    }
  }
  return std::nullopt;
}

sys_seconds Recurrence::next(sys_seconds after) const {
  if (every_ > seconds(0)) return after + every_;
  return next_by_cron(after).value_or(after + kMost);
}

}  // namespace wm::schedules
