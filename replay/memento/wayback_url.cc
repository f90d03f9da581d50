#include "replay/memento/wayback_url.h"

#include <array>
#include <utility>

#include "core/base/ascii.h"
#include "core/url/url.h"

namespace wm::memento {
namespace {

using Kind = WaybackUrl::Kind;

bool is_collection_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '.') return false;
  for (const char c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

/// The length of a scheme with its colon at the start of `text`, 0 if there is none.
/// "localhost:80/x" has none: what follows the colon must not be a port.
std::size_t scheme_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && at < 32 &&
         (is_alnum(text[at]) || text[at] == '+' || text[at] == '-' || text[at] == '.'))
    ++at;
  if (at == 0 || at >= text.size() || text[at] != ':' || !is_alpha(text[0])) return 0;
  return at + 1;
}

bool is_opaque_scheme(std::string_view scheme) {
  constexpr std::array<std::string_view, 5> kOpaque = {
      "urn:", "dns:", "whois:", "metadata:", "screenshot:"};
  for (const auto known : kOpaque) {
    if (iequals(scheme, known)) return true;
  }
  return false;
}

bool is_web_scheme(std::string_view scheme) {
  return iequals(scheme, "http:") || iequals(scheme, "https:") || iequals(scheme, "ftp:") ||
         iequals(scheme, "ftps:");
}

/// Puts in the '/' that relative references of the page need: "http://a?x" → "http://a/?x".
std::string with_path(std::string url, std::size_t authority) {
  const std::size_t end = url.find_first_of("/?\\", authority);
  if (end == std::string::npos) {
    url += '/';
  } else if (url[end] == '?') {
    url.insert(end, 1, '/');
  }
  return url;
}

struct Segment {
  std::string_view first;
  std::string_view rest;  ///< after the slash
  bool has_slash = false;
};

Segment first_segment(std::string_view text) {
  const std::size_t end = text.find_first_of("/?");
  if (end == std::string_view::npos || text[end] == '?') return {text.substr(0, end), {}, false};
  return {text.substr(0, end), text.substr(end + 1), true};
}

std::size_t count_digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  return n;
}

Result<> set_url(WaybackUrl& parsed, std::string_view written) {
  if (parsed.kind == Kind::kCalendar && written.ends_with('*')) {
    parsed.prefix_match = true;
    written.remove_suffix(1);
  }
  if (written.empty()) return fail(Error::Code::kInvalid, "a replay address without a URL");
  parsed.url = WM_TRY(repair_url(written));
  parsed.url_as_written = parsed.url == written;
  const auto scheme = written.substr(0, scheme_length(written));
  if (!is_web_scheme(scheme) && !is_opaque_scheme(scheme) && !written.starts_with("//") &&
      !istarts_with(written, "http%3a") && !istarts_with(written, "https%3a")) {
    parsed.certain = false;
  }
  return {};
}

/// "2010*", "*", "2010-2012": which years a calendar shows.
bool parse_span(WaybackUrl& parsed, std::string_view segment) {
  if (segment == "*") return true;
  const std::size_t digits = count_digits(segment);
  if (digits == 0 || digits > 14) return false;
  const auto from = segment.substr(0, digits);
  auto to = segment.substr(digits);
  if (to == "*") {
    to = from;
  } else if (to.size() > 1 && to.front() == '-' && count_digits(to.substr(1)) == to.size() - 1) {
    to.remove_prefix(1);
  } else {
    return false;
  }
  parsed.from = Time14::parse_padded(from, Time14::Pad::kEarliest);
  parsed.to = Time14::parse_padded(to, Time14::Pad::kLatest);
  return parsed.from.has_value() && parsed.to.has_value();
}

bool parse_stamp(WaybackUrl& parsed, std::string_view segment) {
  const std::size_t digits = count_digits(segment);
  const auto modifier_text = segment.substr(digits);
  if (digits == 0 && modifier_text.empty()) return false;
  if (!modifier_text.empty()) {
    if (!modifier_text.ends_with('_') || modifier_text.size() > 8) return false;
    for (const char c : modifier_text.substr(0, modifier_text.size() - 1)) {
      if (c < 'a' || c > 'z') return false;
    }
    // A modifier of somebody else's is no reason to refuse the page.
    parsed.modifier = modifier_of(modifier_text).value_or(Modifier::kNone);
  }
  if (digits == 0) {
    parsed.kind = Kind::kTimeGate;
    return true;
  }
  const auto time = Time14::parse_padded(segment.substr(0, digits), Time14::Pad::kEarliest);
  if (!time) return false;
  parsed.kind = Kind::kMemento;
  parsed.time = *time;
  parsed.timestamp = time->text();
  parsed.full_timestamp = digits == 14 && segment.substr(0, 14) == parsed.timestamp;
  return true;
}

Result<WaybackUrl> parse_timemap(WaybackUrl parsed, std::string_view rest) {
  parsed.kind = Kind::kTimeMap;
  const Segment format = first_segment(rest);
  if (format.first == "link") {
    parsed.format = WaybackUrl::TimeMapFormat::kLink;
  } else if (format.first == "json") {
    parsed.format = WaybackUrl::TimeMapFormat::kJson;
  } else if (format.first == "cdxj") {
    parsed.format = WaybackUrl::TimeMapFormat::kCdxj;
  } else {
    return fail(Error::Code::kInvalid, "a TimeMap of an unknown format");
  }
  // "timemap/link/*/url" is how some clients write it.
  auto url = format.rest;
  if (url.starts_with("*/")) url.remove_prefix(2);
  if (const Segment page = first_segment(url); page.has_slash && page.first.size() == 14) {
    parsed.from = Time14::parse(page.first);
    if (parsed.from) url = page.rest;
  }
  WM_TRY(set_url(parsed, url));
  return parsed;
}

std::string_view query_of(std::string_view target) {
  const std::size_t at = target.find('?');
  return at == std::string_view::npos ? std::string_view() : target.substr(at + 1);
}

Result<WaybackUrl> parse_rest(WaybackUrl parsed, std::string_view rest) {
  if (rest.empty() || rest.front() == '?') {
    parsed.kind = Kind::kHome;
    return parsed;
  }
  const Segment segment = first_segment(rest);
  if (!segment.has_slash && segment.first == "cdx") {
    parsed.kind = Kind::kCdx;
    parsed.query = query_of(rest);
    return parsed;
  }
  if (segment.has_slash && segment.first == "timemap")
    return parse_timemap(std::move(parsed), segment.rest);
  if (segment.has_slash && parse_span(parsed, segment.first)) {
    parsed.kind = Kind::kCalendar;
    WM_TRY(set_url(parsed, segment.rest));
    return parsed;
  }
  if (segment.has_slash && parse_stamp(parsed, segment.first)) {
    WM_TRY(set_url(parsed, segment.rest));
    return parsed;
  }
  parsed.kind = Kind::kTimeGate;
  WM_TRY(set_url(parsed, rest));
  return parsed;
}

}  // namespace

Result<std::string> repair_url(std::string_view written) {
  std::string decoded;
  if (istarts_with(written, "http%3a%2f%2f") || istarts_with(written, "https%3a%2f%2f")) {
    decoded = url::percent_decode(written);
    written = decoded;
  }
  if (const std::size_t hash = written.find('#'); hash != std::string_view::npos)
    written = written.substr(0, hash);
  std::size_t scheme = scheme_length(written);
  std::string url;
  if (is_opaque_scheme(written.substr(0, scheme)) && scheme < written.size()) {
    url = written;
  } else {
    if (scheme != 0 && !is_web_scheme(written.substr(0, scheme)) &&
        !written.substr(scheme).starts_with("//"))
      scheme = 0;
    auto rest = written.substr(scheme);
    while (rest.starts_with('/')) rest.remove_prefix(1);
    url = scheme == 0 ? "http:" : std::string(written.substr(0, scheme));
    url += "//";
    const std::size_t authority = url.size();
    url += rest;
    url = with_path(std::move(url), authority);
  }
  const auto parsed = url::Url::parse(url);
  if (!parsed) return fail(Error::Code::kInvalid, "no URL: " + std::string(written.substr(0, 200)));
  if (parsed->is_http() && parsed->host().empty())
    return fail(Error::Code::kInvalid, "a URL without a host");
  return url;
}

Result<WaybackUrl> parse_wayback_url(std::string_view target) {
  if (istarts_with(target, "http://") || istarts_with(target, "https://")) {
    const std::size_t path = target.find('/', target.find("//") + 2);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  if (target.empty() || target.front() != '/')
    return fail(Error::Code::kInvalid, "a target without a path");
  target.remove_prefix(1);
  if (const std::size_t hash = target.find('#'); hash != std::string_view::npos)
    target = target.substr(0, hash);
  const Segment segment = first_segment(target);
  WaybackUrl parsed;
  if (segment.first == "cdx" && segment.has_slash &&
      first_segment(segment.rest).first == "search") {
    parsed.kind = Kind::kCdx;
    parsed.dialect = WaybackUrl::CdxDialect::kInternetArchive;
    parsed.collection = "web";
    parsed.query = query_of(target);
    return parsed;
  }
  if (segment.first == "ocdx" && segment.has_slash &&
      is_collection_name(first_segment(segment.rest).first)) {
    parsed.kind = Kind::kCdx;
    parsed.dialect = WaybackUrl::CdxDialect::kOutback;
    parsed.collection = first_segment(segment.rest).first;
    parsed.query = query_of(target);
    return parsed;
  }
  if (!is_collection_name(segment.first))
    return fail(Error::Code::kInvalid, "no collection in the address");
  parsed.collection = segment.first;
  parsed.certain = segment.has_slash;  // "/logo.png" alone
  return parse_rest(std::move(parsed), segment.has_slash ? segment.rest : std::string_view());
}

std::string replay_path(std::string_view collection, std::string_view timestamp, Modifier modifier,
                        std::string_view url) {
  std::string path;
  path.reserve(collection.size() + timestamp.size() + url.size() + 8);
  path += '/';
  path += collection;
  path += '/';
  if (!timestamp.empty() || modifier != Modifier::kNone) {
    path += timestamp;
    path += name_of(modifier);
    path += '/';
  }
  path += url;
  return path;
}

}  // namespace wm::memento
