#include "indexer/store/change_log.h"

#include <set>
#include <utility>

#include "indexer/store/coding.h"
#include "indexer/store/store_internal.h"

namespace wm::store {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kEntryBytes = 64 << 10;  // of an entry that record_all() makes
constexpr std::string_view kSchedule("schedule\0", 9);
constexpr std::string_view kCounter = "next/", kNameCounter = "next/name/";
// What keys begin with. What follows from links (URL keys, lists, counts, typed forms) is made anew
// from them; docs/formats/links.md.
constexpr std::string_view kLinkRows = "lsrq", kTagRows = "dxm";

bool is_counter(std::string_view key) noexcept {
  return key.starts_with(kCounter) && !key.starts_with(kNameCounter);
}

std::string entry_key(std::uint64_t sequence) {
  return number_key(kRecordPrefix, sequence);
}

/// Of several changes of one row the last is what counts; a range stays where it is.
std::vector<RowChange> without_overwritten(std::vector<RowChange> changes) {
  std::set<std::pair<Family, std::string_view>> later;
  std::vector<bool> kept(changes.size());
  for (std::size_t i = changes.size(); i-- > 0;) {
    const RowChange& change = changes[i];
    kept[i] = change.kind == RowChange::Kind::kEraseRange ||
              later.emplace(change.family, change.key).second;
  }
  std::vector<RowChange> result;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (kept[i]) result.push_back(changes[i]);
  }
  return result;
}

}  // namespace

bool is_recorded(Family family, std::string_view key) noexcept {
  if (family == Family::kLinks) return !key.empty() && kLinkRows.find(key.front()) != key.npos;
  if (family == Family::kTags) return !key.empty() && kTagRows.find(key.front()) != key.npos;
  return family == Family::kMeta &&
         (key.starts_with("import:") || key.starts_with("dropped/") || key.starts_with(kSchedule) ||
          is_counter(key));
}

std::string encode_changes(const std::vector<RowChange>& changes) {
  std::string out(1, static_cast<char>(kVersion));
  for (const RowChange& change : changes) {
    out.push_back(static_cast<char>(change.kind));
    put_string(out, name_of(change.family));
    put_string(out, change.key);
    put_string(out, change.value);
  }
  return out;
}

Result<std::vector<RowChange>> decode_changes(std::string_view stored) {
  Reader in(stored);
  if (in.byte() != kVersion)
    return fail(Error::Code::kUnsupported, "a recorded change of another version");
  std::vector<RowChange> changes;
  while (in.ok() && !in.at_end()) {
    RowChange change;
    const std::uint8_t kind = in.byte();
    const auto family = family_of(in.string());
    change.key = in.string();
    change.value = in.string();
    if (!in.ok() || !family || kind > static_cast<std::uint8_t>(RowChange::Kind::kEraseRange)) break;
    change.kind = static_cast<RowChange::Kind>(kind);
    change.family = *family;
    changes.push_back(std::move(change));
    if (in.at_end()) return changes;
  }
  return fail(Error::Code::kCorrupt, "a recorded change that cannot be read");
}

void add_to(Batch& batch, const RowChange& change) {
  switch (change.kind) {
    case RowChange::Kind::kPut: return batch.put(change.family, change.key, change.value);
    case RowChange::Kind::kErase: return batch.erase(change.family, change.key);
    case RowChange::Kind::kEraseRange:
      return batch.erase_range(change.family, change.key, change.value);
  }
}

std::string_view name_of(Family family) noexcept {
  return kFamilyNames[index_of(family)];
}

std::optional<Family> family_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kFamilies; ++i) {
    if (name == kFamilyNames[i]) return static_cast<Family>(i);
  }
  return std::nullopt;
}

Result<> Store::State::find_next_record() {
  MutexLock lock(recording);
  const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator({}, handle(Family::kOutbox)));
  at->SeekForPrev(slice(entry_key(UINT64_MAX)));
  if (at->Valid() && view(at->key()).starts_with(kRecordPrefix))
    next_record = number_of_key(view(at->key())) + 1;
  if (!at->status().ok())
    return std::unexpected(error_of(at->status(), "reading the outbox in " + path.string()));
  return {};
}

/// A counter that moved goes with the next change that is recorded: whoever took the number writes one.
void Store::State::counter_moved(std::string_view key, std::string_view value) {
  if (!record || !is_counter(key)) return;
  MutexLock lock(recording);
  counters_moved.insert_or_assign(std::string(key), std::string(value));
}

Result<> Store::State::write_recorded(rocksdb::WriteBatch& batch, std::vector<RowChange> changes,
                                      const rocksdb::WriteOptions& options) {
  MutexLock lock(recording);  // held over the write: the order of the entries is that of the changes
  for (const auto& [key, value] : counters_moved)
    changes.push_back({RowChange::Kind::kPut, Family::kMeta, key, value});
  const std::string key = entry_key(next_record);
  auto status = batch.Put(handle(Family::kOutbox), slice(key),
                          encode_changes(without_overwritten(std::move(changes))));
  if (status.ok()) status = db->Write(options, &batch);
  if (!status.ok()) return std::unexpected(error_of(status, "writing to " + path.string()));
  ++next_record;
  counters_moved.clear();
  return {};
}

Result<> Store::record_all() {
  std::vector<RowChange> changes;
  std::size_t bytes = 0;
  const auto flush = [&]() -> Result<> {
    if (changes.empty()) return {};
    rocksdb::WriteBatch empty;
    bytes = 0;
    return state_->write_recorded(empty, std::exchange(changes, {}), {});
  };
  // What was told before and is not there now must not come back.
  const auto forget = [&changes](Family family, const std::string& first, const std::string& end) {
    changes.push_back({RowChange::Kind::kEraseRange, family, first, end});
  };
  const auto forget_kinds = [&forget](Family family, std::string_view kinds) {
    for (const char kind : kinds)
      forget(family, std::string(1, kind), std::string(1, static_cast<char>(kind + 1)));
  };
  forget_kinds(Family::kLinks, kLinkRows);
  forget_kinds(Family::kTags, kTagRows);
  // No such key has a byte 0xff.
  for (const std::string& kind :
       {std::string("import:"), std::string("dropped/"), std::string(kSchedule)})
    forget(Family::kMeta, kind, kind + "\xff");
  for (const auto family : {Family::kLinks, Family::kTags, Family::kMeta}) {
    auto at = cursor(family);
    for (at.seek_to_first(); at.valid(); at.next()) {
      if (!is_recorded(family, at.key())) continue;
      changes.push_back(
          {RowChange::Kind::kPut, family, std::string(at.key()), std::string(at.value())});
      bytes += at.key().size() + at.value().size();
      if (bytes >= kEntryBytes) WM_TRY(flush());
    }
    WM_TRY(at.status());
    WM_TRY(flush());
  }
  return {};
}

}  // namespace wm::store
