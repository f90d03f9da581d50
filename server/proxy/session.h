#pragma once

#include "server/proxy/proxy_server.h"

namespace wm::proxy {

/// What all connections share.
struct Shared {
  const ProxyOptions options;
  const tls::CertificateAuthority& authority;
  const ProxyServer::Gate gate;
  const ProxyServer::Handler handler;
};

/// Serves one client from its first byte to its last; ends when it does, or at a timeout. Takes
/// over the descriptor.
void serve_client(int fd, const Shared& shared);

/// The host name and port of a CONNECT target or a Host field: "a.example:443", "[::1]:443";
/// nullopt for what is none.
struct Authority {
  std::string host;  ///< without brackets
  std::uint16_t port;
};
std::optional<Authority> parse_authority(std::string_view text, std::uint16_t usual_port);

/// The address that a request means. nullopt if it names no host.
std::optional<std::string> url_of(std::string_view scheme, const server::Request& request);

}  // namespace wm::proxy
