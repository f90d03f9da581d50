#pragma once

#include <string>
#include <unordered_map>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/index_warc.h"
#include "server/links/link_store.h"

namespace wm::archive {

/// How a WARC that is there already is to be indexed again: its collection as the index has it, else its folder's; its link and that one's URL, if a
/// snapshot names it.
class KnownFiles {
 public:
  KnownFiles(const cdx::CdxIndex& index, const links::LinkStore& links) : index_(index), links_(links) {}
  Result<pipeline::IndexOptions> options_of(const std::string& file);

 private:
  Result<> read_links();
  const cdx::CdxIndex& index_;
  const links::LinkStore& links_;
  bool read_ = false;
  std::unordered_map<std::string, std::pair<std::uint64_t, std::string>> links_by_file_;
};

}  // namespace wm::archive
