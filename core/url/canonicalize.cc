#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/canonical_internal.h"
#include "core/url/host_internal.h"
#include "core/url/surt.h"

namespace wm::url {
namespace {

using Ampersand = CanonicalOptions::EncodedAmpersand;

/// The input cut at its delimiters, as handyurl.parse does.
struct RawParts {
  std::string_view scheme, host, port, path, query;
  bool brackets = false;
};

std::string_view strip(std::string_view text) {
  const auto blank = [](char c) { return is_space(c) || c == '\v'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string without_breaks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (c != '\t' && c != '\n' && c != '\r') out += c;
  }
  return out;
}

/// "http://https://a.example/" is what the last of them says.
std::string_view without_repeated_protocol(std::string_view text) {
  std::size_t last = 0;
  for (std::size_t at = 0;;) {
    const std::string_view rest = text.substr(at);
    const std::size_t length = rest.starts_with("http://")    ? 7
                               : rest.starts_with("https://") ? 8
                                                              : 0;
    if (length == 0) return text.substr(last);
    last = at;
    at += length;
  }
}

/// Takes host and port of "user@host:port"; false if the port is none, which makes the whole no
/// URL.
bool split_authority(std::string_view authority, RawParts& parts) {
  while (authority.ends_with(':')) authority.remove_suffix(1);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  std::size_t colon = 0;
  if (const std::size_t open = authority.find('['); open != std::string_view::npos) {
    const std::size_t close = std::min(authority.find(']', open), authority.size());
    parts.host = authority.substr(open + 1, close - open - 1);
    parts.brackets = true;
    colon = std::min(authority.find(':', close), authority.size());
  } else {
    colon = std::min(authority.find(':'), authority.size());
    parts.host = authority.substr(0, colon);
  }
  if (colon == authority.size()) return true;
  parts.port = authority.substr(colon + 1);
  while (parts.port.starts_with('0')) parts.port.remove_prefix(1);
  const auto number = parse_u64(parts.port.empty() ? "0" : parts.port);
  return number && *number <= 0xffff;
}

/// RFC 2396 appendix B; handyurl.parse. False if the text is no URL. `text` begins with a scheme.
bool split_url(std::string_view text, RawParts& parts) {
  const std::size_t colon = text.find(':');
  parts.scheme = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  text = text.substr(0, text.find('#'));
  const std::size_t question = std::min(text.find('?'), text.size());
  if (question < text.size()) parts.query = text.substr(question + 1);
  text = text.substr(0, question);
  std::string_view authority;
  if (text.starts_with("//")) {
    const std::size_t slash = std::min(text.find('/', 2), text.size());
    authority = text.substr(2, slash - 2);
    text.remove_prefix(slash);
  }
  parts.path = text;
  if (!split_authority(authority, parts)) return false;
  // "http:////////www.example.com/" and "http:/www.example.com/".
  if (parts.host.empty() && istarts_with(parts.scheme, "http") && !text.empty()) {
    while (text.starts_with('/')) text.remove_prefix(1);
    const std::size_t slash = std::min(text.find('/'), text.size());
    parts.path = slash < text.size() ? text.substr(slash) : std::string_view("/");
    return split_authority(text.substr(0, slash), parts);
  }
  return true;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// Where the next label of a name ends, and how many bytes its dot has: '.', U+3002, U+FF0E or
/// U+FF61 (RFC 3490 3.1).
std::size_t next_dot(std::string_view name, std::size_t from, std::size_t& dot_bytes) {
  for (std::size_t i = from; i < name.size(); ++i) {
    const std::string_view three = name.substr(i, 3);
    dot_bytes = name[i] == '.'                                                                  ? 1
                : three == "\xe3\x80\x82" || three == "\xef\xbc\x8e" || three == "\xef\xbd\xa1" ? 3
                                                                                                : 0;
    if (dot_bytes != 0) return i;
  }
  dot_bytes = 0;
  return name.size();
}

/// Each label by RFC 3490; nullopt, and the name stays as it is, if one of them fails or is empty.
std::optional<std::string> idna2003(std::string_view name) {
  std::string out;
  for (std::size_t from = 0; from < name.size();) {
    std::size_t dot_bytes = 0;
    const std::size_t end = next_dot(name, from, dot_bytes);
    const std::string_view label = name.substr(from, end - from);
    constexpr std::size_t kLongestLabel = 63;
    if (is_ascii(label)) {
      if (label.empty() || label.size() > kLongestLabel) return std::nullopt;
      out += label;
    } else {
      const auto ascii = idna2003_label_to_ascii(label);
      if (!ascii) return std::nullopt;
      out += *ascii;
    }
    if (dot_bytes != 0) out += '.';
    from = end + dot_bytes;
  }
  return out;
}

/// Decimal, octal and short forms of an IPv4 address, and any whole number taken modulo 2^32. No
/// hexadecimal.
std::optional<std::uint32_t> ipv4_of(std::string_view host) {
  if (host.empty() || !is_digit(host[0])) return std::nullopt;
  bool whole = true, octal = true;
  for (char c : host) {
    if (!is_digit(c) && c != '.') return std::nullopt;
    whole = whole && c != '.';
    octal = octal && c < '8';
  }
  if (!whole) return host[0] == '0' && !octal ? std::nullopt : parse_ipv4(host);
  std::uint32_t value = 0;
  for (char c : host) value = value * 10 + static_cast<std::uint32_t>(c - '0');
  return value;
}

std::string collapse_dots(std::string_view host) {
  std::string out;
  out.reserve(host.size());
  for (char c : host) {
    if (c == '.' && (out.empty() || out.back() == '.')) continue;
    out += c;
  }
  if (out.ends_with('.')) out.pop_back();
  return out;
}

/// GoogleURLCanonicalizer: the host.
std::string canonical_host(std::string_view raw) {
  std::string host = unescape_repeatedly(raw, Ampersand::kDecode);
  if (!is_ascii(host)) {
    if (auto ascii = idna2003(host)) host = *std::move(ascii);
  }
  host = collapse_dots(host);
  if (const auto address = ipv4_of(host)) return ipv4_text(*address);
  return to_lower(escape_once(to_lower(host), Ampersand::kDecode));
}

/// IAURLCanonicalizer.massageHost: "www." and "www" with digits, once.
void strip_www(std::string& host) {
  if (!host.starts_with("www")) return;
  std::size_t end = 3;
  while (end < host.size() && is_digit(host[end])) ++end;
  if (end < host.size() && host[end] == '.') host.erase(0, end + 1);
}

std::string canonical_path(std::string_view raw, bool has_host, const CanonicalOptions& options) {
  std::string path = unescape_repeatedly(raw, Ampersand::kDecode);
  if (has_host) path = normalize_path(path);
  path = to_lower(escape_once(path, Ampersand::kDecode));
  if (options.sessions == CanonicalOptions::Sessions::kStrip)
    path = strip_path_session(std::move(path));
  const bool strips = options.trailing_slash == CanonicalOptions::TrailingSlash::kStrip;
  if (strips && path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::optional<std::string> canonical_query(std::string_view raw, const CanonicalOptions& options) {
  std::string query =
      escape_once(unescape_repeatedly(raw, options.encoded_ampersand), options.encoded_ampersand);
  if (options.sessions == CanonicalOptions::Sessions::kStrip)
    query = strip_query_session(std::move(query));
  query = sort_query(to_lower(query));
  if (query.empty()) return std::nullopt;
  return query;
}

std::string with_escaped(std::string_view text, std::string_view delimiters) {
  std::string out;
  for (char c : text) {
    if (delimiters.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += '%' + hex_encode(std::string_view(&c, 1));
    }
  }
  return out;
}

CanonicalParts kept(std::string_view text) {
  CanonicalParts parts;
  parts.path = escape_blanks(text);
  return parts;
}

}  // namespace

bool has_scheme(std::string_view text) {
  if (text.empty() || !is_alpha(text[0])) return false;
  std::size_t end = 1;
  while (end < text.size() &&
         (is_alnum(text[end]) || text[end] == '+' || text[end] == '-' || text[end] == '.'))
    ++end;
  if (end == text.size() || text[end] != ':') return false;
  const std::string_view name = text.substr(0, end);
  if (name.find('.') == std::string_view::npos && !iequals(name, "localhost")) return true;
  std::size_t digits = end + 1;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const bool ends =
      digits == text.size() || std::string_view("/?#").find(text[digits]) != std::string_view::npos;
  return digits == end + 1 || !ends;
}

CanonicalParts canonicalize(std::string_view url, const CanonicalOptions& options) {
  std::string storage;
  std::string_view text = strip(url);
  if (text.find_first_of("\t\n\r") != std::string_view::npos) text = storage = without_breaks(text);
  if (text.empty()) return kept("-");
  if (istarts_with(text, "filedesc:") || istarts_with(text, "warcinfo:")) return kept(text);
  std::string with_scheme;
  std::string_view whole = text;
  if (!has_scheme(text)) whole = with_scheme = "http://" + std::string(text);
  RawParts raw;
  if (!split_url(without_repeated_protocol(whole), raw)) return kept(text);
  CanonicalParts parts;
  parts.scheme = to_lower(raw.scheme);
  parts.host = canonical_host(raw.host);
  parts.brackets = raw.brackets;
  // "http:", "http://.../": no URL without its host.
  if (parts.host.empty() && (!raw.host.empty() || parts.scheme.starts_with("http")))
    return kept(text);
  if (parts.scheme != "dns") strip_www(parts.host);
  const bool default_port = (parts.scheme == "http" && raw.port == "80") ||
                            (parts.scheme == "https" && raw.port == "443");
  if (!default_port) parts.port = raw.port;
  parts.path = canonical_path(raw.path, !parts.host.empty(), options);
  parts.query = canonical_query(raw.query, options);
  return parts;
}

std::string canonical_url(std::string_view url) {
  const CanonicalParts parts = canonicalize(url);
  if (parts.scheme.empty()) return parts.path;
  std::string out = parts.scheme + ':';
  if (!parts.host.empty()) {
    // A delimiter that a name got by decoding stays escaped, so that what is written here is read
    // as the same parts.
    std::string host = with_escaped(parts.host, parts.brackets ? "/?@[]" : "/?@[]:");
    out += parts.brackets ? "//[" + std::move(host) + ']' : "//" + std::move(host);
    if (!parts.port.empty()) out += ':' + parts.port;
  }
  const bool reads_as_host = parts.host.empty() && parts.path.starts_with("//");
  out += reads_as_host ? "/%2f" + parts.path.substr(2) : parts.path;
  if (parts.path.empty() && parts.query) out += '/';
  if (parts.query) out += '?' + *parts.query;
  return out;
}

}  // namespace wm::url
