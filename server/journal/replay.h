#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/result.h"
#include "indexer/store/store.h"

namespace wm::journal {

struct Replayed {
  std::uint64_t files = 0;
  std::uint64_t records = 0;
  std::uint64_t changes = 0;
};
/// Something in a file that was got over.
using Tell = std::function<void(const std::string& file, std::uint64_t offset, const std::string& what)>;

/// Makes the rows of the journal below `warcs` in `into`, in the order in which they were written. What cannot be read is told and left out. Fails for
/// I/O and for what the store says.
Result<Replayed> replay(const std::filesystem::path& warcs, store::Store& into, const Tell& tell);

/// Looks through one file of the journal as replay() would and tells what is wrong in it; gives the number of records.
Result<std::uint64_t> check(const std::filesystem::path& warcs, const std::string& file, const Tell& tell);

}  // namespace wm::journal
