#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/store/store.h"

namespace wm::store {

// Rows that no capture's WARC tells (links, tags; in meta what imports and removals left, and the
// counters) are to be written to WARC as well. With StoreOptions::record, write() puts what a batch
// changes of them on the outbox in the batch itself, under keys that begin with kRecordPrefix, in the
// order of the changes. server/journal takes them from there.

inline constexpr char kRecordPrefix = 'r';

/// Is this row one of those?
bool is_recorded(Family family, std::string_view key) noexcept;

struct RowChange {
  enum class Kind : std::uint8_t { kPut, kErase, kEraseRange };
  Kind kind = Kind::kPut;
  Family family = Family::kLinks;
  std::string key;
  std::string value;  ///< of a range: its end
  friend bool operator==(const RowChange&, const RowChange&) = default;
};

std::string encode_changes(const std::vector<RowChange>& changes);
/// kCorrupt; kUnsupported for what a newer version wrote.
Result<std::vector<RowChange>> decode_changes(std::string_view stored);

void add_to(Batch& batch, const RowChange& change);

/// "links" …; nullopt for what is no family.
std::string_view name_of(Family family) noexcept;
std::optional<Family> family_of(std::string_view name) noexcept;

}  // namespace wm::store
