#include "server/http/events.h"

#include <boost/test/unit_test.hpp>

#include <thread>

#include "tests/server/http/test_server.h"

using namespace wm;
using namespace wm::server;
using namespace wm::test;
using namespace std::chrono_literals;

namespace {

Request asking(http::Headers headers = {}, std::string target = "/events") {
  Request request;
  request.head.target = std::move(target);
  request.head.headers = std::move(headers);
  return request;
}

/// What a subscription gives now.
std::string take(AsyncStream& stream, AsyncStream::State expected = AsyncStream::State::kWaiting) {
  std::string out;
  BOOST_TEST((stream.take(out, 1 << 20) == expected));
  return out;
}

bool wait_for_subscribers(const EventChannel& channel, std::size_t count) {
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (channel.subscribers() != count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(an_event_is_written_as_the_standard_has_it) {
  EventChannel channel;
  Response response = channel.subscribe(asking());
  BOOST_TEST(response.headers.find("Content-Type").value() == "text/event-stream");
  BOOST_TEST(take(*response.events) == "retry: 2000\n\n");
  channel.publish("job", "{\"a\":1}", "7");
  BOOST_TEST(take(*response.events) == "id: 7\nevent: job\ndata: {\"a\":1}\n\n");
  channel.publish("two\nlines", "a\nb\r\nc", "8\n9");
  BOOST_TEST(take(*response.events) == "id: 8 9\nevent: two lines\ndata: a\ndata: b \ndata: c\n\n");
  BOOST_TEST(take(*response.events) == "");
}

BOOST_AUTO_TEST_CASE(who_comes_back_gets_what_was_missed) {
  EventChannel channel;
  for (const char* id : {"1", "2", "3"}) channel.publish("e", "x", id);
  Response response = channel.subscribe(asking({{"Last-Event-ID", "1"}}));
  BOOST_TEST(take(*response.events) ==
             "retry: 2000\n\nid: 2\nevent: e\ndata: x\n\nid: 3\nevent: e\ndata: x\n\n");
  Response by_query = channel.subscribe(asking({}, "/events?last_event_id=3"));
  BOOST_TEST(take(*by_query.events) == "retry: 2000\n\n");
}

BOOST_AUTO_TEST_CASE(who_missed_more_than_is_kept_is_told_to_read_anew) {
  EventChannel channel({.replay = 2});
  for (const char* id : {"1", "2", "3"}) channel.publish("e", "x", id);
  Response response = channel.subscribe(asking({{"Last-Event-ID", "1"}}));
  BOOST_TEST(take(*response.events) == "retry: 2000\n\nid: 3\nevent: reset\ndata: {}\n\n");
}

BOOST_AUTO_TEST_CASE(ids_of_two_channels_never_meet) {
  EventChannel first, second;
  Response a = first.subscribe(asking()), b = second.subscribe(asking());
  first.publish("e", "x");
  second.publish("e", "x");
  BOOST_TEST(take(*a.events) != take(*b.events));
}

BOOST_AUTO_TEST_CASE(a_subscriber_that_does_not_read_is_dropped_and_the_others_are_not) {
  EventChannel channel({.queue_bytes = 1000});
  Response slow = channel.subscribe(asking()), quick = channel.subscribe(asking());
  for (int i = 0; i < 100; ++i) {
    channel.publish("e", std::string(100, 'x'));
    BOOST_TEST(take(*quick.events) != "");
  }
  take(*slow.events, AsyncStream::State::kEnd);
}

BOOST_AUTO_TEST_CASE(subscribers_are_limited_and_leave_when_their_stream_dies) {
  EventChannel channel({.subscribers = 2});
  Response first = channel.subscribe(asking());
  {
    Response second = channel.subscribe(asking());
    BOOST_TEST(channel.subscribe(asking()).status == 503);
  }
  BOOST_TEST(channel.subscribers() == 1u);
  BOOST_TEST(channel.subscribe(asking()).status == 200);
  channel.close();
  take(*first.events, AsyncStream::State::kEnd);
  BOOST_TEST(channel.subscribe(asking()).status == 503);
}

BOOST_AUTO_TEST_CASE(a_stream_may_outlive_its_channel) {
  Response response;
  {
    EventChannel channel;
    response = channel.subscribe(asking());
    channel.publish("e", "x", "1");
  }
  BOOST_TEST(take(*response.events, AsyncStream::State::kEnd) ==
             "retry: 2000\n\nid: 1\nevent: e\ndata: x\n\n");
}

BOOST_AUTO_TEST_CASE(over_http_events_arrive_at_once_and_many_subscribers_need_no_thread) {
  EventChannel channel;
  ListenOptions options;
  options.heartbeat = 200ms;
  options.keep_alive_timeout = options.send_timeout = 300ms;
  TestServer server(
      [&](const Request& request) {
        return request.path() == "/events" ? channel.subscribe(request) : echo(request);
      },
      options, 1);
  std::vector<HttpClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(server.connect());
    BOOST_REQUIRE(clients.back().send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n"));
    BOOST_TEST(clients.back().receive_until("retry: 2000\n\n").has_value());
  }
  BOOST_TEST(http_get(server.port(), "/").value().status() == 200);
  channel.publish("e", "hello");
  for (auto& client : clients) BOOST_TEST(client.receive_until("data: hello\n\n").has_value());
  for (int beats = 0; beats < 3; ++beats)
    BOOST_TEST(clients[0].receive_until(":\n\n").has_value());  // outlives the timeouts

  clients[1].abort();
  clients[2].close();
  clients[3].shutdown_write();
  BOOST_TEST(wait_for_subscribers(channel, 47));
  channel.close();
  BOOST_TEST(clients[4].receive_until("\r\n0\r\n\r\n").has_value());
  BOOST_TEST(wait_for_subscribers(channel, 0));
}

BOOST_AUTO_TEST_CASE(publishing_from_many_threads_loses_nothing) {
  EventChannel channel;
  TestServer server([&](const Request& request) { return channel.subscribe(request); });
  auto client = server.connect();
  BOOST_REQUIRE(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  BOOST_REQUIRE(client.receive_until("retry: 2000\n\n").has_value());
  {
    std::vector<std::jthread> publishers;
    for (int t = 0; t < 4; ++t) {
      publishers.emplace_back([&] {
        for (int i = 0; i < 200; ++i) channel.publish("e", "x");
      });
    }
  }
  channel.publish("last", "x");
  const std::string all = client.receive_until("event: last\n").value();
  std::size_t count = 0;
  for (std::size_t at = all.find("event: e\n"); at != std::string::npos;
       at = all.find("event: e\n", at + 1))
    ++count;
  BOOST_TEST(count == 800u);
}

BOOST_AUTO_TEST_CASE(stopping_the_server_ends_subscriptions_without_waiting) {
  EventChannel channel;
  TestServer server([&](const Request& request) { return channel.subscribe(request); });
  auto client = server.connect();
  BOOST_REQUIRE(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  BOOST_REQUIRE(client.receive_until("retry: 2000\n\n").has_value());
  const auto before = std::chrono::steady_clock::now();
  server.http->stop(10s);
  BOOST_TEST((std::chrono::steady_clock::now() - before < 2s));
  BOOST_TEST(channel.subscribers() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
