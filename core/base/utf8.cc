#include "core/base/utf8.h"

namespace wm {

void append_utf8(std::uint32_t scalar, std::string& out) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (scalar < 0x80) {
    byte(scalar);
  } else if (scalar < 0x800) {
    byte(0xc0 | (scalar >> 6));
    byte(0x80 | (scalar & 0x3f));
  } else if (scalar < 0x10000) {
    byte(0xe0 | (scalar >> 12));
    byte(0x80 | ((scalar >> 6) & 0x3f));
    byte(0x80 | (scalar & 0x3f));
  } else {
    byte(0xf0 | (scalar >> 18));
    byte(0x80 | ((scalar >> 12) & 0x3f));
    byte(0x80 | ((scalar >> 6) & 0x3f));
    byte(0x80 | (scalar & 0x3f));
  }
}

}  // namespace wm
