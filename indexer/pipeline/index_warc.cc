#include "indexer/pipeline/index_warc.h"

#include <algorithm>
#include <map>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/url/surt.h"
#include "core/warc/reader.h"
#include "indexer/cdx/dropped.h"
#include "indexer/cdx/post_key.h"
#include "indexer/cdx/segments.h"
#include "indexer/pipeline/http_record.h"
#include "indexer/pipeline/outbox_internal.h"
#include "indexer/pipeline/page_finder.h"
#include "indexer/pipeline/record_capture.h"
#include "indexer/store/coding.h"

namespace wm::pipeline {
namespace {

using warc::WarcRecord;

constexpr std::size_t kDamageKept = 1000;
constexpr std::size_t kBatchChanges = 6000;
constexpr std::size_t kBatchBytes = 4 << 20;
constexpr std::size_t kSegmentedKept = 10000;
constexpr std::uint8_t kCheckpointVersion = 1;

/// A request that is no GET and waits for the response it belongs to.
struct WaitingRequest {
  HttpRequest request;
  std::string id;
  std::string target;
  std::vector<std::string> concurrent_to;
  std::uint64_t offset = 0;
};

class Indexing {
 public:
  Indexing(store::Store& store, const std::string& file, const IndexOptions& options)
      : store_(store),
        index_(store),
        segments_(store),
        file_(file),
        options_(options),
        parts_(options.parts),
        checkpoint_key_("import/" + file) {
    if (parts_.empty() && options.searched == IndexOptions::Searched::kPages)
      parts_.push_back({.link_id = options.link_id, .seed_url = options.seed_url});
  }

  Result<IndexReport> run(const std::filesystem::path& path, const std::stop_token& stop,
                          const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const auto opened = WM_TRY(ReadFile::open(path));
    size_ = WM_TRY(opened->size());
    known_before_ = WM_TRY(store_.interned(cdx::kFileSpace, file_)).has_value();
    number_ = WM_TRY(store_.intern(cdx::kFileSpace, file_));
    dropped_ = WM_TRY(cdx::dropped_of(store_, file_));
    WM_TRY(read_checkpoint());
    auto reader = WM_TRY(warc::WarcReader::over(opened));
    std::uint64_t told = 0;
    while (!stop.stop_requested()) {
      auto record = WM_TRY(reader.next());
      note(reader.take_damage());
      if (!record) return finish();
      WM_TRY(take(reader, *record));
      if (progress && reader.position() - told >= options_.progress_bytes) {
        told = reader.position();
        progress(told, size_);
      }
    }
    WM_TRY(stop_here());
    return std::move(report_);
  }

 private:
  Result<> take(warc::WarcReader& reader, WarcRecord& record) {
    ++report_.records;
    if (record.offset < resume_at_) return {};  // done before a stop or a crash
    if (batch_.size() >= kBatchChanges || batch_.bytes() >= kBatchBytes)
      WM_TRY(write(record.offset));
    last_offset_ = record.offset;
    note(record.damage);
    if (record.type() == warc::RecordType::kRequest) return take_request(reader, record);
    if (record.type() == warc::RecordType::kContinuation) return take_segment(reader, record);
    if (cdx::is_first_segment(record)) note_segmented(record, cdx::segment_origin(record));
    std::string why;
    // What the block of one record does not give is that record's damage, not the file's end.
    auto found = capture_of(record, why);
    const auto finished = WM_TRY(reader.finish_record());
    note(finished.damage);
    if (!found) why = found.error().what;
    if (found && *found && !record.own_member) {
      found = std::optional<RecordCapture>();
      why =
          "the record is no gzip member of its own, so it cannot be read alone; the file has to be "
          "packed anew";
    }
    if (!why.empty()) note({{record.offset, why}});
    if (!found || !*found) {
      ++report_.skipped;
      return {};
    }
    (*found)->capture.length = finished.length;
    return take_capture(std::move(**found), record);
  }

  Result<> take_capture(RecordCapture found, const WarcRecord& record) {
    WM_TRY(settle());
    auto& capture = found.capture;
    if (cdx::is_in(dropped_, capture.offset)) {
      ++report_.skipped;
      waiting_.reset();
      return {};
    }
    capture.collection = options_.collection;
    capture.file = file_;
    pending_ = std::move(found);
    if (waiting_) {
      const bool named = record.field("WARC-Concurrent-To").value_or("") == waiting_->id ||
                         std::count(waiting_->concurrent_to.begin(), waiting_->concurrent_to.end(),
                                    record.id()) > 0;
      // A request right before the response to the same URL belongs to it even if neither says so.
      if (named || (waiting_->target == pending_->capture.url && waiting_->concurrent_to.empty()))
        apply(waiting_->request);
      waiting_.reset();
    }
    return {};
  }

  /// A part of a record: filed under the record it belongs to, wherever that is.
  Result<> take_segment(warc::WarcReader& reader, WarcRecord& record) {
    ++report_.skipped;
    auto segment = cdx::segment_of(record);
    const std::string origin(cdx::segment_origin(record));
    const auto finished = WM_TRY(reader.finish_record());
    note(finished.damage);
    if (!segment || !record.own_member) {
      note({{record.offset,
             "a continuation record that does not say of what, or that cannot be read alone"}});
      return {};
    }
    segment->file = file_;
    segment->length = finished.length;
    note_segmented(record, origin);
    return segments_.add(batch_, options_.collection, origin, *segment);
  }

  void note_segmented(const WarcRecord& record, std::string_view origin) {
    if (segmented_.size() < kSegmentedKept) segmented_.emplace(origin, record.offset);
  }

  /// Tells of records whose parts are not all there, now that all of this file are.
  Result<> look_for_segments() {
    for (const auto& [origin, offset] : segmented_) {
      const auto chain = WM_TRY(segments_.following(options_.collection, origin));
      if (!chain.complete)
        note({{offset, "segment " + std::to_string(chain.segments.size() + 2) + " of " + origin +
                           " is not in the archive (yet); the record ends before it"}});
    }
    return {};
  }

  Result<> take_request(warc::WarcReader& reader, WarcRecord& record) {
    ++report_.skipped;
    auto request = read_request(record);
    WaitingRequest read{.request = {},
                        .id = std::string(record.id()),
                        .target = record.target_uri(),
                        .concurrent_to = {},
                        .offset = record.offset};
    for (const auto id : record.fields.all("WARC-Concurrent-To")) {
      if (!trim(id).empty()) read.concurrent_to.emplace_back(trim(id));
    }
    note(WM_TRY(reader.finish_record()).damage);
    waiting_.reset();
    if (!request || !*request || iequals((*request)->method, "GET")) return {};
    read.request = std::move(**request);
    const bool named = pending_ && std::count(read.concurrent_to.begin(), read.concurrent_to.end(),
                                              pending_->record_id) > 0;
    if (named || (pending_ && read.concurrent_to.empty() && read.target == pending_->capture.url)) {
      apply(read.request);
    } else {
      waiting_ = std::move(read);
    }
    return {};
  }

  void apply(const HttpRequest& request) {
    auto& capture = pending_->capture;
    capture.method = request.method;
    capture.request_digest = request.body_digest;
    const std::string url = cdx::url_with_request(
        capture.url,
        {.method = request.method, .content_type = request.content_type, .body = request.body});
    capture.surt = url::surt(url);
  }

  /// The capture that waited for its request is as it will be.
  Result<> settle() {
    if (!pending_) return {};
    const RecordCapture found = std::move(*pending_);
    pending_.reset();
    if (WM_TRY(is_new(found.capture))) {
      ++report_.captures;
      report_.new_captures_offsets.push_back(found.capture.offset);
    }
    WM_TRY(index_.add(batch_, found.capture));
    PageFinder* pages = finder_at(found.capture.offset);
    if (pages != nullptr && pages->add(found)) put_page(found.capture);
    return {};
  }

  /// What finds the pages of the part in which `offset` lies; offsets only grow.
  PageFinder* finder_at(std::uint64_t offset) {
    while (part_ < parts_.size() && parts_[part_].end <= offset) end_part();
    if (part_ == parts_.size() || offset < parts_[part_].begin) return nullptr;
    if (!pages_) pages_.emplace(parts_[part_].seed_url);
    return &*pages_;
  }

  void end_part() {
    if (const auto page = pages_ ? pages_->seed_page() : std::nullopt) put_page(*page);
    pages_.reset();
    ++part_;
  }

  /// Also takes away what another file of that name, or an older Waymark, has filed under this
  /// place.
  Result<bool> is_new(const cdx::Capture& capture) {
    if (!known_before_) return true;
    seen_.push_back(capture.offset);
    const auto old = index_.at(file_, capture.offset);
    if (!old || !*old) return true;
    if (**old == capture) return false;
    WM_TRY(index_.remove(batch_, **old));
    return true;
  }

  void put_page(const cdx::Capture& capture) {
    ++report_.pages;
    batch_.put(store::Family::kOutbox, page_key(number_, capture.offset),
               encode(PageEntry{.file = file_,
                                .offset = capture.offset,
                                .link_id = parts_[part_].link_id,
                                .collection = options_.collection,
                                .url = capture.url,
                                .seed_url = parts_[part_].seed_url,
                                .text_bytes = options_.text_bytes,
                                .decoded_bytes = options_.decoded_bytes}));
  }

  void note(std::vector<warc::Damage> damage) {
    for (auto& one : damage) {
      ++report_.damage_count;
      log::info("{} at {}: {}", file_, one.offset, one.reason);
      if (report_.damage.size() < kDamageKept) report_.damage.push_back(std::move(one));
    }
  }

  // Imports go on where they were stopped. What a link's capture wrote is small, and its seed is
  // found from its first record on.
  bool has_checkpoints() const { return options_.seed_url.empty() && options_.parts.empty(); }

  Result<> read_checkpoint() {
    const auto stored = WM_TRY(store_.get(store::Family::kMeta, checkpoint_key_));
    if (!stored || !has_checkpoints()) return {};
    store::Reader in(*stored);
    if (in.byte() != kCheckpointVersion) return {};
    const auto offset = in.varint();
    const auto size = in.varint();
    if (!in.ok() || size != size_ || offset > size_) return {};
    resume_at_ = offset;
    return {};
  }

  /// Records before `next` are in the batch, but for what waits for its other half: the checkpoint
  /// stands before that.
  Result<> write(std::uint64_t next) {
    if (has_checkpoints()) {
      if (pending_) next = std::min(next, pending_->capture.offset);
      if (waiting_) next = std::min(next, waiting_->offset);
      std::string value(1, static_cast<char>(kCheckpointVersion));
      store::put_varint(value, next);
      store::put_varint(value, size_);
      batch_.put(store::Family::kMeta, checkpoint_key_, value);
    }
    WM_TRY(store_.write(std::move(batch_)));
    batch_ = store::Batch();
    return {};
  }

  Result<> stop_here() {
    // What waits is not lost: the checkpoint stands before it.
    return write(std::max(last_offset_ + 1, resume_at_));
  }

  /// A file that was replaced by another of its name keeps no row of what it was.
  Result<> remove_what_is_gone() {
    if (!known_before_) return {};
    std::sort(seen_.begin(), seen_.end());
    std::vector<cdx::Capture> gone;
    WM_TRY(index_.for_each_in_file(file_, [&](const cdx::Capture& capture) {
      if (capture.offset >= resume_at_ &&
          !std::binary_search(seen_.begin(), seen_.end(), capture.offset))
        gone.push_back(capture);
      return true;
    }));
    for (const auto& capture : gone) WM_TRY(index_.remove(batch_, capture));
    return {};
  }

  Result<IndexReport> finish() {
    WM_TRY(settle());
    WM_TRY(remove_what_is_gone());
    while (part_ < parts_.size()) end_part();
    batch_.erase(store::Family::kMeta, checkpoint_key_);
    WM_TRY(store_.write(std::move(batch_)));
    WM_TRY(look_for_segments());
    return std::move(report_);
  }

  store::Store& store_;
  cdx::CdxIndex index_;
  cdx::Segments segments_;
  const std::string& file_;
  const IndexOptions& options_;
  std::vector<FilePart> parts_;
  std::size_t part_ = 0;             // the one that is being read, or the next
  std::optional<PageFinder> pages_;  // of that one
  std::vector<cdx::Stretch> dropped_;
  std::string checkpoint_key_;
  store::Batch batch_;
  IndexReport report_;
  std::optional<RecordCapture> pending_;   // the last capture: its request may follow it
  std::vector<std::uint64_t> seen_;        // offsets of captures, of a file that was indexed before
  std::optional<WaitingRequest> waiting_;  // the last request, if it came before its response
  std::map<std::string, std::uint64_t, std::less<>>
      segmented_;  // id of the whole → offset of a part
  std::uint32_t number_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t resume_at_ = 0;
  std::uint64_t last_offset_ = 0;
  bool known_before_ = false;
};

}  // namespace

Result<IndexReport> index_warc(store::Store& store, const std::filesystem::path& warcs_root,
                               const std::string& relative_path, const IndexOptions& options,
                               std::stop_token stop,
                               const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  return Indexing(store, relative_path, options).run(warcs_root / relative_path, stop, progress);
}

}  // namespace wm::pipeline
