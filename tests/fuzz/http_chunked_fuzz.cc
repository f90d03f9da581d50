// Chunked framing gives the same however it is cut, strict and lenient.
#include <cstdint>

#include "core/http/body.h"
#include "tests/fuzz/http_pieces.h"

namespace {

using namespace wm::http;

std::string fed(std::string_view bytes, std::size_t piece, Mode mode) {
  ChunkedParser parser(mode);
  std::string data;
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto step = parser.feed(bytes.substr(used, piece));
    if (!step) return data + "!invalid";
    WM_CHECK(step->consumed > 0 || step->done);
    WM_CHECK(step->data.size() <= step->consumed);
    data += step->data;
    used += step->consumed;
    if (step->done) return data + "!done " + std::to_string(used);
  }
  return data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Mode mode : {Mode::kStrict, Mode::kLenient}) {
    const std::string whole = fed(bytes, size + 1, mode);
    WM_CHECK(fed(bytes, 1, mode) == whole);
    WM_CHECK(fed(bytes, 3, mode) == whole);
  }
  const std::string whole =
      drained(*dechunk_leniently(std::make_unique<Pieces>(bytes, size + 1)), 4096);
  WM_CHECK(drained(*dechunk_leniently(std::make_unique<Pieces>(bytes, 1)), 5) == whole);
  WM_CHECK(whole.size() <= size);
  return 0;
}
