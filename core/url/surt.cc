#include "core/url/surt.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/canonical_internal.h"
#include "core/url/host_internal.h"

namespace wm::url {
namespace {

void append_reversed_labels(std::string& out, std::string_view host) {
  for (std::size_t end = host.size();;) {
    const std::size_t dot = end == 0 ? std::string_view::npos : host.rfind('.', end - 1);
    const std::size_t from = dot == std::string_view::npos ? 0 : dot + 1;
    out += host.substr(from, end - from);
    if (dot == std::string_view::npos) return;
    out += ',';
    end = dot;
  }
}

bool is_ipv4(std::string_view host) {
  return ends_in_a_number(host) && std::count(host.begin(), host.end(), '.') == 3 &&
         parse_ipv4(host).has_value();
}

void add_once(std::vector<std::string>& keys, std::string key) {
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
}

/// The key with a slash at the end of its path, or without the one it has.
std::string with_slash_toggled(const std::string& key) {
  const std::size_t question = std::min(key.find('?'), key.size());
  const std::size_t path = key.find(")/");
  if (path == std::string::npos || path + 2 >= question) return key;
  std::string out = key;
  if (out[question - 1] == '/') {
    out.erase(question - 1, 1);
  } else {
    out.insert(question, 1, '/');
  }
  return out;
}

/// OutbackCDX keys "screenshot:http://…", "youtube-dl:00001:http://…" by the URL inside, and calls
/// urn:transclusions: by the tool.
void add_embedded(std::vector<std::string>& keys, std::string_view url) {
  const std::size_t http = std::min(url.find("http://"), url.find("https://"));
  if (http == std::string_view::npos || http == 0 || url[http - 1] != ':') return;
  const std::string_view prefix = url.substr(0, http);
  if (std::any_of(prefix.begin(), prefix.end(),
                  [](char c) { return !is_alnum(c) && c != ':' && c != '-'; }))
    return;
  const bool transclusions = prefix == "urn:transclusions:";
  add_once(keys, (transclusions ? "youtube-dl:" : to_lower(prefix)) + surt(url.substr(http)));
}

std::string_view host_of_key(std::string_view key) {
  return key.substr(0, key.find(")/"));
}

/// The first key after all that begin with `prefix`.
std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty())
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace

std::string key_of(const CanonicalParts& parts, Ipv4Order order) {
  if (parts.scheme.empty()) return parts.path;
  std::string out;
  out.reserve(parts.host.size() + parts.path.size() + (parts.query ? parts.query->size() : 0) + 8);
  if (parts.host.empty()) {
    out += parts.scheme;
    out += ':';
  } else {
    if (order == Ipv4Order::kAsWritten && is_ipv4(parts.host)) {
      out += parts.host;
    } else {
      append_reversed_labels(out, parts.host);
    }
    if (!parts.port.empty()) {
      out += ':';
      out += parts.port;
    }
    out += ')';
  }
  out += parts.path;
  if (parts.path.empty() && parts.query) out += '/';
  if (parts.query) {
    out += '?';
    out += *parts.query;
  }
  return out;
}

std::string surt(std::string_view url) {
  return key_of(canonicalize(url));
}

std::vector<std::string> surt_variants(std::string_view url) {
  using Options = CanonicalOptions;
  std::vector<std::string> keys;
  const CanonicalParts ours = canonicalize(url);
  add_once(keys, key_of(ours));
  add_once(keys, key_of(ours, Ipv4Order::kAsWritten));
  add_once(keys,
           key_of(canonicalize(url, {.encoded_ampersand = Options::EncodedAmpersand::kDecode})));
  const std::string warcio_js = surt_warcio_js(url);
  add_once(keys, warcio_js);
  add_once(keys, with_slash_toggled(warcio_js));
  add_once(keys, key_of(canonicalize(url, {.sessions = Options::Sessions::kKeep})));
  add_once(keys, with_slash_toggled(keys.front()));
  add_embedded(keys, url);
  return keys;
}

// pywb's calc_search_range. '!' follows the blank that ends a key in a CDX line, '*' follows ')',
// '-' follows ','.
SurtRange surt_range(std::string_view url, MatchType match) {
  std::string key = surt(url);
  switch (match) {
    case MatchType::kExact:
      return {key, key + '!'};
    case MatchType::kPrefix:
      // The slash at the end is no part of the key, but of what was asked for.
      if (url.ends_with('/') && !key.ends_with('/')) key += '/';
      return {key, after_prefix(key)};
    case MatchType::kHost: {
      const std::string host(host_of_key(key));
      return {host + ")/", host + '*'};
    }
    case MatchType::kDomain: {
      const std::string host(host_of_key(key));
      // "com" alone is a domain of domains.
      return {host + (host.find(',') == std::string::npos ? "," : ")/"), host + '-'};
    }
  }
  return {key, key + '!'};
}

}  // namespace wm::url
