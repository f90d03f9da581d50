#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace wm::charset {

/// A byte on its own that ICU does not take.
struct ByteFix {
  unsigned char byte;
  char16_t to;
};

inline constexpr char16_t kToReplacement = 0xfffd;

/// [first, last] becomes `to` and what follows it, or all of it U+FFFD.
struct CharFix {
  char16_t first;
  char16_t last;
  char16_t to;
  constexpr char16_t apply(char16_t c) const {
    return to == kToReplacement ? to : static_cast<char16_t>(to + (c - first));
  }
};

/// An encoding of the standard as ICU's converter and what to put right. A value; its parts live
/// for ever.
struct IcuEncoding {
  std::string_view name;
  std::string_view icu;
  std::span<const ByteFix> bytes = {};
  std::span<const CharFix> chars = {};  ///< of characters that ICU made
  std::span<const CharFix> pairs = {};  ///< of pairs of bytes that ICU does not take
};

IcuEncoding icu_encoding(std::string_view name);

/// 0xa0 to 0xff of ISO-8859-16.
extern const std::array<char16_t, 96> kIso8859_16;

}  // namespace wm::charset
