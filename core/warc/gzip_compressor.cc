#include "core/warc/gzip_compressor.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace wm::warc {

namespace {

constexpr std::size_t kSampleBytes = 8 * 1024;

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using Deflater = std::unique_ptr<libdeflate_compressor, FreeBy<libdeflate_free_compressor>>;

std::unexpected<Error> no_memory() {
  return fail(Error::Code::kIo, "no memory to compress a WARC record");
}

}  // namespace

struct GzipCompressor::State {
  explicit State(int wanted)
      : level(std::clamp(wanted, 1, 9)),
        whole(libdeflate_alloc_compressor(level)),
        fast(libdeflate_alloc_compressor(1)) {}
  ~State() {
    if (streaming) deflateEnd(&stream);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  char* room(std::size_t bytes) {
    if (bytes > capacity) {
      buffer = std::make_unique_for_overwrite<char[]>(bytes);
      capacity = bytes;
    }
    return buffer.get();
  }

  /// The middle of it tells: heads compress well always.
  bool is_compressed_already(std::string_view bytes) {
    if (bytes.size() < 4 * kSampleBytes) return false;
    const std::string_view sample = bytes.substr(bytes.size() / 2, kSampleBytes);
    char* out = room(kSampleBytes);
    const std::size_t packed = libdeflate_deflate_compress(fast.get(), sample.data(), sample.size(),
                                                           out, kSampleBytes - kSampleBytes / 32);
    return packed == 0;
  }

  Result<> run(int flush) {
    std::array<char, 64 * 1024> out;
    for (;;) {
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(out.size());
      const int result = deflate(&stream, flush);
      if (result == Z_STREAM_ERROR)
        return fail(Error::Code::kIo, "zlib cannot compress a WARC record");
      const std::size_t made = out.size() - stream.avail_out;
      if (made > 0) WM_TRY(sink({out.data(), made}));
      if (stream.avail_out > 0) return {};
    }
  }

  int level;
  Deflater whole;
  Deflater fast;
  std::unique_ptr<char[]> buffer;
  std::size_t capacity = 0;
  z_stream stream{};
  bool streaming = false;
  Sink sink;
};

GzipCompressor::GzipCompressor(int level) : state_(std::make_unique<State>(level)) {}
GzipCompressor::~GzipCompressor() = default;

Result<std::string_view> GzipCompressor::compress(std::string_view bytes) {
  State& s = *state_;
  if (!s.whole || !s.fast) return no_memory();
  libdeflate_compressor* deflater = s.is_compressed_already(bytes) ? s.fast.get() : s.whole.get();
  const std::size_t bound = libdeflate_gzip_compress_bound(deflater, bytes.size());
  char* out = s.room(bound);
  const std::size_t packed =
      libdeflate_gzip_compress(deflater, bytes.data(), bytes.size(), out, bound);
  if (packed == 0) return fail(Error::Code::kIo, "libdeflate cannot compress a WARC record");
  return std::string_view(out, packed);
}

Result<> GzipCompressor::begin(Sink sink) {
  State& s = *state_;
  s.sink = std::move(sink);
  if (s.streaming) {
    deflateReset(&s.stream);
    return {};
  }
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&s.stream, s.level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return no_memory();
  s.streaming = true;
  return {};
}

Result<> GzipCompressor::add(std::string_view bytes) {
  State& s = *state_;
  WM_CHECK(s.streaming);
  while (!bytes.empty()) {
    const std::size_t piece = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    // zlib's interface is not const-correct; it does not write to its input.
    s.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    s.stream.avail_in = static_cast<uInt>(piece);
    WM_TRY(s.run(Z_NO_FLUSH));
    bytes.remove_prefix(piece);
  }
  return {};
}

Result<> GzipCompressor::end() {
  State& s = *state_;
  WM_CHECK(s.streaming);
  s.stream.next_in = nullptr;
  s.stream.avail_in = 0;
  return s.run(Z_FINISH);
}

}  // namespace wm::warc
