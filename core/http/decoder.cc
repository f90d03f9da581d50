#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <climits>
#include <new>

#include "core/http/decoder_internal.h"

namespace wm::http {

namespace {

/// RFC 9659: the window of the zstd content coding.
constexpr int kZstdWindowLog = 23;

std::unexpected<Error> corrupt(const char* what) {
  return fail(Error::Code::kCorrupt, what);
}

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

class InflateDecoder final : public Decoder {
 public:
  explicit InflateDecoder(Format format) : format_(format) {
    const int window_bits = format == Format::kGzip ? 15 + 16 : format == Format::kZlib ? 15 : -15;
    if (inflateInit2(&stream_, window_bits) != Z_OK) throw std::bad_alloc();
  }
  ~InflateDecoder() override { inflateEnd(&stream_); }
  InflateDecoder(const InflateDecoder&) = delete;
  InflateDecoder& operator=(const InflateDecoder&) = delete;

  Result<Step> step(std::string_view in, std::span<char> out) override {
    in = in.substr(0, UINT_MAX);
    const std::size_t room = std::min<std::size_t>(out.size(), UINT_MAX);
    // zlib does not write to its input, but says so only with ZLIB_CONST.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(room);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    const Step made{in.size() - stream_.avail_in, room - stream_.avail_out, code == Z_STREAM_END};
    if (code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END) return made;
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    // What was made before the break is good; the next call meets the break again.
    if (made.out > 0) return made;
    return corrupt(stream_.msg != nullptr ? stream_.msg : "broken deflate stream");
  }

  bool restart(std::string_view next) override {
    return format_ == Format::kGzip && next.size() >= 2 && starts_as(Format::kGzip, next) &&
           inflateReset(&stream_) == Z_OK;
  }

 private:
  Format format_;
  z_stream stream_{};
};

class BrotliDecoder final : public Decoder {
 public:
  BrotliDecoder() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (state_ == nullptr) throw std::bad_alloc();
  }
  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(state_); }
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

  Result<Step> step(std::string_view in, std::span<char> out) override {
    std::size_t in_left = in.size();
    std::size_t out_left = out.size();
    auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.data());
    const auto code =
        BrotliDecoderDecompressStream(state_, &in_left, &next_in, &out_left, &next_out, nullptr);
    const Step made{in.size() - in_left, out.size() - out_left,
                    code == BROTLI_DECODER_RESULT_SUCCESS};
    if (code == BROTLI_DECODER_RESULT_ERROR && made.out == 0) {
      return corrupt(BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_)));
    }
    return made;
  }

  bool restart(std::string_view) override { return false; }

 private:
  BrotliDecoderState* state_;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLog);
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  Result<Step> step(std::string_view in, std::span<char> out) override {
    if (broken_ != 0) return broken();
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(stream_, &to, &from);
    if (ZSTD_isError(code) != 0) {
      broken_ = code;
      if (to.pos == 0) return broken();
    }
    return Step{from.pos, to.pos, code == 0};
  }

  // The stream is ready for the next frame by itself.
  bool restart(std::string_view next) override {
    return next.size() >= 4 && starts_as(Format::kZstd, next);
  }

 private:
  std::unexpected<Error> broken() const {
    if (ZSTD_getErrorCode(broken_) == ZSTD_error_frameParameter_windowTooLarge) {
      return fail(Error::Code::kTooLarge, "zstd window above 8 MiB");
    }
    return corrupt(ZSTD_getErrorName(broken_));
  }

  ZSTD_DStream* stream_;
  std::size_t broken_ = 0;
};

}  // namespace

bool starts_as(Format format, std::string_view bytes) noexcept {
  switch (format) {
    case Format::kGzip:
      return bytes.size() >= 2 && byte_at(bytes, 0) == 0x1f && byte_at(bytes, 1) == 0x8b &&
             (bytes.size() < 3 || byte_at(bytes, 2) == 8);
    case Format::kZlib:  // RFC 1950 2.2; no preset dictionary
      return bytes.size() >= 2 && (byte_at(bytes, 0) & 0x0f) == 8 && byte_at(bytes, 0) >> 4 <= 7 &&
             (byte_at(bytes, 0) * 256 + byte_at(bytes, 1)) % 31 == 0 &&
             (byte_at(bytes, 1) & 0x20) == 0;
    case Format::kZstd: {  // RFC 8878 3.1.1 and 3.1.2
      if (bytes.size() < 4) return false;
      const bool skippable =
          (byte_at(bytes, 0) & 0xf0) == 0x50 && bytes.substr(1, 3) == "\x2a\x4d\x18";
      return skippable || bytes.substr(0, 4) == "\x28\xb5\x2f\xfd";
    }
    case Format::kRawDeflate:
    case Format::kBrotli:
      break;
  }
  return !bytes.empty();
}

std::unique_ptr<Decoder> make_decoder(Format format) {
  if (format == Format::kBrotli) return std::make_unique<BrotliDecoder>();
  if (format == Format::kZstd) return std::make_unique<ZstdDecoder>();
  return std::make_unique<InflateDecoder>(format);
}

}  // namespace wm::http
