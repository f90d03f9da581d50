#include "core/base/ascii.h"
#include "core/url/canonical_internal.h"
#include "core/url/percent_encode_internal.h"
#include "core/url/surt.h"
#include "core/url/url.h"

namespace wm::url {
namespace {

std::string without_tracking(std::string_view query, std::string_view host,
                             const Tracking& tracking) {
  std::string out;
  for (const std::string_view argument : split(query, '&')) {
    if (argument.empty() || tracking.matches(argument, host)) continue;
    if (!out.empty()) out += '&';
    out += argument;
  }
  return out;
}

/// RFC 3986 6.2.2: escapes of unreserved characters decoded, the others in upper case.
std::string normalized_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    const char c = static_cast<char>(high * 16 + low);
    if (is_alnum(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      append_percent_encoded(out, c);
    }
    i += 2;
  }
  return out;
}

/// "#!/…" and "#/…" name a page of a site that keeps its pages apart by script; other fragments
/// name a place on one page.
bool names_a_page(std::string_view fragment) {
  return (fragment.starts_with("!") || fragment.starts_with("/")) && fragment.size() > 1;
}

}  // namespace

std::string link_key(std::string_view url, const Tracking& tracking) {
  const bool complete = has_scheme(trim(url));
  const auto parsed = complete ? Url::parse(url) : Url::parse("http://" + std::string(trim(url)));
  if (!parsed) return escape_blanks(trim(url));
  const bool keeps_fragment = parsed->fragment() && names_a_page(*parsed->fragment());
  if (!parsed->is_http()) return keeps_fragment ? parsed->href() : parsed->href_without_fragment();
  std::string_view host = parsed->host();
  while (host.ends_with('.')) host.remove_suffix(1);
  if (host.starts_with("www.") && host.find('.', 4) != std::string_view::npos)
    host.remove_prefix(4);
  std::string key(host);
  if (parsed->port()) key += ':' + std::to_string(*parsed->port());
  std::string path = normalized_escapes(parsed->path());
  while (path.ends_with('/')) path.pop_back();
  key += path.empty() ? "/" : path;
  const std::string query = without_tracking(parsed->query().value_or(""), host, tracking);
  if (!query.empty()) key += '?' + sort_query(normalized_escapes(query));
  if (keeps_fragment) key += '#' + *parsed->fragment();
  return key;
}

}  // namespace wm::url
