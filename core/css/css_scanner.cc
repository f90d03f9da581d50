// CSS Syntax 3, section 4: the tokenizer, as far as it takes to know what is a URL.
#include "core/css/css_scanner.h"

#include <cstring>

#include "core/css/scanner_internal.h"

namespace wm::css {

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
    case At::kToken:
      return token(i);
    case At::kName:
      return name(i);
    case At::kNumber:
    case At::kNumberDot:
    case At::kFraction:
    case At::kAfterNumber:
    case At::kAfterNumberDash:
      return number(i);
    case At::kSlash:
    case At::kComment:
    case At::kCommentStar:
      return comment(i);
    case At::kString:
      return string(i);
    case At::kUrlStart:
    case At::kUrl:
    case At::kUrlTail:
      return url(i);
    case At::kBadUrl:
      return bad_url(i);
    default:
      return prefix(i);
  }
}

/// Between tokens, most bytes neither are nor become anything of interest: runs to the next that
/// does. Only where that cannot be told from the bytes before it (an escape, the end of the chunk)
/// are the last of them read token by token.
std::size_t CssScanner::State::skim(std::size_t i) {
  const std::size_t from = i;
  while (i < chunk.size()) {
    i = skip(i, context.in_rule() ? kStopsInRule : kStops, false);
    if (i == chunk.size() || chunk[i] == '\\') {
      std::size_t start = i;
      while (start > from && is(chunk[start - 1], kNameByte)) --start;
      if (start > from && (chunk[start - 1] == '#' || chunk[start - 1] == '.')) --start;
      return start < chunk.size() ? next_token(start) : start;
    }
    if (!skim_over(from, i)) return where == At::kToken ? next_token(i) : i;
  }
  return i;
}

/// Past the byte at `i`, or false if what begins there needs the state machine.
bool CssScanner::State::skim_over(std::size_t from, std::size_t& i) {
  const char c = chunk[i];
  switch (c) {
    case '{':
    case '[':
      context.open(c);
      break;
    case '}':
    case ']':
    case ')':
      context.close(c);
      break;
    case ';':
      context.semicolon();
      break;
    case '(': {
      const auto function = function_before(from, i);
      ++i;
      if (function == Context::Function::kUrl) {
        where = At::kUrlStart;
        return false;
      }
      context.open_function(function);
      return true;
    }
    case '/': {
      if (i + 1 == chunk.size()) return false;
      if (chunk[i + 1] != '*') break;
      const std::size_t end = chunk.find("*/", i + 2);
      if (end == std::string_view::npos) return false;
      i = end + 2;
      return true;
    }
    default:
      return false;
  }
  ++i;
  return true;
}

/// What the '(' at `i` belongs to, by the word before it, of which no byte lies before `from`. A
/// hash, a unit and a longer identifier are no function's name.
Context::Function CssScanner::State::function_before(std::size_t from, std::size_t i) const {
  struct Row {
    std::string_view word;
    Context::Function function;
  };
  static constexpr Row kRows[] = {{"url", Context::Function::kUrl},
                                  {"src", Context::Function::kSrc},
                                  {"image-set", Context::Function::kImageSet},
                                  {"-webkit-image-set", Context::Function::kImageSet}};
  for (const Row& row : kRows) {
    const std::size_t size = row.word.size();
    if (i - from < size || !iequals(chunk.substr(i - size, size), row.word)) continue;
    if (i - size == from) return row.function;
    const char before = chunk[i - size - 1];
    if (!is(before, kNameByte) && before != '#') return row.function;
  }
  return Context::Function::kOther;
}

std::size_t CssScanner::State::next_token(std::size_t i) {
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
    case '/':
      where = At::kSlash;
      return i + 1;
    case '(':
    case '[':
    case '{':
      context.open(c);
      return i + 1;
    case ')':
    case ']':
    case '}':
      context.close(c);
      return i + 1;
    case ';':
      context.semicolon();
      return i + 1;
    case '-':
      where = At::kDash;
      return i + 1;
    case '.':
      where = At::kDot;
      return i + 1;
    case '#':
      where = At::kHash;
      return i + 1;
    case '@':
      where = At::kAt;
      return i + 1;
    case '\\':
      where = At::kBackslash;
      return i + 1;
    case '<':
      where = At::kLess;
      return i + 1;
    default:
      break;
  }
  context.other_token();
  if (is_digit(c)) where = At::kNumber;
  return i + 1;
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

CssScanner::CssScanner(Sink& sink) : state_(std::make_unique<State>(sink)) {}
CssScanner::~CssScanner() = default;
void CssScanner::feed(std::string_view chunk) {
  state_->feed(chunk);
}
void CssScanner::finish() {
  state_->finish();
}

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
