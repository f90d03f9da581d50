// What a page can try in order to reach what it should not, and what is no request at all.
#include "tests/archiver/proxy/proxied.h"

using namespace wm;
using namespace wm::test;

namespace {

/// A proxy that reaches public addresses only, and a victim on loopback.
struct Guarded {
  Guarded() : proxied(settings()) { victim.on("/", html("secret")); }
  proxy::Settings settings() const {
    proxy::Settings settings;
    // Names of the victim's, as a hostile name service would give them.
    settings.fetch.resolve = victim.resolve({"evil.test", "0.evil.test"});
    settings.fetch.resolve.push_back("six.test:80:[::1]");
    settings.fetch.resolve.push_back("mapped.test:80:[::ffff:127.0.0.1]");
    return settings;
  }
  TestSite victim;
  Proxied proxied;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(refusing)

BOOST_AUTO_TEST_CASE(no_address_of_ours_is_reached_however_it_is_written) {
  Guarded guarded;
  const std::string port = std::to_string(guarded.victim.port());
  const std::vector<std::string> hosts = {"127.0.0.1",          "127.1",
                                          "2130706433",         "0x7f000001",
                                          "0177.0.0.1",         "0.0.0.0",
                                          "localhost",          "LOCALHOST.",
                                          "a.localhost",        "[::1]",
                                          "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
                                          "[::127.0.0.1]",      "[64:ff9b::7f00:1]",
                                          "[2002:7f00:1::]",    "169.254.169.254",
                                          "10.0.0.1",           "192.168.0.1",
                                          "[fe80::1]",          "[fd00::1]",
                                          "%31%32%37.0.0.1",    "①②⑦.0.0.1",
                                          "evil.test",          "0.evil.test"};
  for (const std::string& host : hosts) {
    const auto got = guarded.proxied.get("http://" + host + ":" + port + "/");
    BOOST_TEST(got.status() >= 400, host);
    BOOST_TEST(got.body.find("secret") == std::string::npos, host);
  }
  for (const char* host : {"six.test", "mapped.test"})
    BOOST_TEST(guarded.proxied.get(std::string("http://") + host + "/").status() == 403, host);
  BOOST_TEST(guarded.victim.connections() == 0u);
  BOOST_TEST(guarded.proxied.seen.exchanges().empty());
  BOOST_TEST(guarded.proxied.seen.missed_count() >= hosts.size());
}

BOOST_AUTO_TEST_CASE(no_tunnel_leads_to_an_address_of_ours) {
  Guarded guarded;
  const std::string port = std::to_string(guarded.victim.port());
  for (const std::string& host :
       {std::string("127.0.0.1"), std::string("2130706433"), std::string("[::1]"),
        std::string("localhost"), std::string("[::ffff:127.0.0.1]"), std::string("0x7f.1")}) {
    HttpClient client = guarded.proxied.connect();
    BOOST_REQUIRE(client.send("CONNECT " + host + ":" + port + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    BOOST_TEST(client.receive().value().status() == 403, host);
  }
  // A name tells nothing yet: its requests are refused.
  HttpClient client = guarded.proxied.tunnel("evil.test:" + port);
  BOOST_REQUIRE(client.send("GET / HTTP/1.1\r\nHost: evil.test:" + port + "\r\n\r\n"));
  BOOST_TEST(client.receive().value().status() == 403);
  HttpClient socket = guarded.proxied.tunnel("evil.test:" + port);
  BOOST_REQUIRE(socket.send(
      "GET / HTTP/1.1\r\nHost: evil.test:" + port +
      "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"));
  BOOST_TEST(socket.receive().value().status() == 502);
  BOOST_TEST(guarded.victim.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_learns_no_addresses_from_a_refusal) {
  Guarded guarded;
  const auto got = guarded.proxied.get(guarded.victim.url("/", "evil.test"));
  BOOST_TEST(got.body.find("127.0.0.1") == std::string::npos);
  BOOST_TEST(got.body.find("not public") == std::string::npos);
  BOOST_TEST(guarded.proxied.seen.missed(guarded.victim.url("/", "evil.test")).find("not public") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(ports_that_no_web_server_has_are_refused) {
  TestSite site;
  Proxied proxied(Proxied::settings_for(site));
  for (const char* port : {"25", "22", "6667"}) {
    BOOST_TEST(proxied.get(std::string("http://a.test:") + port + "/").status() == 403);
    HttpClient client = proxied.connect();
    BOOST_REQUIRE(
        client.send(std::string("CONNECT a.test:") + port + " HTTP/1.1\r\nHost: a.test\r\n\r\n"));
    BOOST_TEST(client.receive().value().status() == 403, port);
  }
}

BOOST_AUTO_TEST_CASE(the_proxy_does_not_fetch_from_itself_whatever_is_allowed) {
  TestSite site;
  Proxied proxied(Proxied::settings_for(site));
  const std::string port = std::to_string(proxied.port);
  for (const char* host : {"127.0.0.1", "localhost", "127.9.9.9", "0.0.0.0"}) {
    BOOST_TEST(proxied.get("http://" + std::string(host) + ":" + port + "/").status() >= 400, host);
    HttpClient client = proxied.tunnel(std::string(host) + ":" + port);
    BOOST_REQUIRE(
        client.send("GET / HTTP/1.1\r\nHost: " + std::string(host) + ":" + port + "\r\n\r\n"));
    BOOST_TEST(client.receive().value().status() >= 400, host);
  }
  BOOST_TEST(proxied.seen.exchanges().empty());
}

BOOST_AUTO_TEST_CASE(what_could_be_understood_in_two_ways_is_no_request) {
  struct Row {
    const char* reason;
    const char* request;
    int status;
  };
  const Row rows[] = {
      {"Host of another server", "GET http://a.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n", 421},
      {"a port of another server", "GET http://a.test/ HTTP/1.1\r\nHost: a.test:81\r\n\r\n", 421},
      {"two hosts", "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n", 400},
      {"no host", "GET http://a.test/ HTTP/1.1\r\n\r\n", 400},
      {"user info", "GET http://me:x@a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"a backslash before the path",
       "GET http://a.test\\@b.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", 200},
      {"a path", "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"https without CONNECT", "GET https://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"another scheme", "GET ftp://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"file", "GET file:///etc/passwd HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"no HTTP", "hello\r\n\r\n", 400},
      {"TRACE", "TRACE http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", 405},
      {"two framings",
       "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1\r\nTransfer-Encoding: "
       "chunked\r\n\r\n",
       400},
      {"two lengths",
       "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1\r\nContent-Length: "
       "2\r\n\r\n",
       400},
      {"a folded line", "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nX: a\r\n b\r\n\r\n", 400},
      {"broken chunks",
       "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       400},
      {"CONNECT without a port", "CONNECT a.test HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"CONNECT to port 0", "CONNECT a.test:0 HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"CONNECT to port 65536", "CONNECT a.test:65536 HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"CONNECT with a user", "CONNECT me@a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"CONNECT with a path", "CONNECT a.test/x:443 HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"CONNECT to a bare IPv6 address", "CONNECT ::1:443 HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
      {"CONNECT with a body",
       "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc", 400}};
  TestSite site;
  auto settings = Proxied::settings_for(site);
  settings.fetch.resolve.push_back("a.test:80:127.0.0.1");
  settings.refuse = [](std::string_view) {
    return std::optional<std::string>("nothing leaves here");
  };
  Proxied proxied(settings);
  for (const Row& row : rows) {
    HttpClient client = proxied.connect();
    BOOST_REQUIRE(client.send(row.request));
    const auto got = client.receive();
    BOOST_REQUIRE_MESSAGE(got, row.reason);
    // 200 stands for: understood, and refused by the block list.
    BOOST_TEST(got->status() == (row.status == 200 ? 403 : row.status), row.reason);
  }
  BOOST_TEST(site.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_tunnel_leads_to_one_server_only) {
  TestSite site;
  site.on("/", html("here"));
  Proxied proxied(Proxied::settings_for(site));
  const std::string port = std::to_string(site.port());
  struct Row {
    const char* request;
    int status;
  };
  const std::string with_port = "GET / HTTP/1.1\r\nHost: a.test:" + port + "\r\n\r\n";
  const std::string absolute = "GET http://b.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n";
  const std::string other = "GET / HTTP/1.1\r\nHost: b.test:" + port + "\r\n\r\n";
  const std::string nested = "CONNECT b.test:443 HTTP/1.1\r\nHost: b.test\r\n\r\n";
  const Row rows[] = {{with_port.c_str(), 200},
                      {absolute.c_str(), 400},
                      {other.c_str(), 421},
                      {nested.c_str(), 400}};
  for (const Row& row : rows) {
    HttpClient client = proxied.tunnel("a.test:" + port);
    BOOST_REQUIRE(client.send(row.request));
    BOOST_TEST(client.receive().value().status() == row.status, row.request);
  }
}

BOOST_AUTO_TEST_CASE(a_request_of_any_two_pieces_is_the_same_request) {
  TestSite site;
  site.on("/p", html("got it"));
  Proxied proxied(Proxied::settings_for(site));
  const std::string url = site.url("/p", "a.test");
  const std::string request = "POST" +
                              get_request(url, "Transfer-Encoding: chunked\r\n").substr(3) +
                              "3\r\nabc\r\n0\r\n\r\n";
  HttpClient client = proxied.connect();
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    BOOST_REQUIRE(client.send(request.substr(0, cut)));
    BOOST_REQUIRE(client.send(request.substr(cut)));
    BOOST_REQUIRE(client.receive().value().body == "got it");
  }
}

BOOST_AUTO_TEST_CASE(large_heads_and_too_many_requests_are_refused) {
  TestSite site;
  site.on("/", html("x"));
  auto settings = Proxied::settings_for(site);
  settings.limits.head_bytes = 2000;
  settings.limits.requests = 3;
  Proxied proxied(settings);
  const std::string url = site.url("/", "a.test");
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(client.send(get_request(url, "X: " + std::string(3000, 'x') + "\r\n")));
  BOOST_TEST(client.receive().value().status() == 431);
  for (const int status : {200, 200, 200, 503}) BOOST_TEST(proxied.get(url).status() == status);
  BOOST_TEST(proxied.seen.missed(url) != "");
}

BOOST_AUTO_TEST_CASE(what_the_block_list_names_is_neither_fetched_nor_tunnelled) {
  TestSite site;
  site.on("/", html("x"));
  auto settings = Proxied::settings_for(site);
  settings.refuse = [](std::string_view url) -> std::optional<std::string> {
    if (url.find("//b.test") == url.npos) return std::nullopt;
    return "on the block list";
  };
  Proxied proxied(settings);
  BOOST_TEST(proxied.get(site.url("/", "a.test")).status() == 200);
  BOOST_TEST(proxied.get(site.url("/", "b.test")).status() == 403);
  BOOST_TEST(proxied.seen.missed(site.url("/", "b.test")) == "on the block list\n");
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_there_is_told_and_the_browser_gets_an_error_page) {
  TestSite site;
  site.on("/garbage", SiteReply{.bytes = "SSH-2.0-OpenSSH\r\n", .then = SiteReply::Then::kClose});
  auto settings = Proxied::settings_for(site);
  settings.fetch.resolve.push_back("dead.test:1024:127.0.0.1");
  Proxied proxied(settings);
  const auto dead = proxied.get("http://dead.test:1024/");
  BOOST_TEST(dead.status() == 502);
  BOOST_TEST(dead.header("Cache-Control") == "no-store");
  BOOST_TEST(proxied.get(site.url("/garbage", "a.test")).status() == 502);
  BOOST_TEST(proxied.seen.missed("http://dead.test:1024/") != "");
  BOOST_TEST(proxied.seen.exchanges().empty());
}

BOOST_AUTO_TEST_SUITE_END()
