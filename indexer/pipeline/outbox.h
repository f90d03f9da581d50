#pragma once

#include <cstdint>
#include <optional>

#include "core/base/result.h"
#include "indexer/search/search_index.h"
#include "indexer/store/store.h"

namespace wm::pipeline {

// The outbox family says what the search index does not know yet. An entry is written in the batch
// of the change itself, so the index follows after any crash. Entries are of two kinds: pages of a
// WARC (written by index_warc) and changed links (written here).

/// Puts "the fields of this link changed, or it is gone" on the outbox.
void put_link_change(store::Batch& batch, std::uint64_t link_id);

/// Where drain_outbox gets a link's fields from; server/links stands behind it.
class LinkFields {
 public:
  virtual ~LinkFields() = default;
  /// The link's own document (id "link:<n>", no time, no text) with title, notes, tags, added;
  /// nullopt when the link is gone: then all its documents go. Pages of the link take title, tags,
  /// notes and added from it.
  virtual Result<std::optional<search::Document>> link_document(std::uint64_t link_id) const = 0;
};

}  // namespace wm::pipeline
