// HTML Standard 13.2.5, on bytes. States are named after the standard's; those that differ only in parse errors are one here.
#include "core/html/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "core/base/ascii.h"
#include "core/html/foreign_content.h"

namespace wm::html {

namespace {

constexpr std::size_t kNameBytes = 16;        // longer names mean nothing to the tokenizer
constexpr std::size_t kLinearAttributes = 16; // up to here duplicates are looked for one by one

enum class S : std::uint8_t {
  kData, kTagOpen, kEndTagOpen, kTagName, kBeforeAttributeName, kAttributeName, kAfterAttributeName, kBeforeAttributeValue, kDoubleQuoted,
  kSingleQuoted, kUnquoted, kAfterQuoted, kSelfClosing, kMarkupDeclaration, kBogusComment, kDoctype, kCommentStart, kCommentStartDash, kComment,
  kCommentEndDash, kCommentEnd, kCommentEndBang, kCdata, kCdataBracket, kCdataEnd,
  kRaw, kRawLessThan, kRawBang, kRawBangDash, kRawEndTagOpen, kRawName, kPlaintext,
};

/// Within script: 13.2.5.20 ff.
enum class Escape : std::uint8_t { kNone, kEscaped, kDoubleEscaped };

struct Span {
  std::size_t name, name_end, value, value_end;  // from the token's first byte
  char quote;
  bool has_value;
};

bool ends_tag_name(char c) { return is_space(c) || c == '/' || c == '>'; }

/// The element whose content is not markup, and what its text is.
std::optional<TokenKind> text_content(std::string_view name) {
  if (name == "title" || name == "textarea") return TokenKind::kRcdata;
  for (const std::string_view raw : {"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"}) {
    if (name == raw) return TokenKind::kRawText;
  }
  return std::nullopt;
}

struct FoldedHash {
  std::size_t operator()(std::string_view text) const {
    std::size_t hash = 1469598103934665603ull;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(to_lower(c))) * 1099511628211ull;
    return hash;
  }
};
struct FoldedEqual {
  bool operator()(std::string_view a, std::string_view b) const { return iequals(a, b); }
};

}  // namespace

const Attribute* Token::find(std::string_view lower_case_name) const {
  if (!attributes) return nullptr;
  for (const Attribute& attribute : *attributes) {
    if (iequals(attribute.name, lower_case_name)) return &attribute;
  }
  return nullptr;
}

struct Tokenizer::State {
  State(TokenSink& s, TokenizerLimits l) : sink(s), limits(l) {}

  TokenSink& sink;
  const TokenizerLimits limits;

  std::string held;         // of the token at hand, from earlier chunks
  std::string_view window;  // what is looked at: held with the chunk behind it, or the chunk alone
  std::uint64_t base = 0;   // of window in the whole input
  std::size_t begin = 0;    // of the token at hand, in window
  std::size_t at = 0;       // the next byte, in window
  std::size_t less_than = 0;  // of the '<' that may end a text run, in window

  S state = S::kData;
  bool end_tag = false;
  bool overflow = false;    // the token at hand is too long: it goes out as text
  bool piece_given = false; // some of the text run at hand went out already
  std::size_t name_end = 0; // of the tag name, from begin
  std::size_t declaration = 0;  // bytes of "--", "doctype" or "[CDATA[" matched
  std::vector<Span> spans;
  std::vector<Attribute> attributes;
  std::unordered_set<std::string_view, FoldedHash, FoldedEqual> seen;

  ForeignContent foreign;
  std::array<char, kNameBytes> raw_name{};
  std::size_t raw_name_size = 0;
  TokenKind raw_kind = TokenKind::kRawText;
  Escape escape = Escape::kNone;
  unsigned dashes = 0;
  bool raw_end_tag = false;   // kRawName reads the name of "</…" rather than "<…"
  std::array<char, kNameBytes> name{};
  std::size_t name_size = 0;

  void feed(std::string_view chunk) {
    if (held.empty()) {
      window = chunk;
    } else {
      held.append(chunk);
      window = held;
    }
    run();
    flush_text();
    if (overflow) give_text(TokenKind::kText, window.size(), false);
    const std::string_view rest = window.substr(begin);
    if (window.data() == held.data()) held.erase(0, begin);
    else held.assign(rest);
    base += begin;
    at -= begin;
    less_than -= std::min(less_than, begin);
    begin = 0;
    window = {};
  }

  bool in_text() const { return state == S::kData || state == S::kTagOpen || state == S::kEndTagOpen; }
  bool in_raw() const { return state >= S::kRaw; }
  bool at_less_than() const { return state == S::kTagOpen || state == S::kEndTagOpen || (state > S::kRaw && state < S::kPlaintext); }

  /// Gives out text that cannot become anything else, as a piece of a run that may go on.
  void flush_text() {
    if (!in_text() && !in_raw()) {
      check_overflow();
      return;
    }
    const std::size_t end = at_less_than() ? less_than : at;
    if (end > begin) give_text(in_raw() ? raw_kind : TokenKind::kText, end, false);
  }

  void check_overflow() {
    if (window.size() - begin > limits.token_bytes) overflow = true;
  }

  void give(const Token& token) { sink.on_token(token); }

  Token token_to(TokenKind kind, std::size_t end) const {
    Token token{.kind = kind, .raw = window.substr(begin, end - begin), .offset = base + begin, .name = {}};
    token.foreign = foreign.inside();
    return token;
  }

  void give_text(TokenKind kind, std::size_t end, bool last) {
    if (end == begin && !(last && piece_given)) return;
    Token token = token_to(kind, end);
    token.last_piece = last;
    if (kind != TokenKind::kText) token.name = {raw_name.data(), raw_name_size};
    give(token);
    begin = end;
    piece_given = !last;
  }

  /// The text before less_than is over: a construct begins there.
  void end_text_run() {
    give_text(in_raw() ? raw_kind : TokenKind::kText, less_than, true);
    begin = less_than;
  }

  /// The construct at hand ends before `end`.
  void give_construct(TokenKind kind, std::size_t end) {
    if (overflow || end - begin > limits.token_bytes) {
      give_text(TokenKind::kText, end, true);
    } else {
      give(token_to(kind, end));
    }
    begin = end;
    overflow = false;
    state = S::kData;
  }

  std::string_view lower_name(std::array<char, kNameBytes>& into, std::string_view text) const {
    if (text.size() > kNameBytes) return {};
    for (std::size_t i = 0; i < text.size(); ++i) into[i] = to_lower(text[i]);
    return {into.data(), text.size()};
  }

  bool is_duplicate(std::string_view attribute_name) {
    if (attributes.size() <= kLinearAttributes) {
      return std::any_of(attributes.begin(), attributes.end(), [&](const Attribute& one) { return iequals(one.name, attribute_name); });
    }
    if (seen.empty()) {
      for (const Attribute& one : attributes) seen.insert(one.name);
    }
    return !seen.insert(attribute_name).second;
  }

  void collect_attributes(std::string_view raw) {
    attributes.clear();
    if (!seen.empty()) seen.clear();  // clearing costs its buckets
    for (const Span& span : spans) {
      const std::string_view attribute_name = raw.substr(span.name, span.name_end - span.name);
      if (is_duplicate(attribute_name)) continue;
      attributes.push_back({.name = attribute_name,
                            .value = span.has_value ? raw.substr(span.value, span.value_end - span.value) : std::string_view(),
                            .value_begin = span.has_value ? span.value : span.name_end,
                            .quote = span.quote,
                            .has_value = span.has_value});
    }
  }

  void give_tag(std::size_t end, bool self_closing) {
    if (overflow || end - begin > limits.token_bytes) return give_construct(TokenKind::kText, end);
    Token token = token_to(end_tag ? TokenKind::kEndTag : TokenKind::kStartTag, end);
    token.name = token.raw.substr(end_tag ? 2 : 1, name_end - (end_tag ? 2 : 1));
    token.self_closing = self_closing;
    if (!end_tag) {
      collect_attributes(token.raw);
      token.attributes = &attributes;
    }
    const std::string_view lower = lower_name(name, token.name);
    state = S::kData;
    if (end_tag) {
      foreign.end_tag(lower);
    } else {
      foreign.start_tag(token, lower);
      token.foreign = foreign.inside();
      enter_text_content(lower);
    }
    give(token);
    begin = end;
  }

  /// The tree builder's feedback: after some start tags the content is not markup.
  void enter_text_content(std::string_view lower) {
    if (foreign.inside()) return;
    const auto kind = text_content(lower);
    if (!kind) return;
    raw_kind = *kind;
    raw_name_size = lower.size();
    std::copy(lower.begin(), lower.end(), raw_name.begin());
    escape = Escape::kNone;
    dashes = 0;
    state = lower == "plaintext" ? S::kPlaintext : S::kRaw;
  }

  void start_tag_name(bool is_end_tag) {
    end_text_run();
    end_tag = is_end_tag;
    spans.clear();
    state = S::kTagName;
  }

  void start_attribute() {
    const std::size_t from = at - begin;
    spans.push_back({from, from, from, from, 0, false});
    state = S::kAttributeName;
  }
  void start_value(char quote) {
    Span& span = spans.back();
    span.value = at - begin + (quote ? 1 : 0);
    span.quote = quote;
    span.has_value = true;
  }
  /// Attributes beyond the limit are read and forgotten.
  void end_attribute() {
    if (spans.size() > limits.attributes) spans.pop_back();
  }
  void end_value(std::size_t end) {
    spans.back().value_end = end - begin;
    end_attribute();
  }

  /// Goes to the first of `c` at or after `at`; to the end if there is none.
  bool find(char c) {
    const void* found = std::memchr(window.data() + at, c, window.size() - at);
    at = found ? static_cast<std::size_t>(static_cast<const char*>(found) - window.data()) : window.size();
    return found != nullptr;
  }

  bool is_script() const { return std::string_view(raw_name.data(), raw_name_size) == "script"; }

  void run();
  void run_tag(char c);
  void run_declaration(char c);
  void run_raw(char c);
  void raw_name_ended(char c);
};

void Tokenizer::State::run() {
  while (at < window.size()) {
    const char c = window[at];
    switch (state) {
      case S::kData:
        if (find('<')) {
          less_than = at++;
          state = S::kTagOpen;
        }
        break;
      case S::kTagOpen:
        if (is_alpha(c)) {
          start_tag_name(false);
        } else if (c == '/') {
          state = S::kEndTagOpen;
          ++at;
        } else if (c == '!') {
          end_text_run();
          declaration = 0;
          state = S::kMarkupDeclaration;
          ++at;
        } else if (c == '?') {
          end_text_run();
          state = S::kBogusComment;
        } else {
          state = S::kData;  // the '<' is text
        }
        break;
      case S::kEndTagOpen:
        if (is_alpha(c)) {
          start_tag_name(true);
        } else {
          end_text_run();
          state = S::kBogusComment;
        }
        break;
      case S::kPlaintext: at = window.size(); break;
      default:
        if (state < S::kMarkupDeclaration) run_tag(c);
        else if (state < S::kRaw) run_declaration(c);
        else run_raw(c);
        break;
    }
  }
}

void Tokenizer::State::run_tag(char c) {
  switch (state) {
    case S::kTagName:
      while (at < window.size() && !ends_tag_name(window[at])) ++at;
      if (at == window.size()) return;
      name_end = at - begin;
      state = S::kBeforeAttributeName;
      return;
    case S::kBeforeAttributeName:
      if (is_space(c)) {
        ++at;
      } else if (c == '/') {
        state = S::kSelfClosing;
        ++at;
      } else if (c == '>') {
        give_tag(++at, false);
      } else {
        start_attribute();
        ++at;  // a '=' here is the name's first byte
      }
      return;
    case S::kAttributeName:
      while (at < window.size() && !ends_tag_name(window[at]) && window[at] != '=') ++at;
      if (at == window.size()) return;
      spans.back().name_end = at - begin;
      state = S::kAfterAttributeName;
      return;
    case S::kAfterAttributeName:
      if (is_space(c)) {
        ++at;
      } else if (c == '=') {
        state = S::kBeforeAttributeValue;
        ++at;
      } else {
        end_attribute();
        state = S::kBeforeAttributeName;
      }
      return;
    case S::kBeforeAttributeValue:
      if (is_space(c)) {
        ++at;
      } else if (c == '"' || c == '\'') {
        start_value(c);
        state = c == '"' ? S::kDoubleQuoted : S::kSingleQuoted;
        ++at;
      } else if (c == '>') {
        start_value(0);
        end_value(at);
        state = S::kBeforeAttributeName;
      } else {
        start_value(0);
        state = S::kUnquoted;
      }
      return;
    case S::kDoubleQuoted:
    case S::kSingleQuoted:
      if (find(state == S::kDoubleQuoted ? '"' : '\'')) {
        end_value(at++);
        state = S::kAfterQuoted;
      }
      return;
    case S::kUnquoted:
      while (at < window.size() && !is_space(window[at]) && window[at] != '>') ++at;
      if (at == window.size()) return;
      end_value(at);
      state = S::kBeforeAttributeName;
      return;
    case S::kAfterQuoted: state = S::kBeforeAttributeName; return;
    case S::kSelfClosing:
      if (c == '>') {
        give_tag(++at, true);
      } else {
        state = S::kBeforeAttributeName;
      }
      return;
    default: return;
  }
}

void Tokenizer::State::run_declaration(char c) {
  constexpr std::string_view kDoctypeWord = "doctype", kCdataWord = "[CDATA[";
  const auto go = [this](S next) {
    state = next;
    ++at;
  };
  switch (state) {
    case S::kMarkupDeclaration: {
      const std::string_view so_far = window.substr(begin + 2, declaration);
      if (declaration == 0 ? c == '-' : declaration == 1 && so_far == "-" && c == '-') {
        ++at;
        if (++declaration == 2) state = S::kCommentStart;
      } else if (declaration < kDoctypeWord.size() && to_lower(c) == kDoctypeWord[declaration] && iequals(so_far, kDoctypeWord.substr(0, declaration))) {
        ++at;
        if (++declaration == kDoctypeWord.size()) state = S::kDoctype;
      } else if (foreign.inside() && declaration < kCdataWord.size() && c == kCdataWord[declaration] && so_far == kCdataWord.substr(0, declaration)) {
        ++at;
        if (++declaration == kCdataWord.size()) state = S::kCdata;
      } else {
        at = begin + 2;
        state = S::kBogusComment;
      }
      return;
    }
    case S::kBogusComment:
      if (find('>')) give_construct(TokenKind::kComment, ++at);
      return;
    case S::kDoctype:
      if (find('>')) give_construct(TokenKind::kDoctype, ++at);
      return;
    case S::kCommentStart:
      if (c == '>') return give_construct(TokenKind::kComment, ++at);
      if (c == '-') return go(S::kCommentStartDash);
      state = S::kComment;
      return;
    case S::kCommentStartDash:
      if (c == '>') return give_construct(TokenKind::kComment, ++at);
      if (c == '-') return go(S::kCommentEnd);
      state = S::kComment;
      return;
    case S::kComment:
      if (find('-')) go(S::kCommentEndDash);
      return;
    case S::kCommentEndDash:
      if (c == '-') return go(S::kCommentEnd);
      state = S::kComment;
      return;
    case S::kCommentEnd:
      if (c == '>') return give_construct(TokenKind::kComment, ++at);
      if (c == '!') return go(S::kCommentEndBang);
      if (c == '-') return go(S::kCommentEnd);
      state = S::kComment;
      return;
    case S::kCommentEndBang:
      if (c == '>') return give_construct(TokenKind::kComment, ++at);
      if (c == '-') return go(S::kCommentEndDash);
      state = S::kComment;
      return;
    case S::kCdata:
      if (find(']')) go(S::kCdataBracket);
      return;
    case S::kCdataBracket:
      if (c == ']') return go(S::kCdataEnd);
      state = S::kCdata;
      return;
    case S::kCdataEnd:
      if (c == '>') return give_construct(TokenKind::kCdata, ++at);
      if (c == ']') return go(S::kCdataEnd);
      state = S::kCdata;
      return;
    default: return;
  }
}

/// 13.2.5.2 to 13.2.5.31: RCDATA, RAWTEXT and script data with its escapes.
void Tokenizer::State::run_raw(char c) {
  switch (state) {
    case S::kRaw:
      if (escape == Escape::kNone) {
        if (!find('<')) return;
      } else if (c != '<') {
        if (c == '>' && dashes >= 2) escape = Escape::kNone;
        dashes = c == '-' ? std::min(dashes + 1, 2u) : 0;
        ++at;
        return;
      }
      less_than = at++;
      state = S::kRawLessThan;
      return;
    case S::kRawLessThan:
      dashes = 0;
      name_size = 0;
      if (c == '/') {
        state = S::kRawEndTagOpen;
        ++at;
      } else if (c == '!' && is_script() && escape == Escape::kNone) {
        state = S::kRawBang;
        ++at;
      } else if (is_alpha(c) && escape == Escape::kEscaped) {
        raw_end_tag = false;
        state = S::kRawName;
      } else {
        state = S::kRaw;
      }
      return;
    case S::kRawBang:
      state = c == '-' ? S::kRawBangDash : S::kRaw;
      if (c == '-') ++at;
      return;
    case S::kRawBangDash:
      state = S::kRaw;
      if (c == '-') {
        escape = Escape::kEscaped;
        dashes = 2;
        ++at;
      }
      return;
    case S::kRawEndTagOpen:
      raw_end_tag = true;
      state = is_alpha(c) ? S::kRawName : S::kRaw;
      return;
    case S::kRawName:
      while (at < window.size() && is_alnum(window[at])) {
        if (name_size < kNameBytes) name[name_size] = to_lower(window[at]);
        name_size = std::min(name_size + 1, kNameBytes + 1);
        ++at;
      }
      if (at < window.size()) raw_name_ended(window[at]);
      return;
    default: return;
  }
}

void Tokenizer::State::raw_name_ended(char c) {
  const bool same = name_size == raw_name_size && std::equal(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(name_size), raw_name.begin());
  if (!same || !ends_tag_name(c)) {
    state = S::kRaw;
  } else if (raw_end_tag && escape != Escape::kDoubleEscaped) {
    const std::size_t end = at;
    end_text_run();
    end_tag = true;
    spans.clear();
    name_end = end - begin;
    state = S::kBeforeAttributeName;
  } else {
    escape = raw_end_tag ? Escape::kEscaped : Escape::kDoubleEscaped;  // "</script" ends a double escape, "<script" begins one
    state = S::kRaw;
  }
}

Tokenizer::Tokenizer(TokenSink& sink, TokenizerLimits limits) : state_(std::make_unique<State>(sink, limits)) {}
Tokenizer::~Tokenizer() = default;

void Tokenizer::feed(std::string_view chunk) {
  if (!chunk.empty()) state_->feed(chunk);
}

void Tokenizer::finish() {
  State& s = *state_;
  s.window = s.held;
  s.at = s.window.size();
  if (s.in_raw()) {
    s.give_text(s.raw_kind, s.window.size(), true);
  } else if (s.state == S::kCdata || s.state == S::kCdataBracket || s.state == S::kCdataEnd) {
    s.give_construct(TokenKind::kCdata, s.window.size());
  } else if (s.state == S::kDoctype) {
    s.give_construct(TokenKind::kDoctype, s.window.size());
  } else if (s.state >= S::kMarkupDeclaration) {
    s.give_construct(TokenKind::kComment, s.window.size());
  } else {
    s.give_text(TokenKind::kText, s.window.size(), true);
  }
  s.held.clear();
  s.window = {};
  s.begin = s.at = 0;
  s.state = S::kData;
}

void tokenize(std::string_view input, TokenSink& sink, TokenizerLimits limits) {
  Tokenizer tokenizer(sink, limits);
  tokenizer.feed(input);
  tokenizer.finish();
}

}  // namespace wm::html
