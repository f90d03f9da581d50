#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wm::warc {

/// Undoes the compression of one gzip member or zstd frame, piece by piece.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  enum class Step {
    kGoOn,      ///< give more input or room
    kEnd,       ///< the unit ended; the input may go on behind it
    kMismatch,  ///< it ended, but its check sum or length is another: problem() says which
    kBroken,    ///< what follows is no compressed data; problem() says why
  };
  struct Progress {
    Step step;
    std::size_t used;  ///< of the input
    std::size_t made;  ///< of the output
  };
  virtual void reset() = 0;
  virtual Progress step(std::string_view in, std::span<char> out) = 0;
  virtual std::string problem() const = 0;
};

std::unique_ptr<StreamDecoder> gzip_decoder();
/// With a dictionary in the form the zstd library wants, or none if empty. Windows up to 8 MiB, as
/// WARC-zstd demands.
std::unique_ptr<StreamDecoder> zstd_decoder(std::string_view dictionary);

/// The first bytes of a unit that starts at the front of `stored`.
struct Peeked {
  std::string bytes;     ///< up to `most`; empty if there is no such unit
  bool ended = false;    ///< the unit is whole in `stored` and this is all of it
  std::size_t used = 0;  ///< then: how long it is as stored
};
Peeked peek(StreamDecoder& decoder, std::string_view stored, std::size_t most);

/// ID1 ID2 CM and no reserved flag: a gzip member may start here.
bool maybe_gzip(std::string_view stored) noexcept;
bool maybe_zstd(std::string_view stored) noexcept;
/// A skippable frame of zstd, with its length and header, or 0.
std::uint64_t zstd_skippable_length(std::string_view stored) noexcept;
/// Whether that frame may hold the dictionary of a .warc.zst.
bool is_zstd_dictionary_frame(std::string_view stored) noexcept;
/// The dictionary in the content of such a frame, itself decompressed if need be; empty if it is
/// none within the limit.
std::string zstd_dictionary(std::string_view content, std::size_t limit_bytes);

}  // namespace wm::warc
