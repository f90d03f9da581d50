#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/base/source.h"
#include "core/warc/record.h"
#include "indexer/cdx/segments.h"
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

/// Gives the records of a plan as gzip members: those that lie in the archive as members, and that no validator frowns at, byte for byte;
/// others (plain, zstd, ARC, in segments, odd heads) made anew. Requests and metadata that directly follow their response come along. A record
/// that several files hold comes once; another that has its id gets one of its own. A record that cannot be read, or is not where the index
/// says, is told in the log and left out: nothing else of the export suffers. Memory is bounded. One thread.
class Members {
 public:
  Members(const Holdings& holdings, Plan plan) : warcs_(holdings.warcs), cdx_(holdings.cdx), segments_(holdings.cdx.segments()), plan_(std::move(plan)) {}
  /// The bytes of the member before are to be read to their end, or forgotten. Fails for what the store says only.
  Result<std::optional<Member>> next();

 private:
  enum class Known { kNew, kSame, kOther };
  Result<bool> fetch();
  Result<std::optional<Member>> record(const PlanItem& item);
  Result<Member> remade(const cdx::Capture& capture, Known known);
  Result<std::optional<Member>> companion();
  Result<std::optional<warc::WarcRecord>> next_in_file(std::uint64_t& length);
  std::optional<PageNote> page_of(const PlanItem& item) const;
  Known known(const warc::WarcRecord& record, const cdx::Capture& capture);

  const std::filesystem::path warcs_;
  const cdx::CdxIndex& cdx_;
  const cdx::Segments segments_;
  Plan plan_;
  std::optional<PlanItem> ahead_;  ///< the plan's next item
  std::string file_name_;
  std::shared_ptr<const ReadFile> file_;
  std::multimap<std::string, PageNote> pages_;  ///< of this file, by URL
  bool has_pages_ = false;
  // What was given last, to know what belongs to it.
  std::string record_id_;
  std::string target_;
  std::uint64_t last_ = 0;       ///< where the record given last begins
  std::uint64_t after_ = 0;      ///< where the one behind it begins, if that is known
  bool may_follow_ = false;      ///< something may belong to it
  std::unordered_map<std::uint64_t, std::uint64_t> ids_;  ///< of records so far → of what they are, as hashes; the first million
};

}  // namespace wm::archive
