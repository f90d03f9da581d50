#include "tests/server/http/test_server.h"

#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <thread>

namespace wm::test {

namespace {

class Endless final : public Source {
 public:
  explicit Endless(std::uint64_t bytes) : left_(bytes) {}
  Result<std::size_t> read(std::span<char> into) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
    std::memset(into.data(), 'x', count);
    left_ -= count;
    return count;
  }

 private:
  std::uint64_t left_;
};

}  // namespace

TestServer::TestServer(server::Handler handler, server::ListenOptions options, std::size_t threads,
                       std::size_t queue)
    : pool(threads, queue, "test-pool") {
  auto started = server::HttpServer::start(options, pool, std::move(handler));
  BOOST_REQUIRE_MESSAGE(started.has_value(), (started ? std::string() : started.error().what));
  http = std::move(*started);
}

TestServer::~TestServer() {
  http->stop(std::chrono::milliseconds(200));
}

HttpClient TestServer::connect() const {
  auto client = HttpClient::connect(http->port());
  BOOST_REQUIRE_MESSAGE(client.has_value(), "no connection");
  return std::move(*client);
}

bool Gate::wait_for_arrivals(int count) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (arrived < count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string request_text(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

bool TestServer::wait_for_connections(std::size_t count) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (http->connections() != count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

server::Response echo(const server::Request& request) {
  return server::Response::text(
      200, request.head.method + " " + request.head.target + "\n" + request.body);
}

server::Response stream_of(std::uint64_t bytes, bool known_length) {
  server::Response response{.headers = {{"Content-Type", "application/octet-stream"}}};
  response.stream = std::make_unique<Endless>(bytes);
  if (known_length) response.stream_length = bytes;
  return response;
}

std::chrono::milliseconds cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return std::chrono::duration_cast<std::chrono::milliseconds>(of(usage.ru_utime) +
                                                               of(usage.ru_stime));
}

}  // namespace wm::test
