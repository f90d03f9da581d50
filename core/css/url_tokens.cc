// CSS Syntax 3, 4.3.5, 4.3.6 and 4.3.14: strings and url tokens, and what is told of them.
#include <utility>

#include "core/css/scanner_internal.h"

namespace wm::css {

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
  const std::string_view raw = bytes.substr(0, size);
  std::string url = bytes.size() > kMaxToken ? std::string() : unescape(raw);
  if (!url.empty()) {
    sink.on_url({kind, form, url_begin, url_end, quote, raw, std::move(url)});
    bytes.remove_prefix(size);
  }
  if (!bytes.empty()) sink.on_bytes(bytes);
  told = i;
  held.clear();
  holding = false;
}

}  // namespace wm::css
