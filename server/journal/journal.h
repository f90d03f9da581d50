#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/serial_executor.h"
#include "indexer/store/store.h"

namespace wm::journal {

/// The folder of the journal's files, below data/warcs. No collection can have that name.
inline constexpr std::string_view kFolder = "_links";

/// Files of the journal below `warcs`, in the order they were written; relative to `warcs`.
Result<std::vector<std::string>> files_of(const std::filesystem::path& warcs);

struct JournalOptions {
  std::uint64_t file_bytes = 16ull << 20;  ///< a file that has so much is followed by another
};

/// Writes what the store's outbox has of changes that no capture tells into WARC files, behind the changes, on a thread of its own: many changes that
/// wait are one fsync. An error is logged and the entries wait for the next change. The store (opened with StoreOptions::record) outlives it.
class Journal {
 public:
  /// Cuts what a crash tore. If there is no file yet, all rows are put on the outbox: the journal alone is to be enough.
  static Result<std::unique_ptr<Journal>> open(store::Store& store, const std::filesystem::path& warcs, JournalOptions options = {});
  /// Writes what waits, then ends. Nobody writes to the store any more.
  ~Journal();

  /// Returns when all that was on the outbox is on disk.
  Result<> flush();

 private:
  class File;
  Journal(store::Store& store, std::filesystem::path warcs, JournalOptions options);
  void wake();
  Result<> write_waiting();
  Result<bool> write_some();
  Result<> open_file();

  store::Store& store_;
  const std::filesystem::path warcs_;
  const JournalOptions options_;
  std::unique_ptr<File> file_;  // the writer's thread only
  std::atomic<bool> awake_ = false;
  SerialExecutor writer_{1000, "wm-journal"};
};

}  // namespace wm::journal
