// Content codings: the first byte chooses the coding; the result is the same however the input is
// cut, and within the limits. How much of a broken stream comes out may differ, its bytes may not.
#include <cstdint>

#include "core/http/body.h"
#include "tests/fuzz/http_pieces.h"

namespace {

void check_alike(std::string_view one, std::string_view other) {
  constexpr std::string_view kBroken = "!corrupt";
  WM_CHECK(one.ends_with(kBroken) == other.ends_with(kBroken));
  if (!one.ends_with(kBroken)) {
    WM_CHECK(one == other);
    return;
  }
  one.remove_suffix(kBroken.size());
  other.remove_suffix(kBroken.size());
  WM_CHECK(one.starts_with(other) || other.starts_with(one));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm::http;
  if (size == 0) return 0;
  const auto coding = static_cast<ContentCoding>(data[0] % 4);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr DecodeLimits kLimits{.bytes = 1 << 18, .ratio = 0};
  const std::string whole =
      drained(*decode(std::make_unique<Pieces>(bytes, size), coding, kLimits), 4096);
  WM_CHECK(whole.size() <= kLimits.bytes + 16);
  check_alike(drained(*decode(std::make_unique<Pieces>(bytes, 1), coding, kLimits), 997), whole);
  const Headers headers = {{"Transfer-Encoding", "gzip, chunked"},
                           {"Content-Encoding", "br, deflate, zstd"}};
  drained(*decoded_body(std::make_unique<Pieces>(bytes, 100), headers, kLimits), 4096);
  return 0;
}
