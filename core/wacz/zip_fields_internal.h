#pragma once

#include <cstdint>
#include <string_view>

namespace wm::wacz {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kDescriptor = 0x08074b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kEnd64Locator = 0x07064b50;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kLocatorBytes = 20;

/// A little-endian number of `bytes` bytes at `at`, which must lie in `from`.
inline std::uint64_t number(std::string_view from, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(from[at + i]);
  return value;
}

/// The zip64 extra field (id 1) among `extra`: replaces, in this order, those of the values that are all ones in the header.
inline void apply_zip64(std::string_view extra, std::uint64_t& size, std::uint64_t& stored, std::uint64_t* header) {
  while (extra.size() >= 4) {
    const auto id = number(extra, 0, 2), length = number(extra, 2, 2);
    std::string_view data = extra.substr(4, length);
    if (id == 1) {
      for (std::uint64_t* value : {&size, &stored, header}) {
        if (value == nullptr || *value != 0xffffffff || data.size() < 8) continue;
        *value = number(data, 0, 8);
        data.remove_prefix(8);
      }
      return;
    }
    if (length + 4 >= extra.size()) return;
    extra.remove_prefix(length + 4);
  }
}

}  // namespace wm::wacz
