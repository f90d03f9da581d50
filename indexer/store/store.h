#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace wm::store {

/// The column families of data/db. What each key and value holds: docs/formats/store.md.
enum class Family { kCdx, kDigest, kCaptures, kLinks, kTags, kJobs, kUsers, kOutbox, kMeta };

/// Changes that become true together or not at all.
class Batch {
 public:
  Batch();
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;
  void put(Family family, std::string_view key, std::string_view value);
  void erase(Family family, std::string_view key);
  void erase_range(Family family, std::string_view first,
                   std::string_view last);  ///< [first, last)
  std::size_t size() const;                 ///< changes in it
  std::size_t bytes() const;                ///< of their keys and values

 private:
  friend class Store;
  struct State;
  std::unique_ptr<State> state_;
};

/// A place in one family's keys, in byte order, on a snapshot taken when it was made. One thread.
/// Must not outlive its Store.
class Cursor {
 public:
  ~Cursor();
  Cursor(Cursor&&) noexcept;
  Cursor& operator=(Cursor&&) noexcept;
  void seek(std::string_view key);           ///< to the first key >= key
  void seek_for_prev(std::string_view key);  ///< to the last key <= key
  void seek_to_first();
  void seek_to_last();
  bool valid() const;
  void next();
  void prev();
  std::string_view key() const;  ///< valid until the cursor moves
  std::string_view value() const;
  Result<> status() const;  ///< why valid() turned false, if not by the end

 private:
  friend class Store;
  struct State;
  explicit Cursor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct StoreOptions {
  std::size_t block_cache_bytes = 64 << 20;
  std::size_t memtable_bytes = 16 << 20;
  bool record = false;  ///< changes of rows that no capture tells go on the outbox (change_log.h)
};

/// The one RocksDB. Every const method from any thread; write() from any thread, though by plan the
/// index writer calls it for captures.
class Store {
 public:
  /// kBusy when another process has it open; kUnsupported for a data folder of a newer format;
  /// kCorrupt.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path,
                                             StoreOptions options = {});
  ~Store();

  Result<std::optional<std::string>> get(Family family, std::string_view key) const;
  enum class Sync { kNo, kYes };
  Result<> write(Batch batch, Sync sync = Sync::kYes);
  /// `told` is called after each change that was put on the outbox to be recorded, on the thread that wrote it. Not while others write.
  void on_recorded(std::function<void()> told);
  /// Puts every row that no capture tells on the outbox, as if all were written now and no other was there.
  Result<> record_all();
  Cursor cursor(Family family) const;
  /// A cursor over kCdx for the captures of one key: after a seek it stays among the keys that
  /// share the sought key's prefix (up to its second NUL), and a prefix that is not there costs a
  /// Bloom filter look-up instead of a disk read.
  Cursor cdx_prefix_cursor() const;
  /// Next number of a named counter, from 1; durable with the next synced write.
  Result<std::uint64_t> next_id(std::string_view counter);
  /// A small number that stands for `name` within `space` for ever (WARC file names, which would
  /// otherwise repeat in each capture); made on first use, durable before any later write. A number
  /// whose file is forgotten is not used again.
  Result<std::uint32_t> intern(std::string_view space, std::string_view name);
  Result<std::optional<std::uint32_t>> interned(std::string_view space,
                                                std::string_view name) const;
  Result<std::optional<std::string>> name_of(std::string_view space, std::uint32_t number) const;

  /// A consistent copy of the whole store in a new folder (hard links where possible). kConflict if
  /// the folder exists.
  Result<> checkpoint(const std::filesystem::path& into) const;
  /// Room that the keys [first, last) take in the files: to compare stretches with each other. Costs a look
  /// into the files' indexes, however long the stretch. What is still in memory takes none.
  std::uint64_t approximate_bytes(Family family, std::string_view first, std::string_view last) const;
  std::uint64_t size_on_disk() const;
  /// Memory held by memtables, filters and the block cache, in bytes.
  std::uint64_t memory_used() const;

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::store
