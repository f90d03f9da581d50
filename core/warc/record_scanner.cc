// From record to record within a unit, and each record's block: where it ends when its length says
// so, and when it lies.
#include "core/warc/record_scanner.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/warc/head_parser.h"

namespace wm::warc {

namespace {

constexpr std::size_t kHeadView = 64 * 1024;
constexpr std::size_t kStreamView = 4 * 1024;
constexpr std::uint64_t kMaxLength = 1ull << 50;  // what claims to be longer is no length
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string count_of(std::uint64_t bytes) {
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

std::vector<std::uint64_t> lengths_of(const http::Headers& fields) {
  std::vector<std::uint64_t> lengths;
  for (const std::string_view text : fields.all("Content-Length")) {
    const auto length = parse_u64(text);
    if (length && *length <= kMaxLength &&
        std::find(lengths.begin(), lengths.end(), *length) == lengths.end()) {
      if (lengths.size() < 8) lengths.push_back(*length);
    }
  }
  return lengths;
}

}  // namespace

Result<std::optional<WarcRecord>> RecordScanner::next() {
  WM_TRY(finish_current());
  for (;;) {
    if (!in_unit_ && !WM_TRY(open_unit())) return std::nullopt;
    auto record = WM_TRY(try_record());
    if (record) return record;
  }
}

/// What is at pos_: a record, or nullopt when something was passed over or the unit ended.
Result<std::optional<WarcRecord>> RecordScanner::try_record() {
  if (!WM_TRY(skip_blanks())) {
    WM_TRY(close_unit());
    return std::nullopt;
  }
  std::string_view text = WM_TRY(unit_.view(pos_, 64));
  std::size_t length = 0;
  const Match version = match_version_line(text, false, length);
  if (version == Match::kYes) return read_warc();
  // A version line that its member ends within, and goes on in the next.
  if (version == Match::kNeedMore && WM_TRY(following_unit())) return read_warc();
  Match arc = match_arc_line(text, false, length);
  if (arc == Match::kNeedMore) {
    text = WM_TRY(unit_.view(pos_, kMaxArcLine));
    arc = match_arc_line(text, true, length);
  }
  if (arc == Match::kYes) return read_arc(length);
  WM_TRY(search_unit());
  return std::nullopt;
}

/// Passes blank lines and a byte order mark; false at the unit's end.
Result<bool> RecordScanner::skip_blanks() {
  const std::uint64_t from = pos_;
  for (;;) {
    const std::string_view text = WM_TRY(unit_.view(pos_, 64));
    if (text.empty()) break;
    const std::size_t blank =
        text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : line_ends_at_front(text);
    pos_ += blank;
    if (blank == 0) break;
  }
  if (pos_ > from)
    note_between(position(),
                 count_of(pos_ - from) + " of blank lines where a record should be, skipped");
  return !WM_TRY(unit_.view(pos_, 1)).empty();
}

/// Junk at pos_: on to the next record in this unit, or its end.
Result<> RecordScanner::search_unit() {
  const std::uint64_t from = pos_;
  if (unit_.kind() == Unit::Kind::kPlain) {
    WM_TRY(close_unit());
    searching_ = true;
    return {};
  }
  Search search{.arc = arc_seen_ || delivered_ == 0, .line_start = pos_ == 0};
  for (;;) {
    const std::string_view text = WM_TRY(unit_.view(pos_, kMaxArcLine));
    if (text.empty()) break;
    const bool all = unit_.ended() && pos_ + text.size() == *unit_.size();
    const auto found = find_record_start(text, all, search);
    pos_ += found.value_or(search.looked);
    if (found) break;
  }
  note_between(unit_.offset(),
               count_of(pos_ - from) + " within a compressed unit that are no record, skipped");
  return {};
}

WarcRecord RecordScanner::start_record(std::string version) {
  WarcRecord record;
  const bool plain = unit_.kind() == Unit::Kind::kPlain;
  record.version = std::move(version);
  record.offset = unit_.offset() + (plain ? pos_ : 0);
  record.own_member = plain || unit_records_ == 0;
  ++unit_records_;
  current_ = {};
  finished_ = {};
  current_.offset = record.offset;
  return record;
}

/// True when the head is whole. Goes on in further units if it must.
Result<bool> RecordScanner::read_head(HeadParser& parser) {
  const std::size_t want = unit_.kind() == Unit::Kind::kPlain ? kHeadView : kStreamView;
  while (parser.state() == HeadParser::State::kMore) {
    const std::string_view text = WM_TRY(unit_.view(pos_, want));
    if (text.empty() && WM_TRY(continue_unit())) continue;
    if (text.empty()) return false;
    pos_ += parser.feed(text);
  }
  return parser.state() == HeadParser::State::kDone;
}

Result<std::optional<WarcRecord>> RecordScanner::read_warc() {
  WarcRecord record = start_record({});
  HeadParser parser(limits_);
  const bool whole = WM_TRY(read_head(parser));
  if (!whole && parser.has_version()) {
    const bool torn = parser.state() == HeadParser::State::kMore;
    // A lone torn head is all a file has to tell; behind other records it is the rest a crash left.
    if (!torn || delivered_ > 0 || !parser.within_limits()) {
      note_between(record.offset,
                   torn ? "a head that ends with its file or member, skipped"
                        : "a head without its empty line, skipped: another record begins");
      return std::nullopt;
    }
    record.damage.push_back(
        {record.offset, "the head ends with its file or member; there is no block"});
  }
  if (!parser.has_version()) {
    note_between(record.offset, "what began as a version line is none, skipped");
    return std::nullopt;
  }
  std::vector<std::string> notes;
  parser.finish(record.version, record.fields, notes);
  for (std::string& note : notes) record.damage.push_back({record.offset, std::move(note)});
  auto lengths = lengths_of(record.fields);
  if (!lengths.empty()) record.content_length = lengths.front();
  if (!whole) lengths.assign(1, 0);
  if (lengths.size() > 1)
    record.damage.push_back(
        {record.offset, "Content-Length is there more than once, and not the same"});
  if (const auto segment = record.fields.find("WARC-Segment-Number");
      segment && !parse_u64(trim(*segment)))
    record.damage.push_back({record.offset, "WARC-Segment-Number is no number"});
  return deliver(std::move(record), lengths, false);
}

Result<std::optional<WarcRecord>> RecordScanner::deliver(WarcRecord record,
                                                         const std::vector<std::uint64_t>& lengths,
                                                         bool arc) {
  current_.arc = arc;
  if (!WM_TRY(place_block(record, lengths, arc))) return std::nullopt;
  for (Damage& damage : unit_.take_damage()) record.damage.push_back(std::move(damage));
  WM_TRY(attach_block(record, arc));
  current_.open = true;
  ++delivered_;
  arc_seen_ = arc_seen_ || arc;
  return record;
}

/// Sets current_ to the block's extent; false if the record is rejected, with pos_ at the next one.
Result<bool> RecordScanner::place_block(WarcRecord& record,
                                        const std::vector<std::uint64_t>& lengths, bool arc) {
  if (!unit_.random_access()) {
    current_.chained = true;
    current_.to_unit_end = lengths.empty();
    current_.left = lengths.empty() ? UINT64_MAX : lengths.front();
    if (lengths.empty())
      record.damage.push_back(
          {record.offset, "no usable Content-Length; the block is the rest of its member"});
    return true;
  }
  if (lengths.empty()) return place_without_length(record, arc);
  const std::uint64_t available = *unit_.size() - std::min(pos_, *unit_.size());
  for (const std::uint64_t length : lengths) {
    if (length > available || !WM_TRY(fits(pos_ + length, arc))) continue;
    current_.left = length;
    return true;
  }
  if (lengths.front() > available && WM_TRY(following_unit())) {
    current_.chained = true;
    current_.left = lengths.front();
    return true;
  }
  WM_TRY(place_by_contents(record, lengths.front(), arc));
  return true;
}

/// A length that is none: the block can be told only if no other record follows in the unit, or
/// ARC's telling lines are there.
Result<bool> RecordScanner::place_without_length(WarcRecord& record, bool arc) {
  const auto next = WM_TRY(find_in_unit(pos_));
  const std::uint64_t end = WM_TRY(without_trailer(pos_, next.value_or(*unit_.size()), arc));
  if (next && !arc && end > pos_) {
    note_between(record.offset, "a record without a usable Content-Length, skipped");
    pos_ = *next;
    return false;
  }
  record.damage.push_back(
      {record.offset, "no usable length; the block is taken to reach up to the " +
                          std::string(next ? "next record" : "end of its file or member")});
  current_.left = end - pos_;
  return true;
}

/// The declared length does not lead to a record's end: the next record's start, or the unit's end,
/// is the truth.
Result<> RecordScanner::place_by_contents(WarcRecord& record, std::uint64_t declared, bool arc) {
  const std::uint64_t size = *unit_.size();
  const auto next = WM_TRY(find_in_unit(pos_));
  std::uint64_t end = size;
  if (next) {
    end = WM_TRY(without_trailer(pos_, *next, arc));
  } else if (unit_.kind() != Unit::Kind::kPlain) {
    if (!unit_.broken() && !unit_.has_damage()) end = WM_TRY(without_trailer(pos_, size, arc));
  } else if (declared <= size - pos_) {
    // Nothing follows but bytes: more block if they end as a record does, else junk.
    const std::string_view tail = WM_TRY(unit_.glance(size - std::min<std::uint64_t>(4, size), 4));
    const bool trailer =
        arc ? tail.ends_with('\n') : tail.ends_with("\r\n\r\n") || tail.ends_with("\n\n");
    end = trailer ? WM_TRY(without_trailer(pos_, size, arc)) : pos_ + declared;
  }
  current_.left = end - pos_;
  current_.cut = !next && end == size;
  if (current_.left != declared) {
    record.damage.push_back({record.offset, "the length is given as " + std::to_string(declared) +
                                                ", but the block is " + count_of(current_.left) +
                                                (current_.cut ? ", cut short" : "")});
  }
  return {};
}

/// Does a record end at `at`? Proper line ends say so, whatever follows; otherwise a record or the
/// end has to follow.
Result<bool> RecordScanner::fits(std::uint64_t at, bool arc) {
  std::string_view rest = WM_TRY(unit_.glance(at, 64));
  const bool all = at + rest.size() == *unit_.size();
  if (!arc && (rest.starts_with("\r\n\r\n") || rest.starts_with("\n\n"))) return true;
  const std::size_t blank = line_ends_at_front(rest);
  if (at > 0 && (arc ? blank == 0 && !rest.empty() : rest.starts_with('\n'))) {
    // A length that took one byte too many: the CR of the line ends, or the 'h' of "http://…",
    // which would pass for "ttp://…".
    const std::string_view before = WM_TRY(unit_.glance(at - 1, 1));
    if (before.empty() || (arc ? is_alnum(before.front()) : before.front() == '\r')) return false;
    rest = WM_TRY(unit_.glance(at, 64));
  }
  if (blank == rest.size()) return true;
  if (unit_.kind() == Unit::Kind::kPlain && maybe_gzip(rest.substr(blank))) return true;
  Match match = match_record_start(rest, all);
  if (match == Match::kNeedMore) {
    rest = WM_TRY(unit_.glance(at, kMaxArcLine));
    match = match_record_start(rest, true);
  }
  return match == Match::kYes;
}

Result<std::optional<std::uint64_t>> RecordScanner::find_in_unit(std::uint64_t from) {
  Search search{.arc = current_.arc, .line_start = true};
  const std::uint64_t size = *unit_.size();
  for (std::uint64_t at = from; at < size;) {
    const std::string_view text = WM_TRY(unit_.view(at, kMaxArcLine));
    if (text.empty()) break;
    const auto found = find_record_start(text, at + text.size() >= size, search);
    if (found) return at + *found;
    at += search.looked;
  }
  return std::nullopt;
}

/// `end` moved to before the line ends that close a record, but not before `from`.
Result<std::uint64_t> RecordScanner::without_trailer(std::uint64_t from, std::uint64_t end,
                                                     bool arc) {
  const std::uint64_t look = std::min<std::uint64_t>(4, end - from);
  const std::string_view tail = WM_TRY(unit_.glance(end - look, static_cast<std::size_t>(look)));
  constexpr std::string_view kTrailers[] = {"\r\n\r\n", "\n\n", "\r\n", "\n"};
  if (arc) return end - (tail.ends_with('\n') ? 1 : 0);
  for (const std::string_view trailer : kTrailers) {
    if (tail.ends_with(trailer)) return end - trailer.size();
  }
  return end;
}

}  // namespace wm::warc
