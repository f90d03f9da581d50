#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/source.h"
#include "server/http/etag.h"
#include "server/http/message.h"

namespace wm::server {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// What a Range field asks of a representation of `size` bytes (RFC 9110 14.1.2, 14.2).
struct RangeDecision {
  enum class Kind {
    kWhole,  ///< no range, not understood, or several: the whole is the answer, as the RFC allows
    kPart,   ///< `range`, clamped to the size
    kUnsatisfiable,  ///< 416
  };
  Kind kind = Kind::kWhole;
  ByteRange range{};
};
RangeDecision parse_range(std::string_view value, std::uint64_t size);

/// As parse_range for this request: GET only, and If-Range must name the representation (strongly,
/// or by its exact date).
RangeDecision decide_range(const Request& request, std::uint64_t size,
                           const Validators& validators);

/// A Source over bytes [first, first+length).
using OpenRange =
    std::function<Result<std::unique_ptr<Source>>(std::uint64_t first, std::uint64_t length)>;

/// Answers with `base` (status 200, its headers) and the part of it that is asked for: 200, 206
/// with Content-Range, 304, 412 or 416. `open` is not called for the last three.
Response ranged_response(const Request& request, Response base, std::uint64_t size,
                         const Validators& validators, const OpenRange& open);

}  // namespace wm::server
