#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/search/search_index.h"
#include "server/archive/sorted_items.h"
#include "server/links/link_store.h"

namespace wm::archive {

/// What is there to be exported. All of it outlives whoever got it.
struct Holdings {
  const cdx::CdxIndex& cdx;
  const links::LinkStore& links;
  const search::SearchIndex& search;
  std::filesystem::path warcs;
};

struct OfCollection {
  std::string name;
};
struct OfLink {
  std::uint64_t id;
};
/// All snapshots of each link that the query finds; of a page without a link, what its WARC holds of the minute after it.
struct OfQuery {
  std::string query;
};
using Selection = std::variant<OfCollection, OfLink, OfQuery>;

/// A page to be listed: a link's snapshot.
struct PageNote {
  std::uint64_t link_id = 0;
  std::string url;
  Time14 time;
};

/// One step of a plan: a record to be copied, or a page that the records following it, of the same file, hold.
struct PlanItem {
  std::string file;
  std::optional<PageNote> page;
  cdx::Capture capture{};
  bool original = false;  ///< was not asked for, but a revisit needs it
};

/// The records of a selection and the originals of its revisits: by file and offset, each once, in bounded memory. One thread.
class Plan {
 public:
  /// kNotFound for a link that is not there; kInvalid for a query that finds nothing or a collection without captures.
  static Result<Plan> make(const Holdings& holdings, const Selection& selection);
  Result<std::optional<PlanItem>> next();

 private:
  explicit Plan(SortedItems items) : items_(std::move(items)) {}
  SortedItems items_;
  std::string last_place_;
};

}  // namespace wm::archive
