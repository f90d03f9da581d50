#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "indexer/cdx/cdx_index.h"
#include "server/links/link.h"

namespace wm::app {

/// Did the page change since the snapshot before? {"since": the time of that one, "page": is the payload another one}; null where there is none
/// to compare with. Of two snapshots that a browser made, the rendered text is compared: markup of such pages differs each time.
Result<nlohmann::json> page_change(const cdx::CdxIndex& index, const std::optional<links::Snapshot>& before, const links::Snapshot& now);

}  // namespace wm::app
