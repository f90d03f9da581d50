#include "indexer/store/coding.h"

namespace wm::store {

void put_big_endian(std::string& out, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(number >> (8 * i)));
}

std::uint64_t big_endian(std::string_view bytes) noexcept {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

std::string number_key(char kind, std::uint64_t number) {
  std::string key(1, kind);
  put_big_endian(key, number, 8);
  return key;
}

std::uint64_t number_of_key(std::string_view key) noexcept {
  return key.empty() ? 0 : big_endian(key.substr(1, 8));
}

void put_varint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

void put_string(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}

std::uint8_t Reader::byte() noexcept {
  const auto one = bytes(1);
  return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one[0]);
}

std::uint64_t Reader::varint() noexcept {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    if (!ok_) return 0;
    if (shift == 63 && next > 1) break;
    number |= std::uint64_t{next & 0x7fu} << shift;
    if (next < 0x80) return number;
  }
  ok_ = false;
  left_ = {};
  return 0;
}

std::string_view Reader::string() noexcept {
  const std::uint64_t length = varint();
  return bytes(length);
}

std::string_view Reader::bytes(std::size_t count) noexcept {
  if (!ok_ || count > left_.size()) {
    ok_ = false;
    left_ = {};
    return {};
  }
  const auto text = left_.substr(0, count);
  left_.remove_prefix(count);
  return text;
}

std::string_view Reader::rest() noexcept {
  return bytes(left_.size());
}

}  // namespace wm::store
