#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wm::replay {

struct ByteRange {
  std::uint64_t first;
  std::uint64_t last;  ///< inclusive
};

/// What a Range header asks of a body of `length` bytes (RFC 9110 14.1.2).
struct RangeAnswer {
  enum class Kind {
    kWhole,          ///< no such header, another unit, several ranges, or no range at all: 200
    kPart,           ///< 206
    kUnsatisfiable,  ///< 416
  };
  Kind kind = Kind::kWhole;
  ByteRange range{0, 0};
};
RangeAnswer answer_range(std::optional<std::string_view> range_header, std::uint64_t length);

/// Does it name one range of bytes? Only then is it worth to find out how long a body is.
bool asks_for_one_range(std::optional<std::string_view> range_header);

/// "bytes 0-99/1234" as archived 206 answers have it; the total may be "*".
struct ContentRange {
  ByteRange range;
  std::optional<std::uint64_t> total;
};
std::optional<ContentRange> parse_content_range(std::string_view value);

}  // namespace wm::replay
