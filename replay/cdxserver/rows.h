#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/access/control.h"
#include "replay/cdxserver/query.h"

namespace wm::cdxserver {

/// The rows of a query, one after the other from one index iterator: what they cost in memory does
/// not grow with them. One thread.
class Rows {
 public:
  /// `scan_limit`: captures looked at before it fails with kTooLarge, so that a filter that lets
  /// nothing through does not read the whole archive.
  static Result<Rows> open(const cdx::CdxIndex& index, const access::Judge& judge, Query query,
                           std::uint64_t scan_limit);
  Rows(Rows&&) noexcept = default;

  Result<std::optional<Row>> next();
  /// Where to go on, after the last row: nullopt if there are no more.
  Result<std::optional<std::string>> resume_key();
  /// Lets go of the store until the next call.
  void pause();
  const Query& query() const { return query_; }

 private:
  Rows(const cdx::CdxIndex& index, const access::Judge& judge, Query query,
       std::uint64_t scan_limit)
      : index_(&index), judge_(judge), query_(std::move(query)), scan_limit_(scan_limit) {}
  Result<> start();
  Result<> start_at_page();
  Result<> start_behind_resume_key();
  Result<> start_before_last();
  Result<std::optional<cdx::Capture>> scanned();
  Result<std::optional<Row>> candidate();
  Result<std::optional<Row>> unique();
  Result<std::optional<Row>> group();
  bool collapsed(const Row& row);
  void count_dupe(Row& row);
  Result<> resolve(Row& row) const;
  cdx::RangeQuery range(cdx::RangeQuery::Order order) const;

  const cdx::CdxIndex* index_;
  access::Judge judge_;
  Query query_;
  std::uint64_t scan_limit_;
  std::uint64_t scanned_ = 0;
  url::SurtRange keys_;
  std::optional<cdx::RangeScan> scan_;
  std::optional<cdx::ClosestCaptures> closest_;
  std::vector<std::string> collapse_values_;  ///< of the last row, one for each collapse
  bool collapse_primed_ = false;
  std::uint64_t page_left_ = UINT64_MAX;
  std::uint64_t given_ = 0;
  std::uint64_t offset_left_ = 0;
  std::string last_place_;  ///< of the row given last
  struct Pending {
    Row row;
    std::string place;
    std::unordered_set<std::size_t> digests;
  };
  std::optional<Pending> pending_;
  std::string dupe_key_;
  std::unordered_map<std::string, std::uint64_t> dupes_;
};

/// How many pages `query` has, at least one.
Result<std::uint64_t> page_count(const cdx::CdxIndex& index, const Query& query,
                                 std::uint64_t scan_limit);

/// The keys that `query` is about: of an exact one the first under which there is a capture.
Result<url::SurtRange> keys_of(const cdx::CdxIndex& index, const Query& query);

}  // namespace wm::cdxserver
