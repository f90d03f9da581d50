// HTML Standard 13.2.5, the states outside of tags and raw text; and how chunks become tokens.
#include "core/html/tokenizer.h"

#include <algorithm>
#include <cstring>

#include "core/base/ascii.h"
#include "core/html/raw_text_internal.h"
#include "core/html/tag_scanner_internal.h"
#include "core/html/tree_feedback_internal.h"

namespace wm::html {
namespace {

/// What is taken of a new chunk at a time while bytes of the one before are held.
constexpr std::size_t kSlice = 16 << 10;
/// As much of a comment as must be seen before its '>' to know whether that ends it.
constexpr std::size_t kLookBack = 3;

enum class Mode : std::uint8_t {
  kText,
  kTag,
  kComment,
  kBogusComment,
  kInstruction,
  kDoctype,
  kCdata
};

enum class Opens : std::uint8_t {
  kNothing,
  kUnknownYet,
  kStartTag,
  kEndTag,
  kComment,
  kBogusComment,
  kInstruction,
  kDoctype,
  kCdata
};

/// Whether `rest` begins with `upper_case`, may begin so, or does not.
Opens prefix(std::string_view rest, std::string_view upper_case, Opens what) {
  const std::size_t n = std::min(rest.size(), upper_case.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (to_upper(rest[i]) != upper_case[i]) return Opens::kNothing;
  }
  return rest.size() < upper_case.size() ? Opens::kUnknownYet : what;
}

}  // namespace

const Attribute* Token::find(std::string_view lower_case_name) const {
  if (attributes == nullptr) return nullptr;
  for (const Attribute& attribute : *attributes) {
    if (iequals(attribute.name, lower_case_name)) return &attribute;
  }
  return nullptr;
}

struct Tokenizer::State {
  State(TokenSink& sink_in, TokenizerLimits limits_in, Markup markup_in)
      : sink(sink_in),
        limits{std::max(limits_in.token_bytes, kLeastTokenBytes), limits_in.attributes},
        xml(markup_in == Markup::kXml) {}

  TokenSink& sink;
  const TokenizerLimits limits;
  const bool xml;

  std::string_view window;   ///< the bytes at hand: a chunk, or held
  std::uint64_t offset = 0;  ///< of the window in the input
  std::size_t start = 0;     ///< in the window: the first byte that is not told yet
  std::size_t at =
      0;  ///< in the window: the first byte that is not looked at yet; start of a tag while in it
  std::string held;  ///< what of earlier chunks is not told

  Mode mode = Mode::kText;
  bool run_open = false;    ///< a piece of the text run at hand has been told
  bool cut = false;         ///< pieces of the construct at hand have been told
  bool closes_raw = false;  ///< the tag at hand ends raw text
  RawText raw;
  TagScanner tag;
  TreeFeedback feedback;

  void feed(std::string_view chunk);
  void run(bool final);
  bool text(bool final);
  bool data(bool final);
  Opens opens(std::size_t place) const;
  void open(Opens what, std::size_t place);
  bool tag_step();
  void start_tag();
  void end_tag();
  bool construct(bool final);
  bool ends_at(std::size_t gt) const;
  void tell_text(std::size_t end, bool last);
  void tell(TokenKind kind, std::size_t end, bool last, bool foreign);
  void send(const Token& token, std::size_t end);
  void cut_long();
  bool is_foreign() const { return xml || feedback.foreign(); }
  TokenKind kind_of_mode() const;
};

void Tokenizer::State::feed(std::string_view chunk) {
  while (!chunk.empty()) {
    if (held.empty()) {
      window = chunk;
      run(false);
      held.assign(window.substr(start));
      offset += start;
      at -= start;
      start = 0;
      return;
    }
    const std::size_t old = held.size();
    const std::size_t taken = std::min(chunk.size(), kSlice);
    held.append(chunk.substr(0, taken));
    window = held;
    run(false);
    offset += start;
    at -= start;
    if (start >= old) {  // all that was held is told: go on in the chunk itself
      chunk.remove_prefix(start - old);
      held.clear();
      start = 0;
      if (chunk.empty()) return;
      continue;
    }
    held.erase(0, start);
    start = 0;
    chunk.remove_prefix(taken);
  }
}

void Tokenizer::State::run(bool final) {
  bool more = true;
  while (more) {
    switch (mode) {
      case Mode::kText:
        more = text(final);
        break;
      case Mode::kTag:
        more = tag_step();
        break;
      default:
        more = construct(final);
        break;
    }
  }
  if (final) {
    if (mode != Mode::kText) tell(kind_of_mode(), window.size(), true, is_foreign());
    return;
  }
  if (mode != Mode::kText && window.size() - start > limits.token_bytes) cut_long();
}

bool Tokenizer::State::text(bool final) {
  if (!raw.inside()) return data(final);
  if (!raw.scan(window, at, final)) {
    tell_text(at, final);
    return false;
  }
  tell_text(at, true);
  closes_raw = true;
  open(Opens::kEndTag, at);
  return true;
}

bool Tokenizer::State::data(bool final) {
  const char* const bytes = window.data();
  const std::size_t size = window.size();
  while (at < size) {
    const void* const found = std::memchr(bytes + at, '<', size - at);
    if (found == nullptr) {
      at = size;
      break;
    }
    at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes);
    Opens what = opens(at);
    if (what == Opens::kUnknownYet) {
      if (!final) break;
      what = size - at > 2 || bytes[size - 1] == '!' ? Opens::kBogusComment : Opens::kNothing;
    }
    if (what == Opens::kNothing) {
      ++at;
      continue;
    }
    tell_text(at, true);
    open(what, at);
    return true;
  }
  tell_text(at, final);
  return false;
}

/// The tag open, end tag open and markup declaration open states.
Opens Tokenizer::State::opens(std::size_t place) const {
  const std::string_view rest = window.substr(place);
  if (rest.size() < 2) return Opens::kUnknownYet;
  const char c = rest[1];
  const auto starts_name = [this](char first) {
    return is_alpha(first) ||
           (xml && (first == '_' || first == ':' || static_cast<unsigned char>(first) >= 0x80));
  };
  if (starts_name(c)) return Opens::kStartTag;
  switch (c) {
    case '/':
      if (rest.size() < 3) return Opens::kUnknownYet;
      return starts_name(rest[2]) ? Opens::kEndTag : Opens::kBogusComment;
    case '?':
      return xml ? Opens::kInstruction : Opens::kBogusComment;
    case '!': {
      Opens what = prefix(rest, "<!--", Opens::kComment);
      if (what == Opens::kNothing) what = prefix(rest, "<!DOCTYPE", Opens::kDoctype);
      // In CDATA case counts.
      if (what == Opens::kNothing && is_foreign() &&
          rest.substr(0, 9) == std::string_view("<![CDATA[").substr(0, rest.size())) {
        what = rest.size() < 9 ? Opens::kUnknownYet : Opens::kCdata;
      }
      return what == Opens::kNothing ? Opens::kBogusComment : what;
    }
    default:
      return Opens::kNothing;
  }
}

void Tokenizer::State::open(Opens what, std::size_t place) {
  cut = false;
  switch (what) {
    case Opens::kStartTag:
    case Opens::kEndTag:
      mode = Mode::kTag;
      tag.begin(what == Opens::kStartTag ? TagScanner::Kind::kStart : TagScanner::Kind::kEnd,
                limits.attributes);
      return;
    case Opens::kComment:
      mode = Mode::kComment;
      at = place + 4;
      return;
    case Opens::kDoctype:
      mode = Mode::kDoctype;
      at = place + 9;
      return;
    case Opens::kCdata:
      mode = Mode::kCdata;
      at = place + 9;
      return;
    case Opens::kInstruction:
      mode = Mode::kInstruction;
      at = place + 2;
      return;
    default:
      mode = Mode::kBogusComment;
      at = place + 2;
      return;
  }
}

bool Tokenizer::State::tag_step() {
  if (!tag.scan(window.substr(start))) return false;
  at = start + tag.end();
  mode = Mode::kText;
  if (tag.kind() == TagScanner::Kind::kStart) {
    start_tag();
  } else {
    end_tag();
  }
  return true;
}

void Tokenizer::State::start_tag() {
  const bool told = !cut && at - start <= limits.token_bytes;
  const std::string_view bytes = window.substr(start, at - start);
  const std::vector<Attribute>* const attributes = told ? &tag.attributes(bytes) : nullptr;
  const bool was_foreign = is_foreign();
  TreeFeedback::Effect effect{.foreign = true};
  if (!xml) effect = feedback.on_start_tag(tag.name(), tag.self_closing(), attributes);
  if (effect.text != RawText::Mode::kNone) raw.enter(effect.text, effect.element);
  if (!told) return tell(TokenKind::kComment, at, true, was_foreign);
  send({.kind = TokenKind::kStartTag,
        .raw = bytes,
        .name = tag.written_name(bytes),
        .attributes = attributes,
        .self_closing = tag.self_closing(),
        .foreign = effect.foreign},
       at);
}

void Tokenizer::State::end_tag() {
  const bool told = !cut && at - start <= limits.token_bytes;
  const std::string_view bytes = window.substr(start, at - start);
  const bool was_foreign = is_foreign();
  if (closes_raw) {
    raw.leave();
  } else if (!xml) {
    feedback.on_end_tag(tag.name());
  }
  closes_raw = false;
  if (!told) return tell(TokenKind::kComment, at, true, was_foreign);
  send({.kind = TokenKind::kEndTag,
        .raw = bytes,
        .name = tag.written_name(bytes),
        .self_closing = tag.self_closing(),
        .foreign = was_foreign},
       at);
}

TokenKind Tokenizer::State::kind_of_mode() const {
  switch (mode) {
    case Mode::kDoctype:
      return TokenKind::kDoctype;
    case Mode::kCdata:
      return TokenKind::kCdata;
    default:
      return TokenKind::kComment;
  }
}

/// Everything that a '>' ends, or some of them.
bool Tokenizer::State::construct(bool final) {
  const char* const bytes = window.data();
  const std::size_t size = window.size();
  while (at < size) {
    const void* const found = std::memchr(bytes + at, '>', size - at);
    if (found == nullptr) break;
    const auto gt = static_cast<std::size_t>(static_cast<const char*>(found) - bytes);
    at = gt + 1;
    if (!ends_at(gt)) continue;
    tell(kind_of_mode(), at, true, is_foreign());
    mode = Mode::kText;
    return true;
  }
  at = size;
  if (final) {
    tell(kind_of_mode(), size, true, is_foreign());
    mode = Mode::kText;
  }
  return false;
}

bool Tokenizer::State::ends_at(std::size_t gt) const {
  // What precedes '>' within the construct, without its opening; a long one has lost that already.
  const auto preceded_by = [&](std::string_view what, std::size_t opening) {
    const std::size_t begin = start + (cut ? 0 : opening);
    return gt >= begin + what.size() && window.substr(gt - what.size(), what.size()) == what;
  };
  switch (mode) {
    case Mode::kComment:
      // `<!-->` and `<!--->` are whole comments; `<!--!>` is not.
      return preceded_by("--", xml ? 4 : 2) || (!xml && preceded_by("--!", 4));
    case Mode::kCdata:
      return preceded_by("]]", 9);
    case Mode::kInstruction:
      return preceded_by("?", 2);
    default:
      return true;
  }
}

/// Tells what is known of a construct that is over the limit, as pieces.
void Tokenizer::State::cut_long() {
  const std::size_t end = window.size() - kLookBack;
  if (mode == Mode::kTag) tag.forget(end - start);
  tell(kind_of_mode(), end, false, is_foreign());
  at = std::max(at, end);
  cut = true;
}

void Tokenizer::State::tell_text(std::size_t end, bool last) {
  if (end == start && !(last && run_open)) return;
  const TokenKind kind = raw.inside() ? raw.token_kind() : TokenKind::kText;
  run_open = !last;
  send({.kind = kind,
        .raw = window.substr(start, end - start),
        .name = raw.inside() ? raw.element() : std::string_view(),
        .last_piece = last,
        .foreign = is_foreign()},
       end);
}

void Tokenizer::State::tell(TokenKind kind, std::size_t end, bool last, bool foreign) {
  if (end == start && !cut) return;
  send({.kind = kind,
        .raw = window.substr(start, end - start),
        .last_piece = last,
        .foreign = foreign},
       end);
}

void Tokenizer::State::send(const Token& token, std::size_t end) {
  Token told = token;
  told.offset = offset + start;
  start = end;
  sink.on_token(told);
}

Tokenizer::Tokenizer(TokenSink& sink, TokenizerLimits limits, Markup markup)
    : state_(std::make_unique<State>(sink, limits, markup)) {}
Tokenizer::~Tokenizer() = default;

void Tokenizer::feed(std::string_view chunk) {
  state_->feed(chunk);
}

void Tokenizer::finish() {
  state_->window = state_->held;
  state_->run(true);
  state_->offset += state_->held.size();
  state_->held.clear();
  state_->start = state_->at = 0;
}

void tokenize(std::string_view input, TokenSink& sink, TokenizerLimits limits, Markup markup) {
  Tokenizer tokenizer(sink, limits, markup);
  tokenizer.feed(input);
  tokenizer.finish();
}

}  // namespace wm::html
