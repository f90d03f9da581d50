// https: through tunnels, by HTTP/1.1 and HTTP/2. The client is Debian's curl.
#include <fstream>

#include "tests/archiver/proxy/proxied.h"
#include "tests/support/nginx.h"
#include "tests/support/tls_front.h"

using namespace wm;
using namespace wm::test;
using namespace std::chrono_literals;

namespace {

/// A scripted site behind TLS, as "a.test".
struct TlsSite {
  TlsSite() : folder(temp_dir()), front(ca, "a.test", site.port()) {
    BOOST_REQUIRE(replace_file(folder.path() / "ca.pem", ca.certificate_pem()));
  }
  proxy::Settings settings() const {
    proxy::Settings settings;
    settings.fetch.allow_private = true;
    settings.fetch.ca_file = folder.path() / "ca.pem";
    settings.fetch.resolve = {"a.test:" + std::to_string(front.port()) + ":127.0.0.1",
                              "b.test:" + std::to_string(front.port()) + ":127.0.0.1"};
    return settings;
  }
  std::string url(const std::string& path, const std::string& host = "a.test") const {
    return "https://" + host + ":" + std::to_string(front.port()) + path;
  }
  TempDir folder;
  TestCa ca;
  TestSite site;
  TlsFront front;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(over_tls)

BOOST_AUTO_TEST_CASE(both_versions_of_http_pass_with_the_same_bytes) {
  TlsSite tls;
  std::string body(200000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 13);
  tls.site.on("/x", reply(200, "Content-Type: image/png\r\nX-Odd:  two  blanks \r\n", body));
  Proxied proxied(tls.settings());
  for (const char* version : {"--http1.1", "--http2"}) {
    const auto got = proxied.curl(std::string(version) + " " + tls.url("/x"));
    BOOST_TEST(got.exit == 0, version);
    BOOST_TEST((got.out == body), version);
    const auto told = proxied.curl(
        std::string(version) + " -o /dev/null -w '%{http_version} %{http_code}' " + tls.url("/x"));
    BOOST_TEST(told.out == (version == std::string("--http2") ? "2 200" : "1.1 200"));
  }
  proxied.drain();
  const auto seen = proxied.seen.of(tls.url("/x"));
  BOOST_REQUIRE(seen.size() == 4u);
  for (const auto& one : seen) {
    BOOST_TEST((body_of(one.exchange) == body));
    BOOST_TEST(!one.exchange.cipher_suite.empty());
    BOOST_TEST(one.exchange.protocols.size() == 2u);
  }
}

BOOST_AUTO_TEST_CASE(a_hundred_requests_share_one_http2_connection) {
  const TempDir root = temp_dir();
  for (int i = 0; i < 100; ++i)
    std::ofstream(root.path() / (std::to_string(i) + ".css"))
        << std::string(static_cast<std::size_t>(1000 * i + 1), 'c');
  const auto nginx = Nginx::start(root.path(), "a.test");
  if (!nginx) return;
  proxy::Settings settings;
  settings.fetch.allow_private = true;
  settings.fetch.ca_file = nginx->ca_file();
  const std::string host = "a.test:" + std::to_string(nginx->tls_port());
  settings.fetch.resolve = {host + ":127.0.0.1"};
  Proxied proxied(settings);
  const auto got = proxied.curl(
      "--http2 --parallel --parallel-max 100 -H 'Accept-Encoding: gzip' -w '%{http_code} "
      "%{num_connects}\\n' -o /dev/null 'https://" +
      host + "/[0-99].css'");
  BOOST_TEST(got.exit == 0);
  BOOST_TEST(std::count(got.out.begin(), got.out.end(), '\n') == 100);
  std::size_t connects = 0, answered = 0;
  for (std::size_t at = 0; (at = got.out.find("200 ", at)) != std::string::npos; at += 4) {
    ++answered;
    connects += got.out[at + 4] == '1';
  }
  BOOST_TEST(answered == 100u);
  BOOST_TEST(connects <= 2u);
  proxied.drain();
  BOOST_TEST(proxied.seen.exchanges().size() == 100u);
  for (const auto& one : proxied.seen.exchanges()) {
    BOOST_TEST(one.exchange.protocols.at(0) == "h2");
    BOOST_TEST(one.exchange.response_head.starts_with("HTTP/2 200"));
  }
}

BOOST_AUTO_TEST_CASE(seven_event_streams_hold_up_no_request) {
  TlsSite tls;
  for (int i = 0; i < 7; ++i) {
    tls.site.on(
        "/events" + std::to_string(i),
        SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
                  .then = SiteReply::Then::kHang});
  }
  tls.site.on("/fetch", html("through"));
  auto settings = tls.settings();
  settings.limits.event_stream = 3s;
  Proxied proxied(settings);
  const auto before = std::chrono::steady_clock::now();
  const auto got = proxied.curl(
      "--http2 --parallel --parallel-max 20 -w '%{urlnum} %{http_code} %{time_total}\\n' -o "
      "/dev/null '" +
      tls.url("/events[0-6]") + "' -o /tmp/null-$$ " + tls.url("/fetch") + "; rm -f /tmp/null-$$");
  BOOST_TEST((std::chrono::steady_clock::now() - before < 20s));
  BOOST_TEST(std::count(got.out.begin(), got.out.end(), '\n') == 8);
  const std::size_t fetch = got.out.find("1 200 ");
  BOOST_REQUIRE_MESSAGE(fetch != std::string::npos, got.out);
  BOOST_TEST(std::stod(got.out.substr(fetch + 6)) < 2.5, "it did not wait for a stream to end");
}

BOOST_AUTO_TEST_CASE(uploads_cookies_and_bodiless_answers_pass_by_http2) {
  TlsSite tls;
  tls.site.on("/post", html("thanks"));
  tls.site.on("/none", SiteReply{.bytes = "HTTP/1.1 204 No Content\r\n\r\n"});
  tls.site.on("/head", SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n"});
  Proxied proxied(tls.settings());
  const auto data = tls.folder.path() / "data";
  const std::string upload(150000, 'u');
  BOOST_REQUIRE(replace_file(data, upload));
  BOOST_TEST(proxied
                 .curl("--http2 -H 'Cookie: a=1; b=2' --data-binary @" + data.string() + " " +
                       tls.url("/post"))
                 .out == "thanks");
  BOOST_TEST(proxied.curl("--http2 -w '%{http_code}' " + tls.url("/none")).out == "204");
  BOOST_TEST(proxied.curl("--http2 --head " + tls.url("/head")).out.find("content-length: 77") !=
             std::string::npos);
  proxied.drain();
  const auto post = proxied.seen.of(tls.url("/post"));
  BOOST_REQUIRE(post.size() == 1u);
  BOOST_TEST((read_all(*post[0].exchange.request_body->source(), 1 << 20).value() == upload));
  BOOST_TEST(post[0].exchange.request_head.find("ookie: a=1; b=2\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_that_breaks_off_resets_its_stream_alone) {
  TlsSite tls;
  tls.site.on("/short",
              SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                        .then = SiteReply::Then::kClose});
  tls.site.on("/fine", html("fine"));
  Proxied proxied(tls.settings());
  const auto got = proxied.curl("--http2 " + tls.url("/short") + " " + tls.url("/fine"));
  BOOST_TEST(got.out.find("fine") != std::string::npos);
  proxied.drain();
  BOOST_TEST((proxied.seen.of(tls.url("/short")).at(0).exchange.truncated ==
              fetch::Truncated::kDisconnect));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_does_not_hold_is_told_and_nothing_recorded) {
  TlsSite tls;
  tls.site.on("/", html("x"));
  Proxied strangers([&] {
    auto settings = tls.settings();
    settings.fetch.ca_file.clear();
    return settings;
  }());
  BOOST_TEST(strangers.curl("-w '%{http_code}' -o /dev/null " + tls.url("/")).out == "502");
  BOOST_TEST(strangers.seen.missed(tls.url("/")).find("certificate") != std::string::npos);
  Proxied proxied(tls.settings());
  BOOST_TEST(proxied.curl("-w '%{http_code}' -o /dev/null " + tls.url("/", "b.test")).out == "502",
             "another host's");
  BOOST_TEST(proxied.seen.exchanges().empty());
  BOOST_TEST(tls.site.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_websocket_over_tls_is_checked_as_a_request_is) {
  TlsSite tls;
  tls.site.on("/chat", SiteReply{.bytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: "
                                          "websocket\r\nConnection: Upgrade\r\n\r\nhello",
                                 .then = SiteReply::Then::kClose});
  const std::string arguments =
      "--http1.1 -i -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: "
      "13' --max-time 10 ";
  Proxied proxied(tls.settings());
  BOOST_TEST(proxied.curl(arguments + tls.url("/chat")).out.find("101 Switching") !=
             std::string::npos);
  auto settings = tls.settings();
  settings.fetch.ca_file.clear();
  Proxied strangers(settings);
  BOOST_TEST(strangers.curl(arguments + tls.url("/chat")).out.find("502") != std::string::npos);
  BOOST_TEST(strangers.seen.missed(tls.url("/chat")) != "");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_tls_after_the_first_one_end_the_tunnel) {
  TlsSite tls;
  Proxied proxied(tls.settings());
  HttpClient client = proxied.tunnel("a.test:443");
  BOOST_REQUIRE(client.send(std::string("\x16\x03\x01\xff\xff", 5) + std::string(1000, 'x')));
  BOOST_TEST(client.receive_all().has_value());
  HttpClient early = proxied.connect();
  BOOST_REQUIRE(early.send(
      std::string("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n\x16garbage")));
  BOOST_TEST(early.receive_all().value().starts_with("HTTP/1.1 200 "),
             "the tunnel's own answer comes before");
}

BOOST_AUTO_TEST_SUITE_END()
