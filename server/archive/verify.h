#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/source.h"
#include "indexer/store/store.h"
#include "server/links/link_store.h"

namespace wm::archive {

/// Something that is not as it should be.
struct Finding {
  std::string file;  ///< relative to data/warcs
  std::uint64_t offset = 0;
  std::string what;
  bool of_index = false;  ///< the file is well there, the index is not
};

struct VerifyReport {
  std::uint64_t files = 0;
  std::uint64_t records = 0;
  std::uint64_t findings = 0;
  std::uint64_t of_index = 0;  ///< those among them that --fix-index mends
  std::uint64_t fixed = 0;  ///< files that were indexed anew
};

/// Reads one WARC file whole: damage, block and payload digests of every record, and whether the index has each capture as the record says
/// and nothing besides. Gives the number of records. `tell` gets each finding. Fails for what the store says; a file that cannot be read is a
/// finding.
Result<std::uint64_t> verify_file(store::Store& store, const std::filesystem::path& warcs, const std::string& relative,
                                  const std::function<void(Finding)>& tell);

enum class FixIndex { kNo, kYes };
/// Verifies every file under `warcs` and looks for rows of files that are gone; a line of JSON for each finding as it is found, the report last. With
/// kYes the index of files that it has wrong is made anew. Changes no file. Unfinished files, and ones so new that their capture may be about to
/// index them, are left out. All references outlive it.
std::unique_ptr<Source> verify(store::Store& store, const links::LinkStore& links, std::filesystem::path warcs, FixIndex fix);

}  // namespace wm::archive
