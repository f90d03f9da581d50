// Starting, stopping, addresses.
#include <boost/test/unit_test.hpp>
#include <thread>

#include "server/http/server.h"
#include "tests/server/http/test_server.h"

using namespace wm;
using namespace wm::server;
using namespace wm::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(listening)

BOOST_AUTO_TEST_CASE(stop_lets_running_requests_end_and_refuses_new_ones) {
  Gate gate;
  TestServer server([&](const Request& request) {
    if (request.path() == "/wait") gate.pass();
    return echo(request);
  });
  auto idle = server.connect();
  BOOST_TEST(idle.get("/").value().status() == 200);
  auto running = server.connect();
  BOOST_REQUIRE(running.send(request_text("/wait")));
  BOOST_REQUIRE(gate.wait_for_arrivals(1));
  const std::uint16_t port = server.port();
  std::jthread stopping([&] { server.http->stop(10s); });
  BOOST_TEST(idle.receive_all().value() == "");
  const auto late = http_get(port, "/late");
  BOOST_TEST(!late.has_value());
  gate.open();
  const auto answer = running.receive().value();
  BOOST_TEST(answer.body == "GET /wait\n");
  BOOST_TEST(answer.header("Connection") == "close");
  stopping.join();
  BOOST_TEST(!HttpClient::connect(port).has_value());
}

BOOST_AUTO_TEST_CASE(stop_does_not_wait_for_ever) {
  Gate gate;
  TestServer server([&](const Request& request) {
    gate.pass();
    return echo(request);
  });
  auto client = server.connect();
  BOOST_REQUIRE(client.send(request_text("/")));
  BOOST_REQUIRE(gate.wait_for_arrivals(1));
  const auto before = std::chrono::steady_clock::now();
  server.http->stop(100ms);
  BOOST_TEST((std::chrono::steady_clock::now() - before < 5s));
  BOOST_TEST(!client.receive().has_value());
  gate.open();
}

BOOST_AUTO_TEST_CASE(a_port_can_be_taken_again_after_stop_and_not_before) {
  ThreadPool pool(1, 10, "pool");
  auto first = HttpServer::start({}, pool, echo);
  BOOST_REQUIRE(first.has_value());
  ListenOptions same;
  same.port = (*first)->port();
  const auto second = HttpServer::start(same, pool, echo);
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST((second.error().code == Error::Code::kIo));
  BOOST_TEST(second.error().what.find("127.0.0.1 port " + std::to_string(same.port)) !=
             std::string::npos);
  BOOST_TEST(http_get(same.port, "/").has_value());
  (*first)->stop(1s);
  BOOST_TEST(HttpServer::start(same, pool, echo).has_value());
}

BOOST_AUTO_TEST_CASE(addresses_that_are_none_are_refused) {
  ThreadPool pool(1, 10, "pool");
  for (const char* address : {"", "localhost", "1.2.3", "[::1]", "127.0.0.1:80"}) {
    const auto started = HttpServer::start({.address = address}, pool, echo);
    BOOST_REQUIRE(!started.has_value());
    BOOST_TEST((started.error().code == Error::Code::kInvalid), address);
  }
}

BOOST_AUTO_TEST_CASE(two_servers_share_one_process_and_one_pool) {
  ThreadPool pool(2, 10, "pool");
  auto app = HttpServer::start({}, pool, [](const Request&) { return Response::text(200, "app"); });
  auto replay =
      HttpServer::start({}, pool, [](const Request&) { return Response::text(200, "replay"); });
  BOOST_REQUIRE((app.has_value() && replay.has_value()));
  BOOST_TEST(http_get((*app)->port(), "/").value().body == "app");
  BOOST_TEST(http_get((*replay)->port(), "/").value().body == "replay");
  (*app)->stop(1s);
  BOOST_TEST(http_get((*replay)->port(), "/").value().body == "replay");
}

BOOST_AUTO_TEST_CASE(ipv6_is_served_and_peers_are_named) {
  const auto who = [](const Request& request) {
    return Response::text(
        200, request.peer_address + (request.peer_is_loopback ? " loopback" : " remote"));
  };
  TestServer v4(who);
  BOOST_TEST(http_get(v4.port(), "/").value().body.starts_with("127.0.0.1:"));
  BOOST_TEST(http_get(v4.port(), "/").value().body.ends_with(" loopback"));
  ThreadPool pool(1, 10, "pool");
  for (const char* address : {"::1", "::"}) {
    auto v6 = HttpServer::start({.address = address}, pool, who);
    if (!v6) {
      BOOST_TEST_MESSAGE("skipped: no IPv6 here: " << v6.error().what);
      return;
    }
    auto client = HttpClient::connect((*v6)->port(), "::1");
    BOOST_REQUIRE(client.has_value());
    const std::string body = client->get("/").value().body;
    BOOST_TEST((body.starts_with("[::1]:") && body.ends_with(" loopback")), body);
    if (std::string_view(address) != "::") continue;
    const std::string mapped = http_get((*v6)->port(), "/").value().body;
    BOOST_TEST((mapped.starts_with("127.0.0.1:") && mapped.ends_with(" loopback")), mapped);
  }
}

BOOST_AUTO_TEST_SUITE_END()
