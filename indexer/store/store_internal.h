#pragma once

#include <rocksdb/db.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/mutex.h"
#include "indexer/store/change_log.h"
#include "indexer/store/store.h"

namespace wm::store {

inline constexpr std::size_t kFamilies = 9;
inline constexpr std::array<const char*, kFamilies> kFamilyNames = {
    "cdx", "digest", "captures", "links", "tags", "jobs", "users", "outbox", "meta"};
inline constexpr std::size_t index_of(Family family) {
  return static_cast<std::size_t>(family);
}

inline rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

/// An Error for a status that is not ok; `doing` names what was tried.
Error error_of(const rocksdb::Status& status, const std::string& doing);

std::shared_ptr<const rocksdb::SliceTransform> cdx_prefix();

struct Batch::State {
  enum class Op : char { kPut, kErase, kEraseRange };
  static_assert(static_cast<int>(Op::kPut) == static_cast<int>(RowChange::Kind::kPut) &&
                static_cast<int>(Op::kEraseRange) == static_cast<int>(RowChange::Kind::kEraseRange));
  // Op, family, then two strings with their lengths before them.
  std::string operations;
  std::size_t count = 0;

  void add(Op op, Family family, std::string_view first, std::string_view second);
};

struct Cursor::State {
  std::unique_ptr<rocksdb::Iterator> iterator;
};

struct Store::State {
  std::filesystem::path path;
  std::shared_ptr<rocksdb::Cache> cache;
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};

  mutable Mutex counters;  // next_id and intern read, add one and write
  mutable Mutex names;
  mutable std::unordered_map<std::string, std::uint32_t> number_by_name WM_GUARDED_BY(names);
  mutable std::unordered_map<std::string, std::string> name_by_number WM_GUARDED_BY(names);

  bool record = false;
  std::function<void()> recorded;
  mutable Mutex recording;  // taken after `counters`
  std::uint64_t next_record WM_GUARDED_BY(recording) = 1;
  std::map<std::string, std::string> counters_moved WM_GUARDED_BY(recording);

  ~State();
  rocksdb::ColumnFamilyHandle* handle(Family family) const { return families[index_of(family)]; }
  Result<std::optional<std::string>> get(Family family, std::string_view key) const;
  Result<> put(Family family, std::string_view key, std::string_view value, bool sync) const;
  Result<std::uint64_t> next_id(std::string_view counter) WM_REQUIRES(counters);
  Result<> check_format() const;
  Result<> find_next_record();
  void counter_moved(std::string_view key, std::string_view value);
  /// Writes `batch` with an outbox entry that tells `changes`.
  Result<> write_recorded(rocksdb::WriteBatch& batch, std::vector<RowChange> changes,
                          const rocksdb::WriteOptions& options);
  void remember(const std::string& by_name, std::uint32_t number, const std::string& by_number,
                std::string_view name) const;
};

}  // namespace wm::store
