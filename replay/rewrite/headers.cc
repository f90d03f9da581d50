#include "replay/rewrite/headers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/ascii.h"
#include "core/html/url_attributes.h"

namespace wm::rewrite {
namespace {

// Sorted. What is not listed, nor handled below, is kept: pages read headers of their own making.
constexpr auto kPrefixed = std::to_array<std::string_view>({
    "accept-ch",
    "accept-ranges",
    "age",
    "alt-svc",
    "alternate-protocol",
    "attribution-reporting-register-source",
    "attribution-reporting-register-trigger",
    "cache-control",
    "cdn-cache-control",
    "clear-site-data",
    "connection",
    "connection-allowlist",
    "connection-allowlist-report-only",
    "content-base",
    "content-digest",
    "content-length",
    "content-location",
    "content-md5",
    "content-range",
    "content-security-policy",
    "content-security-policy-report-only",
    "critical-ch",
    "cross-origin-embedder-policy",
    "cross-origin-embedder-policy-report-only",
    "cross-origin-opener-policy",
    "cross-origin-opener-policy-report-only",
    "cross-origin-resource-policy",
    "date",
    "digest",
    "document-policy",
    "etag",
    "expect-ct",
    "expires",
    "feature-policy",
    "integrity-policy",
    "keep-alive",
    "last-modified",
    "link",
    "location-fallback",
    "memento-datetime",
    "nel",
    "no-vary-search",
    "observe-browsing-topics",
    "onion-location",
    "origin-agent-cluster",
    "origin-trial",
    "p3p",
    "permissions-policy",
    "pragma",
    "proxy-authenticate",
    "proxy-connection",
    "public-key-pins",
    "public-key-pins-report-only",
    "referrer-policy",
    "report-to",
    "reporting-endpoints",
    "repr-digest",
    "require-document-policy",
    "retry-after",
    "server",
    "service-worker-allowed",
    "set-login",
    "sourcemap",
    "speculation-rules",
    "status",
    "strict-transport-security",
    "supports-loading-mode",
    "surrogate-control",
    "te",
    "timing-allow-origin",
    "tk",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "use-as-dictionary",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "x-dns-prefetch-control",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-sourcemap",
    "x-xss-protection",
});
static_assert(std::ranges::is_sorted(kPrefixed));

bool is_prefixed(const std::string& lower_name) {
  return std::ranges::binary_search(kPrefixed, std::string_view(lower_name)) ||
         lower_name.starts_with("access-control-") || lower_name.starts_with("proxy-");
}

std::string refresh_value(std::string_view value, const UrlRewriter& urls, Modifier modifier) {
  const auto url = html::parse_refresh(value);
  if (!url) return std::string(value);
  std::string fresh(value.substr(0, url->begin));
  fresh += urls.rewritten(value.substr(url->begin, url->end - url->begin), modifier);
  fresh += value.substr(url->end);
  return fresh;
}

/// Without the origin, if the prefix has one: a cookie's Path is a path.
std::string_view path_of(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme > 8) return address;  // or none
  const std::size_t path = address.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : address.substr(path);
}

}  // namespace

http::Headers replay_headers(const http::Headers& archived, const UrlRewriter& urls,
                             Modifier modifier) {
  http::Headers headers;
  headers.reserve(archived.size() + 12);
  for (const auto& [name, value] : archived) {
    if (!http::is_token(name)) continue;
    const std::string lower = to_lower(name);
    if (is_prefixed(lower)) {
      headers.add(std::string(kOriginalPrefix) + name, value);
    } else if (lower == "location" || lower == "uri") {
      headers.add(name, urls.rewritten(value, modifier));
    } else if (lower == "refresh") {
      headers.add(name, refresh_value(value, urls, modifier));
    } else if (lower == "set-cookie") {
      if (!istarts_with(trim(value), "wm_"))
        headers.add(name, replay_cookie(value, urls));  // those are Waymark's own
    } else if (lower != "set-cookie2") {
      headers.add(name, value);
    }
  }
  return headers;
}

std::string replay_cookie(std::string_view set_cookie, const UrlRewriter& urls) {
  std::string cookie;
  std::string_view path;
  bool first = true;
  for (const auto part : split(set_cookie, ';')) {
    const auto item = trim(part);
    const auto name = trim(item.substr(0, item.find('=')));
    if (first) {
      cookie += item;
      first = false;
      continue;
    }
    if (iequals(name, "path"))
      path = item.find('=') == std::string_view::npos ? "" : trim(item.substr(item.find('=') + 1));
    const bool kept = iequals(name, "httponly") || iequals(name, "max-age");
    if (kept) (cookie += "; ") += item;
  }
  // RFC 6265 5.1.4: without a Path, the folder of the page.
  const auto& page = urls.base().path();
  if (!path.starts_with('/'))
    path = std::string_view(page).substr(0, std::max<std::size_t>(page.rfind('/'), 1));
  cookie += "; Path=";
  cookie += path_of(urls.prefix(memento::is_page(urls.address().modifier) ? urls.address().modifier
                                                                          : Modifier::kNone));
  cookie += urls.base().origin();
  cookie += path;
  return cookie;
}

}  // namespace wm::rewrite
