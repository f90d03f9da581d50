// RFC 9112 3.2 and 3.2.2; RFC 9110 7.4.
#include "archiver/proxy/target_internal.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/url.h"

namespace wm::proxy {
namespace {

std::unexpected<Error> invalid(const char* words) {
  return fail(Error::Code::kInvalid, words);
}

/// Nothing that ends a host in a URL, or that is none of its.
bool is_plain_authority(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view("@/?#\\").find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<std::string> origin_of(std::string_view scheme, std::string_view host_and_port) {
  if (!is_plain_authority(host_and_port)) return invalid("no host and port");
  const auto url = url::Url::parse(std::string(scheme) + "://" + std::string(host_and_port) + "/");
  if (!url || !url->is_http() || url->host().empty()) return invalid("no host and port");
  return url->origin();
}

Result<std::string> tunnel_origin(std::string_view target) {
  const std::size_t colon = target.rfind(':');
  if (colon == target.npos || target.find(']', colon) != target.npos)
    return invalid("CONNECT names a host and a port");
  const auto port = parse_u64(target.substr(colon + 1));
  if (!port || *port == 0 || *port > 65535) return invalid("CONNECT names a host and a port");
  return origin_of(*port == 80 ? "http" : "https", target);
}

Result<std::string> url_at_proxy(std::string_view target, std::optional<std::string_view> host) {
  if (!istarts_with(target, "http://")) {
    return invalid("this is a proxy: it takes absolute http URLs, and CONNECT for all others");
  }
  const std::string_view rest = target.substr(7);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
  const std::string origin = WM_TRY(origin_of("http", authority));
  if (host) {
    const auto told = origin_of("http", *host);
    if (!told || *told != origin) return fail(Error::Code::kConflict, "Host is not the URL's host");
  }
  auto url = url::Url::parse(target);
  if (!url) return invalid("no URL");
  return url->href_without_fragment();
}

Result<std::string> url_in_tunnel(const std::string& origin, std::string_view target,
                                  std::optional<std::string_view> host) {
  if (!target.starts_with('/')) return invalid("a path is asked for in a tunnel");
  if (host) {
    const auto told = origin_of(origin.substr(0, origin.find(':')), *host);
    if (!told || *told != origin)
      return fail(Error::Code::kConflict, "this is another host's tunnel");
  }
  auto url = url::Url::parse(origin + std::string(target));
  if (!url || url->origin() != origin) return invalid("no URL");
  return url->href_without_fragment();
}

}  // namespace wm::proxy
