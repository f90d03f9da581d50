#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "indexer/store/store.h"

namespace wm::app {

/// After a crash: removes unfinished WARCs (nothing in them was acknowledged) and indexes finished ones that no index knows (renamed, but
/// the process died before the index heard of it). One bad file is logged and left.
Result<> recover_warcs(store::Store& store, const std::filesystem::path& warcs);

}  // namespace wm::app
