#include "server/archive/members.h"

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/log.h"
#include "core/warc/conforming.h"
#include "core/warc/reader.h"
#include "server/archive/remade_record.h"
#include "server/archive/whole_member.h"

namespace wm::archive {

namespace {

using warc::RecordType;

constexpr std::size_t kCompanionBytes = 64 << 10;  // larger ones are read as a stream
constexpr std::size_t kIds = 1'000'000;

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

/// A lower-case RFC 9562 UUID (version 8) that is always the same for this place.
std::string id_of_place(const std::string& file, std::uint64_t offset) {
  std::string hex = sha256_hex(file + '\0' + std::to_string(offset)).substr(0, 32);
  hex[12] = '8';
  hex[16] = 'a';
  for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, "-");
  return "<urn:uuid:" + hex + ">";
}

bool is_rfc3339(std::string_view text) { return text.size() >= 20 && text[10] == 'T' && text.back() == 'Z'; }

}  // namespace

Result<std::optional<Member>> Members::next() {
  for (;;) {
    if (may_follow_) {
      auto more = companion();
      if (!more) log::warning("{} behind {}: {}", file_name_, last_, more.error().what);
      if (more && *more) return std::move(*more);
      may_follow_ = false;
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
    if (!member) log::error("left out of an export: {} at {}: {}", item.file, item.capture.offset, member.error().what);
    if (member && *member) return std::move(*member);
  }
}

Result<bool> Members::fetch() {
  if (!ahead_) ahead_ = WM_TRY(plan_.next());
  return ahead_.has_value();
}

/// Have we had this record, or another of its id?
Members::Known Members::known(const warc::WarcRecord& record, const cdx::Capture& capture) {
  if (record.id().empty() || !record.version.starts_with("WARC/")) return Known::kNew;
  const std::hash<std::string> hash;
  const std::uint64_t what = hash(record.target_uri() + ' ' + std::string(record.field("WARC-Date").value_or("")) + ' ' + capture.digest + ' ' + std::string(record.field("WARC-Type").value_or("")));
  const std::uint64_t id = hash(std::string(record.id()));
  if (const auto found = ids_.find(id); found != ids_.end()) return found->second == what ? Known::kSame : Known::kOther;
  if (ids_.size() < kIds) ids_.emplace(id, what);
  return Known::kNew;
}

/// nullopt for one that has been given.
Result<std::optional<Member>> Members::record(const PlanItem& item) {
  const cdx::Capture& capture = item.capture;
  if (!file_) {
    if (!is_inside(item.file)) return fail(Error::Code::kDenied, "a file outside of the archive");
    file_ = WM_TRY(ReadFile::open(warcs_ / item.file));
  }
  const auto found = WM_TRY(warc::read_record_at(file_, capture.offset, capture.length));
  const Known before = known(found, capture);
  if (before == Known::kSame) return std::nullopt;
  const bool as_it_is = before == Known::kNew && found.own_member && !found.field("WARC-Segment-Number") && warc::is_conforming(found) &&
                        WM_TRY(is_whole_member(*file_, capture.offset, capture.length, *found.content_length));
  Member member = as_it_is ? Member{.bytes = file_source(file_, capture.offset, capture.length), .size_hint = capture.length, .capture = capture} : WM_TRY(remade(capture, before));
  if (const auto digest = found.field("WARC-Payload-Digest"); as_it_is && digest) member.capture->digest = trim(*digest);  // as a checker of the index reads it
  member.original = item.original;
  if (as_it_is) member.date = found.field("WARC-Date").value_or("");
  if (!is_rfc3339(member.date)) member.date = w3c_date(capture.time.time());
  member.page = page_of(item);
  record_id_ = found.id();
  target_ = found.target_uri();
  last_ = capture.offset;
  after_ = as_it_is ? capture.offset + capture.length : 0;
  may_follow_ = found.own_member && found.version.starts_with("WARC/");
  return std::optional(std::move(member));
}

Result<Member> Members::remade(const cdx::Capture& capture, Known known) {
  const cdx::OpenFile open_file = [this](const std::string& name) -> Result<std::shared_ptr<const ReadFile>> {
    if (name == file_name_) return file_;
    if (!is_inside(name)) return fail(Error::Code::kDenied, "a file outside of the archive");
    return ReadFile::open(warcs_ / name);
  };
  cdx::Capture whole = capture;  // a plan does not tell the collection, which segments are looked for in
  if (const auto row = WM_TRY(cdx_.at(capture.file, capture.offset))) whole.collection = row->collection;
  const auto open = [&] { return cdx::open_record(segments_, open_file, whole); };
  auto made = WM_TRY(remade_record(open, capture, {.id = id_of_place(capture.file, capture.offset), .always = known == Known::kOther}));
  Member member{.bytes = std::move(made.bytes), .size_hint = capture.length, .capture = capture};
  member.date = made.fields.find("WARC-Date").value_or("");
  if (const auto target = made.fields.find("WARC-Target-URI")) member.capture->url = *target;
  if (const auto digest = made.fields.find("WARC-Payload-Digest")) member.capture->digest = *digest;
  return member;
}

/// The record behind the one given last.
Result<std::optional<warc::WarcRecord>> Members::next_in_file(std::uint64_t& length) {
  // Behind a whole member it begins at once; elsewhere the one before has to be read to its end.
  auto reader = WM_TRY(warc::WarcReader::at(file_, after_ != 0 ? after_ : last_, {.whole_member_bytes = kCompanionBytes}));
  if (after_ == 0) static_cast<void>(WM_TRY(reader.next()));
  auto found = WM_TRY(reader.next());
  if (!found) return std::nullopt;
  warc::WarcRecord head{.version = found->version, .fields = found->fields, .offset = found->offset, .length = {}, .content_length = found->content_length, .own_member = found->own_member, .damage = found->damage, .block_bytes = {}, .block_ = nullptr};
  length = WM_TRY(reader.finish_record()).length;
  return std::optional(std::move(head));
}

/// The request or metadata record behind the one given last, if it is its own.
Result<std::optional<Member>> Members::companion() {
  const bool more = WM_TRY(fetch());
  if (more && !ahead_->page && ahead_->file == file_name_ && ahead_->capture.offset == after_) return std::nullopt;  // comes by itself
  std::uint64_t length = 0;
  const auto found = WM_TRY(next_in_file(length));
  if (!found || !found->own_member) return std::nullopt;
  if (more && !ahead_->page && ahead_->file == file_name_ && ahead_->capture.offset == found->offset) return std::nullopt;
  if (found->type() != RecordType::kRequest && found->type() != RecordType::kMetadata) return std::nullopt;
  if (!belongs(*found, record_id_, target_)) return std::nullopt;
  cdx::Capture place;
  place.file = file_name_;
  place.offset = found->offset;
  place.length = length;
  const Known before = known(*found, place);
  if (before == Known::kSame) return std::nullopt;
  last_ = found->offset;
  after_ = 0;
  const bool as_it_is = before == Known::kNew && warc::is_conforming(*found) && WM_TRY(is_whole_member(*file_, found->offset, length, *found->content_length));
  Member member = as_it_is ? Member{.bytes = file_source(file_, found->offset, length), .size_hint = length} : WM_TRY(remade(place, before));
  if (as_it_is) after_ = last_ + length;
  member.capture.reset();  // it belongs to the record before it
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
