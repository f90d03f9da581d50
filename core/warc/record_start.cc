#include "core/warc/record_start.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/ascii.h"

namespace wm::warc {

namespace {

constexpr std::size_t kMaxVersionLine = 64;
constexpr std::size_t kMaxFields = 10;

bool is_address(std::string_view text) noexcept {
  if (text.size() < 2 || text.size() > 45) return false;
  const bool dotted =
      std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (dotted) return std::count(text.begin(), text.end(), '.') == 3;
  return std::count(text.begin(), text.end(), ':') >= 2 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

/// What stands there when the address was not known: "None", "-", "unknown".
bool is_no_address(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alpha(c) || c == '-'; });
}

bool is_decimal_date(std::string_view text) noexcept {
  return text.size() >= 12 && text.size() <= 18 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_date(std::string_view text) noexcept {
  return text.size() >= 8 && text.size() <= 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return hex_value(c) >= 0; });
}

/// "http://", "filedesc://", "dns:" …
bool starts_with_scheme(std::string_view line) noexcept {
  constexpr std::size_t kMaxScheme = 20;
  std::size_t n = 0;
  while (n < line.size() && n <= kMaxScheme &&
         (is_alnum(line[n]) || line[n] == '+' || line[n] == '-' || line[n] == '.')) {
    ++n;
  }
  return n >= 2 && n <= kMaxScheme && n < line.size() && line[n] == ':' && is_alpha(line[0]);
}

/// The last fields of a line, the rightmost first; `ends[i]` is what is left of field i.
struct FromRight {
  std::array<std::string_view, kMaxFields> field;
  std::array<std::string_view, kMaxFields> left_of;
  std::size_t count = 0;
};

FromRight split_from_right(std::string_view line) noexcept {
  FromRight fields;
  while (fields.count < kMaxFields) {
    const std::size_t blank = line.rfind(' ');
    if (blank == std::string_view::npos) break;
    fields.field[fields.count] = line.substr(blank + 1);
    line = line.substr(0, blank);
    fields.left_of[fields.count++] = line;
  }
  return fields;
}

/// A URL with an authority: with a date, it makes up for an address that is none.
bool has_no_authority(std::string_view url) noexcept {
  return url.find("://") == std::string_view::npos;
}

/// URL at [..], then address and date at `at + 1` and `at` from the right, in either order (some
/// writers swapped them).
bool place(const FromRight& fields, std::size_t at, ArcLine& line) noexcept {
  if (at + 1 >= fields.count) return false;
  const std::string_view right = fields.field[at];
  const std::string_view left = fields.field[at + 1];
  line.ip = {};
  line.date = right;
  if (is_address(left) && is_date(right)) {
    line.ip = left;
  } else if (is_date(left) && is_address(right)) {
    line.ip = right;
    line.date = left;
  } else if (!is_no_address(left) || !is_decimal_date(right) ||
             has_no_authority(fields.left_of[at + 1])) {
    return false;
  }
  line.url = fields.left_of[at + 1];
  return starts_with_scheme(line.url);
}

std::string_view without_end(std::string_view line) noexcept {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Match match_version_line(std::string_view text, bool at_end, std::size_t& length) noexcept {
  constexpr std::string_view kWord = "warc/";
  const Match cut = at_end ? Match::kNo : Match::kNeedMore;
  for (std::size_t i = 0; i < kWord.size(); ++i) {
    if (i == text.size()) return cut;
    if (to_lower(text[i]) != kWord[i]) return Match::kNo;
  }
  std::size_t at = kWord.size();
  for (int number = 0;; ++number) {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at]) && at < kMaxVersionLine) ++at;
    if (at == text.size()) return cut;
    if (at == from) return Match::kNo;
    if (text[at] != '.') {
      if (number == 0) return Match::kNo;
      break;
    }
    if (++at == text.size()) return cut;
  }
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) {
    if (++at > kMaxVersionLine) return Match::kNo;
  }
  if (at == text.size()) return cut;
  if (text[at] != '\n') return Match::kNo;
  length = at + 1;
  return Match::kYes;
}

std::optional<ArcLine> parse_arc_line(std::string_view text) noexcept {
  if (text.size() > kMaxArcLine || !starts_with_scheme(text)) return std::nullopt;
  const FromRight fields = split_from_right(text);
  ArcLine line;
  // From the right: length, media type, date, address; in version 2 length, file, offset, location,
  // checksum, status, media type …
  if (place(fields, 2, line)) {
    line.media_type = fields.field[1];
  } else if (place(fields, 7, line)) {
    line.media_type = fields.field[6];
    line.status = fields.field[5];
    line.checksum = fields.field[4];
    line.location = fields.field[3];
  } else {
    // A media type with blanks in it, as "text/html; charset=x": whatever is between date and
    // length.
    std::size_t at = 3;
    while (at + 1 < fields.count && !place(fields, at, line)) ++at;
    if (at + 1 >= fields.count) return std::nullopt;
    line.media_type = std::string_view(fields.field[at - 1].begin(), fields.left_of[0].end());
  }
  line.written_length = fields.field[0];
  line.length = parse_u64(line.written_length);
  return line;
}

Match match_arc_line(std::string_view text, bool at_end, std::size_t& length) noexcept {
  // Cheap refusals first: most lines of any file end here.
  const std::string_view front = text.substr(0, 24);
  if (!front.empty() && !is_alpha(front[0])) return Match::kNo;
  if (front.size() == 24 && !starts_with_scheme(front)) return Match::kNo;
  const std::size_t end = text.substr(0, kMaxArcLine).find('\n');
  if (end == std::string_view::npos) {
    if (text.size() >= kMaxArcLine || at_end) return Match::kNo;
    return Match::kNeedMore;
  }
  if (!parse_arc_line(without_end(text.substr(0, end + 1)))) return Match::kNo;
  length = end + 1;
  return Match::kYes;
}

Match match_record_start(std::string_view text, bool at_end) noexcept {
  text.remove_prefix(line_ends_at_front(text));
  if (text.empty()) return at_end ? Match::kNo : Match::kNeedMore;
  std::size_t length = 0;
  const Match version = match_version_line(text, at_end, length);
  if (version == Match::kYes) return version;
  const Match arc = match_arc_line(text, at_end, length);
  return arc == Match::kNo ? version : arc;
}

std::optional<std::size_t> find_record_start(std::string_view text, bool at_end,
                                             Search& search) noexcept {
  std::size_t at = 0;
  std::size_t length = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (search.line_start) {
      Match match = Match::kNo;
      if (to_lower(rest[0]) == 'w') match = match_version_line(rest, at_end, length);
      if (match == Match::kNo && search.arc) match = match_arc_line(rest, at_end, length);
      if (match == Match::kYes) return at;
      if (match == Match::kNeedMore) break;
    }
    const void* line_end = std::memchr(rest.data(), '\n', rest.size());
    search.line_start = line_end != nullptr;
    at = line_end == nullptr
             ? text.size()
             : at + static_cast<std::size_t>(static_cast<const char*>(line_end) - rest.data()) + 1;
  }
  search.looked = at;
  return std::nullopt;
}

std::size_t line_ends_at_front(std::string_view text) noexcept {
  return std::min(text.find_first_not_of("\r\n"), text.size());
}

}  // namespace wm::warc
