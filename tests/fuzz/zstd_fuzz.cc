#include <cstdint>

#include "core/warc/reader.h"
#include "core/warc/stream_decoder.h"
#include "tests/fuzz/memory_file.h"

using namespace wm;
using namespace wm::warc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stored(reinterpret_cast<const char*>(data), size);
  (void)zstd_dictionary(stored, 1 << 20);
  const auto decoder = zstd_decoder(stored.substr(0, size / 2));
  const Peeked peeked = peek(*decoder, stored, 512);
  WM_CHECK(peeked.bytes.size() <= 512 && peeked.used <= size);
  const auto file = fuzz::memory_file(data, size);
  auto reader =
      WarcReader::over(file, {.whole_decoded_bytes = 1 << 20, .dictionary_bytes = 1 << 20}).value();
  for (auto record = reader.next(); record.value(); record = reader.next()) {
    WM_CHECK(read_up_to((*record)->block(), 1 << 20).has_value());
    const auto finished = reader.finish_record().value();
    WM_CHECK((*record)->offset + finished.length <= size);
    if ((*record)->own_member)
      WM_CHECK(read_record_at(file, (*record)->offset, finished.length).has_value());
  }
  return 0;
}
