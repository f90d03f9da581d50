#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "indexer/cdx/capture.h"
#include "indexer/search/search_index.h"
#include "indexer/store/store.h"

namespace wm::pipeline {

// The outbox family says what the search index does not know yet. An entry is written in the batch
// of the change itself, so the index follows after any crash. Entries are of two kinds: pages of a
// WARC (written by index_warc) and changed links (written here).

/// Puts "the fields of this link changed, or it is gone" on the outbox.
void put_link_change(store::Batch& batch, std::uint64_t link_id);

/// Puts "this capture is a page of that link" on the outbox: of an imported file, whose pages are
/// of many links. `seed_url` is the link's, which may have redirected to the page.
struct LinkedPage {
  std::uint64_t link_id = 0;
  std::string seed_url;
  std::uint64_t text_bytes = 0;
  std::uint64_t decoded_bytes = 0;
};
Result<> put_linked_page(store::Store& store, store::Batch& batch, const cdx::Capture& capture,
                         const LinkedPage& page);

/// Where drain_outbox gets a link's fields from; server/links stands behind it.
class LinkFields {
 public:
  virtual ~LinkFields() = default;
  /// The link's own document (id "link:<n>", no time, no text) with title, notes, tags, added;
  /// nullopt when the link is gone: then all its documents go. Pages of the link take title, tags,
  /// notes and added from it.
  virtual Result<std::optional<search::Document>> link_document(std::uint64_t link_id) const = 0;
  /// The link that a page captured without one belongs to, by its address; 0 if there is none. An
  /// imported page of a link is a version of that link, not a hit of its own.
  virtual Result<std::uint64_t> link_of(std::string_view url) const = 0;
};

}  // namespace wm::pipeline
