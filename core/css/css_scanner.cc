// CSS Syntax 3, section 4: the tokenizer, as far as it takes to know what is a URL.
#include "core/css/css_scanner.h"

#include <array>
#include <cstring>

#include "core/base/ascii.h"
#include "core/css/context_internal.h"
#include "core/css/escape_internal.h"

namespace wm::css {
namespace {

constexpr std::size_t kMaxToken = 1 << 20;

constexpr std::uint8_t kNameStart = 1, kNameByte = 2, kPlain = 4, kEndsDouble = 8, kEndsSingle = 16, kEndsUrl = 32;

/// kPlain: a byte that between tokens changes nothing. kEnds…: what a string or url token must stop and look at.
constexpr auto kClasses = [] {
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
    const bool non_printable = (i >= 1 && i <= 8) || i == 0x0b || (i >= 0x0e && i <= 0x1f) || i == 0x7f;
    if (is_space(c) || non_printable || c == '"' || c == '\'' || c == '(' || c == ')' || c == '\\') mask |= kEndsUrl;
    classes[i] = mask;
  }
  return classes;
}();

bool is(char c, std::uint8_t mask) { return (kClasses[static_cast<unsigned char>(c)] & mask) != 0; }

/// The word of an identifier, lower case and with escapes undone, as far as any rule needs to know it.
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
  kToken,         ///< between tokens
  kName,          ///< an identifier, hash, unit or at-keyword
  kNumber,        ///< digits
  kNumberDot,     ///< '.' after digits
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
  kUrlStart,      ///< after "url("
  kUrl,
  kUrlTail,       ///< blanks after a url
  kBadUrl,
};

enum class NameOf : std::uint8_t { kIdent, kAtKeyword, kOther };

}  // namespace

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

  bool holding = false;        ///< the string or url at hand may be a URL: its bytes are kept back, from `told` on, after those in `held`
  UrlUse::Kind kind = UrlUse::Kind::kResource;
  UrlUse::Form form = UrlUse::Form::kString;
  char quote = 0;
  std::uint64_t url_begin = 0, url_end = 0;
  std::string held;

  void feed(std::string_view bytes);
  void finish();
  std::size_t step(std::size_t i);
  std::size_t token(std::size_t i);
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

void CssScanner::State::feed(std::string_view bytes) {
  chunk = bytes;
  told = 0;
  name_begin = 0;
  for (std::size_t i = 0; i < chunk.size();) i = step(i);
  if (where == At::kName && !escape.active()) word.add(chunk.substr(name_begin));
  if (holding) {
    held.append(chunk.substr(told));
    told = chunk.size();
    if (held.size() > kMaxToken) release();
  } else {
    tell_bytes(chunk.size());
  }
  offset += chunk.size();
}

void CssScanner::State::finish() {
  chunk = {};
  told = 0;
  if (!holding) return;
  if (where == At::kUrl || where == At::kString) url_end = offset;
  tell_url(0);
}

std::size_t CssScanner::State::step(std::size_t i) {
  switch (where) {
    case At::kToken: return token(i);
    case At::kName: return name(i);
    case At::kNumber:
    case At::kNumberDot:
    case At::kFraction:
    case At::kAfterNumber:
    case At::kAfterNumberDash: return number(i);
    case At::kSlash:
    case At::kComment:
    case At::kCommentStar: return comment(i);
    case At::kString: return string(i);
    case At::kUrlStart:
    case At::kUrl:
    case At::kUrlTail: return url(i);
    case At::kBadUrl: return bad_url(i);
    default: return prefix(i);
  }
}

std::size_t CssScanner::State::token(std::size_t i) {
  i = skip(i, kPlain, true);
  if (i == chunk.size()) return i;
  if (is(chunk[i], kNameStart)) {
    start_name(NameOf::kIdent, i);
    return name(i);
  }
  return token_punctuation(i);
}

std::size_t CssScanner::State::token_punctuation(std::size_t i) {
  const char c = chunk[i];
  switch (c) {
    case '"':
    case '\'': {
      const auto found = context.string_kind();
      context.other_token();
      where = At::kString;
      quote = c;
      if (found) {
        kind = *found;
        hold(i + 1, UrlUse::Form::kString, c);
      }
      return i + 1;
    }
    case '/': where = At::kSlash; return i + 1;
    case '(':
    case '[':
    case '{': context.open(c); return i + 1;
    case ')':
    case ']':
    case '}': context.close(c); return i + 1;
    case ';': context.semicolon(); return i + 1;
    case '-': where = At::kDash; return i + 1;
    case '.': where = At::kDot; return i + 1;
    case '#': where = At::kHash; return i + 1;
    case '@': where = At::kAt; return i + 1;
    case '\\': where = At::kBackslash; return i + 1;
    case '<': where = At::kLess; return i + 1;
    default: break;
  }
  context.other_token();
  if (is_digit(c)) where = At::kNumber;
  return i + 1;
}

void CssScanner::State::start_name(NameOf of, std::size_t i) {
  where = At::kName;
  name_of = of;
  word.clear();
  name_begin = i;
}

std::size_t CssScanner::State::name(std::size_t i) {
  while (i < chunk.size()) {
    if (escape.active()) {
      if (escape.at_backslash() && is_newline(chunk[i])) {  // no escape: the name ended before the backslash
        escape.stop();
        name_begin = i;
        i = end_name(i);
        context.other_token();
        return i;
      }
      const auto result = escape.next(chunk[i]);
      if (result != Escape::Step::kPast) ++i;
      name_begin = i;
      if (result != Escape::Step::kMore) word.add(escape.ascii());
      continue;
    }
    i = skip(i, kNameByte, true);
    if (i == chunk.size()) return i;
    if (chunk[i] != '\\') {
      if (chunk[i] == '(' || name_of == NameOf::kAtKeyword) word.add(chunk.substr(name_begin, i - name_begin));
      return end_name(i);
    }
    word.add(chunk.substr(name_begin, i - name_begin));
    escape.begin();
    ++i;
    name_begin = i;
  }
  return i;
}

/// 4.3.4, "consume an ident-like token".
std::size_t CssScanner::State::end_name(std::size_t i) {
  where = At::kToken;
  if (name_of == NameOf::kAtKeyword) {
    context.at_keyword(word.view());
    return i;
  }
  const bool function = name_of == NameOf::kIdent && chunk[i] == '(';
  if (!function) {
    context.other_token();
    return i;
  }
  const std::string_view text = word.view();
  if (text == "url") {
    where = At::kUrlStart;
  } else if (text == "src") {
    context.open_function(Context::Function::kUrl);
  } else if (text == "image-set" || text == "-webkit-image-set") {
    context.open_function(Context::Function::kImageSet);
  } else {
    context.open_function(Context::Function::kOther);
  }
  return i + 1;
}

/// What may follow the first character of a token.
std::size_t CssScanner::State::prefix(std::size_t i) {
  const char c = chunk[i];
  const At before = where;
  where = At::kToken;
  switch (before) {
    case At::kDot:
      context.other_token();
      if (is_digit(c)) where = At::kFraction;
      return i;
    case At::kDash:
      if (is(c, kNameStart) || c == '-' || c == '\\') {
        start_name(NameOf::kIdent, i);
        word.add('-');
        return i;
      }
      context.other_token();
      return i;
    case At::kHash:
      context.other_token();
      if (is(c, kNameByte) || c == '\\') start_name(NameOf::kOther, i);
      return i;
    case At::kAt:
      if (c == '-') {
        where = At::kAtDash;
        return i + 1;
      }
      if (is(c, kNameStart) || c == '\\') {
        start_name(NameOf::kAtKeyword, i);
      } else {
        context.other_token();
      }
      return i;
    case At::kAtDash:
      if (is(c, kNameStart) || c == '-' || c == '\\') {
        start_name(NameOf::kAtKeyword, i);
        word.add('-');
        return i;
      }
      context.other_token();
      where = At::kDash;
      return i;
    case At::kBackslash:
      if (is_newline(c)) {
        context.other_token();
        return i;
      }
      start_name(NameOf::kIdent, i);
      escape.begin();
      return i;
    case At::kLess:
      if (c == '!') {
        where = At::kLessBang;
        return i + 1;
      }
      context.other_token();
      return i;
    case At::kLessBang:
      context.other_token();
      if (c == '-') {
        where = At::kLessBangDash;
        return i + 1;
      }
      return i;
    case At::kLessBangDash:
      if (c == '-') return i + 1;
      where = At::kDash;
      return i;
    default: return i;
  }
}

/// 4.3.12 and the unit after it: `10url(` is a dimension and a parenthesis.
std::size_t CssScanner::State::number(std::size_t i) {
  const char c = chunk[i];
  switch (where) {
    case At::kNumber:
      if (is_digit(c)) return i + 1;
      where = c == '.' ? At::kNumberDot : At::kAfterNumber;
      return c == '.' ? i + 1 : i;
    case At::kNumberDot:
      where = is_digit(c) ? At::kFraction : At::kToken;
      return i;
    case At::kFraction:
      if (is_digit(c)) return i + 1;
      where = At::kAfterNumber;
      return i;
    case At::kAfterNumber:
      if (c == '-') {
        where = At::kAfterNumberDash;
        return i + 1;
      }
      where = At::kToken;
      if (is(c, kNameStart) || c == '\\') start_name(NameOf::kOther, i);
      return i;
    default:  // kAfterNumberDash
      if (is(c, kNameStart) || c == '-' || c == '\\') {
        start_name(NameOf::kOther, i);
      } else {
        where = At::kDash;
      }
      return i;
  }
}

std::size_t CssScanner::State::comment(std::size_t i) {
  switch (where) {
    case At::kSlash:
      where = chunk[i] == '*' ? At::kComment : At::kToken;
      if (where == At::kComment) return i + 1;
      context.other_token();
      return i;
    case At::kComment: {
      const void* const star = std::memchr(chunk.data() + i, '*', chunk.size() - i);
      if (star == nullptr) return chunk.size();
      where = At::kCommentStar;
      return static_cast<std::size_t>(static_cast<const char*>(star) - chunk.data()) + 1;
    }
    default:
      if (chunk[i] == '*') return i + 1;
      where = chunk[i] == '/' ? At::kToken : At::kComment;
      return i + 1;
  }
}

std::size_t CssScanner::State::string(std::size_t i) {
  if (escape.active()) return escape.next(chunk[i]) == Escape::Step::kPast ? i : i + 1;
  i = skip(i, quote == '"' ? kEndsDouble : kEndsSingle, false);
  if (i == chunk.size()) return i;
  const char c = chunk[i];
  if (c == '\\') {
    escape.begin();
    return i + 1;
  }
  where = At::kToken;
  if (c != quote) {  // a newline: a bad string, which ends before it
    if (holding) release();
    return i;
  }
  if (holding) {
    url_end = offset + i;
    tell_url(i);
  }
  return i + 1;
}

/// 4.3.6, "consume a url token", and the function form before it.
std::size_t CssScanner::State::url(std::size_t i) {
  if (escape.active()) {
    if (escape.at_backslash() && is_newline(chunk[i])) {
      escape.stop();
      where = At::kBadUrl;
      if (holding) release();
      return i;
    }
    return escape.next(chunk[i]) == Escape::Step::kPast ? i : i + 1;
  }
  if (where == At::kUrlStart) {
    i = skip(i, kPlain, true);
    if (i == chunk.size()) return i;
    if (chunk[i] == '"' || chunk[i] == '\'') {
      context.open_function(Context::Function::kUrl);
      where = At::kToken;
      return i;
    }
    kind = context.url_kind();
    where = At::kUrl;
    hold(i, UrlUse::Form::kUrlToken, 0);
  }
  const bool tail = where == At::kUrlTail;
  i = tail ? skip(i, kPlain, true) : skip(i, kEndsUrl, false);
  if (i == chunk.size()) return i;
  const char c = chunk[i];
  if (!tail) url_end = offset + i;
  if (c == ')') {
    where = At::kToken;
    if (holding) tell_url(i);
    return i + 1;
  }
  if (!tail && is_space(c)) {
    where = At::kUrlTail;
    return i + 1;
  }
  if (!tail && c == '\\') {
    escape.begin();
    return i + 1;
  }
  where = At::kBadUrl;
  if (holding) release();
  return i;
}

/// 4.3.14, "consume the remnants of a bad url".
std::size_t CssScanner::State::bad_url(std::size_t i) {
  if (escape.active()) {
    // Only the byte after the backslash matters: digits and what follows them end nothing.
    escape.stop();
    return i + 1;
  }
  while (i < chunk.size() && chunk[i] != ')' && chunk[i] != '\\') ++i;
  if (i == chunk.size()) return i;
  if (chunk[i] == '\\') {
    escape.begin();
  } else {
    where = At::kToken;
  }
  return i + 1;
}

void CssScanner::State::tell_bytes(std::size_t end) {
  if (end > told) sink.on_bytes(chunk.substr(told, end - told));
  told = end;
}

void CssScanner::State::hold(std::size_t i, UrlUse::Form what, char quoted_by) {
  tell_bytes(i);
  holding = true;
  form = what;
  quote = quoted_by;
  url_begin = url_end = offset + i;
}

/// What was held turns out to be no URL, or one too long.
void CssScanner::State::release() {
  if (!held.empty()) sink.on_bytes(held);
  held.clear();
  holding = false;
}

/// The token at hand is a URL; what of it is in the chunk ends at `i`.
void CssScanner::State::tell_url(std::size_t i) {
  std::string_view bytes = chunk.substr(told, i - told);
  if (!held.empty()) bytes = held.append(bytes);
  const auto size = static_cast<std::size_t>(url_end - url_begin);
  if (size == 0 || bytes.size() > kMaxToken) {
    if (!bytes.empty()) sink.on_bytes(bytes);
  } else {
    const std::string_view raw = bytes.substr(0, size);
    sink.on_url({kind, form, url_begin, url_end, quote, raw, unescape(raw)});
    if (bytes.size() > size) sink.on_bytes(bytes.substr(size));
  }
  told = i;
  held.clear();
  holding = false;
}

CssScanner::CssScanner(Sink& sink) : state_(std::make_unique<State>(sink)) {}
CssScanner::~CssScanner() = default;
void CssScanner::feed(std::string_view chunk) { state_->feed(chunk); }
void CssScanner::finish() { state_->finish(); }

void for_each_url(std::string_view sheet, const std::function<void(const UrlUse&)>& each) {
  struct Collect final : CssScanner::Sink {
    explicit Collect(const std::function<void(const UrlUse&)>& each_in) : each_url(each_in) {}
    void on_bytes(std::string_view) override {}
    void on_url(const UrlUse& use) override { each_url(use); }
    const std::function<void(const UrlUse&)>& each_url;
  } collect(each);
  CssScanner scanner(collect);
  scanner.feed(sheet);
  scanner.finish();
}

}  // namespace wm::css
