// getSurt of warcio.js 2.x, which browsertrix and ReplayWeb.page sort and search ZipNum indexes of
// WACZ files by. JavaScript's URL is the WHATWG parser.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/host_internal.h"
#include "core/url/surt.h"
#include "core/url/url.h"

namespace wm::url {
namespace {

/// url.replace(/^(https?:\/\/)www\d*\./, "$1")
std::string without_www(std::string_view url) {
  const std::size_t protocol = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
  if (protocol == 0 || !url.substr(protocol).starts_with("www")) return std::string(url);
  std::size_t end = protocol + 3;
  while (end < url.size() && is_digit(url[end])) ++end;
  if (end == url.size() || url[end] != '.') return std::string(url);
  return std::string(url.substr(0, protocol)) + std::string(url.substr(end + 1));
}

std::string joined(std::vector<std::string_view> parts, char separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

}  // namespace

std::string surt_warcio_js(std::string_view input) {
  if (!input.starts_with("https:") && !input.starts_with("http:")) return std::string(input);
  std::string url = without_www(input);
  const auto parsed = Url::parse(unicode_lower(url));
  if (!parsed) return url;
  std::vector<std::string_view> labels = split(parsed->host(), '.');
  std::reverse(labels.begin(), labels.end());
  std::string key = joined(std::move(labels), ',');
  if (parsed->port()) key += ':' + std::to_string(*parsed->port());
  key += ')' + parsed->path();
  if (parsed->query() && !parsed->query()->empty()) {
    std::vector<std::string_view> arguments = split(*parsed->query(), '&');
    std::sort(arguments.begin(), arguments.end());
    key += '?' + joined(std::move(arguments), '&');
  }
  return key;
}

}  // namespace wm::url
