#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wm::store {

// How numbers and strings lie in stored keys and values. In keys: big-endian, so that byte order is
// number order. In values: varints (7 bits a byte, low ones first) and strings with their length
// before them.

/// The low `bytes` bytes of `number`, the highest first.
void put_big_endian(std::string& out, std::uint64_t number, int bytes);
/// All of `bytes` (at most 8) as one number.
std::uint64_t big_endian(std::string_view bytes) noexcept;

/// A key of one byte and a number: `kind`, then eight bytes big-endian; and the number such a key holds at [1, 9).
std::string number_key(char kind, std::uint64_t number);
std::uint64_t number_of_key(std::string_view key) noexcept;

void put_varint(std::string& out, std::uint64_t number);
void put_string(std::string& out, std::string_view text);

/// Reads a value back. After the first thing that is not there every answer is empty and ok() is
/// false: decoders read all fields and ask once. The views it gives live as long as the bytes it
/// was made from.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  std::uint8_t byte() noexcept;
  std::uint64_t varint() noexcept;
  std::string_view string() noexcept;
  std::string_view bytes(std::size_t count) noexcept;
  std::string_view rest() noexcept;
  bool ok() const { return ok_; }
  bool at_end() const { return left_.empty(); }

 private:
  std::string_view left_;
  bool ok_ = true;
};

}  // namespace wm::store
