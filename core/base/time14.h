#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wm {

using SysSeconds = std::chrono::sys_seconds;
using SysMicros = std::chrono::sys_time<std::chrono::microseconds>;

/// A UTC instant to the second in the form of CDX and replay URLs, YYYYMMDDhhmmss. Orders as time does.
class Time14 {
 public:
  Time14() = default;  ///< 1970-01-01
  explicit Time14(SysSeconds at);
  /// 14 digits that are a real date (second 60 is taken as 59); nullopt otherwise.
  static std::optional<Time14> parse(std::string_view digits);
  /// 1 to 14 digits, padded to the earliest or latest instant they can mean: "2018" → 20180101000000 / 20181231235959. Fields
  /// out of range are clamped ("20180231" → 20180228), as replay URLs need. More than 14 digits are cut. nullopt if not digits.
  enum class Pad { kEarliest, kLatest };
  static std::optional<Time14> parse_padded(std::string_view digits, Pad pad);

  std::string text() const;     ///< 14 digits
  std::uint64_t number() const; ///< the 14 digits as a number
  SysSeconds time() const { return at_; }
  friend auto operator<=>(const Time14&, const Time14&) = default;

 private:
  SysSeconds at_{};
};

SysMicros now_micros();

/// W3CDTF as WARC-Date has it: YYYY up to nine fractional digits, "Z" or an offset, lower-case t/z and a blank for T read too.
std::optional<SysMicros> parse_w3c_date(std::string_view text);
/// "2026-11-24T21:11:00Z"; with micros "2026-11-24T21:11:00.123456Z".
std::string w3c_date(SysSeconds at);
std::string w3c_date_micros(SysMicros at);

/// The three forms of RFC 9110 5.6.7.
std::optional<SysSeconds> parse_http_date(std::string_view text);
/// IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(SysSeconds at);

}  // namespace wm
