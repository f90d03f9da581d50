#include <cstdint>
#include <cstdlib>

#include "indexer/cdx/cdx_index.h"

// Any bytes are a CDXJ line or an error, and a line that was read is written so that it reads the
// same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto capture = wm::cdx::from_cdxj({reinterpret_cast<const char*>(data), size});
  if (!capture) return 0;
  const auto again = wm::cdx::from_cdxj(wm::cdx::to_cdxj(*capture));
  if (!again || again->offset != capture->offset || again->time != capture->time) std::abort();
  const auto third = wm::cdx::from_cdxj(wm::cdx::to_cdxj(*again));
  if (!third || !(*third == *again)) std::abort();
  return 0;
}
