#include "replay/rewrite/jsonp_rewriter.h"

#include <array>
#include <optional>
#include <utility>

#include "core/base/ascii.h"
#include "core/url/url.h"

namespace wm::rewrite {
namespace {

constexpr std::size_t kStartBytes = 64 << 10;
constexpr std::size_t kNameBytes = 200;

/// Of "a.b", "a['b']", "$1": what stands before the parenthesis of a call.
bool is_name_byte(char c) {
  return is_alnum(c) || c == '_' || c == '$' || c == '.' || c == '[' || c == ']' || c == '\'' ||
         c == '"';
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kNameBytes || is_digit(text.front())) return false;
  for (const char c : text) {
    if (!is_name_byte(c)) return false;
  }
  return is_alpha(text.front()) || text.front() == '_' || text.front() == '$';
}

struct Call {
  enum class Kind { kMore, kNone, kFound };
  Kind kind = Kind::kMore;
  std::size_t begin = 0, end = 0;  ///< of the name
};

/// Past blanks, comments and a byte order mark; nullopt if it ends before.
std::optional<std::size_t> code_at(std::string_view text) {
  std::size_t at = 0;
  if (text.starts_with("\xef\xbb\xbf")) at = 3;
  while (at < text.size()) {
    if (is_space(text[at])) {
      ++at;
    } else if (text.substr(at).starts_with("/*")) {
      const std::size_t end = text.find("*/", at + 2);
      if (end == std::string_view::npos) return std::nullopt;
      at = end + 2;
    } else if (text.substr(at).starts_with("//")) {
      const std::size_t end = text.find('\n', at);
      if (end == std::string_view::npos) return std::nullopt;
      at = end + 1;
    } else if (text[at] == '/' && at + 1 == text.size()) {
      return std::nullopt;
    } else {
      return at;
    }
  }
  return std::nullopt;
}

Call find_call(std::string_view text) {
  const auto begin = code_at(text);
  if (!begin) return {};
  std::size_t end = *begin;
  while (end < text.size() && is_name_byte(text[end])) ++end;
  if (end == *begin || end - *begin > kNameBytes) return {Call::Kind::kNone};
  std::size_t at = end;
  for (const char expected : {'(', '{'}) {
    while (at < text.size() && is_space(text[at])) ++at;
    if (at == text.size()) return {};
    const bool fits =
        text[at] == expected || (expected == '{' && (text[at] == '[' || text[at] == '"'));
    if (!fits) return {Call::Kind::kNone};
    ++at;
  }
  if (!is_name(text.substr(*begin, end - *begin))) return {Call::Kind::kNone};
  return {Call::Kind::kFound, *begin, end};
}

}  // namespace

std::string callback_of(std::string_view url) {
  const std::size_t query = url.find('?');
  if (query == std::string_view::npos) return {};
  url = url.substr(query + 1, url.find('#') - query - 1);
  for (const auto pair : split(url, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = pair.substr(0, equals);
    const bool asks = iequals(name, "callback") || iequals(name, "jsonp") ||
                      iequals(name, "jsonpcallback") || iequals(name, "jsoncallback") ||
                      iequals(name, "cb");
    std::string value = url::percent_decode(pair.substr(equals + 1));
    if (asks && is_name(value)) return value;
  }
  return {};
}

bool begins_as_jsonp(std::string_view first_bytes) {
  return find_call(first_bytes).kind == Call::Kind::kFound;
}

void JsonpRewriter::feed(std::string_view bytes) {
  if (decided_ || callback_.empty()) return sink_.keep(bytes);
  start_ += bytes;
  // Looked at anew only when it has doubled, so that small pieces cost no more.
  if (start_.size() < next_look_) return;
  next_look_ = start_.size() * 2;
  decide();
}

void JsonpRewriter::finish() {
  next_look_ = 0;
  decide();
}

void JsonpRewriter::decide() {
  if (decided_) return;
  const std::string_view start = start_;
  // Of a fixed length at most, so that where the input is cut makes no difference.
  Call call = find_call(start.substr(0, kStartBytes));
  if (call.kind == Call::Kind::kMore && start.size() < kStartBytes && next_look_ != 0) return;
  decided_ = true;
  if (call.kind != Call::Kind::kFound) call = {};
  sink_.keep(start.substr(0, call.begin));
  if (call.end != 0) sink_.edit(start.substr(call.begin, call.end - call.begin), callback_);
  sink_.keep(start.substr(call.end));
  start_ = std::string();
}

}  // namespace wm::rewrite
