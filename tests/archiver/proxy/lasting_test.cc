// What does not end by itself, or ends at another time than the browser's interest.
#include <thread>

#include "tests/archiver/proxy/proxied.h"
#include "tests/support/test_stream.h"

using namespace wm;
using namespace wm::test;
using namespace std::chrono_literals;

namespace {

SiteReply events() {
  return {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
          .then = SiteReply::Then::kHang};
}

SiteReply part(std::uint64_t first, std::string_view bytes, std::size_t whole) {
  return reply(206,
               "Content-Type: video/mp4\r\nContent-Range: bytes " + std::to_string(first) + "-" +
                   std::to_string(first + bytes.size() - 1) + "/" + std::to_string(whole) + "\r\n",
               bytes);
}

/// A server for one WebSocket: takes the handshake, then says what it hears twice.
class EchoServer {
 public:
  EchoServer() : thread_([this] { serve(); }) {}
  ~EchoServer() {
    listener_.end();
    thread_.join();
  }
  std::uint16_t port() const { return listener_.port(); }
  std::string handshake() const { return handshake_; }

 private:
  void serve() {
    const auto stream = listener_.accept();
    if (!stream) return;
    std::string buffer;
    auto head = stream->read_head(buffer);
    if (!head) return;
    handshake_ = *head;
    stream->write_all(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    // Heads serve as messages here: what passes is bytes.
    while (auto message = stream->read_head(buffer)) stream->write_all(*message + *message);
  }
  Listener listener_;
  std::string handshake_;
  std::thread thread_;
};

std::string upgrade(const std::string& host) {
  return "GET /chat HTTP/1.1\r\nHost: " + host +
         "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "
         "x\r\nProxy-Secret: y\r\n\r\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lasting)

BOOST_AUTO_TEST_CASE(a_transfer_goes_on_when_the_browser_goes_away) {
  TestSite site;
  const std::string body(5 << 20, 'b');
  site.on("/file", reply(200, "Content-Type: application/zip\r\n", body));
  Proxied proxied(Proxied::settings_for(site));
  const std::string url = site.url("/file", "a.test");
  {
    HttpClient client = proxied.connect();
    BOOST_REQUIRE(client.send(get_request(url)));
    BOOST_REQUIRE(client.receive_head());
    client.abort();
  }
  wait_until([&] { return proxied.seen.of(url).size() == 1; }, "the transfer ends");
  const auto seen = proxied.seen.of(url).at(0);
  BOOST_TEST((body_of(seen.exchange) == body));
  BOOST_TEST((seen.exchange.truncated == fetch::Truncated::kNo));
  BOOST_TEST((seen.facts.seen != proxy::Seen::kAll));
}

BOOST_AUTO_TEST_CASE(but_not_beyond_its_limit) {
  TestSite site;
  site.on("/file", SiteReply{.bytes = reply(200, "", std::string(3 << 20, 'b')).bytes,
                             .then = SiteReply::Then::kHang});
  site.on("/slow", SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" +
                                      std::string(2 << 20, 's'),
                             .then = SiteReply::Then::kHang});
  auto settings = Proxied::settings_for(site);
  settings.limits.abandoned_bytes = 1 << 20;
  Proxied proxied(settings);
  const std::string url = site.url("/slow", "a.test");
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(client.send(get_request(url)));
  BOOST_REQUIRE(client.receive_head());
  client.abort();
  wait_until([&] { return proxied.seen.of(url).size() == 1; }, "the transfer is cut");
  BOOST_TEST((proxied.seen.of(url).at(0).exchange.truncated == fetch::Truncated::kLength));
  BOOST_TEST(proxied.seen.missed(url) == "cut off: length\n");
}

BOOST_AUTO_TEST_CASE(a_browser_that_does_not_read_holds_nothing_up) {
  TestSite site;
  const std::string body(20 << 20, 'm');
  site.on("/media", reply(200, "Content-Type: video/mp4\r\n", body));
  Proxied proxied(Proxied::settings_for(site));
  const std::string url = site.url("/media", "a.test");
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(client.send(get_request(url)));
  wait_until([&] { return proxied.proxy->activity().received_bytes == body.size(); },
             "all of it is here");
  BOOST_TEST(proxied.seen.of(url).empty(), "the browser may take it yet");
  BOOST_TEST((client.receive().value().body == body));
  wait_until([&] { return proxied.seen.of(url).size() == 1; }, "it is told");
}

BOOST_AUTO_TEST_CASE(a_range_from_the_start_brings_the_whole) {
  TestSite site;
  const std::string body(1000, 'v');
  site.on("/v", [&](const SiteRequest& request) {
    if (request.head.find("Range: bytes=0-") != std::string::npos)
      return part(0, body, body.size());
    if (request.head.find("Range: bytes=500-") != std::string::npos)
      return part(500, body.substr(500), body.size());
    return reply(200, "Content-Type: video/mp4\r\n", body);
  });
  Proxied proxied(Proxied::settings_for(site));
  const std::string url = site.url("/v", "a.test");
  BOOST_TEST(proxied.get(url, {{"Range", "bytes=500-"}}).status() == 206);
  BOOST_TEST(proxied.get(url, {{"Range", "bytes=0-"}, {"If-Range", "\"e\""}}).status() == 206);
  BOOST_TEST(proxied.get(url, {{"Range", "bytes=0-"}}).status() == 206);
  proxied.drain();
  const auto seen = proxied.seen.of(url);
  BOOST_REQUIRE(seen.size() == 1u);
  BOOST_TEST(seen[0].exchange.response.status == 200);
  BOOST_TEST((body_of(seen[0].exchange) == body));
  BOOST_TEST((seen[0].facts.asker == proxy::Asker::kRangeCopy));
  BOOST_TEST(seen[0].exchange.request_head.find("Range") == std::string::npos);
  BOOST_TEST(site.requests_for("/v") == 4u);
}

BOOST_AUTO_TEST_CASE(an_event_stream_is_ended_and_does_not_come_again) {
  TestSite site;
  site.on("/events", events());
  auto settings = Proxied::settings_for(site);
  settings.limits.event_stream = 1s;
  Proxied proxied(settings);
  const std::string url = site.url("/events", "a.test");
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(client.send(get_request(url, "Accept: text/event-stream\r\n")));
  const auto got = client.receive().value();
  BOOST_TEST(got.complete, "it ends as a stream does that its server ended");
  BOOST_TEST(got.body == "data: 1\n\n");
  BOOST_TEST(proxied.get(url, {{"Accept", "text/event-stream"}}).status() == 204);
  proxied.drain();
  const auto seen = proxied.seen.of(url);
  BOOST_REQUIRE(seen.size() == 1u);
  BOOST_TEST((seen[0].exchange.truncated == fetch::Truncated::kTime));
  BOOST_TEST(proxied.seen.missed(url) == "");
  BOOST_TEST(site.requests_for("/events") == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_quiet_is_told_from_what_has_no_end) {
  TestSite site;
  site.on("/events", events());
  site.on("/poll", SiteReply{.bytes = "", .then = SiteReply::Then::kHang});
  auto settings = Proxied::settings_for(site);
  settings.limits.event_stream = 60s;
  Proxied proxied(settings);
  HttpClient stream = proxied.connect(), poll = proxied.connect();
  BOOST_REQUIRE(stream.send(get_request(site.url("/events", "a.test"))));
  BOOST_REQUIRE(stream.receive_until("data: 1"));
  wait_until([&] { return proxied.proxy->activity().endless == 1; },
             "the event stream is known as one");
  BOOST_TEST(proxied.proxy->activity().active == 0u);
  BOOST_REQUIRE(poll.send(get_request(site.url("/poll", "a.test"))));
  wait_until([&] { return proxied.proxy->activity().active == 1; }, "the request counts");
  wait_until([&] { return proxied.proxy->activity().waiting == 1; }, "it no longer does");
  BOOST_TEST(proxied.proxy->activity().active == 0u);
  BOOST_TEST(proxied.proxy->activity().total == 2u);
  proxied.drain(0s);
}

BOOST_AUTO_TEST_CASE(a_websocket_passes_both_ways) {
  EchoServer server;
  proxy::Settings settings;
  settings.fetch.allow_private = true;
  const std::string host = "ws.test:" + std::to_string(server.port());
  settings.fetch.resolve = {host + ":127.0.0.1"};
  Proxied proxied(settings);
  HttpClient client = proxied.tunnel(host);
  BOOST_REQUIRE(client.send(upgrade(host)));
  BOOST_TEST(client.receive_head().value().status == 101);
  BOOST_REQUIRE(client.send("X ping\r\n\r\n"));
  BOOST_TEST(client.receive_until("X ping\r\n\r\nX ping\r\n\r\n").has_value());
  BOOST_TEST(proxied.proxy->activity().endless == 1u);
  client.close();
  wait_until([&] { return proxied.seen.websockets().size() == 1; }, "its end is told");
  const auto seen = proxied.seen.websockets().at(0);
  BOOST_TEST(seen.url == "http://" + host + "/chat");
  BOOST_TEST(seen.ended == "closed");
  BOOST_TEST(seen.received_bytes > 20u);
  BOOST_TEST(server.handshake().find("Sec-WebSocket-Key: x\r\n") != std::string::npos);
  BOOST_TEST(server.handshake().find("Proxy-Secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_websocket_ends_with_its_time) {
  EchoServer server;
  proxy::Settings settings;
  settings.fetch.allow_private = true;
  settings.limits.websocket = 1s;
  settings.limits.websockets = 1;
  const std::string host = "ws.test:" + std::to_string(server.port());
  settings.fetch.resolve = {host + ":127.0.0.1"};
  Proxied proxied(settings);
  HttpClient client = proxied.tunnel(host), second = proxied.tunnel(host);
  BOOST_REQUIRE(client.send(upgrade(host)));
  BOOST_TEST(client.receive_head().value().status == 101);
  BOOST_REQUIRE(second.send(upgrade(host)));
  BOOST_TEST(second.receive().value().status() == 403, "one at a time");
  BOOST_TEST(client.receive_all().has_value());
  BOOST_TEST(proxied.seen.websockets().at(0).ended == "time");
}

BOOST_AUTO_TEST_CASE(a_drain_waits_for_what_is_under_way_and_cuts_the_rest) {
  TestSite site;
  site.on("/soon", SiteReply{.bytes = html("soon").bytes, .delay = 300ms});
  site.on("/never", SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
                              .then = SiteReply::Then::kHang});
  Proxied proxied(Proxied::settings_for(site));
  HttpClient one = proxied.connect(), two = proxied.connect();
  BOOST_REQUIRE(one.send(get_request(site.url("/soon", "a.test"))));
  BOOST_REQUIRE(two.send(get_request(site.url("/never", "a.test"))));
  wait_until([&] { return site.requests().size() == 2; }, "both are asked for");
  proxied.drain(1s);
  BOOST_TEST(body_of(proxied.seen.of(site.url("/soon", "a.test")).at(0).exchange) == "soon");
  const auto cut = proxied.seen.of(site.url("/never", "a.test")).at(0);
  BOOST_TEST(body_of(cut.exchange) == "half");
  BOOST_TEST((cut.exchange.truncated == fetch::Truncated::kTime));
}

BOOST_AUTO_TEST_CASE(idle_connections_make_room_and_half_questions_do_not_stay) {
  TestSite site;
  site.on("/", html("x"));
  auto settings = Proxied::settings_for(site);
  settings.limits.connections = 2;
  settings.limits.head_timeout = 1s;
  Proxied proxied(settings);
  HttpClient one = proxied.connect(), two = proxied.connect(), three = proxied.connect();
  BOOST_REQUIRE(three.send(get_request(site.url("/", "a.test"))));
  BOOST_TEST(three.receive().value().status() == 200);
  BOOST_TEST(one.receive_all().value() == "", "the longest idle one went");
  BOOST_REQUIRE(two.send("GET http://a.te"));
  BOOST_TEST(two.receive_all().value() == "");
}

BOOST_AUTO_TEST_SUITE_END()
