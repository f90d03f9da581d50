#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <string>

#include "core/base/thread_pool.h"
#include "server/http/server.h"
#include "tests/support/http_client.h"

namespace wm::test {

/// A server on a free port with a pool of its own.
struct TestServer {
  explicit TestServer(server::Handler handler, server::ListenOptions options = {},
                      std::size_t threads = 4, std::size_t queue = 1000);
  ~TestServer();
  HttpClient connect() const;
  std::uint16_t port() const { return http->port(); }
  /// Waits until so many connections are open.
  bool wait_for_connections(std::size_t count) const;

  ThreadPool pool;
  std::unique_ptr<server::HttpServer> http;
};

/// Holds handlers until it is opened, and knows how many wait.
class Gate {
 public:
  void pass() {
    ++arrived;
    opened_.wait();
  }
  void open() { promise_.set_value(); }
  bool wait_for_arrivals(int count) const;
  std::atomic<int> arrived = 0;

 private:
  std::promise<void> promise_;
  std::shared_future<void> opened_ = promise_.get_future().share();
};

/// A GET request on the wire.
std::string request_text(std::string_view target);

/// "METHOD target" and the body of each request, as text.
server::Response echo(const server::Request& request);

/// A stream of `bytes` times 'x', which takes no memory.
server::Response stream_of(std::uint64_t bytes, bool known_length = true);

/// Processor time of this process so far.
std::chrono::milliseconds cpu_time();

}  // namespace wm::test
