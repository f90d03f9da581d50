// What passes the proxy, and what of it is recorded.
#include "tests/archiver/proxy/proxied.h"

using namespace wm;
using namespace wm::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(passing)

BOOST_AUTO_TEST_CASE(an_answer_passes_and_is_told_with_its_bytes_as_they_came) {
  TestSite site;
  std::string body(5000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7);
  site.on(
      "/x?q=1",
      reply(200,
            "Content-Type: image/png\r\nX-MiXeD: V\xe9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n",
            body));
  Proxied proxied(Proxied::settings_for(site));
  const std::string url = site.url("/x?q=1", "a.test");
  const auto got = proxied.get(url, {{"Sec-Fetch-Dest", "image"}, {"User-Agent", "Browser/1"}});
  BOOST_TEST(got.status() == 200);
  BOOST_TEST((got.body == body));
  BOOST_TEST(got.header("X-MiXeD") == "V\xe9");
  BOOST_TEST(got.head.headers.all("Set-Cookie").size() == 2u);
  proxied.drain();
  const auto seen = proxied.seen.of(url);
  BOOST_REQUIRE(seen.size() == 1u);
  BOOST_TEST((body_of(seen[0].exchange) == body));
  BOOST_TEST(seen[0].exchange.response_head.find("X-MiXeD: V\xe9\r\n") != std::string::npos);
  BOOST_TEST(seen[0].exchange.response_head.starts_with("HTTP/1.1 200 OK\r\n"));
  BOOST_TEST(seen[0].exchange.ip_address == "127.0.0.1");
  BOOST_TEST((seen[0].facts.seen == proxy::Seen::kAll));
  BOOST_TEST(seen[0].facts.resource_type == "image");
  const std::string sent = site.requests().at(0).head;
  BOOST_TEST(sent.find("User-Agent: Browser/1\r\n") != std::string::npos);
  BOOST_TEST(sent.find("Accept-Language") == std::string::npos,
             "nothing is said that the browser did not say");
  BOOST_TEST(sent.find("Accept:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(codings_that_replay_cannot_undo_are_not_asked_for) {
  struct Row {
    const char* offered;
    const char* asked;
  };
  const Row rows[] = {{"gzip, deflate, br, zstd", "gzip, br"},
                      {"identity;q=1, *;q=0", "identity"},
                      {"gzip;q=0, br;q=0.5", "br"},
                      {"zstd, dcb, dcz", "identity"}};
  TestSite site;
  site.on("/", html("x"));
  Proxied proxied(Proxied::settings_for(site));
  for (const Row& row : rows)
    proxied.get(site.url("/", "a.test"), {{"Accept-Encoding", row.offered}});
  proxied.get(site.url("/", "a.test"));
  const auto requests = site.requests();
  for (std::size_t i = 0; i < std::size(rows); ++i)
    BOOST_TEST(requests.at(i).head.find("Accept-Encoding: " + std::string(rows[i].asked) +
                                        "\r\n") != std::string::npos,
               rows[i].offered);
  BOOST_TEST(requests.back().head.find("Accept-Encoding: identity\r\n") != std::string::npos,
             "a client that offers nothing");
}

BOOST_AUTO_TEST_CASE(compressed_bodies_stay_compressed) {
  TestSite site;
  const std::string packed(
      "\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\xcc\x49\x05\0\x6f\x3a\x2d\xc2\x03\0\0\0", 23);
  site.on("/", reply(200, "Content-Type: text/css\r\nContent-Encoding: gzip\r\n", packed));
  Proxied proxied(Proxied::settings_for(site));
  const auto got = proxied.get(site.url("/", "a.test"), {{"Accept-Encoding", "gzip"}});
  BOOST_TEST((got.body == packed));
  BOOST_TEST(got.header("Content-Encoding") == "gzip");
  proxied.drain();
  BOOST_TEST((body_of(proxied.seen.exchanges().at(0).exchange) == packed));
}

BOOST_AUTO_TEST_CASE(fields_of_one_hop_stay_on_it) {
  TestSite site;
  site.on("/", reply(200,
                     "Connection: x-private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nAlt-Svc: "
                     "h3=\":443\"\r\nProxy-Authenticate: Basic\r\nUse-As-Dictionary: "
                     "match=\"*\"\r\nX-Public: 2\r\n",
                     "x"));
  Proxied proxied(Proxied::settings_for(site));
  const auto got = proxied.get(site.url("/", "a.test"), {{"Proxy-Connection", "keep-alive"},
                                                         {"Proxy-Authorization", "Basic eDp5"},
                                                         {"Connection", "x-mine"},
                                                         {"X-Mine", "1"},
                                                         {"TE", "trailers"},
                                                         {"Available-Dictionary", ":abc:"},
                                                         {"Dictionary-ID", "\"d\""},
                                                         {"X-Yours", "2"}});
  for (const char* name :
       {"X-Private", "Keep-Alive", "Alt-Svc", "Proxy-Authenticate", "Use-As-Dictionary"})
    BOOST_TEST(!got.head.headers.has(name), name);
  BOOST_TEST(got.header("X-Public") == "2");
  const std::string sent = site.requests().at(0).head;
  for (const char* name : {"Proxy-", "X-Mine", "TE:", "Dictionary"})
    BOOST_TEST(sent.find(name) == std::string::npos, name);
  BOOST_TEST(sent.find("X-Yours: 2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_without_a_body_end_at_once_and_the_connection_stays) {
  TestSite site;
  site.on("/204", SiteReply{.bytes = "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"});
  site.on("/304", SiteReply{.bytes = "HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n"});
  site.on("/head", SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n"});
  site.on("/after", html("after"));
  Proxied proxied(Proxied::settings_for(site));
  HttpClient client = proxied.connect();
  for (const int status : {204, 304}) {
    BOOST_REQUIRE(client.send(get_request(site.url("/" + std::to_string(status), "a.test"))));
    BOOST_TEST(client.receive().value().status() == status);
  }
  BOOST_REQUIRE(client.send("HEAD" + get_request(site.url("/head", "a.test")).substr(3)));
  const auto head = client.receive(HttpClient::Body::kNo).value();
  BOOST_TEST(head.header("Content-Length") == "12345");
  BOOST_REQUIRE(client.send(get_request(site.url("/after", "a.test"))));
  BOOST_TEST(client.receive().value().body == "after");
  proxied.drain();
  BOOST_TEST(proxied.seen.exchanges().size() == 4u);
  BOOST_TEST(proxied.seen.missed_count() == 0u);
}

BOOST_AUTO_TEST_CASE(interim_heads_pass_no_further_than_they_make_sense) {
  TestSite site;
  site.on(
      "/",
      SiteReply{.bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </s.css>; "
                         "rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  Proxied proxied(Proxied::settings_for(site));
  HttpClient client = proxied.connect();
  const std::string url = site.url("/", "a.test");
  BOOST_REQUIRE(client.send(get_request(url)));
  const auto hint = client.receive_head().value();
  BOOST_TEST(hint.status == 103);
  BOOST_TEST(hint.headers.has("Link"));
  BOOST_TEST(client.receive().value().body == "ok");
  proxied.drain();
  BOOST_TEST(proxied.seen.of(url).at(0).exchange.response_head.starts_with("HTTP/1.1 200 OK"));
}

BOOST_AUTO_TEST_CASE(a_body_without_a_length_is_framed_anew) {
  TestSite site;
  site.on("/close",
          SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end",
                    .then = SiteReply::Then::kClose});
  site.on("/chunks", chunked("Content-Type: text/plain\r\n", std::string(70000, 'c'), 777));
  Proxied proxied(Proxied::settings_for(site));
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(client.send(get_request(site.url("/close", "a.test"))));
  const auto first = client.receive().value();
  BOOST_TEST(first.header("Transfer-Encoding") == "chunked");
  BOOST_TEST(first.body == "until the end");
  BOOST_REQUIRE(client.send(get_request(site.url("/chunks", "a.test"))));
  BOOST_TEST((client.receive().value().body == std::string(70000, 'c')));
  const std::string url = site.url("/close", "a.test");
  BOOST_REQUIRE(client.send("GET " + url + " HTTP/1.0\r\n\r\n"));
  const std::string old = client.receive_all().value();
  BOOST_TEST(old.find("chunked") == std::string::npos, "an HTTP/1.0 client knows no chunks");
  BOOST_TEST(old.ends_with("until the end"));
}

BOOST_AUTO_TEST_CASE(a_body_that_breaks_off_breaks_off_for_the_browser_too) {
  TestSite site;
  site.on("/short", SiteReply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                              .then = SiteReply::Then::kClose});
  site.on(
      "/chunks",
      SiteReply{.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
                .then = SiteReply::Then::kClose});
  Proxied proxied(Proxied::settings_for(site));
  for (const char* path : {"/short", "/chunks"}) {
    const std::string url = site.url(path, "a.test");
    const auto got = proxied.get(url);
    BOOST_TEST(!got.complete, path);
    wait_until([&] { return proxied.seen.of(url).size() == 1; }, "the exchange is told");
    const auto seen = proxied.seen.of(url).at(0);
    BOOST_TEST((seen.exchange.truncated == fetch::Truncated::kDisconnect));
    BOOST_TEST(body_of(seen.exchange) == "only this");
    BOOST_TEST(proxied.seen.missed(url) == "cut off: disconnect\n");
  }
}

BOOST_AUTO_TEST_CASE(uploads_pass_and_are_told_whatever_their_framing) {
  TestSite site;
  site.on("/post", html("thanks"));
  Proxied proxied(Proxied::settings_for(site));
  const std::string url = site.url("/post", "a.test");
  std::string body(300000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i % 251);
  const std::string start = "POST" + get_request(url).substr(3);
  const std::string fields = start.substr(0, start.size() - 2);
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(client.send(fields + "Expect: 100-continue\r\nContent-Length: 300000\r\n\r\n"));
  BOOST_TEST(client.receive_head().value().status == 100);
  BOOST_REQUIRE(client.send(body));
  // The site takes bodies for the next request; what matters here is what the proxy tells.
  BOOST_TEST(client.receive().value().status() == 200);
  HttpClient other = proxied.connect();
  BOOST_REQUIRE(other.send(fields + "Transfer-Encoding: chunked\r\n\r\n5\r\nab;cd\r\n"));
  BOOST_REQUIRE(other.send("3\r\nxyz\r\n0\r\n\r\n"));
  BOOST_TEST(other.receive().value().status() == 200);
  proxied.drain();
  const auto seen = proxied.seen.of(url);
  BOOST_REQUIRE(seen.size() == 2u);
  BOOST_REQUIRE(seen[0].exchange.request_body);
  BOOST_TEST((read_all(*seen[0].exchange.request_body->source(), 1 << 20).value() == body));
  BOOST_TEST(seen[0].exchange.request_head.find("Expect") == std::string::npos);
  BOOST_TEST(read_all(*seen[1].exchange.request_body->source(), 1 << 20).value().size() == 8u);
  BOOST_TEST(seen[1].exchange.request_head.find("Content-Length: 8\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_upload_beyond_the_limit_is_refused_and_told) {
  TestSite site;
  site.on("/post", html("thanks"));
  auto settings = Proxied::settings_for(site);
  settings.limits.upload_bytes = 1000;
  Proxied proxied(settings);
  const std::string url = site.url("/post", "a.test");
  for (const std::size_t size : {1000u, 1001u}) {
    HttpClient client = proxied.connect();
    const std::string start =
        "POST" + get_request(url, "Content-Length: " + std::to_string(size) + "\r\n").substr(3);
    BOOST_REQUIRE(client.send(start + std::string(size, 'x')));
    BOOST_TEST(client.receive().value().status() == (size == 1000 ? 200 : 413));
  }
  BOOST_TEST(proxied.seen.missed(url) != "");
}

BOOST_AUTO_TEST_CASE(a_preflight_passes_as_it_is) {
  TestSite site;
  site.on("/api",
          SiteReply{.bytes = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\r\n"});
  Proxied proxied(Proxied::settings_for(site));
  const std::string url = site.url("/api", "a.test");
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(client.send(
      "OPTIONS" +
      get_request(url, "Origin: http://b.test\r\nAccess-Control-Request-Method: PUT\r\n")
          .substr(3)));
  BOOST_TEST(client.receive().value().header("Access-Control-Allow-Origin") == "*");
  const auto request = site.requests().at(0);
  BOOST_TEST(request.method == "OPTIONS");
  BOOST_TEST(request.head.find("Content-Length") == std::string::npos);
  proxied.drain();
  BOOST_TEST(proxied.seen.of(url).at(0).exchange.method == "OPTIONS");
}

BOOST_AUTO_TEST_CASE(cookies_are_the_browsers_affair) {
  TestSite site;
  site.on("/set", html("x", "Set-Cookie: a=1; Path=/\r\n"));
  site.on("/get", html("x"));
  Proxied proxied(Proxied::settings_for(site));
  proxied.get(site.url("/set", "a.test"));
  proxied.get(site.url("/get", "a.test"));
  proxied.get(site.url("/get", "a.test"), {{"Cookie", "b=2"}});
  BOOST_TEST(site.requests().at(1).head.find("Cookie") == std::string::npos);
  BOOST_TEST(site.requests().at(2).head.find("Cookie: b=2\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_sent_ahead_are_answered_in_order) {
  TestSite site;
  site.on("/1", SiteReply{.bytes = html("first").bytes, .delay = 50ms});
  site.on("/2", html("second"));
  Proxied proxied(Proxied::settings_for(site));
  HttpClient client = proxied.connect();
  BOOST_REQUIRE(
      client.send(get_request(site.url("/1", "a.test")) + get_request(site.url("/2", "a.test"))));
  BOOST_TEST(client.receive().value().body == "first");
  BOOST_TEST(client.receive().value().body == "second");
}

BOOST_AUTO_TEST_CASE(a_url_is_fetched_besides_the_browser_once) {
  TestSite site;
  site.on("/page", html("page"));
  site.on("/more", html("more"));
  Proxied proxied(Proxied::settings_for(site));
  proxied.get(site.url("/page", "a.test"));
  for (const char* path : {"/page", "/more", "/more"})
    proxied.proxy->also_fetch({.url = site.url(path, "a.test")}, "image");
  proxied.drain();
  BOOST_TEST(site.requests_for("/page") == 1u);
  BOOST_TEST(site.requests_for("/more") == 1u);
  const auto more = proxied.seen.of(site.url("/more", "a.test"));
  BOOST_REQUIRE(more.size() == 1u);
  BOOST_TEST((more[0].facts.asker == proxy::Asker::kEngine));
  BOOST_TEST(more[0].facts.resource_type == "image");
}

BOOST_AUTO_TEST_SUITE_END()
