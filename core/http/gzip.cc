#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

#include "core/http/body.h"
#include "core/http/decoder_internal.h"

namespace wm::http {

namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const noexcept {
    libdeflate_free_compressor(compressor);
  }
};

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const noexcept {
    libdeflate_free_decompressor(decompressor);
  }
};

/// The trailer's last field: the length modulo 2^32 (RFC 1952 2.3.1).
std::size_t claimed_size(std::string_view member) {
  std::size_t size = 0;
  for (std::size_t back = 1; back <= 4; ++back) {
    size = size << 8 | static_cast<unsigned char>(member[member.size() - back]);
  }
  return size;
}

}  // namespace

std::optional<std::string> gunzip_whole(std::string_view bytes, std::size_t limit_bytes) {
  constexpr std::size_t kShortestMember = 18;
  if (bytes.size() < kShortestMember || !starts_as(Format::kGzip, bytes)) return std::nullopt;
  const std::size_t size = claimed_size(bytes);
  if (size > limit_bytes) return std::nullopt;
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  std::string plain(size, '\0');
  std::size_t used = 0;
  std::size_t made = 0;
  const auto code = libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(),
                                                  plain.data(), plain.size(), &used, &made);
  if (code != LIBDEFLATE_SUCCESS || used != bytes.size() || made != size) return std::nullopt;
  return plain;
}

std::string gzip(std::string_view bytes, int level) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(std::clamp(level, 1, 9)));
  if (!compressor) throw std::bad_alloc();
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  const std::size_t size = libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(),
                                                    packed.data(), packed.size());
  WM_CHECK(size > 0);  // 0 means no room, and the bound is room for anything
  packed.resize(size);
  return packed;
}

}  // namespace wm::http
