#include "indexer/search/query_lexer.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace wm::search {
namespace {

struct Wide {
  std::string_view wide;
  std::string_view plain;
};

// What a Chinese or Japanese keyboard gives for the signs of the grammar. U+3000 is its blank.
constexpr std::array<Wide, 17> kWide = {{{"＃", "#"},
                                         {"：", ":"},
                                         {"（", "("},
                                         {"）", ")"},
                                         {"“", "\""},
                                         {"”", "\""},
                                         {"„", "\""},
                                         {"＂", "\""},
                                         {"！", "!"},
                                         {"－", "-"},
                                         {"＊", "*"},
                                         {"｜", "|"},
                                         {"＆", "&"},
                                         {"　", " "},
                                         {"＜", "<"},
                                         {"＞", ">"},
                                         {"＝", "="}}};

constexpr std::array<std::string_view, 17> kFields = {
    "title", "url", "site", "host", "tag",  "type",     "lang",       "before",  "after",
    "age",   "is",  "has",  "sort", "text", "versions", "collection", "language"};

std::string with_plain_signs(std::string_view query) {
  std::string out;
  out.reserve(query.size());
  for (std::size_t at = 0; at < query.size();) {
    const auto lead = static_cast<unsigned char>(query[at]);
    const auto* found = kWide.end();
    if (lead == 0xef || lead == 0xe2 || lead == 0xe3) {
      found = std::find_if(kWide.begin(), kWide.end(),
                           [&](const Wide& w) { return query.substr(at).starts_with(w.wide); });
    }
    if (found != kWide.end()) {
      out.append(found->plain);
      at += found->wide.size();
    } else {
      out.push_back(query[at++]);
    }
  }
  return out;
}

}  // namespace

QueryLexer::QueryLexer(std::string_view query) : text_(with_plain_signs(query)) {
  std::replace(text_.begin(), text_.end(), '\0', ' ');
}

std::vector<QueryToken> QueryLexer::tokens() {
  while (at_ < text_.size()) take();
  return std::move(out_);
}

void QueryLexer::take() {
  const char c = peek();
  if (is_space(c) || static_cast<unsigned char>(c) < 0x20) {
    ++at_;
  } else if (c == '(' || c == ')') {
    out_.push_back({.kind = c == '(' ? QueryToken::Kind::kOpen : QueryToken::Kind::kClose,
                    .text = {},
                    .field = {}});
    ++at_;
  } else if (c == '"' || (c == '\'' && text_.find('\'', at_ + 1) != text_.npos)) {
    take_quoted(c);
  } else if (c == '#' || (c == '!' && is_alpha(peek(1)))) {
    take_tag();
  } else if (c == '-' && peek(1) != '-' && peek(1) != '\0' && !is_space(peek(1))) {
    out_.push_back({.kind = QueryToken::Kind::kNot, .text = "-", .field = {}});
    ++at_;
  } else {
    take_word();
  }
}

/// After the opening quote, to the closing one or the end. \" and \\ stand for themselves.
std::string QueryLexer::quoted_text(char quote) {
  std::string text;
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    text.push_back(text_[at_++]);
  }
  if (at_ < text_.size()) ++at_;
  return text;
}

void QueryLexer::take_quoted(char quote) {
  ++at_;
  out_.push_back({.kind = QueryToken::Kind::kPhrase, .text = quoted_text(quote), .field = {}});
}

std::string QueryLexer::bare(std::string_view stops) {
  const std::size_t begin = at_;
  while (at_ < text_.size() && !is_space(text_[at_]) && stops.find(text_[at_]) == stops.npos) ++at_;
  return text_.substr(begin, at_ - begin);
}

/// #tag and linkding's !unread, !untagged.
void QueryLexer::take_tag() {
  const char sign = text_[at_++];
  QueryToken token{
      .kind = QueryToken::Kind::kField, .text = {}, .field = sign == '#' ? "tag" : "is"};
  if (sign == '#' && peek() == '"') {
    ++at_;
    token.text = quoted_text('"');
  } else {
    token.text = bare("()\"'");
  }
  if (!token.text.empty()) out_.push_back(std::move(token));
}

/// `name:` was seen; false if it is no field or has no value.
bool QueryLexer::take_field(std::size_t colon) {
  const std::string name = to_lower(std::string_view(text_).substr(at_, colon - at_));
  if (std::find(kFields.begin(), kFields.end(), name) == kFields.end()) return false;
  const std::size_t begin = at_;
  at_ = colon + 1;
  QueryToken token{.kind = QueryToken::Kind::kField, .text = {}, .field = name};
  if (peek() == '"' || peek() == '\'') {
    const char quote = text_[at_++];
    token.text = quoted_text(quote);
    token.quoted = true;
  } else {
    token.text = bare("()\"");
  }
  if (token.text.empty()) {
    at_ = begin;
    return false;
  }
  if (token.text.ends_with('*') && !token.quoted) {
    token.starred = true;
    token.text.pop_back();
  }
  out_.push_back(std::move(token));
  return true;
}

void QueryLexer::take_word() {
  const std::size_t begin = at_;
  const std::size_t colon = text_.find_first_of(": \t\r\n()\"'#", at_);
  if (colon != text_.npos && text_[colon] == ':' && take_field(colon)) return;
  at_ = begin;
  // A quote within a word is an apostrophe, and a '#' may end one: don't, C#.
  std::string text = bare("()\"");
  if (text.empty()) {
    ++at_;
    return;
  }
  add_word(std::move(text));
}

void QueryLexer::add_word(std::string text) {
  QueryToken token{.kind = QueryToken::Kind::kWord, .text = std::move(text), .field = {}};
  const std::string lower = to_lower(token.text);
  if (lower == "and" || lower == "&" || lower == "&&") token.kind = QueryToken::Kind::kAnd;
  if (lower == "or" || lower == "|" || lower == "||") token.kind = QueryToken::Kind::kOr;
  if (lower == "not") token.kind = QueryToken::Kind::kNot;
  if (token.text.size() > 1 && token.text.ends_with('*')) {
    token.starred = true;
    while (token.text.ends_with('*')) token.text.pop_back();
  }
  out_.push_back(std::move(token));
}

}  // namespace wm::search
