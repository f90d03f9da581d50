#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "server/imports/conversion.h"
#include "server/links/link_store.h"

namespace wm::imports {

/// Saves an imported page as a link; one that was there keeps its title. To be done before its captures are indexed, which are then found
/// as the link's. kInvalid for what is no web address.
Result<links::Added> link_page(links::LinkStore& links, const Page& page);

/// The capture nearest to the page's time, where its redirects lead to, becomes a snapshot of the link. nullopt if nothing of it was captured:
/// then a new link keeps the title at least.
Result<std::optional<cdx::Capture>> attach_snapshot(links::LinkStore& links, const cdx::CdxIndex& cdx, const std::string& collection, const Page& page, const links::Added& added);

}  // namespace wm::imports
