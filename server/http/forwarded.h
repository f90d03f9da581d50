#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "server/http/message.h"

namespace wm::server {

/// The reverse proxies whose word about the client is taken. Empty (the default): nobody's. A
/// value.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  /// Addresses and networks: "127.0.0.1", "10.0.0.0/8", "fd00::/8". kInvalid names the first that
  /// is neither.
  static Result<TrustedProxies> parse(const std::vector<std::string>& networks);
  /// `address` without a port; IPv4 within IPv6 counts as IPv4.
  bool contains(std::string_view address) const;
  bool empty() const { return networks_.empty(); }

 private:
  struct Network {
    std::array<std::uint8_t, 16> prefix;  ///< IPv4 as ::ffff:a.b.c.d
    unsigned bits;
  };
  std::vector<Network> networks_;
};

/// The client's address without a port: the peer's, unless the peer is trusted; then the last
/// address in X-Forwarded-For that is not trusted. What is no address in there ends the search.
std::string client_address(const Request& request, const TrustedProxies& trusted);

/// Did the client come over TLS? Only a trusted peer's X-Forwarded-Proto says so.
bool came_by_https(const Request& request, const TrustedProxies& trusted);

}  // namespace wm::server
