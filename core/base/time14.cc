#include "core/base/time14.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace wm {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct Civil {
  int year = 1970;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

unsigned days_in_month(int year, unsigned month) {
  const std::chrono::year_month_day_last last{std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(month))};
  return static_cast<unsigned>(last.day());
}

Civil civil_of(SysSeconds at) {
  const auto midnight = std::chrono::floor<days>(at);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(at - midnight);
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          static_cast<unsigned>(clock.hours().count()),
          static_cast<unsigned>(clock.minutes().count()),
          static_cast<unsigned>(clock.seconds().count())};
}

/// Leap seconds are taken as :59, since POSIX time has none.
std::optional<SysSeconds> instant(Civil civil) {
  if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > days_in_month(civil.year, civil.month) || civil.hour > 23 ||
      civil.minute > 59 || civil.second > 60) {
    return std::nullopt;
  }
  if (civil.second == 60) civil.second = 59;
  const auto date = std::chrono::year(civil.year) / std::chrono::month(civil.month) / std::chrono::day(civil.day);
  return sys_days(date) + std::chrono::hours(civil.hour) + std::chrono::minutes(civil.minute) + std::chrono::seconds(civil.second);
}

/// `count` digits at the front of `text` as a number, taken off it.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || to_lower(text.front()) != to_lower(expected)) return false;
  text.remove_prefix(1);
  return true;
}

/// "hh:mm:ss" taken off the front.
bool take_clock(std::string_view& text, Civil& civil) {
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return false;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return false;
  const auto second = take_digits(text, 2);
  if (!second) return false;
  civil.hour = *hour, civil.minute = *minute, civil.second = *second;
  return true;
}

std::optional<unsigned> take_month_name(std::string_view& text) {
  for (unsigned i = 0; i < 12; ++i) {
    if (istarts_with(text, kMonths.substr(i * 3, 3))) {
      text.remove_prefix(3);
      return i + 1;
    }
  }
  return std::nullopt;
}

/// Two-digit years of RFC 850: more than 50 years ahead means the last century; archives have no future.
int full_year(unsigned two_digits) { return static_cast<int>(two_digits) + (two_digits >= 70 ? 1900 : 2000); }

/// "06 Nov 1994 08:49:37" or, with dashes, "06-Nov-94 08:49:37".
std::optional<SysSeconds> day_first(std::string_view rest, char separator) {
  Civil civil;
  const auto day = take_digits(rest, 2);
  if (!day || !take(rest, separator)) return std::nullopt;
  const auto month = take_month_name(rest);
  if (!month || !take(rest, separator)) return std::nullopt;
  const bool long_year = rest.size() >= 4 && is_digit(rest[2]) && is_digit(rest[3]);
  const auto year = take_digits(rest, long_year ? 4 : 2);
  if (!year || !take(rest, ' ') || !take_clock(rest, civil)) return std::nullopt;
  civil.day = *day, civil.month = *month;
  civil.year = long_year ? static_cast<int>(*year) : full_year(*year);
  return instant(civil);
}

/// "Nov  6 08:49:37 1994", asctime's.
std::optional<SysSeconds> month_first(std::string_view rest) {
  Civil civil;
  const auto month = take_month_name(rest);
  if (!month || !take(rest, ' ')) return std::nullopt;
  const auto day = take(rest, ' ') ? take_digits(rest, 1) : take_digits(rest, 2);
  if (!day || !take(rest, ' ') || !take_clock(rest, civil) || !take(rest, ' ')) return std::nullopt;
  const auto year = take_digits(rest, 4);
  if (!year) return std::nullopt;
  civil.day = *day, civil.month = *month, civil.year = static_cast<int>(*year);
  return instant(civil);
}

}  // namespace

Time14::Time14(SysSeconds at) : at_(at) {}

std::optional<Time14> Time14::parse(std::string_view digits) {
  Civil civil;
  if (digits.size() != 14) return std::nullopt;
  const auto year = take_digits(digits, 4), month = take_digits(digits, 2), day = take_digits(digits, 2);
  const auto hour = take_digits(digits, 2), minute = take_digits(digits, 2), second = take_digits(digits, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  civil = {static_cast<int>(*year), *month, *day, *hour, *minute, *second};
  const auto at = instant(civil);
  if (!at) return std::nullopt;
  return Time14(*at);
}

std::optional<Time14> Time14::parse_padded(std::string_view digits, Pad pad) {
  digits = digits.substr(0, 14);
  if (digits.empty()) return std::nullopt;
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
  }
  // Each missing digit is the smallest or largest one can be; fields out of range are clamped afterwards.
  const std::string_view filler = pad == Pad::kEarliest ? "00000101000000" : "99991231235959";
  std::string padded(digits);
  padded += filler.substr(digits.size());
  const bool half_field = digits.size() > 4 && digits.size() % 2 == 1;  // its second digit is free, whatever the filler's is
  if (half_field) padded[digits.size()] = pad == Pad::kEarliest ? '0' : '9';
  std::string_view rest = padded;
  const auto year = *take_digits(rest, 4), month = *take_digits(rest, 2), day = *take_digits(rest, 2);
  const auto hour = *take_digits(rest, 2), minute = *take_digits(rest, 2), second = *take_digits(rest, 2);
  Civil civil;
  civil.year = static_cast<int>(year);
  civil.month = std::clamp(month, 1u, 12u);
  civil.day = std::clamp(day, 1u, days_in_month(civil.year, civil.month));
  civil.hour = std::min(hour, 23u), civil.minute = std::min(minute, 59u), civil.second = std::min(second, 59u);
  return Time14(*instant(civil));
}

std::string Time14::text() const {
  const Civil c = civil_of(at_);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::uint64_t Time14::number() const {
  const Civil c = civil_of(at_);
  std::uint64_t number = static_cast<std::uint64_t>(c.year);
  for (const unsigned field : {c.month, c.day, c.hour, c.minute, c.second}) number = number * 100 + field;
  return number;
}

SysMicros now_micros() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::optional<SysMicros> parse_w3c_date(std::string_view text) {
  text = trim(text);
  Civil civil;
  std::int64_t micros = 0, offset_minutes = 0;
  const auto year = take_digits(text, 4);
  if (!year) return std::nullopt;
  civil.year = static_cast<int>(*year);
  const auto field = [&text](char before, unsigned& into) {
    if (!take(text, before)) return text.empty();
    const auto value = take_digits(text, 2);
    if (value) into = *value;
    return value.has_value();
  };
  if (!field('-', civil.month) || !field('-', civil.day)) return std::nullopt;
  if (take(text, 'T') || take(text, ' ')) {
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute) return std::nullopt;
    civil.hour = *hour, civil.minute = *minute;
    if (take(text, ':')) {
      const auto second = take_digits(text, 2);
      if (!second) return std::nullopt;
      civil.second = *second;
      if (take(text, '.')) {
        std::int64_t scale = 100000;
        if (text.empty() || !is_digit(text.front())) return std::nullopt;
        while (!text.empty() && is_digit(text.front())) {
          micros += scale * (text.front() - '0');
          scale /= 10;
          text.remove_prefix(1);
        }
      }
    }
    if (!take(text, 'Z') && !text.empty()) {
      const bool minus = text.front() == '-';
      if (!minus && text.front() != '+') return std::nullopt;
      text.remove_prefix(1);
      const auto hours = take_digits(text, 2);
      take(text, ':');
      const auto minutes = take_digits(text, 2);
      if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
      offset_minutes = (static_cast<std::int64_t>(*hours) * 60 + *minutes) * (minus ? -1 : 1);
    }
  }
  if (!text.empty()) return std::nullopt;
  const auto at = instant(civil);
  if (!at) return std::nullopt;
  return SysMicros(*at) + std::chrono::microseconds(micros) - std::chrono::minutes(offset_minutes);
}

std::string w3c_date(SysSeconds at) {
  const Civil c = civil_of(at);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string w3c_date_micros(SysMicros at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  std::string text = w3c_date(whole);
  text.pop_back();
  return text + fmt::format(".{:06}Z", (at - whole).count());
}

std::optional<SysSeconds> parse_http_date(std::string_view text) {
  text = trim(text);
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    const std::size_t blank = text.find(' ');
    return blank == 3 ? month_first(text.substr(4)) : std::nullopt;
  }
  const std::string_view rest = trim(text.substr(comma + 1));
  return rest.size() > 2 && rest[2] == '-' ? day_first(rest, '-') : day_first(rest, ' ');
}

std::string http_date(SysSeconds at) {
  const Civil c = civil_of(at);
  const std::chrono::weekday weekday(std::chrono::floor<days>(at));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday.c_encoding()], c.day, kMonths.substr((c.month - 1) * 3, 3),
                     c.year, c.hour, c.minute, c.second);
}

}  // namespace wm
