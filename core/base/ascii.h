#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wm {

// ASCII only and locale-free: what protocols mean by case and blank. Bytes above 0x7f are left as they are.

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) noexcept { return is_digit(c) || is_alpha(c); }
/// The blanks of HTML: space, tab, LF, FF, CR.
constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}
constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
/// 0 to 15, or -1 if `c` is no hex digit.
constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string to_lower(std::string_view text);
bool iequals(std::string_view a, std::string_view b) noexcept;
bool istarts_with(std::string_view text, std::string_view prefix) noexcept;
/// The first place of `needle` at or after `from`, whatever its case; npos if there is none.
std::size_t ifind(std::string_view text, std::string_view needle, std::size_t from = 0) noexcept;

/// Without is_space() at both ends.
std::string_view trim(std::string_view text) noexcept;
/// Every part between separators, empty ones too; the parts view `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

/// A whole decimal number without sign or blank; nullopt when there is anything else or it does not fit.
std::optional<std::uint64_t> parse_u64(std::string_view digits) noexcept;

std::string hex_encode(std::string_view bytes);
std::optional<std::string> hex_decode(std::string_view hex);
std::string base64_encode(std::string_view bytes);
/// Standard or URL-safe alphabet, padding optional.
std::optional<std::string> base64_decode(std::string_view text);
/// RFC 4648 base32, upper case, padded.
std::string base32_encode(std::string_view bytes);
/// Either case, padding optional.
std::optional<std::string> base32_decode(std::string_view text);

/// The bytes of valid UTF-8 as they are; each byte that is not part of it becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);
bool is_valid_utf8(std::string_view bytes) noexcept;

}  // namespace wm
