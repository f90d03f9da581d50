#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/store/store.h"

namespace wm::cdx {

// Stretches of WARC files that are not part of the archive any more, though the bytes are still there: the file is about to be removed, or it is one
// that holds other records too (packed, imported). Nothing in them is indexed. In the meta family; docs/formats/store.md.

struct Stretch {
  std::uint64_t offset = 0;
  std::uint64_t length = UINT64_MAX;  ///< to the end of the file
  bool holds(std::uint64_t at) const { return at >= offset && at - offset < length; }
  bool is_whole() const { return offset == 0 && length == UINT64_MAX; }
};

void put_dropped(store::Batch& batch, std::string_view file, const Stretch& stretch);
/// By offset.
Result<std::vector<Stretch>> dropped_of(const store::Store& store, std::string_view file);
bool is_in(const std::vector<Stretch>& dropped, std::uint64_t offset) noexcept;
/// Forgets all of a file, which is gone.
void erase_dropped(store::Batch& batch, std::string_view file);
/// Files that have any, by name.
Result<std::vector<std::string>> files_with_dropped(const store::Store& store);

}  // namespace wm::cdx
