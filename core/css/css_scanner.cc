// Tokens as CSS Syntax Module Level 3, section 4 has them, as far as finding URLs needs: identifiers with escapes, strings, url tokens,
// comments, blocks. One pass over the bytes; what is no URL passes through as it comes.
#include "core/css/css_scanner.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/base/ascii.h"

namespace wm::css {

namespace {

constexpr std::size_t kTokenBytes = 1 << 20;
constexpr std::size_t kWordBytes = 24;   // the longest word that means something here is "-webkit-image-set"
constexpr std::size_t kDepth = 256;      // of parentheses; deeper ones are counted, not told apart

enum class State : std::uint8_t {
  kNormal, kSlash, kComment, kCommentStar,
  kWord, kWordEscape, kWordHex,
  kString, kStringEscape,
  kUrlStart, kSrcStart, kUrl, kUrlEscape, kUrlHex, kUrlEnd, kBadUrl, kBadUrlEscape,
};

enum class WordKind : std::uint8_t { kIdent, kAtKeyword, kOther };  // kOther: hash tokens and numbers, which open no function
enum class AtRule : std::uint8_t { kNone, kImport, kNamespace, kFontFace, kOther };
enum class Paren : std::uint8_t { kPlain, kImageSet };

constexpr std::uint8_t kWordByte = 1, kQuiet = 2;

/// Per byte: may it be inside a word; does it mean nothing in kNormal.
constexpr std::array<std::uint8_t, 256> kBytes = [] {
  std::array<std::uint8_t, 256> table{};
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    const bool word = is_alnum(byte) || byte == '-' || byte == '_' || c >= 0x80;
    const bool speaks = word || byte == '/' || byte == '"' || byte == '\'' || byte == '(' || byte == ')' || byte == '{' || byte == '}' ||
                        byte == ';' || byte == '@' || byte == '#' || byte == '\\';
    table[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>((word ? kWordByte : 0) | (speaks ? 0 : kQuiet));
  }
  return table;
}();

bool is_word(char c) { return (kBytes[static_cast<unsigned char>(c)] & kWordByte) != 0; }
bool is_quiet(char c) { return (kBytes[static_cast<unsigned char>(c)] & kQuiet) != 0; }
bool is_newline(char c) { return c == '\n' || c == '\r' || c == '\f'; }

void append_utf8(std::string& text, std::uint32_t point) {
  if (point == 0 || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) point = 0xfffd;
  const auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | (point >> 6)), put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | (point >> 12)), put(0x80 | ((point >> 6) & 0x3f)), put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | (point >> 18)), put(0x80 | ((point >> 12) & 0x3f)), put(0x80 | ((point >> 6) & 0x3f)), put(0x80 | (point & 0x3f));
  }
}

/// 4.3.7: undoes the escapes of a whole string or url token.
std::string unescaped(std::string_view raw) {
  if (raw.find('\\') == std::string_view::npos) return std::string(raw);
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      text.push_back(raw[i]);
      continue;
    }
    if (++i == raw.size()) break;
    if (is_newline(raw[i])) {  // a line continued
      if (raw[i] == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') ++i;
      continue;
    }
    if (hex_value(raw[i]) < 0) {
      text.push_back(raw[i]);
      continue;
    }
    std::uint32_t point = 0;
    const std::size_t end = std::min(i + 6, raw.size());
    for (; i < end && hex_value(raw[i]) >= 0; ++i) point = point * 16 + static_cast<std::uint32_t>(hex_value(raw[i]));
    append_utf8(text, point);
    const bool crlf = i + 1 < raw.size() && raw[i] == '\r' && raw[i + 1] == '\n';
    if (i < raw.size() && is_space(raw[i])) i += crlf ? 1 : 0;  // one blank belongs to the escape
    else --i;
  }
  return text;
}

}  // namespace

struct CssScanner::State {
  explicit State(Sink& s) : sink(s) {}

  Sink& sink;
  css::State state = css::State::kNormal;
  std::uint64_t offset = 0;  // of the chunk in the whole input

  std::array<char, kWordBytes> word{};
  std::size_t word_size = 0;  // beyond kWordBytes: a word that means nothing
  WordKind word_kind = WordKind::kIdent;
  std::uint32_t hex = 0;
  unsigned hex_digits = 0;
  bool skip_lf = false;  // a CR belonged to an escape: an LF right after it does too

  char quote = 0;
  bool candidate = false;      // the string or url token at hand is a URL
  bool url_string = false;     // the string stands in url( ) or src( )
  std::string pending;         // what earlier chunks held of it
  std::uint64_t begin = 0;
  bool capturing = false;

  AtRule at_rule = AtRule::kNone;
  bool import_taken = false;
  std::vector<Paren> parens;
  std::size_t parens_beyond = 0;
  std::uint32_t braces = 0;
  std::uint32_t font_face_braces = 0;  // depth of the open @font-face block; 0: none

  void feed(std::string_view chunk);
  void finish();
  void word_ended(char next);
  void at_keyword(std::string_view name);
  void open_paren(Paren kind);
  void close_paren();
  void open_brace();
  void close_brace();
  bool string_is_url() const;
  UrlUse::Kind kind() const;
  void push_word(char c);
  void push_word_utf8();
};

void CssScanner::State::push_word(char c) {
  if (word_size < kWordBytes) word[word_size] = to_lower(c);
  if (word_size <= kWordBytes) ++word_size;
}

void CssScanner::State::push_word_utf8() {
  std::string text;
  append_utf8(text, hex);
  for (const char c : text) push_word(c);
}

void CssScanner::State::open_paren(Paren kind) {
  if (parens.size() < kDepth) parens.push_back(kind);
  else ++parens_beyond;
}

void CssScanner::State::close_paren() {
  if (parens_beyond > 0) --parens_beyond;
  else if (!parens.empty()) parens.pop_back();
}

void CssScanner::State::open_brace() {
  if (braces < UINT32_MAX) ++braces;
  if (at_rule == AtRule::kFontFace) font_face_braces = braces;
  at_rule = AtRule::kNone;
}

void CssScanner::State::close_brace() {
  if (braces > 0) --braces;
  if (braces < font_face_braces) font_face_braces = 0;
  parens.clear();  // an unclosed parenthesis must not swallow the rest of the sheet
  parens_beyond = 0;
  at_rule = AtRule::kNone;
}

bool CssScanner::State::string_is_url() const {
  if (parens_beyond > 0) return false;
  if (!parens.empty()) return parens.back() == Paren::kImageSet;
  return (at_rule == AtRule::kImport && !import_taken) || at_rule == AtRule::kNamespace;
}

UrlUse::Kind CssScanner::State::kind() const {
  if (at_rule == AtRule::kImport && !import_taken) return UrlUse::Kind::kImport;
  if (at_rule == AtRule::kNamespace) return UrlUse::Kind::kNamespace;
  return font_face_braces > 0 ? UrlUse::Kind::kFont : UrlUse::Kind::kResource;
}

void CssScanner::State::at_keyword(std::string_view name) {
  at_rule = name == "import"      ? AtRule::kImport
            : name == "namespace" ? AtRule::kNamespace
            : name == "font-face" ? AtRule::kFontFace
                                  : AtRule::kOther;
  import_taken = false;
}

/// A word has ended before `next`; sets the state in which `next` is read.
void CssScanner::State::word_ended(char next) {
  const std::string_view name(word.data(), std::min(word_size, kWordBytes));
  state = css::State::kNormal;
  const bool known = word_size <= kWordBytes;
  if (word_kind == WordKind::kAtKeyword) {
    at_keyword(known ? name : std::string_view());
  } else if (word_kind == WordKind::kIdent && next == '(' && known) {
    if (name == "url") state = css::State::kUrlStart;
    if (name == "src") state = css::State::kSrcStart;
    if (name == "image-set" || name == "-webkit-image-set") open_paren(Paren::kImageSet);
  }
}

void CssScanner::State::feed(std::string_view chunk) {
  using S = css::State;
  std::size_t from = 0;  // bytes before it have been given out
  std::size_t i = 0;
  const auto pass_to = [&](std::size_t end) {
    if (end > from) sink.on_bytes(chunk.substr(from, end - from));
    from = end;
  };
  const auto start_capture = [&](std::size_t at) {
    pass_to(at);
    begin = offset + at;
    pending.clear();
    capturing = true;
  };
  const auto give_up_capture = [&] {  // its bytes pass as bytes
    if (!capturing) return;
    if (!pending.empty()) sink.on_bytes(pending);
    pending.clear();
    capturing = false;
  };
  const auto finish_capture = [&](std::size_t end, UrlUse::Form form) {
    if (!capturing) return;
    std::string_view raw = chunk.substr(from, end - from);
    if (!pending.empty()) {
      pending.append(raw);
      raw = pending;
    }
    if (raw.size() > kTokenBytes) {
      sink.on_bytes(raw);
    } else {
      sink.on_url(UrlUse{.kind = kind(), .form = form, .begin = begin, .end = offset + end, .quote = form == UrlUse::Form::kString ? quote : '\0', .raw = raw, .url = unescaped(raw)});
      if (at_rule == AtRule::kImport) import_taken = true;
    }
    from = end;
    pending.clear();
    capturing = false;
  };
  const auto start_word = [&](WordKind kind_of_word) {
    word_size = 0;
    word_kind = kind_of_word;
    state = S::kWord;
  };
  const auto start_string = [&](char mark, bool is_url) {
    quote = mark;
    state = S::kString;
    if (is_url) start_capture(i + 1);
  };

  for (; i < chunk.size(); ++i) {
    const char c = chunk[i];
    if (std::exchange(skip_lf, false) && c == '\n') continue;
    switch (state) {
      case S::kNormal:
        if (is_quiet(c)) {
          while (i + 1 < chunk.size() && is_quiet(chunk[i + 1])) ++i;
        } else if (is_word(c)) {
          start_word(is_digit(c) ? WordKind::kOther : WordKind::kIdent);
          push_word(c);
        } else {
          switch (c) {
            case '/': state = S::kSlash; break;
            case '"':
            case '\'': start_string(c, string_is_url()); break;
            case '(': open_paren(Paren::kPlain); break;
            case ')': close_paren(); break;
            case '{': open_brace(); break;
            case '}': close_brace(); break;
            case ';':
              if (parens.empty()) at_rule = AtRule::kNone;
              break;
            case '@': start_word(WordKind::kAtKeyword); break;
            case '#': start_word(WordKind::kOther); break;
            case '\\':
              start_word(WordKind::kIdent);
              state = S::kWordEscape;
              break;
            default: break;
          }
        }
        break;
      case S::kSlash:
        if (c == '*') {
          state = S::kComment;
        } else {
          state = S::kNormal;
          --i;
        }
        break;
      case S::kComment: {
        const std::size_t star = chunk.find('*', i);
        i = star == std::string_view::npos ? chunk.size() - 1 : star;
        if (star != std::string_view::npos) state = S::kCommentStar;
        break;
      }
      case S::kCommentStar:
        if (c == '/') state = S::kNormal;
        else if (c != '*') state = S::kComment;
        break;
      case S::kWord:
        if (is_word(c)) {
          push_word(c);
          while (i + 1 < chunk.size() && is_word(chunk[i + 1])) push_word(chunk[++i]);
        } else if (c == '\\') {
          state = S::kWordEscape;
        } else {
          const std::size_t depth = parens.size();
          word_ended(c);
          // "(" of url( and image-set( is used up by word_ended; any other byte is read anew.
          const bool used = c == '(' && (state != S::kNormal || parens.size() > depth);
          if (!used) --i;
        }
        break;
      case S::kWordEscape:
        if (is_newline(c)) {  // no escape: the backslash stands alone
          state = S::kNormal;
          --i;
        } else if (hex_value(c) >= 0) {
          hex = static_cast<std::uint32_t>(hex_value(c));
          hex_digits = 1;
          state = S::kWordHex;
        } else {
          push_word(c);
          state = S::kWord;
        }
        break;
      case S::kWordHex:
        if (hex_value(c) >= 0 && hex_digits < 6) {
          hex = hex * 16 + static_cast<std::uint32_t>(hex_value(c));
          ++hex_digits;
        } else {
          push_word_utf8();
          state = S::kWord;
          skip_lf = c == '\r';
          if (!is_space(c)) --i;
        }
        break;
      case S::kString:
        if (c == quote) {
          finish_capture(i, UrlUse::Form::kString);
          state = S::kNormal;
        } else if (c == '\\') {
          state = S::kStringEscape;
        } else if (is_newline(c)) {  // 4.3.5: a bad string ends here
          give_up_capture();
          state = S::kNormal;
          --i;
        } else {
          while (i + 1 < chunk.size() && chunk[i + 1] != quote && chunk[i + 1] != '\\' && !is_newline(chunk[i + 1])) ++i;
        }
        break;
      case S::kStringEscape:
        state = S::kString;
        skip_lf = c == '\r';
        break;
      case S::kUrlStart:
        if (is_space(c)) break;
        if (c == '"' || c == '\'') {
          start_string(c, true);
          open_paren(Paren::kPlain);
        } else {
          start_capture(i);
          state = S::kUrl;
          --i;
        }
        break;
      case S::kSrcStart:
        if (is_space(c)) break;
        open_paren(Paren::kPlain);
        if (c == '"' || c == '\'') {
          start_string(c, true);
        } else {
          state = S::kNormal;
          --i;
        }
        break;
      case S::kUrl:
        if (c == ')') {
          finish_capture(i, UrlUse::Form::kUrlToken);
          state = S::kNormal;
        } else if (is_space(c)) {
          finish_capture(i, UrlUse::Form::kUrlToken);
          state = S::kUrlEnd;
        } else if (c == '\\') {
          state = S::kUrlEscape;
        } else if (c == '"' || c == '\'' || c == '(' || (static_cast<unsigned char>(c) < 0x20) || c == 0x7f) {
          give_up_capture();
          state = S::kBadUrl;
        }
        break;
      case S::kUrlEscape:
        if (is_newline(c)) {
          give_up_capture();
          state = S::kBadUrl;
        } else if (hex_value(c) >= 0) {
          hex_digits = 1;
          state = S::kUrlHex;
        } else {
          state = S::kUrl;
        }
        break;
      case S::kUrlHex:
        if (hex_value(c) >= 0 && hex_digits < 6) {
          ++hex_digits;
        } else {
          state = S::kUrl;
          skip_lf = c == '\r';
          if (!is_space(c)) --i;
        }
        break;
      case S::kUrlEnd:
        if (is_space(c)) break;
        state = c == ')' ? S::kNormal : S::kBadUrl;
        if (state == S::kBadUrl) --i;
        break;
      case S::kBadUrl:
        if (c == ')') state = S::kNormal;
        else if (c == '\\') state = S::kBadUrlEscape;
        break;
      case S::kBadUrlEscape: state = S::kBadUrl; break;
    }
    if (capturing && pending.size() + (i + 1 - std::min(i + 1, from)) > kTokenBytes) give_up_capture();
  }
  if (capturing) {
    pending.append(chunk.substr(from));
  } else {
    pass_to(chunk.size());
  }
  offset += chunk.size();
}

/// At the end of the input an open string or url token counts as closed (4.3.5, 4.3.6).
void CssScanner::State::finish() {
  using S = css::State;
  if (!capturing) return;
  const bool is_string = state == S::kString || state == S::kStringEscape;
  sink.on_url(UrlUse{.kind = kind(), .form = is_string ? UrlUse::Form::kString : UrlUse::Form::kUrlToken, .begin = begin, .end = offset, .quote = is_string ? quote : '\0', .raw = pending, .url = unescaped(pending)});
  capturing = false;
}

CssScanner::CssScanner(Sink& sink) : state_(std::make_unique<State>(sink)) {}
CssScanner::~CssScanner() = default;
void CssScanner::feed(std::string_view chunk) { state_->feed(chunk); }
void CssScanner::finish() { state_->finish(); }

void for_each_url(std::string_view sheet, const std::function<void(const UrlUse&)>& each) {
  struct Uses final : CssScanner::Sink {
    explicit Uses(const std::function<void(const UrlUse&)>& e) : each(e) {}
    void on_bytes(std::string_view) override {}
    void on_url(const UrlUse& use) override { each(use); }
    const std::function<void(const UrlUse&)>& each;
  };
  Uses uses(each);
  CssScanner scanner(uses);
  scanner.feed(sheet);
  scanner.finish();
}

std::string escape_url(std::string_view url, char quote) {
  std::string text;
  for (const char c : url) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (control) {  // as a hex escape, closed by a blank
      constexpr std::string_view kDigits = "0123456789abcdef";
      const unsigned value = static_cast<unsigned char>(c);
      text += '\\';
      if (value >= 16) text += kDigits[value >> 4];
      text += kDigits[value & 15];
      text += ' ';
      continue;
    }
    const bool special = c == '\\' || (quote != 0 ? c == quote : c == '"' || c == '\'' || c == '(' || c == ')' || c == ' ');
    if (special) text += '\\';
    text += c;
  }
  return text;
}

}  // namespace wm::css
