#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "server/http/message.h"

namespace wm::server {

struct ListenOptions {
  std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 address; "::" takes both
  std::uint16_t port = 0;             ///< 0: a free one
  std::size_t threads = 1;            ///< reactors
  std::size_t head_bytes = 64 * 1024;
  std::uint64_t body_bytes = 32ull << 20;
  std::uint64_t bodies_bytes = 256ull
                               << 20;  ///< of all request bodies held at one time; more get a 503
  std::size_t connections =
      2000;  ///< more get a 503 and are closed; lowered to what the process may open
  std::size_t waiting_requests = 512;  ///< that no thread of the pool has begun; more get a 503
  std::chrono::milliseconds head_timeout{
      15000};  ///< from the first byte of a request to its end of head; slow-loris
  std::chrono::milliseconds body_timeout{60000};  ///< without progress
  std::chrono::milliseconds keep_alive_timeout{60000};
  std::chrono::milliseconds send_timeout{
      60000};  ///< a client that takes nothing for so long is cut off
  std::chrono::milliseconds heartbeat{15000};  ///< of an AsyncStream that has nothing to say
};

/// One listener over Pistache's listener and reactor with our own transport
/// (docs/decisions/0501-own-transport.md). Requests are parsed by core/http, handled on `pool`
/// (full: 503 with Retry-After) and answered in order, pipelining included. The handler is called
/// on `pool` until the pool ends: destroy the server, then the pool, then what the handler uses.
class HttpServer {
 public:
  /// kIo (address in use, with the address), kInvalid.
  static Result<std::unique_ptr<HttpServer>> start(const ListenOptions& options, ThreadPool& pool,
                                                   Handler handler);
  /// stop() with a grace of some seconds.
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  /// Takes no more connections (new ones are closed unread), lets running requests end for up to
  /// `grace`, ends event streams, closes. No handler begins after it returns. The second call does
  /// nothing.
  virtual void stop(std::chrono::milliseconds grace) = 0;
  /// Open now.
  virtual std::size_t connections() const = 0;
};

}  // namespace wm::server
