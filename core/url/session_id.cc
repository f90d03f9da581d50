// surt-py's URLRegexTransformer: what its expressions match, found without backtracking. Each
// expression is greedy from the left, so it takes the last place that matches.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/canonical_internal.h"

namespace wm::url {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::size_t count_alnum(std::string_view text, std::size_t from, std::size_t most) {
  std::size_t n = 0;
  while (n < most && from + n < text.size() && is_alnum(text[from + n])) ++n;
  return n;
}

enum class PathId { kNamed, kPlain };

/// How long the session segment at `at` is, 0 if there is none: `\((?:[a-z]\([0-9a-z]{24}\))+\)/`
/// or `\([0-9a-z]{24}\)/`.
std::size_t session_segment(std::string_view path, std::size_t at, PathId form) {
  constexpr std::size_t kId = 24;
  std::size_t i = at;
  const auto take = [&](char c) {
    const bool there = i < path.size() && path[i] == c;
    if (there) ++i;
    return there;
  };
  const auto take_id = [&] {
    if (count_alnum(path, i, kId) != kId) return false;
    i += kId;
    return take(')');
  };
  if (!take('(')) return 0;
  if (form == PathId::kPlain) return take_id() && take('/') ? i - at : 0;
  std::size_t ids = 0;
  for (; i < path.size() && is_alpha(path[i]); ++ids) {
    ++i;
    if (!take('(') || !take_id()) return 0;
  }
  return ids > 0 && take(')') && take('/') ? i - at : 0;
}

std::size_t last_of(std::string_view text, std::string_view lower_needle) {
  for (std::size_t i = text.size() + 1; i-- > 0;) {
    if (istarts_with(text.substr(i), lower_needle)) return i;
  }
  return kNone;
}

/// `^(.*/)(session segment)([^?]+\.aspx.*)$` without its second group. Seen from the end of the
/// path: the next two ".aspx" and the next '?' (a session segment has neither in it).
void strip_path_id(std::string& path, PathId form) {
  constexpr std::string_view kAspx = ".aspx";
  const std::string_view text = path;
  std::size_t aspx = kNone, aspx_after = kNone, question = kNone;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == '?') question = i;
    if (text[i] == '.' && istarts_with(text.substr(i), kAspx)) {
      aspx_after = aspx;
      aspx = i;
    }
    if (text[i] != '/' || aspx == kNone) continue;
    const std::size_t length = session_segment(text, i + 1, form);
    const std::size_t name = i + 1 + length;
    const std::size_t found = aspx > name ? aspx : aspx_after;
    if (length == 0 || found == kNone || found > question) continue;
    path.erase(i + 1, length);
    return;
  }
}

/// Removes [from, to) and the '&' that follows it, as `^(.*)(?:…)(?:&(.*))?$` does.
void cut(std::string& query, std::size_t from, std::size_t to) {
  query.erase(from, to - from + (to < query.size() ? 1 : 0));
}

/// `name` + [0-9a-zA-Z]{32}, at the end of an argument.
bool strip_id(std::string& query, std::string_view name) {
  constexpr std::size_t kId = 32;
  if (query.size() < name.size() + kId) return false;
  for (std::size_t i = query.size() - name.size() - kId + 1; i-- > 0;) {
    const std::size_t end = i + name.size() + kId;
    if (end < query.size() && query[end] != '&') continue;
    if (!istarts_with(std::string_view(query).substr(i), name)) continue;
    if (count_alnum(query, i + name.size(), kId) != kId) continue;
    cut(query, i, end);
    return true;
  }
  return false;
}

/// ASPSESSIONID[a-zA-Z]{8}=[a-zA-Z]{24}
bool strip_asp_id(std::string& query) {
  constexpr std::string_view kName = "aspsessionid";
  constexpr std::size_t kLength = kName.size() + 8 + 1 + 24;
  const auto letters = [&](std::size_t from, std::size_t n) {
    return std::all_of(query.begin() + static_cast<std::ptrdiff_t>(from),
                       query.begin() + static_cast<std::ptrdiff_t>(from + n), is_alpha);
  };
  if (query.size() < kLength) return false;
  for (std::size_t i = query.size() - kLength + 1; i-- > 0;) {
    const std::size_t equals = i + kName.size() + 8;
    if (query[equals] != '=' || !istarts_with(std::string_view(query).substr(i), kName)) continue;
    if (!letters(i + kName.size(), 8) || !letters(equals + 1, 24)) continue;
    if (i + kLength < query.size() && query[i + kLength] != '&') continue;
    cut(query, i, i + kLength);
    return true;
  }
  return false;
}

/// cfid=[^&]+&cftoken=[^&]+
bool strip_coldfusion_ids(std::string& query) {
  constexpr std::string_view kId = "cfid=", kToken = "cftoken=";
  const std::string_view text = query;
  // From the last argument to the first: [from, end) is one, [end + 1, next_end) the one after it.
  std::size_t next_end = kNone;
  for (std::size_t end = text.size();;) {
    const std::size_t amp = end == 0 ? kNone : text.rfind('&', end - 1);
    const std::size_t from = amp == kNone ? 0 : amp + 1;
    if (next_end != kNone && istarts_with(text.substr(end + 1), kToken) &&
        next_end > end + 1 + kToken.size()) {
      const std::string_view argument = text.substr(from, end - from);
      const std::size_t id = argument.size() > kId.size()
                                 ? last_of(argument.substr(0, argument.size() - 1), kId)
                                 : kNone;
      if (id != kNone) {
        cut(query, from + id, next_end);
        return true;
      }
    }
    if (amp == kNone) return false;
    next_end = end;
    end = amp;
  }
}

}  // namespace

std::string strip_path_session(std::string path) {
  if (path.find("/(") == std::string::npos) return path;
  strip_path_id(path, PathId::kNamed);
  strip_path_id(path, PathId::kPlain);
  return path;
}

std::string strip_query_session(std::string query) {
  if (ifind(query, "id") == std::string::npos) return query;
  strip_id(query, "jsessionid=");
  strip_id(query, "phpsessid=");
  strip_id(query, "sid=");
  strip_asp_id(query);
  strip_coldfusion_ids(query);
  return query;
}

}  // namespace wm::url
