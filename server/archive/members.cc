#include "server/archive/members.h"

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/warc/reader.h"
#include "server/archive/remade_record.h"
#include "server/archive/whole_member.h"

namespace wm::archive {

namespace {

using warc::RecordType;

constexpr std::size_t kCompanionBytes = 64 << 10;  // larger ones are read as a stream

/// Rows of the index come from imported files too: nothing outside the folder is opened.
bool is_inside(std::string_view relative) {
  if (relative.empty() || relative.front() == '/' || relative.find('\0') != std::string_view::npos) return false;
  for (const std::string_view part : split(relative, '/')) {
    if (part == "..") return false;
  }
  return true;
}

/// Does the record say that it belongs to that one, or at least not the contrary?
bool belongs(const warc::WarcRecord& record, std::string_view id, std::string_view target) {
  const auto others = record.fields.all("WARC-Concurrent-To");
  if (others.empty()) return record.target_uri() == target;
  for (const std::string_view other : others) {
    if (trim(other) == id) return true;
  }
  return false;
}

/// A page of no link, as the search index sees it.
bool is_page(const cdx::Capture& capture) {
  return capture.status == 200 && !capture.method && (capture.mime == "text/html" || capture.mime == "application/xhtml+xml" || capture.mime == "application/pdf" || capture.mime == "text/plain");
}

}  // namespace

Result<std::optional<Member>> Members::next() {
  for (;;) {
    if (end_ != 0) {
      auto more = companion();
      if (!more) log::warning("{} at {}: {}", file_name_, end_, more.error().what);
      if (more && *more) return std::move(*more);
      end_ = 0;
    }
    if (!WM_TRY(fetch())) return std::nullopt;
    const PlanItem item = std::move(*ahead_);
    ahead_.reset();
    if (item.file != file_name_) {
      file_name_ = item.file;
      file_.reset();
      pages_.clear();
      has_pages_ = false;
    }
    if (item.page) {
      has_pages_ = true;
      pages_.emplace(item.page->url, *item.page);
      continue;
    }
    auto member = record(item);
    if (member) return std::optional(std::move(*member));
    log::error("left out of an export: {} at {}: {}", item.file, item.capture.offset, member.error().what);
  }
}

Result<bool> Members::fetch() {
  if (!ahead_) ahead_ = WM_TRY(plan_.next());
  return ahead_.has_value();
}

Result<Member> Members::record(const PlanItem& item) {
  const cdx::Capture& capture = item.capture;
  if (!file_) {
    if (!is_inside(item.file)) return fail(Error::Code::kDenied, "a file outside of the archive");
    file_ = WM_TRY(ReadFile::open(warcs_ / item.file));
  }
  const auto found = WM_TRY(warc::read_record_at(file_, capture.offset, capture.length));
  Member member{.bytes = nullptr, .size_hint = capture.length, .capture = capture, .original = item.original};
  member.date = found.field("WARC-Date").value_or("");
  member.page = page_of(item);
  const bool as_it_is = found.own_member && found.version.starts_with("WARC/") && WM_TRY(is_whole_member(*file_, capture.offset, capture.length));
  if (as_it_is) {
    member.bytes = file_source(file_, capture.offset, capture.length);
    record_id_ = found.id();
    target_ = found.target_uri();
    end_ = capture.offset + capture.length;
  } else {
    member.bytes = WM_TRY(remade_record(file_, capture));
  }
  return member;
}

/// The request or metadata record behind the one given last, if it is its own.
Result<std::optional<Member>> Members::companion() {
  const bool more = WM_TRY(fetch());
  if (more && !ahead_->page && ahead_->file == file_name_ && ahead_->capture.offset == end_) return std::nullopt;  // comes by itself
  if (end_ >= WM_TRY(file_->size())) return std::nullopt;
  auto reader = WM_TRY(warc::WarcReader::at(file_, end_, {.whole_member_bytes = kCompanionBytes}));
  const auto found = WM_TRY(reader.next());
  if (!found || found->offset != end_ || !found->own_member) return std::nullopt;
  if (found->type() != RecordType::kRequest && found->type() != RecordType::kMetadata) return std::nullopt;
  if (!belongs(*found, record_id_, target_)) return std::nullopt;
  const std::uint64_t length = WM_TRY(reader.finish_record()).length;
  if (!WM_TRY(is_whole_member(*file_, end_, length))) return std::nullopt;
  Member member{.bytes = file_source(file_, end_, length), .size_hint = length};
  end_ += length;
  return std::optional(std::move(member));
}

std::optional<PageNote> Members::page_of(const PlanItem& item) const {
  if (item.original) return std::nullopt;
  const auto [first, last] = pages_.equal_range(item.capture.url);
  for (auto at = first; at != last; ++at) {
    if (at->second.time == item.capture.time || std::next(first) == last) return at->second;
  }
  if (has_pages_ || !is_page(item.capture)) return std::nullopt;
  return PageNote{.link_id = 0, .url = item.capture.url, .time = item.capture.time};
}

}  // namespace wm::archive
