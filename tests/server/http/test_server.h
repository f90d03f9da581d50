#pragma once

#include <memory>
#include <string>

#include "core/base/thread_pool.h"
#include "server/http/server.h"
#include "tests/support/http_client.h"

namespace wm::test {

/// A server on a free port with a pool of its own.
struct TestServer {
  explicit TestServer(server::Handler handler, server::ListenOptions options = {}, std::size_t threads = 4, std::size_t queue = 1000);
  ~TestServer();
  HttpClient connect() const;
  std::uint16_t port() const { return http->port(); }
  /// Waits until so many connections are open.
  bool wait_for_connections(std::size_t count) const;

  ThreadPool pool;
  std::unique_ptr<server::HttpServer> http;
};

/// "METHOD target" and the body of each request, as text.
server::Response echo(const server::Request& request);

/// A stream of `bytes` times 'x', which takes no memory.
server::Response stream_of(std::uint64_t bytes, bool known_length = true);

/// Processor time of this process so far.
std::chrono::milliseconds cpu_time();

}  // namespace wm::test
