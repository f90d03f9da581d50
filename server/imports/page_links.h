#pragma once

#include <string>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "server/imports/conversion.h"
#include "server/links/link_store.h"

namespace wm::imports {

/// Saves an imported page as a link, with the capture nearest to its time as a snapshot. True if the link is new; one that was there keeps its
/// title. kInvalid for what is no web address.
Result<bool> link_page(links::LinkStore& links, const cdx::CdxIndex& cdx, const std::string& collection, const Page& page);

}  // namespace wm::imports
