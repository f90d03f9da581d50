#pragma once

#include "indexer/cdx/cdx_index.h"
#include "indexer/cdx/key_internal.h"

namespace wm::cdx {

/// The capture of one row of the cdx family.
Result<Capture> capture_of(const store::Store& store, std::string_view key, std::string_view value);
/// The capture a cursor stands at, or why there is none.
Result<std::optional<Capture>> capture_at(const store::Store& store, const store::Cursor& cursor);

}  // namespace wm::cdx
