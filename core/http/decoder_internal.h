#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::http {

/// One coding's decompressor over buffers of the caller's. Not movable: zlib keeps its address.
class Decoder {
 public:
  virtual ~Decoder() = default;
  struct Step {
    std::size_t in = 0;   ///< bytes used up
    std::size_t out = 0;  ///< bytes made
    bool end = false;     ///< the member or frame is complete
  };
  /// No progress without an end means that it needs more input. kCorrupt; kTooLarge for a window
  /// above the limit.
  virtual Result<Step> step(std::string_view in, std::span<char> out) = 0;
  /// After an end: do these bytes start another member? Then gets ready for it.
  virtual bool restart(std::string_view next) = 0;
};

enum class Format { kGzip, kZlib, kRawDeflate, kBrotli, kZstd };

/// Does a stream of this format start so? Always true for those that have no magic number.
bool starts_as(Format format, std::string_view bytes) noexcept;
std::unique_ptr<Decoder> make_decoder(Format format);

/// A whole gzip body of one member at once, which takes half the time; nullopt if it is anything
/// else, damaged, or larger than `limit_bytes`: then the stream says what it is.
std::optional<std::string> gunzip_whole(std::string_view bytes, std::size_t limit_bytes);

}  // namespace wm::http
