// From one gzip member, zstd frame or plain record of a file to the next, over whatever lies
// between.
#include <libdeflate.h>

#include <algorithm>
#include <cstring>

#include "core/warc/record_scanner.h"

namespace wm::warc {

namespace {

constexpr std::size_t kFirstStored = 64 * 1024;
constexpr std::size_t kFirstRoom = 1 << 20;
constexpr std::size_t kPeekStored = 8 * 1024;
constexpr std::size_t kFirstPiece = 1024;
constexpr std::size_t kPeekBytes = 512;
constexpr std::size_t kMaxBetween = 1000;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

RecordScanner::RecordScanner(StoredWindow window, const ReadLimits& limits, std::uint64_t start)
    : limits_(limits),
      window_(std::move(window)),
      unit_(window_),
      deflate_(libdeflate_alloc_decompressor(), libdeflate_free_decompressor),
      stored_(start),
      redo_bytes_((64 << 20) + 2 * window_.end()) {}

RecordScanner::~RecordScanner() = default;

Result<std::unique_ptr<RecordScanner>> RecordScanner::open(std::shared_ptr<const ReadFile> file,
                                                           const ReadLimits& limits,
                                                           std::uint64_t start, std::uint64_t end) {
  std::string head(8, '\0');
  head.resize(WM_TRY(file->read_at(0, head)));
  auto window = WM_TRY(StoredWindow::over(std::move(file), end));
  const bool bounded = end != UINT64_MAX;
  std::unique_ptr<RecordScanner> scanner(new RecordScanner(std::move(window), limits, start));
  scanner->bounded_ = bounded;
  scanner->zstd_file_ = maybe_zstd(head) || zstd_skippable_length(head) > 0;
  return scanner;
}

void RecordScanner::note_between(std::uint64_t offset, std::string reason) {
  if (between_.size() < kMaxBetween) between_.push_back({offset, std::move(reason)});
}

std::uint64_t RecordScanner::position() const {
  if (!in_unit_) return std::min(stored_, window_.end());
  return unit_.kind() == Unit::Kind::kPlain ? unit_.offset() + pos_ : unit_.stored_position();
}

/// Opens what comes next at or after stored_; false at the file's end.
Result<bool> RecordScanner::open_unit() {
  for (;;) {
    if (searching_) WM_TRY(search_stored());
    const std::string_view stored = WM_TRY(window_.view(stored_, kFirstStored));
    if (stored.empty()) return false;
    if (WM_TRY(open_unit_here(stored))) return true;
  }
}

/// True if a unit is open now; false if something was passed over and it is to be tried again.
Result<bool> RecordScanner::open_unit_here(std::string_view stored) {
  pos_ = 0;
  unit_records_ = 0;
  in_unit_ = true;
  if (maybe_gzip(stored)) {
    WM_TRY(open_gzip(stored_));
    if (unit_.made() > 0 || !unit_.broken()) return true;
    WM_TRY(close_unit());
    return false;
  }
  const std::uint64_t skippable = zstd_skippable_length(stored);
  if (zstd_file_ && maybe_zstd(stored)) {
    WM_TRY(open_zstd(stored_));
    if (unit_.made() > 0 || !unit_.broken()) return true;
    WM_TRY(close_unit());
    return false;
  }
  in_unit_ = false;
  if (zstd_file_ && skippable > 0) {
    stored_ += skippable;
    return false;
  }
  const std::uint64_t padding = WM_TRY(skip_padding(stored));
  if (padding > 0) {
    stored_ += padding;
    return false;
  }
  const bool all = stored_ + stored.size() >= window_.end();
  Match match = match_record_start(stored, all);
  if (match == Match::kNeedMore) {
    const std::string_view more = WM_TRY(window_.view(stored_, kMaxArcLine));
    match = match_record_start(more, true);
  }
  if (match == Match::kYes) {
    unit_.open_plain(stored_);
    in_unit_ = true;
    return true;
  }
  searching_ = true;
  return false;
}

/// Blank lines, zero bytes, a byte order mark before a record: no damage to speak of, but told.
Result<std::uint64_t> RecordScanner::skip_padding(std::string_view stored) {
  if (stored.starts_with(kByteOrderMark)) {
    note_between(stored_, "a byte order mark, skipped");
    return kByteOrderMark.size();
  }
  const std::string_view kind =
      stored.front() == '\0' ? std::string_view("\0", 1) : std::string_view("\r\n \t");
  if (kind.find(stored.front()) == std::string_view::npos) return 0;
  std::uint64_t length = 0;
  std::string_view rest = stored;
  while (!rest.empty()) {
    const std::size_t run = std::min(rest.find_first_not_of(kind), rest.size());
    length += run;
    if (run < rest.size()) break;
    rest = WM_TRY(window_.view(stored_ + length, kFirstStored));
  }
  note_between(stored_, std::to_string(length) +
                            (kind.size() == 1 ? " zero bytes" : " bytes of blank lines") +
                            ", skipped");
  return length;
}

Result<> RecordScanner::open_gzip(std::uint64_t offset) {
  // libdeflate is twice as fast as zlib, but wants a member whole, both sides; how long it is
  // nobody knows before.
  std::size_t want = kFirstStored;
  std::span<char> room = unit_.room(std::min(kFirstRoom, limits_.whole_decoded_bytes));
  for (;;) {
    const std::string_view stored = WM_TRY(window_.view(offset, want));
    std::size_t used = 0;
    std::size_t made = 0;
    const auto result = libdeflate_gzip_decompress_ex(deflate_.get(), stored.data(), stored.size(),
                                                      room.data(), room.size(), &used, &made);
    if (result == LIBDEFLATE_SUCCESS) {
      unit_.open_decoded(offset, offset + used, made);
      return {};
    }
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (room.size() >= limits_.whole_decoded_bytes) break;
      room = unit_.room(std::min(room.size() * 4, limits_.whole_decoded_bytes));
      continue;
    }
    // Bad data, or more of it than was given.
    if (stored.size() >= limits_.whole_member_bytes / 2 || offset + stored.size() >= window_.end())
      break;
    want = std::min(stored.size() * 4, limits_.whole_member_bytes);
  }
  if (!gzip_) gzip_ = gzip_decoder();
  return unit_.open_coded(Unit::Kind::kGzip, offset, *gzip_, limits_.whole_decoded_bytes);
}

Result<> RecordScanner::open_zstd(std::uint64_t offset) {
  StreamDecoder* decoder = WM_TRY(zstd());
  return unit_.open_coded(Unit::Kind::kZstd, offset, *decoder, limits_.whole_decoded_bytes);
}

Result<StreamDecoder*> RecordScanner::zstd() {
  if (!zstd_) zstd_ = zstd_decoder(WM_TRY(read_dictionary()));
  return zstd_.get();
}

/// The dictionary is the first frame of the file, if any is.
Result<std::string> RecordScanner::read_dictionary() {
  std::string head(8, '\0');
  const std::size_t got = WM_TRY(window_.file().read_at(0, head));
  if (got < head.size() || !is_zstd_dictionary_frame(head)) return std::string();
  const std::uint64_t length = zstd_skippable_length(head) - head.size();
  std::string dictionary;
  if (length <= limits_.dictionary_bytes) {
    std::string content(static_cast<std::size_t>(length), '\0');
    std::size_t size = 0;
    while (size < content.size()) {
      const std::size_t more = WM_TRY(
          window_.file().read_at(head.size() + size, std::span<char>(content).subspan(size)));
      if (more == 0) break;
      size += more;
    }
    content.resize(size);
    dictionary = zstd_dictionary(content, limits_.dictionary_bytes);
  }
  if (dictionary.empty())
    note_between(0, "the dictionary frame holds no dictionary within the limit");
  return dictionary;
}

/// Where the unit goes on that this one's record may go on in: one that does not begin a record of
/// its own.
Result<std::optional<std::uint64_t>> RecordScanner::following_unit() {
  constexpr int kMaxEmpty = 64;
  if (unit_.kind() == Unit::Kind::kPlain || !unit_.ended() || unit_.broken()) return std::nullopt;
  std::uint64_t at = unit_.stored_position();
  for (int i = 0; i < kMaxEmpty; ++i) {
    const std::string_view stored = WM_TRY(window_.glance(at, kPeekStored));
    const bool gzip = maybe_gzip(stored);
    if (!gzip && zstd_file_ && zstd_skippable_length(stored) > 0) {
      at += zstd_skippable_length(stored);
      continue;
    }
    if (!gzip && !(zstd_file_ && maybe_zstd(stored))) return std::nullopt;
    const Peeked peeked = peek(*WM_TRY(peek_decoder(gzip)), stored, kPeekBytes);
    if (peeked.bytes.empty() && !peeked.ended) return std::nullopt;
    if (peeked.bytes.empty()) {
      at += peeked.used;
      continue;
    }
    const Match match = match_record_start(peeked.bytes, peeked.ended);
    if (match == Match::kYes || (match == Match::kNeedMore && arc_seen_)) return std::nullopt;
    return at;
  }
  return std::nullopt;
}

Result<bool> RecordScanner::continue_unit() {
  const auto next = WM_TRY(following_unit());
  if (!next) return false;
  for (Damage& damage : unit_.take_damage()) note_between(damage.offset, std::move(damage.reason));
  const bool gzip = maybe_gzip(WM_TRY(window_.glance(*next, 4)));
  WM_TRY(gzip ? open_gzip(*next) : open_zstd(*next));
  pos_ = 0;
  return true;
}

Result<StreamDecoder*> RecordScanner::peek_decoder(bool gzip) {
  if (!gzip) return zstd();
  if (!gzip_peek_) gzip_peek_ = gzip_decoder();
  return gzip_peek_.get();
}

/// Is there a member or frame at `at` that begins with a record? Magic bytes alone are found in any
/// compressed data.
Result<bool> RecordScanner::begins_unit(std::uint64_t at) {
  const std::string_view stored = WM_TRY(window_.glance(at, kPeekStored));
  const bool gzip = maybe_gzip(stored);
  if (!gzip && !(zstd_file_ && maybe_zstd(stored))) return false;
  const Peeked peeked = peek(*WM_TRY(peek_decoder(gzip)), stored, kPeekBytes);
  const Match match = match_record_start(peeked.bytes, peeked.ended);
  return match == Match::kYes || (match == Match::kNeedMore && peeked.bytes.size() >= 32);
}

/// From stored_ on: the next member or frame that begins with a record, or the next record in
/// plain.
Result<> RecordScanner::search_stored() {
  const std::uint64_t from = stored_;
  Search search{.arc = arc_seen_ || delivered_ == 0, .line_start = false};
  searching_ = false;
  // Small pieces first: behind damage the next member is near as a rule, and a hostile file has
  // damage every few bytes.
  std::size_t piece = kFirstPiece;
  for (std::uint64_t at = from;; piece = std::min(piece * 2, kMaxArcLine)) {
    const std::string_view stored = WM_TRY(window_.view(at, piece)).substr(0, piece);
    const auto line = find_record_start(stored, at + stored.size() >= window_.end(), search);
    const std::size_t looked = line.value_or(search.looked);
    const auto unit = WM_TRY(find_unit(at, stored.substr(0, looked)));
    if (unit || line || stored.empty()) {
      stored_ = unit.value_or(at + looked);
      note_skipped(from);
      return {};
    }
    at += looked;
  }
}

/// The first unit that begins with a record among those that start in `stored`, which lies at `at`.
Result<std::optional<std::uint64_t>> RecordScanner::find_unit(std::uint64_t at,
                                                              std::string_view stored) {
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (!zstd_file_) {
      const void* found = std::memchr(stored.data() + i, '\x1f', stored.size() - i);
      if (found == nullptr) break;
      i = static_cast<std::size_t>(static_cast<const char*>(found) - stored.data());
    }
    // Nearly all fail here; what the piece's end cuts is looked at in the file.
    const std::string_view four = stored.substr(i, 4);
    if (four.size() == 4 && !maybe_gzip(four) && !maybe_zstd(four)) continue;
    // begins_unit() leaves the window, and so the piece, where it is.
    if (WM_TRY(begins_unit(at + i))) return at + i;
  }
  return std::nullopt;
}

/// What lies between `from` and stored_, but for what a broken unit was told of already.
void RecordScanner::note_skipped(std::uint64_t from) {
  from = std::max(from, told_to_);
  if (stored_ > from)
    note_between(from, std::to_string(stored_ - from) + " bytes that are no record, skipped");
}

Result<> RecordScanner::close_unit() {
  in_unit_ = false;
  if (unit_.kind() == Unit::Kind::kPlain) {
    stored_ = unit_.offset() + pos_;
    return {};
  }
  const char* what = unit_.kind() == Unit::Kind::kGzip ? "gzip member" : "zstd frame";
  if (unit_.made() == 0 && !unit_.broken() && !unit_.has_damage()) {
    note_between(unit_.offset(), std::string("an empty ") + what);
  }
  for (Damage& damage : unit_.take_damage()) note_between(damage.offset, std::move(damage.reason));
  stored_ = unit_.stored_position();
  searching_ = unit_.broken() || (unit_.mismatch() && !WM_TRY(ends_well(stored_)));
  if (!searching_) return {};
  told_to_ = stored_;
  // Decoding may have run on through the starts of good members before it noticed: back to just
  // behind this one's start, as long as there has not been too much of that.
  const std::uint64_t cost = unit_.stored_position() - unit_.offset() + unit_.made() / 8;
  stored_ = std::max(stored_, unit_.offset() + 1);
  if (cost <= redo_bytes_) {
    redo_bytes_ -= cost;
    stored_ = unit_.offset() + 1;
  }
  return {};
}

/// Is `at` a place where a unit may well end: the end, or the start of another?
Result<bool> RecordScanner::ends_well(std::uint64_t at) {
  const std::string_view stored = WM_TRY(window_.glance(at, 64));
  return stored.empty() || maybe_gzip(stored) || maybe_zstd(stored) ||
         match_record_start(stored, true) == Match::kYes;
}

}  // namespace wm::warc
