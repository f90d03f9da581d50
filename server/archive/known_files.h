#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/index_warc.h"
#include "server/links/link_store.h"

namespace wm::archive {

/// Finished files below `warcs` that hold captures, relative to it, sorted: all but unfinished ones and the journal of links.
Result<std::vector<std::string>> capture_files(const std::filesystem::path& warcs);

/// Was this file imported, so that it is kept as it is?
bool is_imported(std::string_view file);

/// How a WARC that is there already is to be indexed again: its collection as the index has it, else its folder's; the links whose snapshots lie in
/// it. What Waymark captured itself and no snapshot names any more is replayed, but not searched.
class KnownFiles {
 public:
  KnownFiles(const cdx::CdxIndex& index, const links::LinkStore& links) : index_(index), links_(links) {}
  Result<pipeline::IndexOptions> options_of(const std::string& file);
  /// The snapshots that lie in a file, by offset; imported pages are none.
  Result<std::vector<links::Snapshot>> snapshots_of(const std::string& file);

 private:
  Result<> read_links();
  const cdx::CdxIndex& index_;
  const links::LinkStore& links_;
  bool read_ = false;
  std::unordered_map<std::string, std::vector<links::Snapshot>> by_file_;
};

}  // namespace wm::archive
