#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/base/source.h"
#include "core/warc/record.h"
#include "server/archive/selection.h"

namespace wm::archive {

/// One gzip member of an export: a record.
struct Member {
  std::unique_ptr<Source> bytes;
  std::uint64_t size_hint = 0;           ///< stored bytes in the archive
  std::optional<cdx::Capture> capture{};  ///< of the record; none: it belongs to the one before it
  bool original = false;
  std::string date{};                    ///< WARC-Date as written
  std::optional<PageNote> page{};        ///< the record is this page; link_id 0: one of no link
};

/// Gives the records of a plan as gzip members: those that lie in the archive as members byte for byte, others (plain, zstd, ARC) made anew.
/// Requests and metadata that directly follow their response come along. A record that cannot be read, or is not where the index says, is told
/// in the log and left out: nothing else of the export suffers. Memory is bounded. One thread.
class Members {
 public:
  Members(std::filesystem::path warcs, Plan plan) : warcs_(std::move(warcs)), plan_(std::move(plan)) {}
  /// The bytes of the member before are to be read to their end, or forgotten. Fails for what the store says only.
  Result<std::optional<Member>> next();

 private:
  Result<bool> fetch();
  Result<Member> record(const PlanItem& item);
  Result<std::optional<Member>> companion();
  std::optional<PageNote> page_of(const PlanItem& item) const;

  const std::filesystem::path warcs_;
  Plan plan_;
  std::optional<PlanItem> ahead_;  ///< the plan's next item
  std::string file_name_;
  std::shared_ptr<const ReadFile> file_;
  std::multimap<std::string, PageNote> pages_;  ///< of this file, by URL
  bool has_pages_ = false;
  // What was given last, to know what belongs to it.
  std::string record_id_;
  std::string target_;
  std::uint64_t end_ = 0;  ///< where the record after it begins; 0: nothing can follow
};

}  // namespace wm::archive
