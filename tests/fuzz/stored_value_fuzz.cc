#include <cstdint>
#include <cstdlib>

#include "indexer/cdx/key_internal.h"

// Any bytes are a stored key or value or an error; a value that was read is written so that it
// reads the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(wm::cdx::parse_key(bytes));
  static_cast<void>(wm::cdx::decode_filed(bytes));
  wm::cdx::Capture capture;
  capture.surt = "com,example)/a?b=c";
  if (!wm::cdx::decode_value(bytes, capture)) return 0;
  wm::cdx::Capture again;
  again.surt = capture.surt;
  if (!wm::cdx::decode_value(wm::cdx::encode_value(capture), again) || !(again == capture))
    std::abort();
  return 0;
}
