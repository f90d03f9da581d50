#include "server/bookmarks/dates.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "core/base/ascii.h"

namespace wm::bookmarks {
namespace {

using std::chrono::microseconds;

std::optional<int> two_digits(std::string_view text, std::size_t at) {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return std::nullopt;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// "+0300", "-03:00": seconds east of Greenwich.
std::optional<int> offset_of(std::string_view text) {
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = two_digits(text, 1), minutes = two_digits(text, text[3] == ':' ? 4 : 3);
  if (!hours || !minutes) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

/// Apache's log format.
std::optional<SysMicros> log_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() < 20 || text[2] != '/' || text[6] != '/' || text[11] != ':') return std::nullopt;
  std::string digits;
  for (std::size_t m = 0; m < kMonths.size(); ++m) {
    if (!iequals(text.substr(3, 3), kMonths[m])) continue;
    digits = std::string(text.substr(7, 4)) + (m < 9 ? "0" : "") + std::to_string(m + 1) +
             std::string(text.substr(0, 2)) + std::string(text.substr(12, 2)) +
             std::string(text.substr(15, 2)) + std::string(text.substr(18, 2));
  }
  const auto time = Time14::parse(digits);
  if (!time) return std::nullopt;
  return SysMicros(time->time()) -
         std::chrono::seconds(offset_of(trim(text.substr(20))).value_or(0));
}

/// parse_w3c_date() wants a colon in the offset, which PHP's ISO 8601 lacks, and a T.
std::optional<SysMicros> iso_date(std::string_view text) {
  if (const auto date = parse_w3c_date(text)) return date;
  if (text.size() > 5 && (text[text.size() - 5] == '+' || text[text.size() - 5] == '-')) {
    std::string with_colon(text);
    with_colon.insert(with_colon.size() - 2, ":");
    if (const auto date = parse_w3c_date(with_colon)) return date;
  }
  return text.size() == 19 ? parse_w3c_date(std::string(text) + "Z") : std::nullopt;
}

/// A count since 1970, or since 1601 as WebKit has it, told apart by its size.
std::optional<SysMicros> date_of_count(std::uint64_t count) {
  constexpr std::uint64_t kWebKit = 11'644'473'600;  // seconds from 1601 to 1970
  if (count == 0) return std::nullopt;
  std::uint64_t micros = 0;
  if (count < kWebKit) {
    micros = count * 1'000'000;
  } else if (count < 100'000'000'000) {
    micros = (count - kWebKit) * 1'000'000;
  } else if (count < 100'000'000'000'000) {
    micros = count * 1'000;
  } else if (count < kWebKit * 1'000'000) {
    micros = count;
  } else if (count < 100'000'000'000'000'000) {
    micros = count - kWebKit * 1'000'000;
  } else {
    micros = count / 1'000;
  }
  return SysMicros(microseconds(static_cast<std::int64_t>(micros)));
}

}  // namespace

std::optional<SysMicros> parse_date(std::string_view text) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  const std::size_t point = text.find('.');
  if (const auto count = parse_u64(text.substr(0, point))) {
    // A year, or the 14 digits of a timestamp, is no count; fractions of whatever it counts are not
    // worth having.
    if (text.size() == 4) return iso_date(text);
    if (text.size() == 14) {
      if (const auto time = Time14::parse(text)) return SysMicros(time->time());
    }
    return date_of_count(*count);
  }
  if (const auto date = iso_date(text)) return date;
  if (const auto date = log_date(text)) return date;
  if (const auto date = parse_http_date(text)) return SysMicros(*date);
  return std::nullopt;
}

}  // namespace wm::bookmarks
