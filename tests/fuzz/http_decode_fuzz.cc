// Content codings: the first byte chooses the coding; the result is the same however the input is
// cut, and within the limits.
#include <cstdint>

#include "core/http/body.h"
#include "tests/fuzz/http_pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm::http;
  if (size == 0) return 0;
  const auto coding = static_cast<ContentCoding>(data[0] % 4);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr DecodeLimits kLimits{.bytes = 1 << 18, .ratio = 0};
  const std::string whole =
      drained(*decode(std::make_unique<Pieces>(bytes, size), coding, kLimits), 4096);
  WM_CHECK(whole.size() <= kLimits.bytes + 16);
  WM_CHECK(drained(*decode(std::make_unique<Pieces>(bytes, 1), coding, kLimits), 997) == whole);
  const Headers headers = {{"Transfer-Encoding", "gzip, chunked"},
                           {"Content-Encoding", "br, deflate, zstd"}};
  drained(*decoded_body(std::make_unique<Pieces>(bytes, 100), headers, kLimits), 4096);
  return 0;
}
