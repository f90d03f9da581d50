#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/source.h"

namespace wm::http::test {

// Encoders of the libraries themselves: what the decoders must undo.
std::string zlib_packed(std::string_view bytes, int window_bits);  ///< 15 zlib, -15 raw, 31 gzip
std::string brotli_packed(std::string_view bytes);
std::string zstd_packed(std::string_view bytes, int window_log = 0);

/// What a stream gave, and how it ended.
struct Outcome {
  std::string bytes;
  std::string error;  ///< the Error's code; "" at a plain end
  friend bool operator==(const Outcome&, const Outcome&) = default;
};
Outcome drain(Source& source, std::size_t piece = 4096);
std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

/// A text that compresses, of `size` bytes.
std::string sample_text(std::size_t size);

}  // namespace wm::http::test
