#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/result.h"
#include "server/app/data_folder.h"
#include "server/app/settings.h"

namespace wm::app {

struct ReindexReport {
  std::uint64_t files = 0;     ///< WARC files indexed
  std::uint64_t captures = 0;
  std::uint64_t links = 0;
  std::uint64_t findings = 0;  ///< places that could not be read as they should
  bool kept_accounts = false;  ///< users, sessions, tokens and jobs came from the database of before
};

struct ReindexWatcher {
  /// Damage and what else was got over: file relative to data/warcs, offset in it, reason.
  std::function<void(const std::string& file, std::uint64_t offset, const std::string& what)> tell;
  /// Bytes of WARC files read, or pages left to be made searchable.
  std::function<void(const char* phase, std::uint64_t done, std::uint64_t of)> progress;
};

/// Makes the database and the search index anew from what lies in data/warcs: captures from the WARC files, links, tags, notes, imports and removals from
/// the journal. Users, sessions, tokens and jobs, of which no WARC tells, are taken from the database of before if it can be opened. All goes into a
/// folder of its own, which replaces what was there by renaming once it is whole: a crash before leaves all as it was. No damage ends it. Fails when
/// the disk is full and the like.
Result<ReindexReport> reindex(const DataFolder& folder, const Settings& settings, const ReindexWatcher& watcher);

/// To be called before the data folder's database is opened: brings to its end what a crash left of a reindex that was whole, removes one that was not.
Result<> settle_reindex(const std::filesystem::path& data);

}  // namespace wm::app
