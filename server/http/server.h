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
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                  ///< 0: a free one
  std::size_t threads = 1;                 ///< reactors
  std::size_t head_bytes = 64 * 1024;
  std::uint64_t body_bytes = 32ull << 20;
  std::size_t connections = 2000;
  std::chrono::seconds head_timeout{15};   ///< from the first byte of a request to its end of head; slow-loris
  std::chrono::seconds body_timeout{60};   ///< without progress
  std::chrono::seconds keep_alive_timeout{60};
  std::chrono::seconds send_timeout{60};   ///< a client that takes nothing for so long is cut off
};

/// Server-sent events: a handler may answer with one of these as its stream (server/http/events.h).

/// One listener over Pistache's listener and reactor with our own transport (architecture: "What Pistache 0.0.5 does"). Requests are
/// parsed by core/http, handled on `pool` (full: 503 with Retry-After) and answered in order, pipelining included.
class HttpServer {
 public:
  /// kIo (address in use, with the address), kInvalid.
  static Result<std::unique_ptr<HttpServer>> start(const ListenOptions& options, ThreadPool& pool, Handler handler);
  /// Stops accepting, lets running requests end for up to some seconds, closes.
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace wm::server
