#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/source.h"
#include "core/http/headers.h"
#include "core/http/parser.h"

namespace wm::http {

/// Takes chunked framing apart as bytes arrive (RFC 9112 7.1). Sizes never wrap: sixteen hex digits
/// at most. Extensions and trailers are skipped; what is skipped is bounded by what is carried, so
/// that framing cannot outweigh data without end. Lenient also takes LF line ends and blanks after
/// a size.
class ChunkedParser {
 public:
  explicit ChunkedParser(Mode mode = Mode::kStrict) : mode_(mode) {}

  struct Step {
    std::size_t consumed = 0;  ///< bytes of the input used up
    std::string_view data;     ///< payload bytes among them, viewing the input; may be empty
    bool done = false;         ///< the last chunk and its trailers have been read
  };
  /// Goes as far as one piece of data, or the end of `input`. kInvalid if this is not chunked
  /// framing, from then on always.
  Result<Step> feed(std::string_view input);
  /// A whole size line has been read.
  bool started() const { return started_; }
  bool done() const { return state_ == State::kDone; }
  /// The last chunk's size has been read, and nothing after it.
  bool at_trailers() const { return state_ == State::kTrailerStart; }

 private:
  enum class State {
    kSize,
    kBlank,
    kExtension,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerStart,
    kTrailer,
    kTrailerLf,
    kEndLf,
    kDone,
    kFailed
  };
  State next(char c);
  State in_size(char c);
  State size_read();
  State skip(char c, State stay, State at_cr, State at_lf);
  State line_end(char c, State then) const { return c == '\n' ? then : State::kFailed; }
  bool lenient() const { return mode_ == Mode::kLenient; }

  Mode mode_;
  State state_ = State::kSize;
  std::uint64_t left_ = 0;
  unsigned digits_ = 0;
  std::size_t skipped_ = 0;
  bool started_ = false;
};

/// De-chunks. What does not start as chunked framing comes through as it is (archives lie about
/// it); framing that breaks later gives the rest raw; a missing last chunk is an end.
std::unique_ptr<Source> dechunk_leniently(std::unique_ptr<Source> inner);

enum class ContentCoding { kGzip, kDeflate, kBrotli, kZstd };

/// The codings of Content-Encoding in the order they were applied; "identity", "none", "utf-8" and
/// the like are skipped; kUnsupported names the first unknown one, or says that there are more than
/// five.
Result<std::vector<ContentCoding>> content_codings(const Headers& headers);

struct DecodeLimits {
  std::uint64_t bytes = 1ull << 30;  ///< decoded bytes at most
  std::uint64_t ratio = 0;           ///< decoded to coded at most, after the first MiB; 0: any
};

/// Undoes one coding as a stream. If the first bytes are not of that coding, they come through as
/// they are (archives lie); a stream that breaks later gives what it had, then kCorrupt; kTooLarge
/// at a limit, and for a zstd window above the 8 MiB of RFC 9659. "deflate" is zlib or raw, by its
/// first bytes. Further gzip members and zstd frames belong to it, junk after the end does not.
std::unique_ptr<Source> decode(std::unique_ptr<Source> inner, ContentCoding coding,
                               DecodeLimits limits = {});

/// A stored HTTP body to the entity's own bytes: lenient de-chunking if Transfer-Encoding says so,
/// then every transfer and content coding in reverse order, each within `limits`. An unknown coding
/// ends the undoing there.
std::unique_ptr<Source> decoded_body(std::unique_ptr<Source> stored, const Headers& headers,
                                     DecodeLimits limits = {});

/// One-shot gzip (RFC 1952) for answers; level 1 to 9, others are taken as the nearest.
std::string gzip(std::string_view bytes, int level = 6);

}  // namespace wm::http
