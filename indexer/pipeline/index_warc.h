#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/warc/record.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/outbox.h"
#include "indexer/search/search_index.h"
#include "indexer/store/store.h"

namespace wm::pipeline {

/// A stretch of a file that was written for one page.
struct FilePart {
  std::uint64_t begin = 0;
  std::uint64_t end = UINT64_MAX;
  std::uint64_t link_id = 0;
  std::string seed_url;
};

struct IndexOptions {
  std::string collection = "web";
  std::uint64_t link_id = 0;  ///< link the pages of this file belong to; 0 for imports
  std::string seed_url;  ///< the link's page among the captures; "" = every HTML page is searchable
  /// If there are any, by offset, each with its own link and seed instead of the two above; what is in none of them is no page.
  std::vector<FilePart> parts{};
  enum class Searched { kPages, kNothing } searched = Searched::kPages;
  std::uint64_t text_bytes = 8 << 20;      ///< decoded bytes of a page read for its text
  std::uint64_t decoded_bytes = 64 << 20;  ///< per body
  std::uint64_t progress_bytes = 4 << 20;  ///< how often progress is told
};

struct IndexReport {
  std::uint64_t records =
      0;  ///< all of the file, also those passed over because an earlier run had done them
  std::uint64_t captures = 0;  ///< new ones
  std::uint64_t skipped = 0;   ///< records that give no capture: requests, warcinfo, unusable URLs
  std::uint64_t pages = 0;     ///< put on the outbox for the search index
  std::vector<warc::Damage> damage;  ///< at most 1000; the rest is counted
  std::uint64_t damage_count = 0;
  std::vector<std::uint64_t> new_captures_offsets;
};

/// Reads one finished WARC under `warcs_root`/`relative_path` and makes all it holds findable:
/// captures into the cdx family and an outbox entry for the search writer, in one batch per some
/// thousand records with a checkpoint. Running it twice changes nothing; after a crash or a stop
/// the next run goes on where that one was. With a seed, only the page that the seed's redirects
/// lead to within the file is searchable, and captures appear together with it. What is wrong with
/// records is told and got over; it fails for I/O and for what the store says. `progress` gets
/// bytes done of bytes in all, now and then. After a stop it gives the report of what was done.
Result<IndexReport> index_warc(
    store::Store& store, const std::filesystem::path& warcs_root, const std::string& relative_path,
    const IndexOptions& options, std::stop_token stop = {},
    const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

/// Takes what the outbox holds into the search index: reads the page texts from the WARCs, writes,
/// commits, then clears the entries. Gives how many entries were done; safe to run again after a
/// crash at any point. A page that cannot be read is told in the log and cleared: the WARC is not
/// going to change. Fails for what the store and the search index say; then all entries stay.
Result<std::uint64_t> drain_outbox(store::Store& store, search::SearchWriter& writer,
                                   const std::filesystem::path& warcs_root, const LinkFields& links,
                                   std::size_t most = 1000);

}  // namespace wm::pipeline
