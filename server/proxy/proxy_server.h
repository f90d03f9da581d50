#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/tls/certificate_authority.h"
#include "server/http/message.h"

namespace wm::proxy {

struct ProxyOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;         ///< 0: a free one
  std::size_t connections = 200;  ///< at the same time, a thread each; more are closed
  std::uint64_t body_bytes = 32ull << 20;
  std::chrono::milliseconds timeout{60'000};  ///< without a byte from or to the client
};

/// A request as the browser means it: what it asked of the proxy, and the address it believes to be
/// at.
struct ProxiedRequest {
  const server::Request& request;
  std::string url;  ///< "https://a.example/x?y"
};

/// Takes browsers' requests as their HTTP proxy and answers each itself: it has no way to the
/// network at all. After CONNECT it is the https server of any host, with a leaf of `authority`;
/// what is not TLS behind CONNECT is HTTP. WebSockets get what `handler` says.
class ProxyServer {
 public:
  using Handler = std::function<server::Response(const ProxiedRequest&)>;
  /// May this client use the proxy, given its Proxy-Authorization ("" for none)? Asked for each
  /// CONNECT and each plain request.
  using Gate = std::function<bool(std::string_view authorization)>;

  /// kIo (address in use), kInvalid. `authority` outlives it.
  static Result<std::unique_ptr<ProxyServer>> start(const ProxyOptions& options,
                                                    const tls::CertificateAuthority& authority,
                                                    Gate gate, Handler handler);
  /// Ends all connections and waits for their threads.
  virtual ~ProxyServer() = default;
  virtual std::uint16_t port() const = 0;
};

}  // namespace wm::proxy
