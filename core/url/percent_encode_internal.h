#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// URL Standard 1.3, "Percent-encoded bytes". A set is a bit mask over bytes; code points above
// U+007E are in every set, so sets work on UTF-8 bytes as they are.

namespace wm::url {

class EncodeSet {
 public:
  /// C0 control percent-encode set, plus `more`.
  static constexpr EncodeSet c0_control_and(std::string_view more) {
    EncodeSet set;
    for (unsigned c = 0; c < 256; ++c) set.in_[c] = c < 0x20 || c > 0x7e;
    return set.with(more);
  }
  constexpr EncodeSet with(std::string_view more) const {
    EncodeSet set = *this;
    for (char c : more) set.in_[static_cast<std::uint8_t>(c)] = true;
    return set;
  }
  constexpr bool has(char c) const { return in_[static_cast<std::uint8_t>(c)]; }

 private:
  std::array<bool, 256> in_{};
};

inline constexpr EncodeSet kC0ControlSet = EncodeSet::c0_control_and("");
inline constexpr EncodeSet kFragmentSet = kC0ControlSet.with(" \"<>`");
inline constexpr EncodeSet kQuerySet = kC0ControlSet.with(" \"#<>");
inline constexpr EncodeSet kSpecialQuerySet = kQuerySet.with("'");
inline constexpr EncodeSet kPathSet = kQuerySet.with("?^`{}");
inline constexpr EncodeSet kUserinfoSet = kPathSet.with("/:;=@[\\]|");

inline void append_percent_encoded(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<std::uint8_t>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

inline void append_encoded(std::string& out, std::string_view text, const EncodeSet& set) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!set.has(text[i])) continue;
    out.append(text.substr(plain, i - plain));
    append_percent_encoded(out, text[i]);
    plain = i + 1;
  }
  out.append(text.substr(plain));
}

}  // namespace wm::url
