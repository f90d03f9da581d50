#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/ascii.h"

namespace wm::html {

/// The lower-cased bytes of up to eight characters as a number: what names are switched on.
constexpr std::uint64_t packed(std::string_view text) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size() && i < 8; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(to_lower(text[i]))) << (8 * i);
  }
  return value;
}

/// A tag or attribute name without case, in 16 bytes and without memory of its own. Exact for names
/// of up to 16 bytes, which are all that any rule names; longer ones are told apart by a hash and
/// are equal to no shorter one.
struct Name {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  constexpr Name() = default;
  constexpr explicit Name(std::string_view text) noexcept {
    if (text.size() <= 16) {
      low = packed(text);
      if (text.size() > 8) high = packed(text.substr(8));
      return;
    }
    low = 0xcbf29ce484222325U;
    for (const char c : text)
      low = (low ^ static_cast<unsigned char>(to_lower(c))) * 0x100000001b3U;
    high = ~std::uint64_t{0};
  }
  friend constexpr bool operator==(const Name&, const Name&) = default;
  friend constexpr auto operator<=>(const Name&, const Name&) = default;
};

}  // namespace wm::html
