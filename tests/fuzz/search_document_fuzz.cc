#include <cstdint>
#include <cstdlib>

#include "indexer/search/schema.h"

// Any bytes are a stored search document or an error; one that was read is written so that it reads
// the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto stored = wm::search::decode_stored({reinterpret_cast<const char*>(data), size},
                                                wm::search::Excerpt::kRead);
  if (!stored) return 0;
  const std::string again = wm::search::encode(*stored);
  const auto back = wm::search::decode_stored(again, wm::search::Excerpt::kRead);
  if (!back || wm::search::encode(*back) != again) std::abort();
  return 0;
}
