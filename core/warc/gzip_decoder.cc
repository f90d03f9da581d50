// RFC 1952 by zlib: for members too large for one piece, and for damaged ones, of which it tells
// how far they are good.
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "core/base/result.h"
#include "core/warc/stream_decoder.h"

namespace wm::warc {

namespace {

class GzipDecoder final : public StreamDecoder {
 public:
  GzipDecoder() {
    constexpr int kGzipWindow = 15 + 16;
    WM_CHECK(inflateInit2(&stream_, kGzipWindow) == Z_OK);
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  void reset() override { inflateReset(&stream_); }

  Progress step(std::string_view in, std::span<char> out) override {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    const std::size_t in_size = std::min(in.size(), kMost);
    const std::size_t out_size = std::min(out.size(), kMost);
    // zlib's interface is not const-correct; it does not write to its input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in_size);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out_size);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    Progress progress{Step::kGoOn, in_size - stream_.avail_in, out_size - stream_.avail_out};
    if (result == Z_STREAM_END) progress.step = Step::kEnd;
    if (result == Z_DATA_ERROR || result == Z_NEED_DICT || result == Z_STREAM_ERROR ||
        result == Z_MEM_ERROR) {
      progress.step = Step::kBroken;
      const std::string_view message = stream_.msg ? stream_.msg : "";
      if (message == "incorrect data check") {
        // zlib has read the CRC by now; ISIZE follows, if it is there.
        progress.step = Step::kMismatch;
        progress.used += std::min<std::size_t>(4, in_size - progress.used);
      }
      if (message == "incorrect length check") progress.step = Step::kMismatch;
    }
    return progress;
  }

  std::string problem() const override { return stream_.msg ? stream_.msg : "no deflate data"; }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<StreamDecoder> gzip_decoder() {
  return std::make_unique<GzipDecoder>();
}

Peeked peek(StreamDecoder& decoder, std::string_view stored, std::size_t most) {
  Peeked peeked;
  decoder.reset();
  std::string bytes(most, '\0');
  std::size_t made = 0;
  for (;;) {
    const auto progress =
        decoder.step(stored.substr(peeked.used), std::span<char>(bytes).subspan(made));
    peeked.used += progress.used;
    made += progress.made;
    peeked.ended = progress.step == StreamDecoder::Step::kEnd ||
                   progress.step == StreamDecoder::Step::kMismatch;
    const bool stuck = progress.used == 0 && progress.made == 0;
    if (progress.step != StreamDecoder::Step::kGoOn || made == most || stuck) break;
  }
  bytes.resize(made);
  peeked.bytes = std::move(bytes);
  return peeked;
}

bool maybe_gzip(std::string_view stored) noexcept {
  return stored.size() >= 4 && stored[0] == '\x1f' && stored[1] == '\x8b' && stored[2] == '\x08' &&
         (static_cast<unsigned char>(stored[3]) & 0xe0) == 0;
}

}  // namespace wm::warc
