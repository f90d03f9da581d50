#include "server/http/server.h"

#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>

#include "tests/server/http/test_server.h"
#include "tests/support/test_support.h"

using namespace wm;
using namespace wm::server;
using namespace wm::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(servers)

BOOST_AUTO_TEST_CASE(bodies_with_a_length_and_in_chunks_reach_the_handler) {
  TestServer server(echo);
  auto client = server.connect();
  const std::string large(3 << 20, 'b');
  BOOST_TEST(client.request("POST", "/l", {}, large).value().body == "POST /l\n" + large);
  BOOST_REQUIRE(client.send(
      "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
  BOOST_REQUIRE(client.send("1\r\n!\r\n0\r\n\r\n"));
  BOOST_TEST(client.receive().value().body == "PUT /c\nhello!");
}

BOOST_AUTO_TEST_CASE(a_client_that_expects_100_gets_it_before_it_sends) {
  TestServer server(echo);
  auto client = server.connect();
  BOOST_REQUIRE(client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  BOOST_TEST(client.receive().value().status() == 100);
  BOOST_REQUIRE(client.send("ok"));
  BOOST_TEST(client.receive().value().body == "POST /\nok");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_gets_its_status_and_the_close) {
  const std::pair<std::string, int> kRows[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n", 413},
      {"GET /" + std::string(70000, 'a'), 414},
      {"GET / HTTP/1.1\r\nX: " + std::string(70000, 'a'), 431},
      {"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505},
  };
  TestServer server(echo);
  for (const auto& [bytes, status] : kRows) {
    auto client = server.connect();
    BOOST_REQUIRE(client.send(bytes));
    const auto answer = client.receive().value();
    BOOST_TEST(answer.status() == status);
    BOOST_TEST(answer.header("Connection") == "close");
    BOOST_TEST(answer.header("Content-Type") == "application/json");
    BOOST_TEST(client.receive_all().value() == "");
  }
}

// The client is still sending when it is refused: closing at once would reset the connection and
// lose the answer.
BOOST_AUTO_TEST_CASE(a_refusal_reaches_a_client_that_goes_on_sending) {
  TestServer server(echo);
  auto client = server.connect();
  BOOST_REQUIRE(client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n"));
  BOOST_REQUIRE(client.send(std::string(8 << 20, 'x')));
  BOOST_TEST(client.receive().value().status() == 413);
}

BOOST_AUTO_TEST_CASE(slow_loris_gets_408_and_silent_connections_close) {
  ListenOptions options;
  options.head_timeout = options.body_timeout = options.keep_alive_timeout = 300ms;
  TestServer server(echo, options);
  auto head = server.connect(), body = server.connect(), silent = server.connect();
  BOOST_REQUIRE(head.send("GET / HT"));
  BOOST_REQUIRE(body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"));
  BOOST_TEST(head.receive().value().status() == 408);
  BOOST_TEST(body.receive().value().status() == 408);
  BOOST_TEST(silent.receive_all().value() == "");
}

BOOST_AUTO_TEST_CASE(connections_above_the_limit_are_told_and_closed) {
  ListenOptions options;
  options.connections = 3;
  TestServer server(echo, options);
  std::vector<HttpClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    BOOST_TEST(clients.back().get("/").value().status() == 200);
  }
  auto extra = server.connect();
  BOOST_REQUIRE(extra.send(request_text("/")));
  const auto answer = extra.receive().value();
  BOOST_TEST(answer.status() == 503);
  BOOST_TEST(answer.header("Retry-After") == "1");
  BOOST_TEST(extra.receive_all().value() == "");
  extra.close();
  clients.pop_back();
  BOOST_REQUIRE(server.wait_for_connections(2));
  BOOST_TEST(http_get(server.port(), "/").value().status() == 200);
}

BOOST_AUTO_TEST_CASE(a_full_pool_answers_503_at_once_and_keeps_the_connection) {
  Gate gate;
  ListenOptions options;
  options.waiting_requests = 2;
  TestServer server(
      [&](const Request& request) {
        if (request.path() == "/wait") gate.pass();
        return echo(request);
      },
      options, 1, 1);
  std::vector<HttpClient> waiting;
  waiting.push_back(server.connect());
  BOOST_REQUIRE(waiting[0].send(request_text("/wait")));
  BOOST_REQUIRE(gate.wait_for_arrivals(1));
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(server.connect());
    BOOST_REQUIRE(waiting.back().send(request_text("/" + std::to_string(i))));
  }
  // The third that waits is one too many.
  waiting.push_back(server.connect());
  BOOST_REQUIRE(waiting.back().send(request_text("/2")));
  auto probe = server.connect();
  const auto refused = probe.get("/probe").value();
  BOOST_TEST(refused.status() == 503);
  BOOST_TEST(refused.header("Retry-After") == "1");
  BOOST_TEST(!refused.head.headers.has("Connection"));
  gate.open();
  int served = 0;
  for (auto& client : waiting) served += client.receive().value().status() == 200 ? 1 : 0;
  BOOST_TEST(served == 3);
  BOOST_TEST(probe.get("/after").value().status() == 200);
}

BOOST_AUTO_TEST_CASE(handlers_that_throw_give_500_and_the_server_goes_on) {
  TestServer server([](const Request& request) -> Response {
    if (request.path() == "/std") throw std::runtime_error("secret");
    if (request.path() == "/int") throw 7;
    return echo(request);
  });
  auto client = server.connect();
  for (const char* path : {"/std", "/int"}) {
    const auto answer = client.get(path).value();
    BOOST_TEST(answer.status() == 500);
    BOOST_TEST(answer.body ==
               "{\"error\":{\"code\":\"internal\",\"message\":\"Something went wrong.\"}}\n");
  }
  BOOST_TEST(client.get("/").value().status() == 200);
}

BOOST_AUTO_TEST_CASE(half_closed_clients_get_their_answer) {
  TestServer server([](const Request& request) {
    if (request.path() == "/stream") return stream_of(2 << 20, false);
    std::this_thread::sleep_for(50ms);
    return echo(request);
  });
  for (const std::string path : {"/slow", "/stream"}) {
    auto client = server.connect();
    BOOST_REQUIRE(client.send(request_text(path) + request_text("/second")));
    client.shutdown_write();
    const auto answer = client.receive().value();
    BOOST_TEST(answer.complete);
    BOOST_TEST(answer.body.size() == (path == "/stream" ? 2u << 20 : 10u));
    BOOST_TEST(client.receive().value().body == "GET /second\n");
    BOOST_TEST(client.receive_all().value() == "");
  }
}

BOOST_AUTO_TEST_CASE(streams_arrive_whole_with_and_without_a_length) {
  TestServer server(
      [](const Request& request) { return stream_of(10 << 20, request.path() == "/length"); });
  const std::string expected(10 << 20, 'x');
  for (const std::string path : {"/length", "/chunked"}) {
    const auto answer = http_get(server.port(), path).value();
    BOOST_TEST(answer.complete);
    BOOST_TEST((answer.body == expected));
    BOOST_TEST(answer.head.headers.has("Content-Length") == (path == "/length"));
  }
  auto old = server.connect();
  BOOST_REQUIRE(old.send("GET /chunked HTTP/1.0\r\n\r\n"));
  BOOST_TEST((old.receive().value().body == expected));
}

BOOST_AUTO_TEST_CASE(a_stream_that_fails_is_seen_to_be_torn) {
  TestServer server([](const Request& request) {
    Response response;
    response.stream = std::make_unique<PiecewiseSource>(std::string(1 << 20, 'x'), 50000, 300000);
    if (request.path() == "/length") response.stream_length = 1 << 20;
    return response;
  });
  for (const std::string path : {"/length", "/chunked"}) {
    const auto answer = http_get(server.port(), path).value();
    BOOST_TEST(answer.status() == 200);
    BOOST_TEST(!answer.complete);
  }
  auto old = server.connect();  // the close is the end here: only a reset can say that it is none
  BOOST_REQUIRE(old.send("GET / HTTP/1.0\r\n\r\n"));
  BOOST_TEST(!old.receive().has_value());
}

BOOST_AUTO_TEST_CASE(clients_that_leave_end_their_streams) {
  auto alive = std::make_shared<int>();
  TestServer server([weak = std::weak_ptr(alive), alive](const Request&) {
    class Held final : public Source {
     public:
      explicit Held(std::shared_ptr<int> token) : token_(std::move(token)) {}
      Result<std::size_t> read(std::span<char> into) override {
        std::fill(into.begin(), into.end(), 'h');
        return into.size();
      }

     private:
      std::shared_ptr<int> token_;
    };
    Response response;
    response.stream = std::make_unique<Held>(weak.lock());
    return response;
  });
  const long resting = alive.use_count();
  for (int i = 0; i < 20; ++i) {
    auto client = server.connect();
    BOOST_REQUIRE(client.send(request_text("/")));
    BOOST_TEST(client.receive_some().value() != "");
    if (i % 2 == 0) client.abort();
  }
  BOOST_TEST(server.wait_for_connections(0));
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (alive.use_count() != resting && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  BOOST_TEST(alive.use_count() == resting);
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_is_cut_off_after_the_send_timeout) {
  ListenOptions options;
  options.send_timeout = 300ms;
  TestServer server([](const Request&) { return stream_of(1ull << 30); }, options);
  auto client = server.connect();
  BOOST_REQUIRE(client.send(request_text("/")));
  BOOST_REQUIRE(server.wait_for_connections(1));
  BOOST_TEST(server.wait_for_connections(0));
}

BOOST_AUTO_TEST_CASE(a_thousand_stalled_streams_hold_no_thread_of_the_pool) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t count = files.rlim_cur >= 4096 ? 1000 : 100;
  TestServer server(
      [](const Request& request) {
        return request.path() == "/stream" ? stream_of(1ull << 30) : echo(request);
      },
      {}, 1, 10);
  std::vector<HttpClient> stalled;
  for (std::size_t i = 0; i < count; ++i) {
    stalled.push_back(server.connect());
    BOOST_REQUIRE(stalled.back().send(request_text("/stream")));
    BOOST_REQUIRE(stalled.back().receive_head().value().status == 200);
  }
  BOOST_TEST(server.http->connections() == count);
  BOOST_TEST(http_get(server.port(), "/").value().status() == 200);
}

BOOST_AUTO_TEST_CASE(a_read_only_request_of_a_client_that_left_is_not_begun_but_others_are) {
  Gate gate;
  std::mutex mutex;
  std::set<std::string> begun;
  TestServer server(
      [&](const Request& request) {
        if (request.path() == "/wait") gate.pass();
        const std::lock_guard lock(mutex);
        begun.insert(std::string(request.path()));
        return echo(request);
      },
      {}, 1);
  auto first = server.connect();
  BOOST_REQUIRE(first.send(request_text("/wait")));
  BOOST_REQUIRE(gate.wait_for_arrivals(1));
  for (const std::string line : {"GET /get", "POST /post"}) {
    auto client = server.connect();
    BOOST_REQUIRE(server.wait_for_connections(2));
    BOOST_REQUIRE(client.send(line + " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"));
    // What is refused is answered by the reactor itself, after it has read what came before.
    auto witness = server.connect();
    BOOST_REQUIRE(witness.send("bad\r\n\r\n"));
    BOOST_TEST(witness.receive().value().status() == 400);
    witness.close();
    client.abort();
    BOOST_REQUIRE(server.wait_for_connections(1));
  }
  gate.open();
  BOOST_TEST(first.receive().value().status() == 200);
  BOOST_TEST(first.get("/last").value().status() == 200);
  const std::lock_guard lock(mutex);
  BOOST_TEST(begun.count("/get") == 0u);
  BOOST_TEST(begun.count("/post") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
