#include "archiver/fetch/fetcher.h"

#include <boost/test/unit_test.hpp>

#include <thread>

#include "core/base/digest.h"
#include "tests/archiver/fetch/fetch_loop.h"

using namespace wm;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(fetcher)

namespace {

fetch::Settings local() {
  fetch::Settings settings;
  settings.allow_private = true;
  return settings;
}

std::string body_of(const fetch::Exchange& exchange) {
  return read_all(*exchange.body->source(), 64 << 20).value();
}

const std::string kBody = "some bytes of a body";

}  // namespace

BOOST_AUTO_TEST_CASE(head_bytes_come_as_sent_and_the_request_as_it_went_out) {
  test::TestSite site;
  const std::string head =
      "HTTP/1.1 200 Fine Weather\r\nX-MiXeD:  v \xe9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
      "X-Folded: one\r\n two\r\nContent-Length: 20\r\n\r\n";
  site.on("/p?q=1", {.bytes = head + kBody});
  test::FetchLoop loop(local());
  const auto exchange = loop.get(site.url("/p?q=1#fragment"));
  BOOST_REQUIRE(exchange);
  BOOST_TEST(exchange->url == site.url("/p?q=1"));
  BOOST_TEST(exchange->response_head == head);
  BOOST_TEST(body_of(*exchange) == kBody);
  BOOST_TEST(exchange->payload_digest == sha1_digest(kBody));
  BOOST_TEST(exchange->request_head == site.requests().at(0).head);
  BOOST_TEST(exchange->request_head.starts_with("GET /p?q=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
  BOOST_TEST(
      (exchange->request_head.find("\r\nAccept-Encoding: gzip, br\r\n") != std::string::npos));
  BOOST_TEST((exchange->request_head.find(std::string("\r\nUser-Agent: ") + fetch::kUserAgent +
                                          "\r\n") != std::string::npos));
  BOOST_TEST(exchange->ip_address == "127.0.0.1");
  BOOST_TEST(exchange->protocols == std::vector<std::string>{"http/1.1"},
             boost::test_tools::per_element());
  BOOST_TEST(exchange->cipher_suite == "");
  BOOST_TEST((exchange->truncated == fetch::Truncated::kNo));
}

BOOST_AUTO_TEST_CASE(interim_heads_and_trailers_are_no_part_of_the_head) {
  test::TestSite site;
  site.on(
      "/",
      {.bytes = "HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: "
                "X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n"});
  test::FetchLoop loop(local());
  const auto exchange = loop.get(site.url("/"));
  BOOST_REQUIRE(exchange);
  BOOST_TEST(exchange->response_head ==
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n");
  BOOST_TEST(body_of(*exchange) == "abc");
}

BOOST_AUTO_TEST_CASE(a_body_is_de_chunked_but_keeps_its_content_coding) {
  test::TestSite site;
  const std::string coded = "\x1f\x8b these are not really gzip bytes";
  for (const std::size_t piece : {1u, 2u, 5u, 1000u}) {
    const std::string path = "/" + std::to_string(piece);
    site.on(path, test::chunked("Content-Encoding: gzip\r\n", coded, piece));
    test::FetchLoop loop(local());
    const auto exchange = loop.get(site.url(path));
    BOOST_REQUIRE(exchange);
    BOOST_TEST(body_of(*exchange) == coded);
  }
}

BOOST_AUTO_TEST_CASE(redirects_are_not_followed_and_keep_their_body) {
  test::TestSite site;
  site.on("/", test::reply(302, "Location: /next\r\n", "moved"));
  test::FetchLoop loop(local());
  const auto exchange = loop.get(site.url("/"));
  BOOST_REQUIRE(exchange);
  BOOST_TEST(exchange->response.status == 302);
  BOOST_TEST(body_of(*exchange) == "moved");
  BOOST_TEST(site.requests_for("/next") == 0u);
}

BOOST_AUTO_TEST_CASE(connections_are_kept_and_a_dead_one_is_replaced_unseen) {
  test::TestSite site;
  site.on("/keep", test::html("a"));
  auto close = test::html("b");
  close.then = test::SiteReply::Then::kClose;
  site.on("/close", close);
  test::FetchLoop loop(local());
  for (int i = 0; i < 3; ++i) BOOST_REQUIRE(loop.get(site.url("/keep")));
  BOOST_TEST(site.connections() == 1u);
  BOOST_REQUIRE(loop.get(site.url("/close")));
  const auto exchange = loop.get(site.url("/keep"));
  BOOST_REQUIRE(exchange);
  BOOST_TEST(exchange->request_head == site.requests().back().head);
  BOOST_TEST(site.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(cookies_are_sent_back_within_one_fetcher_only) {
  test::TestSite site;
  site.on("/set", test::html("a", "Set-Cookie: k=v\r\n"));
  site.on("/get", test::html("a"));
  {
    test::FetchLoop loop(local());
    BOOST_REQUIRE(loop.get(site.url("/set")));
    const auto exchange = loop.get(site.url("/get"));
    BOOST_REQUIRE(exchange);
    BOOST_TEST((exchange->request_head.find("\r\nCookie: k=v\r\n") != std::string::npos));
  }
  test::FetchLoop other(local());
  BOOST_TEST((other.get(site.url("/get"))->request_head.find("Cookie") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(user_info_becomes_authorization_and_leaves_the_url) {
  test::TestSite site;
  site.on("/", test::html("a"));
  test::FetchLoop loop(local());
  const auto exchange =
      loop.get("http://us%65r:p%40ss@127.0.0.1:" + std::to_string(site.port()) + "/");
  BOOST_REQUIRE(exchange);
  BOOST_TEST(exchange->url == site.url("/"));
  BOOST_TEST((exchange->request_head.find("\r\nAuthorization: Basic dXNlcjpwQHNz\r\n") !=
              std::string::npos));
}

// Limits
// ---------------------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_resource_is_cut_at_its_byte_limit) {
  test::TestSite site;
  site.on("/", test::html(std::string(1000, 'x')));
  for (const std::uint64_t limit : {1u, 999u, 1000u, 1001u}) {
    auto settings = local();
    settings.resource_bytes = limit;
    test::FetchLoop loop(settings);
    const auto exchange = loop.get(site.url("/"));
    BOOST_REQUIRE(exchange);
    BOOST_TEST(exchange->body->size() == std::min<std::uint64_t>(limit, 1000));
    BOOST_TEST((exchange->truncated ==
                (limit < 1000 ? fetch::Truncated::kLength : fetch::Truncated::kNo)));
    BOOST_TEST(exchange->payload_digest == sha1_digest(body_of(*exchange)));
  }
}

BOOST_AUTO_TEST_CASE(a_capture_is_cut_at_its_byte_limit_over_all_resources) {
  test::TestSite site;
  site.on("/", test::html(std::string(1000, 'x')));
  auto settings = local();
  settings.capture_bytes = 1500;
  test::FetchLoop loop(settings);
  BOOST_TEST((loop.get(site.url("/"))->truncated == fetch::Truncated::kNo));
  const auto second = loop.get(site.url("/"));
  BOOST_REQUIRE(second);
  BOOST_TEST(second->body->size() == 500u);
  BOOST_TEST((second->truncated == fetch::Truncated::kLength));
  const auto third = loop.get(site.url("/"));
  BOOST_REQUIRE(!third);
  BOOST_TEST((third.error().code == Error::Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(large_bodies_wait_on_disk_byte_for_byte) {
  test::TestSite site;
  std::string body;
  for (unsigned i = 0; body.size() < (3u << 20); ++i) body += std::to_string(i);
  site.on("/", test::reply(200, "", body));
  auto settings = local();
  settings.memory_bytes = 100000;
  test::FetchLoop loop(settings);
  const auto exchange = loop.get(site.url("/"));
  BOOST_REQUIRE(exchange);
  BOOST_TEST(!exchange->body->in_memory());
  BOOST_TEST((body_of(*exchange) == body));
  BOOST_TEST(exchange->payload_digest == sha1_digest(body));
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_early_is_told_as_a_disconnect) {
  test::TestSite site;
  const test::SiteReply kCut[] = {
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
       .then = test::SiteReply::Then::kClose},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nabc",
       .then = test::SiteReply::Then::kClose},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
       .then = test::SiteReply::Then::kClose},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
       .then = test::SiteReply::Then::kClose}};
  for (const auto& cut : kCut) {
    site.on("/", cut);
    test::FetchLoop loop(local());
    const auto exchange = loop.get(site.url("/"));
    BOOST_REQUIRE(exchange);
    BOOST_TEST((exchange->truncated == fetch::Truncated::kDisconnect));
    BOOST_TEST(body_of(*exchange) == "abc");
  }
}

BOOST_AUTO_TEST_CASE(a_body_without_length_ends_with_the_connection) {
  test::TestSite site;
  site.on("/", {.bytes = "HTTP/1.0 200 OK\r\n\r\nabc", .then = test::SiteReply::Then::kClose});
  test::FetchLoop loop(local());
  const auto exchange = loop.get(site.url("/"));
  BOOST_REQUIRE(exchange);
  BOOST_TEST((exchange->truncated == fetch::Truncated::kNo));
  BOOST_TEST(exchange->protocols.at(0) == "http/1.0");
}

BOOST_AUTO_TEST_CASE(silence_ends_a_request_with_what_there_is) {
  test::TestSite site;
  site.on("/mute", {.bytes = "", .then = test::SiteReply::Then::kHang});
  site.on("/half", {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                    .then = test::SiteReply::Then::kHang});
  auto settings = local();
  settings.request_timeout = 1s;
  test::FetchLoop loop(settings);
  const auto mute = loop.fetcher().start({.url = site.url("/mute")});
  const auto half = loop.fetcher().start({.url = site.url("/half")});
  BOOST_REQUIRE(mute);
  BOOST_REQUIRE(half);
  const auto no_head = loop.wait(*mute);
  BOOST_REQUIRE(!no_head);
  BOOST_TEST((no_head.error().code == Error::Code::kTimeout));
  const auto cut = loop.wait(*half);
  BOOST_REQUIRE(cut);
  BOOST_TEST((cut->truncated == fetch::Truncated::kTime));
  BOOST_TEST(body_of(*cut) == "abc");
}

BOOST_AUTO_TEST_CASE(idle_time_is_shorter_than_request_time) {
  test::TestSite site;
  site.on("/", {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                .then = test::SiteReply::Then::kHang});
  auto settings = local();
  settings.idle_timeout = 1s;
  test::FetchLoop loop(settings);
  const auto began = std::chrono::steady_clock::now();
  const auto exchange = loop.get(site.url("/"));
  BOOST_REQUIRE(exchange);
  BOOST_TEST((exchange->truncated == fetch::Truncated::kTime));
  BOOST_TEST((std::chrono::steady_clock::now() - began < 10s));
}

BOOST_AUTO_TEST_CASE(expire_ends_all_at_once) {
  test::TestSite site;
  site.on("/mute", {.bytes = "", .then = test::SiteReply::Then::kHang});
  test::FetchLoop loop(local());
  BOOST_REQUIRE(loop.fetcher().start({.url = site.url("/mute")}));
  BOOST_REQUIRE(loop.fetcher().start({.url = site.url("/mute")}));
  loop.fetcher().run(20ms);
  BOOST_TEST(loop.fetcher().active() == 2u);
  const auto finished = loop.fetcher().expire();
  BOOST_TEST(finished.size() == 2u);
  for (const auto& one : finished) BOOST_TEST((one.outcome.error().code == Error::Code::kTimeout));
  BOOST_TEST(loop.fetcher().active() == 0u);
}

BOOST_AUTO_TEST_CASE(wake_ends_a_wait) {
  test::TestSite site;
  site.on("/mute", {.bytes = "", .then = test::SiteReply::Then::kHang});
  test::FetchLoop loop(local());
  BOOST_REQUIRE(loop.fetcher().start({.url = site.url("/mute")}));
  const auto began = std::chrono::steady_clock::now();
  std::jthread waker([&] {
    while (site.requests().empty()) std::this_thread::yield();
    loop.fetcher().wake();
  });
  while (std::chrono::steady_clock::now() - began < 20s && site.requests().empty())
    loop.fetcher().run(20s);
  BOOST_TEST((std::chrono::steady_clock::now() - began < 15s));
}

// TLS and HTTP/2
// -------------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(http2_over_tls_is_used_where_offered_and_told) {
  const auto root = test::temp_dir();
  BOOST_REQUIRE(replace_file(root.path() / "a.html", "<p>over h2</p>"));
  const auto nginx = test::Nginx::start(root.path(), "secure.example");
  if (!nginx) return;
  auto settings = local();
  settings.ca_file = nginx->ca_file();
  settings.resolve = {"secure.example:" + std::to_string(nginx->tls_port()) + ":127.0.0.1"};
  const std::string url = "https://secure.example:" + std::to_string(nginx->tls_port()) + "/a.html";
  test::FetchLoop loop(settings);
  const auto exchange = loop.get(url);
  BOOST_REQUIRE_MESSAGE(exchange, exchange.error().what);
  BOOST_TEST(exchange->protocols == (std::vector<std::string>{"h2", "tls/1.3"}),
             boost::test_tools::per_element());
  BOOST_TEST(exchange->cipher_suite.starts_with("TLS_"));
  BOOST_TEST(exchange->response_head.starts_with("HTTP/2 200"));
  BOOST_TEST(exchange->response.status == 200);
  BOOST_TEST(exchange->request_head.starts_with("GET /a.html HTTP/2\r\n"));
  BOOST_TEST(body_of(*exchange) == "<p>over h2</p>");

  settings.ca_file.clear();
  test::FetchLoop stranger(settings);
  const auto refused = stranger.get(url);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == Error::Code::kIo), "an unknown authority is not trusted");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused) {
  const auto root = test::temp_dir();
  const auto nginx = test::Nginx::start(root.path(), "other.example");
  if (!nginx) return;
  auto settings = local();
  settings.ca_file = nginx->ca_file();
  settings.resolve = {"secure.example:" + std::to_string(nginx->tls_port()) + ":127.0.0.1"};
  test::FetchLoop loop(settings);
  BOOST_TEST(!loop.get("https://secure.example:" + std::to_string(nginx->tls_port()) + "/"));
}

BOOST_AUTO_TEST_CASE(a_ca_file_without_certificate_is_an_error) {
  const auto folder = test::temp_dir();
  BOOST_REQUIRE(replace_file(folder.path() / "ca.pem", "nothing"));
  BOOST_TEST(
      (fetch::TrustStore::load(folder.path() / "ca.pem").error().code == Error::Code::kInvalid));
  BOOST_TEST(
      (fetch::TrustStore::load(folder.path() / "none.pem").error().code == Error::Code::kInvalid));
  BOOST_TEST(fetch::TrustStore::load({}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
