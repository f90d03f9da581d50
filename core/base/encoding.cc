// The byte encodings of ascii.h: RFC 4648 and UTF-8 (Unicode 15, table 3-7).
#include <array>
#include <cstdint>

#include "core/base/ascii.h"

namespace wm {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

unsigned byte_of(char c) { return static_cast<unsigned char>(c); }

/// Both alphabets are powers of two wide: `bits` bits a digit, groups of `group` digits padded with '='.
std::string encode_bits(std::string_view bytes, std::string_view alphabet, unsigned bits, std::size_t group) {
  std::string text;
  text.reserve((bytes.size() * 8 + bits - 1) / bits + group);
  unsigned buffer = 0, held = 0;
  const unsigned mask = (1u << bits) - 1;
  for (const char c : bytes) {
    buffer = (buffer << 8) | byte_of(c);
    held += 8;
    while (held >= bits) {
      held -= bits;
      text.push_back(alphabet[(buffer >> held) & mask]);
    }
    buffer &= (1u << held) - 1;
  }
  if (held > 0) text.push_back(alphabet[(buffer << (bits - held)) & mask]);
  while (text.size() % group != 0) text.push_back('=');
  return text;
}

template <class ValueOf>
std::optional<std::string> decode_bits(std::string_view text, unsigned bits, ValueOf value_of) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() * bits / 8);
  unsigned buffer = 0, held = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    buffer = (buffer << bits) | static_cast<unsigned>(value);
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<char>((buffer >> held) & 0xff));
      buffer &= (1u << held) - 1;
    }
  }
  if (held >= bits) return std::nullopt;  // a digit that carries nothing: the length is impossible
  return bytes;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

int base32_value(char c) {
  if (is_alpha(c)) return to_upper(c) - 'A';
  return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/// Length of the well-formed UTF-8 sequence at the start of `bytes`, 0 if there is none.
std::size_t utf8_length(std::string_view bytes) noexcept {
  const unsigned lead = byte_of(bytes[0]);
  if (lead < 0x80) return 1;
  const auto tail = [&bytes](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return i < bytes.size() && byte_of(bytes[i]) >= low && byte_of(bytes[i]) <= high;
  };
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : 0xbf;
    return tail(1, low, high) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
    return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string hex_encode(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text.push_back(kHex[byte_of(c) >> 4]);
    text.push_back(kHex[byte_of(c) & 15]);
  }
  return text;
}

std::optional<std::string> hex_decode(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  return decode_bits(hex, 4, [](char c) { return hex_value(c); });
}

std::string base64_encode(std::string_view bytes) { return encode_bits(bytes, kBase64, 6, 4); }
std::optional<std::string> base64_decode(std::string_view text) { return decode_bits(text, 6, base64_value); }
std::string base32_encode(std::string_view bytes) { return encode_bits(bytes, kBase32, 5, 8); }
std::optional<std::string> base32_decode(std::string_view text) { return decode_bits(text, 5, base32_value); }

bool is_valid_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t length = utf8_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string valid_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t length = utf8_length(bytes);
    if (length == 0) {
      text += "\xef\xbf\xbd";
      bytes.remove_prefix(1);
    } else {
      text.append(bytes.substr(0, length));
      bytes.remove_prefix(length);
    }
  }
  return text;
}

}  // namespace wm
