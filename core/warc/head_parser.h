#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/headers.h"
#include "core/warc/reader.h"

namespace wm::warc {

/// Reads the head of a WARC record: version line, named fields, empty line. Takes bytes as they
/// come; linear; keeps no more than the limits say. Anything odd is noted and got over: LF ends,
/// folding (joined by one blank), lines without a colon (left out), fields beyond the limits (left
/// out, but for those a record cannot be read without).
///
/// Not core/http's parser: a head of 10 GB without an end must not be held, a version line within a
/// head begins another record, and what a WARC needs must be found behind 20 000 fields that it
/// does not.
class HeadParser {
 public:
  explicit HeadParser(const ReadLimits& limits) : limits_(limits) { fields_.reserve(16); }

  enum class State {
    kMore,
    kDone,       ///< the block begins where feed() stopped
    kNextStart,  ///< the version line of another record came, all in one piece, before the empty
                 ///< line; feed() stopped before it
  };
  /// Gives how many bytes it took. The first line should be a version line.
  std::size_t feed(std::string_view bytes);
  State state() const { return state_; }
  /// Nothing but the version line and fields within the limits so far.
  bool within_limits() const { return !over_ && !overlong_; }
  /// Whether the first line is a version line; one that came in pieces may turn out to be none.
  bool has_version() const;

  /// To be called once; what was noted goes into `notes`, each a reason.
  void finish(std::string& version, http::Headers& fields, std::vector<std::string>& notes);

 private:
  void line(std::string_view text, bool overlong, bool whole);
  void field(std::string_view text);
  void fold(std::string_view text);
  void add(std::string_view name, std::string_view value);
  void note(std::string reason);

  const ReadLimits& limits_;
  State state_ = State::kMore;
  std::string version_;
  http::Headers fields_;
  std::vector<std::string> notes_;
  std::string partial_;    ///< the start of a line whose end has not come
  bool overlong_ = false;  ///< ... which is too long to be kept
  std::size_t kept_bytes_ = 0;
  std::size_t bare_lf_ = 0;
  bool last_kept_ = false;  ///< a folded line belongs to the last of fields_
  bool over_ = false;
};

}  // namespace wm::warc
