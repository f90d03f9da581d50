#pragma once

#include <filesystem>
#include <optional>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/outbox_internal.h"
#include "indexer/search/search_index.h"

namespace wm::pipeline {

/// A urn:text: record is what a browser showed of a page: it is found as that page, beside what the
/// page's HTML says.
std::string page_url(const std::string& url);

/// The search document of one captured page, without its link's fields: reads the record, and for a
/// revisit the record that holds its payload. nullopt if the capture is not in the index any more.
Result<std::optional<search::Document>> page_document(const cdx::CdxIndex& index,
                                                      const std::filesystem::path& warcs_root,
                                                      const PageEntry& entry);

}  // namespace wm::pipeline
