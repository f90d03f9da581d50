#pragma once

#include <filesystem>
#include <string>

#include "core/base/time14.h"
#include "indexer/store/store.h"
#include "server/links/link_store.h"

namespace wm::app {

/// Title and description of a captured page, for its link. Empty when the page has none or cannot be read: the snapshot counts all the same.
links::LinkStore::PageFacts page_facts(store::Store& store, const std::filesystem::path& warcs, const std::string& url, Time14 time);

}  // namespace wm::app
