#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/base/result.h"
#include "core/base/source.h"
#include "indexer/store/store.h"

namespace wm::archive {

/// Copies a data folder that is in use into the folder `into`: the database as it is at one moment, then every finished WARC (all that the
/// database speaks of is older than that moment), then the keys. WARCs of the same size that are there already are not copied again, none is
/// removed. A line of JSON a copied file, and one each 256 MiB, the totals last; docs/formats/backup.md. What was in `into` stays good until the new
/// one is whole. kInvalid for a relative path or one in the data folder; kConflict for a folder that holds something else; kBusy while another
/// backup goes there. `store` outlives it.
Result<std::unique_ptr<Source>> backup(const store::Store& store, const std::filesystem::path& data, const std::filesystem::path& into);

struct Restored {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};
/// Copies a backup into a data folder that holds no database and no WARC, and puts every page on the outbox: the search index, which is in no
/// backup, is made anew from it. kInvalid if `from` is no whole backup, kConflict if the data folder holds something.
Result<Restored> restore(const std::filesystem::path& from, const std::filesystem::path& data);

}  // namespace wm::archive
