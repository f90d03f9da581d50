#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wm::warc {

// How a record begins: the version line of WARC, the URL record line of ARC. What reader and
// resynchronisation go by.

enum class Match { kNo, kYes, kNeedMore };

/// "WARC/" digits "." digits, in any case, alone on its line. Ends of input before the line's end:
/// kNeedMore, or kNo `at_end`. `length` counts the line end.
Match match_version_line(std::string_view text, bool at_end, std::size_t& length) noexcept;

/// The URL record line of ARC 1 (five fields) or 2 (ten). URLs may hold blanks, so fields are
/// counted from the right.
struct ArcLine {
  std::string_view url;
  std::string_view ip;    ///< empty if what stands there is none
  std::string_view date;  ///< as written: 10 to 18 digits, or hex
  std::string_view media_type;
  std::string_view status, checksum, location;  ///< version 2
  std::string_view written_length;
  std::optional<std::uint64_t> length;  ///< if written_length is a number
};
/// A line without its end; nullopt if it is none. Strict enough that prose, HTTP or random bytes do
/// not pass.
std::optional<ArcLine> parse_arc_line(std::string_view line) noexcept;
/// Longer lines are no URL record lines.
inline constexpr std::size_t kMaxArcLine = 128 * 1024;
Match match_arc_line(std::string_view text, bool at_end, std::size_t& length) noexcept;

/// Does a record begin at the front of `text`, blank lines aside?
Match match_record_start(std::string_view text, bool at_end) noexcept;

/// Where a search for the next record is.
struct Search {
  bool arc = false;        ///< URL record lines count too
  bool line_start = true;  ///< the text to come begins at the start of a line
  std::size_t looked =
      0;  ///< after a search without a find: how much of the text need not be looked at again
};
/// The first place at a line's start where a record begins. Pieces of a long text: go on at
/// `looked` with kMaxArcLine bytes or all.
std::optional<std::size_t> find_record_start(std::string_view text, bool at_end,
                                             Search& search) noexcept;

/// CR and LF at the front.
std::size_t line_ends_at_front(std::string_view text) noexcept;

}  // namespace wm::warc
