#include "replay/as_archived.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/ascii.h"
#include "replay/rewrite/headers.h"

namespace wm::replay {
namespace {

// Sorted.
constexpr auto kStaysPutBy = std::to_array<std::string_view>({
    "accept-ch",
    "accept-ranges",
    "age",
    "alt-svc",
    "alternate-protocol",
    "cache-control",
    "cdn-cache-control",
    "clear-site-data",
    "connection",
    "content-digest",
    "content-length",
    "content-location",
    "content-md5",
    "content-range",
    "content-security-policy-report-only",
    "critical-ch",
    "cross-origin-embedder-policy-report-only",
    "cross-origin-opener-policy-report-only",
    "date",
    "digest",
    "etag",
    "expect-ct",
    "expires",
    "keep-alive",
    "memento-datetime",
    "nel",
    "pragma",
    "public-key-pins",
    "public-key-pins-report-only",
    "report-to",
    "reporting-endpoints",
    "repr-digest",
    "retry-after",
    "set-login",
    "status",
    "strict-transport-security",
    "surrogate-control",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "use-as-dictionary",
    "vary",
    "via",
    "warning",
    "www-authenticate",
});
static_assert(std::ranges::is_sorted(kStaysPutBy));

// What replay itself adds to hold a page in or to steer caches.
constexpr auto kOfReplay = std::to_array<std::string_view>({
    "cache-control",
    "content-security-policy",
    "permissions-policy",
    "referrer-policy",
    "x-dns-prefetch-control",
});

bool stays_put_by(const std::string& lower_name) {
  return std::ranges::binary_search(kStaysPutBy, std::string_view(lower_name)) ||
         lower_name.starts_with("proxy-");
}

/// `value` without a replay prefix ("/web/20200102030405id_/") that stands in it.
std::string without_prefix(std::string_view value, std::string_view prefix) {
  const std::size_t at = value.find(prefix);
  if (at == std::string_view::npos) return std::string(value);
  const std::size_t end = value.find('/', at + prefix.size());
  if (end == std::string_view::npos) return std::string(value);
  return std::string(value.substr(0, at)) + std::string(value.substr(end + 1));
}

/// A cookie's Path is below the page's replay address: the path after "http://host" is the archived
/// one.
std::string archived_cookie(std::string_view value, std::string_view prefix) {
  std::string cookie = without_prefix(value, prefix);
  const std::size_t path = ifind(cookie, "; path=");
  if (path == std::string::npos || cookie.size() == value.size()) return cookie;
  const std::size_t start = path + std::string_view("; path=").size();
  const std::size_t authority = cookie.find("//", start);
  if (authority == std::string::npos) return cookie;
  const std::size_t slash = std::min(cookie.find('/', authority + 2), cookie.size());
  cookie.erase(start, slash - start);
  return cookie;
}

}  // namespace

http::Headers as_archived(const http::Headers& memento, std::string_view prefix) {
  http::Headers headers;
  headers.reserve(memento.size());
  for (const auto& [name, value] : memento) {
    const std::string lower = to_lower(name);
    if (std::ranges::binary_search(kOfReplay, std::string_view(lower))) continue;
    if (istarts_with(name, rewrite::kOriginalPrefix)) {
      const std::string_view original =
          std::string_view(name).substr(rewrite::kOriginalPrefix.size());
      headers.add(stays_put_by(lower.substr(rewrite::kOriginalPrefix.size()))
                      ? std::string_view(name)
                      : original,
                  value);
    } else if (lower == "location" || lower == "uri" || lower == "refresh") {
      headers.add(name, without_prefix(value, prefix));
    } else if (lower == "set-cookie") {
      headers.add(name, archived_cookie(value, prefix));
    } else {
      headers.add(name, value);
    }
  }
  // At another chosen time the same address gives another version.
  headers.add("Cache-Control", "no-cache");
  return headers;
}

}  // namespace wm::replay
