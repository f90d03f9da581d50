#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "core/base/result.h"

namespace wm::warc {

/// Makes gzip members (RFC 1952): whole ones in memory by libdeflate, large ones as a stream by
/// zlib. One thread.
class GzipCompressor {
 public:
  /// Level 1 to 9. What a sample shows to be compressed already is packed at level 1: it costs time
  /// and gains nothing.
  explicit GzipCompressor(int level);
  ~GzipCompressor();
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  /// One member that holds `bytes`; the view lives until the next call.
  Result<std::string_view> compress(std::string_view bytes);

  /// A member piece by piece, each handed to `sink` as it is ready: begin, any number of add, end.
  using Sink = std::function<Result<>(std::string_view)>;
  Result<> begin(Sink sink);
  Result<> add(std::string_view bytes);
  Result<> end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::warc
