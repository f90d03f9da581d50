#include <algorithm>
#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/warc/stream_decoder.h"

using namespace wm;
using namespace wm::warc;

namespace {

struct Decoded {
  std::string bytes;
  StreamDecoder::Step step = StreamDecoder::Step::kGoOn;
  std::size_t used = 0;
};

/// In pieces of `in` stored and `out` decoded bytes.
Decoded decode(StreamDecoder& decoder, std::string_view stored, std::size_t in, std::size_t out) {
  constexpr std::size_t kMost = 1 << 20;
  Decoded decoded;
  std::string room(out, '\0');
  decoder.reset();
  while (decoded.bytes.size() < kMost) {
    const auto progress = decoder.step(stored.substr(decoded.used, in), room);
    WM_CHECK(progress.made <= out && progress.used <= std::min(in, stored.size() - decoded.used));
    decoded.bytes.append(room, 0, progress.made);
    decoded.used += progress.used;
    decoded.step = progress.step;
    if (progress.step != StreamDecoder::Step::kGoOn || (progress.used == 0 && progress.made == 0))
      break;
  }
  return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 1 << 20) return 0;
  const std::string_view stored(reinterpret_cast<const char*>(data), size);
  const auto decoder = gzip_decoder();
  const Decoded whole = decode(*decoder, stored, size + 1, 64 * 1024);
  const Decoded pieces = decode(*decoder, stored, 7, 1000);
  // The same bytes as far as both go; and a member that ended, ended at the same place.
  const std::size_t common = std::min(whole.bytes.size(), pieces.bytes.size());
  WM_CHECK(std::string_view(whole.bytes).substr(0, common) ==
           std::string_view(pieces.bytes).substr(0, common));
  if (whole.step == StreamDecoder::Step::kEnd && pieces.step == StreamDecoder::Step::kEnd) {
    WM_CHECK(whole.used == pieces.used && whole.bytes == pieces.bytes);
  }
  const Peeked peeked = peek(*decoder, stored, 512);
  WM_CHECK(peeked.bytes.size() <= 512 && peeked.used <= size);
  WM_CHECK(std::string_view(whole.bytes).starts_with(peeked.bytes));
  if (!peeked.bytes.empty()) WM_CHECK(maybe_gzip(stored));
  return 0;
}
