#pragma once

#include <filesystem>
#include <string>

#include "core/base/time14.h"
#include "indexer/cdx/cdx_index.h"
#include "server/links/link_store.h"

namespace wm::app {

/// Title and description of a captured page, for its link. Empty when the page has none or cannot be read: the snapshot counts all the same.
links::LinkStore::PageFacts page_facts(const cdx::CdxIndex& index, const std::filesystem::path& warcs, const std::string& url, Time14 time);

}  // namespace wm::app
