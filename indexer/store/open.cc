#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "indexer/store/store_internal.h"

namespace wm::store {
namespace {

constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kFormat = "1";

/// collection NUL surt NUL: what the captures of one key share. Its name is stored in the table
/// files: change both or neither.
class CdxPrefix final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "waymark.cdx-prefix.1"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), length(key)};
  }
  bool InDomain(const rocksdb::Slice& key) const override { return length(key) != 0; }

 private:
  static std::size_t length(const rocksdb::Slice& key) {
    const std::string_view bytes = view(key);
    const auto first = bytes.find('\0');
    if (first == bytes.npos) return 0;
    const auto second = bytes.find('\0', first + 1);
    return second == bytes.npos ? 0 : second + 1;
  }
};

rocksdb::ColumnFamilyOptions family_options(Family family, const StoreOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 8 << 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Only the cdx family is asked by prefix; a filter over whole keys would be of no use to it.
  table.whole_key_filtering = family != Family::kCdx;
  table.cache_index_and_filter_blocks = true;  // so that the cache's size bounds them as well
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions result;
  result.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  result.compression = rocksdb::kLZ4Compression;
  result.level_compaction_dynamic_level_bytes = true;
  result.write_buffer_size = options.memtable_bytes;
  result.arena_block_size = 64 << 10;
  if (family == Family::kCdx) {
    result.prefix_extractor = cdx_prefix();
    result.memtable_prefix_bloom_size_ratio = 0.02;
  }
  return result;
}

rocksdb::DBOptions db_options(const StoreOptions& options) {
  rocksdb::DBOptions result;
  result.create_if_missing = true;
  result.create_missing_column_families = true;
  result.db_write_buffer_size = options.memtable_bytes * 2;  // all families together
  result.max_total_wal_size = 64 << 20;
  result.max_background_jobs = 2;
  result.max_open_files = 256;
  result.bytes_per_sync = 1 << 20;
  result.keep_log_file_num = 3;
  result.max_log_file_size = 1 << 20;
  result.info_log_level = rocksdb::WARN_LEVEL;
  result.stats_dump_period_sec = 0;
  result.stats_persist_period_sec = 0;
  return result;
}

}  // namespace

std::shared_ptr<const rocksdb::SliceTransform> cdx_prefix() {
  return std::make_shared<CdxPrefix>();
}

Error error_of(const rocksdb::Status& status, const std::string& doing) {
  const std::string text = status.ToString();
  Error::Code code = Error::Code::kIo;
  if (status.IsCorruption()) code = Error::Code::kCorrupt;
  if (status.IsInvalidArgument() || status.IsNotSupported()) code = Error::Code::kUnsupported;
  if (status.IsBusy() || status.IsTryAgain()) code = Error::Code::kBusy;
  if (status.IsIOError() && ifind(text, "lock") != text.npos && ifind(text, "LOCK") != text.npos)
    code = Error::Code::kBusy;
  return Error{code, doing + ": " + text};
}

Store::State::~State() {
  if (!db) return;
  for (auto* family : families) {
    if (family != nullptr) static_cast<void>(db->DestroyColumnFamilyHandle(family));
  }
  static_cast<void>(db->Close());
}

Result<> Store::State::check_format() const {
  const auto stored = WM_TRY(get(Family::kMeta, kFormatKey));
  if (!stored) return put(Family::kMeta, kFormatKey, kFormat, true);
  if (*stored == kFormat) return {};
  return fail(Error::Code::kUnsupported,
              "the store in " + path.string() + " has format " + hex_encode(*stored) +
                  "; this Waymark knows format 1. Use the version that wrote it, or a newer one");
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path,
                                           StoreOptions options) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    return fail(Error::Code::kIo, "making the folder " + path.string() + ": " + error.message());
  auto state = std::make_unique<State>();
  state->path = path;
  state->cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(kFamilies + 1);
  for (std::size_t i = 0; i < kFamilies; ++i) {
    descriptors.emplace_back(kFamilyNames[i],
                             family_options(static_cast<Family>(i), options, state->cache));
  }
  // RocksDB always has this one; nothing is kept in it.
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::Open(db_options(options), path.string(), descriptors, &handles, &db);
  if (!status.ok()) return std::unexpected(error_of(status, "opening the store " + path.string()));
  state->db.reset(db);
  std::copy_n(handles.begin(), kFamilies, state->families.begin());
  static_cast<void>(db->DestroyColumnFamilyHandle(handles.back()));
  WM_TRY(state->check_format());
  state->record = options.record;
  WM_TRY(state->find_next_record());
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

}  // namespace wm::store
