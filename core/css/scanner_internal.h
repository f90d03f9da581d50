#pragma once

// CssScanner's state machine, shared by its three source files: what stands between tokens
// (css_scanner.cc), names and numbers (names.cc), strings and url tokens (url_tokens.cc).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/ascii.h"
#include "core/css/context_internal.h"
#include "core/css/css_scanner.h"
#include "core/css/escape_internal.h"

namespace wm::css {

inline constexpr std::size_t kMaxToken = 1 << 20;

inline constexpr std::uint8_t kNameStart = 1, kNameByte = 2, kPlain = 4, kEndsDouble = 8,
                              kEndsSingle = 16, kEndsUrl = 32, kStops = 64, kStopsInRule = 128;

/// kPlain: a byte that between tokens changes nothing. kEnds…: what a string or url token must stop
/// and look at. kStops: what skim() must stop at, within an at-rule's prelude with kStopsInRule.
inline constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t i = 0; i < 256; ++i) {
    const char c = static_cast<char>(static_cast<unsigned char>(i));
    const bool start = is_alpha(c) || c == '_' || i >= 0x80 || i == 0;
    std::uint8_t mask = 0;
    if (start) mask |= kNameStart;
    if (start || is_digit(c) || c == '-') mask |= kNameByte;
    if (is_space(c)) mask |= kPlain;
    if (c == '"' || c == '\\' || is_newline(c)) mask |= kEndsDouble;
    if (c == '\'' || c == '\\' || is_newline(c)) mask |= kEndsSingle;
    const bool non_printable =
        (i >= 1 && i <= 8) || i == 0x0b || (i >= 0x0e && i <= 0x1f) || i == 0x7f;
    if (is_space(c) || non_printable || c == '"' || c == '\'' || c == '(' || c == ')' || c == '\\')
      mask |= kEndsUrl;
    const bool stops = std::string_view("\"'()[]{}/<@\\").find(c) != std::string_view::npos;
    if (stops) mask |= kStops;
    if (stops || c == ';') mask |= kStopsInRule;
    classes[i] = mask;
  }
  return classes;
}();

inline bool is(char c, std::uint8_t mask) {
  return (kClasses[static_cast<unsigned char>(c)] & mask) != 0;
}

/// The word of an identifier, lower case and with escapes undone, as far as any rule needs to know
/// it.
class Word {
 public:
  void clear() { size_ = 0; }
  void add(char c) {
    if (size_ < bytes_.size()) bytes_[size_++] = to_lower(c);
  }
  void add(std::string_view text) {
    for (const char c : text.substr(0, bytes_.size())) add(c);
  }
  /// Longer words are cut, which makes them equal to none.
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 32> bytes_{};
  std::size_t size_ = 0;
};

enum class At : std::uint8_t {
  kToken,      ///< between tokens
  kName,       ///< an identifier, hash, unit or at-keyword
  kNumber,     ///< digits
  kNumberDot,  ///< '.' after digits
  kFraction,
  kAfterNumber,
  kAfterNumberDash,
  kDot,           ///< '.' at the start of a token
  kDash,          ///< '-' at the start of a token
  kHash,          ///< '#' seen
  kAt,            ///< '@' seen
  kAtDash,        ///< "@-" seen
  kBackslash,     ///< '\' where an identifier may start
  kLess,          ///< "<"
  kLessBang,      ///< "<!"
  kLessBangDash,  ///< "<!-"
  kSlash,         ///< "/"
  kComment,
  kCommentStar,
  kString,
  kUrlStart,  ///< after "url("
  kUrl,
  kUrlTail,  ///< blanks after a url
  kBadUrl,
};

enum class NameOf : std::uint8_t { kIdent, kAtKeyword, kOther };

struct CssScanner::State {
  explicit State(Sink& sink_in) : sink(sink_in) {}
  Sink& sink;
  Context context;
  At where = At::kToken;
  NameOf name_of = NameOf::kIdent;
  Word word;
  Escape escape;

  std::string_view chunk;
  std::uint64_t offset = 0;    ///< of the chunk in the input
  std::size_t told = 0;        ///< in the chunk: what has gone to the sink or into held
  std::size_t name_begin = 0;  ///< in the chunk: what of the identifier is not in `word` yet

  bool holding = false;  ///< the string or url at hand may be a URL: its bytes are kept back, from
                         ///< `told` on, after those in `held`
  UrlUse::Kind kind = UrlUse::Kind::kResource;
  UrlUse::Form form = UrlUse::Form::kString;
  char quote = 0;
  std::uint64_t url_begin = 0, url_end = 0;
  std::string held;

  void feed(std::string_view bytes);
  void finish();
  std::size_t step(std::size_t i);
  std::size_t token(std::size_t i) { return context.awaits_import() ? next_token(i) : skim(i); }
  std::size_t skim(std::size_t i);
  bool skim_over(std::size_t from, std::size_t& i);
  Context::Function function_before(std::size_t from, std::size_t i) const;
  std::size_t next_token(std::size_t i);
  std::size_t token_punctuation(std::size_t i);
  std::size_t name(std::size_t i);
  std::size_t string(std::size_t i);
  std::size_t url(std::size_t i);
  std::size_t bad_url(std::size_t i);
  std::size_t number(std::size_t i);
  std::size_t prefix(std::size_t i);
  std::size_t comment(std::size_t i);
  void start_name(NameOf of, std::size_t i);
  std::size_t end_name(std::size_t i);
  void tell_bytes(std::size_t end);
  void hold(std::size_t i, UrlUse::Form what, char quoted_by);
  void release();
  void tell_url(std::size_t i);
  std::size_t skip(std::size_t i, std::uint8_t mask, bool while_set) const {
    while (i < chunk.size() && is(chunk[i], mask) == while_set) ++i;
    return i;
  }
};

}  // namespace wm::css
