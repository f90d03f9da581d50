#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::proxy {

// What a request names, of what it says in up to three places. Errors hold words for the client:
// kInvalid; kConflict where two of the places name different servers.

/// The URL of a request to the proxy itself: an absolute http URL without user info, whose host is
/// Host's.
Result<std::string> url_at_proxy(std::string_view target, std::optional<std::string_view> host);

/// The URL of a request in a tunnel to `origin`: a path, and Host (or :authority) names the origin.
Result<std::string> url_in_tunnel(const std::string& origin, std::string_view target,
                                  std::optional<std::string_view> host);

/// The origin that CONNECT's "host:port" names, as https unless the port is 80: what goes through
/// it is not known yet.
Result<std::string> tunnel_origin(std::string_view target);
/// The same with a known scheme.
Result<std::string> origin_of(std::string_view scheme, std::string_view host_and_port);

}  // namespace wm::proxy
