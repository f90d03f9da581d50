// WARC-zstd ("WARC file compression with Zstandard", proposed): read only.
#include <zstd.h>

#include <algorithm>

#include "core/base/result.h"
#include "core/warc/stream_decoder.h"

namespace wm::warc {

namespace {

constexpr int kWindowLog = 23;  // 8 MiB: what the specification says a decoder must take
constexpr std::uint32_t kFrameMagic = 0xfd2fb528;
constexpr std::uint32_t kDictionaryFrameMagic = 0x184d2a5d;
constexpr std::uint32_t kDictionaryMagic = 0xec30a437;

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using Context = std::unique_ptr<ZSTD_DCtx, FreeBy<ZSTD_freeDCtx>>;

std::uint32_t little_endian(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

class ZstdDecoder final : public StreamDecoder {
 public:
  explicit ZstdDecoder(std::string_view dictionary) : context_(ZSTD_createDCtx()) {
    WM_CHECK(context_ != nullptr);
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog);
    if (!dictionary.empty()) {
      (void)ZSTD_DCtx_loadDictionary(context_.get(), dictionary.data(),
                                     dictionary.size());  // a bad one shows as broken frames
    }
  }

  void reset() override {
    ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    problem_.clear();
  }

  Progress step(std::string_view in, std::span<char> out) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(context_.get(), &output, &input);
    Progress progress{Step::kGoOn, input.pos, output.pos};
    if (ZSTD_isError(result) != 0) {
      problem_ = ZSTD_getErrorName(result);
      progress.step = Step::kBroken;
    } else if (result == 0) {
      progress.step = Step::kEnd;
    }
    return progress;
  }

  std::string problem() const override { return problem_; }

 private:
  Context context_;
  std::string problem_;
};

}  // namespace

std::unique_ptr<StreamDecoder> zstd_decoder(std::string_view dictionary) {
  return std::make_unique<ZstdDecoder>(dictionary);
}

bool maybe_zstd(std::string_view stored) noexcept {
  return stored.size() >= 4 && little_endian(stored) == kFrameMagic;
}

std::uint64_t zstd_skippable_length(std::string_view stored) noexcept {
  if (stored.size() < 8 || (little_endian(stored) & 0xfffffff0) != 0x184d2a50) return 0;
  return 8 + std::uint64_t{little_endian(stored.substr(4))};
}

bool is_zstd_dictionary_frame(std::string_view stored) noexcept {
  return stored.size() >= 8 && little_endian(stored) == kDictionaryFrameMagic;
}

std::string zstd_dictionary(std::string_view content, std::size_t limit_bytes) {
  if (content.size() < 4) return {};
  if (little_endian(content) == kDictionaryMagic) return std::string(content);
  if (!maybe_zstd(content)) return {};
  const auto decoder = zstd_decoder({});
  Peeked whole = peek(*decoder, content, limit_bytes);
  if (!whole.ended || whole.bytes.size() < 4 || little_endian(whole.bytes) != kDictionaryMagic)
    return {};
  return std::move(whole.bytes);
}

}  // namespace wm::warc
