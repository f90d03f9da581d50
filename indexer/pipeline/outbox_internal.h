#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/result.h"
#include "indexer/pipeline/outbox.h"

namespace wm::pipeline {

// Keys of the outbox family: 'p' file-id(4) offset(6) for a page, 'l' link-id(8) random(8) for a
// change of a link, numbers big-endian. A page said twice is one entry.

/// A page whose text the search index has yet to get.
struct PageEntry {
  std::string file;
  std::uint64_t offset = 0;
  std::uint64_t link_id = 0;
  std::string collection;
  std::string url;       ///< the page's own
  std::string seed_url;  ///< the link's, which may have redirected here; "" for imports
  std::uint64_t text_bytes = 0;
  std::uint64_t decoded_bytes = 0;
};

struct LinkEntry {
  std::uint64_t link_id = 0;
};

std::string page_key(std::uint32_t file, std::uint64_t offset);
std::string link_key(std::uint64_t link_id);
std::string encode(const PageEntry& entry);
/// kCorrupt for what is no entry; kUnsupported for one of a newer version.
Result<std::variant<PageEntry, LinkEntry>> decode_entry(const store::Store& store,
                                                        std::string_view key,
                                                        std::string_view value);

}  // namespace wm::pipeline
