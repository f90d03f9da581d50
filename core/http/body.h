#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/source.h"
#include "core/http/headers.h"

namespace wm::http {

/// Takes chunked framing apart as bytes arrive (RFC 9112 7.1). Sizes never wrap; extensions and trailers are skipped within limits.
class ChunkedParser {
 public:
  struct Step {
    std::size_t consumed = 0;  ///< bytes of the input used up
    std::string_view data;     ///< payload bytes among them, viewing the input; may be empty
    bool done = false;         ///< the last chunk and its trailers have been read
  };
  /// Goes as far as one piece of data, or the end of `input`. kInvalid if this is not chunked framing.
  Result<Step> feed(std::string_view input);
  bool started() const { return started_; }

 private:
  enum class State { kSize, kExtension, kSizeLf, kData, kDataCr, kDataLf, kTrailerStart, kTrailer, kEndLf, kDone };
  State state_ = State::kSize;
  std::uint64_t left_ = 0;
  unsigned digits_ = 0;
  std::size_t skipped_ = 0;
  bool started_ = false;
};

/// De-chunks. What does not start as chunked framing comes through as it is (archives lie about it); framing that breaks later
/// gives the rest raw; a missing last chunk is an end.
std::unique_ptr<Source> dechunk_leniently(std::unique_ptr<Source> inner);

enum class ContentCoding { kGzip, kDeflate, kBrotli, kZstd };

/// The codings of Content-Encoding in the order they were applied; "identity", "none", "utf-8" and the like are skipped;
/// kUnsupported names the first unknown one.
Result<std::vector<ContentCoding>> content_codings(const Headers& headers);

struct DecodeLimits {
  std::uint64_t bytes = 1ull << 30;  ///< decoded bytes at most
  std::uint64_t ratio = 0;           ///< decoded to coded at most, after the first MiB; 0: any
};

/// Undoes one coding as a stream. If the first bytes are not of that coding, they come through as they are (archives lie); a stream
/// that breaks later gives what it had, then kCorrupt; kTooLarge at a limit. "deflate" is zlib or raw, by its first bytes.
std::unique_ptr<Source> decode(std::unique_ptr<Source> inner, ContentCoding coding, DecodeLimits limits = {});

/// A stored HTTP body to the entity's own bytes: lenient de-chunking if Transfer-Encoding says so, then every content coding in
/// reverse order. An unknown coding ends the undoing there.
std::unique_ptr<Source> decoded_body(std::unique_ptr<Source> stored, const Headers& headers, DecodeLimits limits = {});

/// One-shot gzip (RFC 1952) for answers; level 1 to 9.
std::string gzip(std::string_view bytes, int level = 6);

}  // namespace wm::http
