#include <cstdint>
#include <cstdlib>

#include "server/journal/change_json.h"

// Any bytes are a record of changes or an error; what was read is written so that it reads the same again, and is of no row that is not kept there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto changes = wm::journal::from_json({reinterpret_cast<const char*>(data), size});
  if (!changes) return 0;
  for (const auto& change : *changes) {
    if (!wm::store::is_recorded(change.family, change.key)) std::abort();
  }
  const auto again = wm::journal::from_json(wm::journal::to_json(*changes));
  if (!again || *again != *changes) std::abort();
  const auto stored = wm::store::decode_changes(wm::store::encode_changes(*changes));
  if (!changes->empty() && (!stored || *stored != *changes)) std::abort();
  return 0;
}
