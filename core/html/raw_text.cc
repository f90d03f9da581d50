// HTML Standard 13.2.5: RCDATA, RAWTEXT, script data and PLAINTEXT states.
#include <algorithm>
#include <cstring>

#include "core/base/ascii.h"
#include "core/html/raw_text_internal.h"

namespace wm::html {
namespace {

std::size_t find_byte(std::string_view window, std::size_t at, char c) {
  const void* const found = std::memchr(window.data() + at, c, window.size() - at);
  return found == nullptr
             ? window.size()
             : static_cast<std::size_t>(static_cast<const char*>(found) - window.data());
}

}  // namespace

void RawText::enter(Mode mode, std::string_view element) {
  mode_ = mode;
  element_ = element;
  script_ = Script::kPlain;
  dashes_ = 0;
}

RawText::Match RawText::match(std::string_view rest, std::string_view lower_case) {
  const std::size_t n = std::min(rest.size(), lower_case.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (to_lower(rest[i]) != lower_case[i]) return Match::kNo;
  }
  return rest.size() < lower_case.size() ? Match::kMore : Match::kYes;
}

/// `before`, `word`, and a character that ends a tag name.
RawText::Match RawText::match_word(std::string_view rest, std::string_view before,
                                   std::string_view word) {
  if (const Match first = match(rest, before); first != Match::kYes) return first;
  rest.remove_prefix(before.size());
  if (const Match second = match(rest, word); second != Match::kYes) return second;
  if (rest.size() == word.size()) return Match::kMore;
  const char c = rest[word.size()];
  return is_space(c) || c == '/' || c == '>' ? Match::kYes : Match::kNo;
}

bool RawText::scan(std::string_view window, std::size_t& at, bool final) {
  if (mode_ == Mode::kPlaintext) {
    at = window.size();
    return false;
  }
  return mode_ == Mode::kScript ? scan_script(window, at, final) : scan_text(window, at, final);
}

bool RawText::scan_text(std::string_view window, std::size_t& at, bool final) {
  while (at < window.size()) {
    at = find_byte(window, at, '<');
    if (at == window.size()) return false;
    const Match end = match_word(window.substr(at), "</", element_);
    if (end == Match::kYes) return true;
    if (end == Match::kMore && !final) return false;
    ++at;
  }
  return false;
}

bool RawText::scan_script(std::string_view window, std::size_t& at, bool final) {
  while (at < window.size()) {
    if (script_ == Script::kPlain) {
      at = find_byte(window, at, '<');
      if (at == window.size()) return false;
    }
    const char c = window[at];
    if (c == '<') {
      const std::size_t place = at;
      const Match end = less_than(window, at);
      if (end == Match::kYes) return true;
      if (end == Match::kMore) {
        if (!final) return false;
        at = place + 1;
      }
      continue;
    }
    if (c == '-') {
      if (dashes_ < 2) ++dashes_;
    } else {
      if (c == '>' && dashes_ == 2) script_ = Script::kPlain;
      dashes_ = 0;
    }
    ++at;
  }
  return false;
}

RawText::Match RawText::less_than(std::string_view window, std::size_t& at) {
  const std::string_view rest = window.substr(at);
  if (script_ == Script::kDoubleEscaped) {
    const Match back = match_word(rest, "</", "script");
    if (back == Match::kMore) return back;
    if (back == Match::kYes) script_ = Script::kEscaped;
    at += back == Match::kYes ? 9 : 1;
    dashes_ = 0;
    return Match::kNo;
  }
  const Match end = match_word(rest, "</", "script");
  if (end != Match::kNo) return end;
  if (script_ == Script::kPlain) {
    const Match open = match(rest, "<!--");
    if (open == Match::kMore) return open;
    if (open == Match::kYes) {
      script_ = Script::kEscaped;
      dashes_ = 2;
    }
    at += open == Match::kYes ? 4 : 1;
    return Match::kNo;
  }
  const Match twice = match_word(rest, "<", "script");
  if (twice == Match::kMore) return twice;
  if (twice == Match::kYes) script_ = Script::kDoubleEscaped;
  at += twice == Match::kYes ? 8 : 1;
  dashes_ = 0;
  return Match::kNo;
}

}  // namespace wm::html
