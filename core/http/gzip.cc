#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

#include "core/http/body.h"

namespace wm::http {

namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const noexcept { libdeflate_free_compressor(compressor); }
};

}  // namespace

std::string gzip(std::string_view bytes, int level) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(std::clamp(level, 1, 9)));
  if (!compressor) throw std::bad_alloc();
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  const std::size_t size =
      libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size());
  WM_CHECK(size > 0);  // 0 means no room, and the bound is room for anything
  packed.resize(size);
  return packed;
}

}  // namespace wm::http
