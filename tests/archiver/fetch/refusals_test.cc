// What is not fetched, and how failures are told.
#include "archiver/fetch/fetcher.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

#include "tests/archiver/fetch/fetch_loop.h"

using namespace wm;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(refusals)

namespace {

fetch::Settings local() {
  fetch::Settings settings;
  settings.allow_private = true;
  return settings;
}

std::string body_of(const fetch::Exchange& exchange) {
  return read_all(*exchange.body->source(), 64 << 20).value();
}

}  // namespace

namespace {
struct Refused {
  const char* url;
  Error::Code code;
  friend std::ostream& operator<<(std::ostream& out, const Refused& one) { return out << one.url; }
};
const Refused kRefused[] = {{"no url", Error::Code::kInvalid},
                            {"file:///etc/passwd", Error::Code::kDenied},
                            {"ftp://a.example/", Error::Code::kDenied},
                            {"gopher://a.example/", Error::Code::kDenied},
                            {"http://a.example:25/", Error::Code::kDenied},
                            {"http://127.0.0.1/", Error::Code::kDenied},
                            {"http://2130706433/", Error::Code::kDenied},
                            {"http://0x7f.1/", Error::Code::kDenied},
                            {"http://0/", Error::Code::kDenied},
                            {"http://[::1]/", Error::Code::kDenied},
                            {"http://[::ffff:127.0.0.1]/", Error::Code::kDenied},
                            {"http://localhost/", Error::Code::kDenied},
                            {"http://x.localhost/", Error::Code::kDenied},
                            {"http://169.254.169.254/latest/meta-data", Error::Code::kDenied}};
}  // namespace

BOOST_DATA_TEST_CASE(urls_that_lead_inside_are_refused_before_any_socket,
                     boost::unit_test::data::make(kRefused), one) {
  test::FetchLoop loop(fetch::Settings{});
  const auto outcome = loop.get(one.url);
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == one.code), outcome.error().what);
}

BOOST_AUTO_TEST_CASE(a_name_that_resolves_to_a_private_address_is_refused_at_the_socket) {
  test::TestSite site;
  site.on("/", test::html("inside"));
  fetch::Settings settings;
  settings.resolve = site.resolve({"public.example"});
  test::FetchLoop loop(settings);
  const auto outcome = loop.get(site.url("/", "public.example"));
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kDenied), outcome.error().what);
  BOOST_TEST(site.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(every_address_of_a_name_is_judged) {
  test::TestSite site;
  site.on("/", test::html("inside"));
  const std::string port = std::to_string(site.port());
  fetch::Settings settings;
  settings.resolve = {"many.example:" + port +
                      ":127.0.0.1,[::1],[::ffff:127.0.0.1],0.0.0.0,[64:ff9b::7f00:1]"};
  test::FetchLoop loop(settings);
  const auto outcome = loop.get(site.url("/", "many.example"));
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kDenied), outcome.error().what);
  BOOST_TEST(site.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(with_a_proxy_the_proxy_is_reached_and_the_literal_host_still_judged) {
  test::TestSite proxy;
  proxy.on("http://a.example/x", test::html("through the proxy"));
  fetch::Settings settings;
  settings.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  test::FetchLoop loop(settings);
  const auto denied = loop.get("http://127.0.0.1/");
  BOOST_REQUIRE(!denied);
  BOOST_TEST((denied.error().code == Error::Code::kDenied));
  BOOST_TEST(proxy.connections() == 0u);
  const auto exchange = loop.get("http://a.example/x");
  BOOST_REQUIRE(exchange);
  BOOST_TEST(body_of(*exchange) == "through the proxy");
  BOOST_TEST(exchange->ip_address == "");
}

BOOST_AUTO_TEST_CASE(the_environments_proxy_is_not_used) {
  test::TestSite site;
  site.on("/", test::html("direct"));
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  test::FetchLoop loop(local());
  const auto exchange = loop.get(site.url("/"));
  ::unsetenv("http_proxy");
  BOOST_TEST(exchange.has_value());
}

namespace {
struct Failure {
  const char* why;
  const char* bytes;
  Error::Code code;
  friend std::ostream& operator<<(std::ostream& out, const Failure& one) { return out << one.why; }
};
const Failure kFailures[] = {
    {"no HTTP at all", "220 mail.example ESMTP\r\n", Error::Code::kIo},
    {"closed without a word", "", Error::Code::kIo},
    {"cut within the head", "HTTP/1.1 200 OK\r\nX: ", Error::Code::kIo},
    {"only an interim head", "HTTP/1.1 103 Early Hints\r\n\r\n", Error::Code::kIo}};
}  // namespace

BOOST_DATA_TEST_CASE(without_a_whole_head_there_is_an_error,
                     boost::unit_test::data::make(kFailures), one) {
  test::TestSite site;
  site.on("/", {.bytes = one.bytes, .then = test::SiteReply::Then::kClose});
  test::FetchLoop loop(local());
  const auto outcome = loop.get(site.url("/"));
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == one.code), outcome.error().what);
}

BOOST_AUTO_TEST_CASE(unknown_names_and_closed_ports_have_their_own_errors) {
  std::uint16_t closed = 0;
  {
    test::TestSite site;
    closed = site.port();
  }
  test::FetchLoop loop(local());
  BOOST_TEST((loop.get("http://127.0.0.1:" + std::to_string(closed) + "/").error().code ==
              Error::Code::kIo));
  // "-" in front of an entry of curl's resolve list is refused as an address: the name is then
  // asked of nobody.
  const auto unknown = loop.get("http://no-such-name.invalid/");
  BOOST_REQUIRE(!unknown);
  BOOST_TEST((unknown.error().code == Error::Code::kNotFound), unknown.error().what);
}

BOOST_AUTO_TEST_SUITE_END()
