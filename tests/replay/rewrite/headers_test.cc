#include "replay/rewrite/headers.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace wm;
using rewrite::Modifier;

namespace {

rewrite::UrlRewriter urls() {
  rewrite::Address address;
  address.prefix = "/web/";
  address.timestamp = "2020";
  address.modifier = Modifier::kMainPage;
  address.document = url::Url::parse("http://a.example/dir/page").value();
  return rewrite::UrlRewriter(address);
}

struct Row {
  const char* name;
  const char* value;
  const char* expected_name;
  const char* expected_value;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name << ": " << row.value;
}

const Row kRows[] = {
    {"Content-Type", "text/html", "Content-Type", "text/html"},
    {"Content-Language", "de", "Content-Language", "de"},
    {"Content-Disposition", "attachment", "Content-Disposition", "attachment"},
    {"X-Total-Count", "7", "X-Total-Count", "7"},
    {"Location", "/x", "Location", "/web/2020mp_/http://a.example/x"},
    {"Location", "x", "Location", "/web/2020mp_/http://a.example/dir/x"},
    {"location", "https://b.example/", "location", "/web/2020mp_/https://b.example/"},
    {"Refresh", "5; url=http://b.example/", "Refresh", "5; url=/web/2020mp_/http://b.example/"},
    {"Refresh", "5", "Refresh", "5"},
    {"ETag", "\"x\"", "X-Archive-Orig-ETag", "\"x\""},
    {"date", "now", "X-Archive-Orig-date", "now"},
    {"Server", "x", "X-Archive-Orig-Server", "x"},
    {"Content-Security-Policy", "default-src 'none'", "X-Archive-Orig-Content-Security-Policy",
     "default-src 'none'"},
    {"Strict-Transport-Security", "max-age=1", "X-Archive-Orig-Strict-Transport-Security",
     "max-age=1"},
    {"Clear-Site-Data", "\"*\"", "X-Archive-Orig-Clear-Site-Data", "\"*\""},
    {"Cross-Origin-Opener-Policy", "same-origin", "X-Archive-Orig-Cross-Origin-Opener-Policy",
     "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp", "X-Archive-Orig-Cross-Origin-Embedder-Policy",
     "require-corp"},
    {"Permissions-Policy", "camera=*", "X-Archive-Orig-Permissions-Policy", "camera=*"},
    {"Service-Worker-Allowed", "/", "X-Archive-Orig-Service-Worker-Allowed", "/"},
    {"Speculation-Rules", "\"/x\"", "X-Archive-Orig-Speculation-Rules", "\"/x\""},
    {"Link", "<http://b.example/>; rel=preconnect", "X-Archive-Orig-Link",
     "<http://b.example/>; rel=preconnect"},
    {"Access-Control-Allow-Origin", "*", "X-Archive-Orig-Access-Control-Allow-Origin", "*"},
    {"Content-Length", "3", "X-Archive-Orig-Content-Length", "3"},
    {"X-Frame-Options", "DENY", "X-Archive-Orig-X-Frame-Options", "DENY"},
    {"WWW-Authenticate", "Basic", "X-Archive-Orig-WWW-Authenticate", "Basic"},
    {"Content-Security-Policy-Report-Only", "default-src 'none'",
     "X-Archive-Orig-Content-Security-Policy-Report-Only", "default-src 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin", "X-Archive-Orig-Cross-Origin-Resource-Policy",
     "same-origin"},
    {"Report-To", "{}", "X-Archive-Orig-Report-To", "{}"},
    {"Reporting-Endpoints", "a=\"https://b.example/\"", "X-Archive-Orig-Reporting-Endpoints",
     "a=\"https://b.example/\""},
    {"NEL", "{}", "X-Archive-Orig-NEL", "{}"},
    {"Alt-Svc", "h3=\":443\"", "X-Archive-Orig-Alt-Svc", "h3=\":443\""},
    {"Public-Key-Pins", "x", "X-Archive-Orig-Public-Key-Pins", "x"},
    {"Connection-Allowlist", "()", "X-Archive-Orig-Connection-Allowlist", "()"},
    {"Onion-Location", "http://b.onion/", "X-Archive-Orig-Onion-Location", "http://b.onion/"},
    {"SourceMap", "/s.map", "X-Archive-Orig-SourceMap", "/s.map"},
    {"X-SourceMap", "/s.map", "X-Archive-Orig-X-SourceMap", "/s.map"},
    {"Origin-Agent-Cluster", "?1", "X-Archive-Orig-Origin-Agent-Cluster", "?1"},
    {"Referrer-Policy", "unsafe-url", "X-Archive-Orig-Referrer-Policy", "unsafe-url"},
    {"Set-Login", "logged-in", "X-Archive-Orig-Set-Login", "logged-in"},
    {"Document-Policy", "x", "X-Archive-Orig-Document-Policy", "x"},
    {"Timing-Allow-Origin", "*", "X-Archive-Orig-Timing-Allow-Origin", "*"},
    {"Content-Location", "/y", "X-Archive-Orig-Content-Location", "/y"},
    {"Content-Base", "http://b.example/", "X-Archive-Orig-Content-Base", "http://b.example/"},
    {"Age", "1", "X-Archive-Orig-Age", "1"},
    {"Via", "x", "X-Archive-Orig-Via", "x"},
    {"Vary", "*", "X-Archive-Orig-Vary", "*"},
    {"Expires", "0", "X-Archive-Orig-Expires", "0"},
    {"Cache-Control", "no-store", "X-Archive-Orig-Cache-Control", "no-store"},
    {"Pragma", "no-cache", "X-Archive-Orig-Pragma", "no-cache"},
    {"Last-Modified", "x", "X-Archive-Orig-Last-Modified", "x"},
    {"P3P", "x", "X-Archive-Orig-P3P", "x"},
    {"Upgrade", "h2c", "X-Archive-Orig-Upgrade", "h2c"},
    {"X-XSS-Protection", "1", "X-Archive-Orig-X-XSS-Protection", "1"},
    {"Trailer", "x", "X-Archive-Orig-Trailer", "x"},
    {"Transfer-Encoding", "chunked", "X-Archive-Orig-Transfer-Encoding", "chunked"},
    {"Connection", "close", "X-Archive-Orig-Connection", "close"},
    {"Content-MD5", "x", "X-Archive-Orig-Content-MD5", "x"},
    {"Accept-Ranges", "bytes", "X-Archive-Orig-Accept-Ranges", "bytes"},
    {"Proxy-Authenticate", "Basic", "X-Archive-Orig-Proxy-Authenticate", "Basic"},
    {"Feature-Policy", "x", "X-Archive-Orig-Feature-Policy", "x"},
    {"Origin-Trial", "x", "X-Archive-Orig-Origin-Trial", "x"},
    {"X-DNS-Prefetch-Control", "on", "X-Archive-Orig-X-DNS-Prefetch-Control", "on"},
    {"Accept-Patch", "x", "Accept-Patch", "x"},
    {"Allow", "GET", "Allow", "GET"},
    {"Content-Encoding", "gzip", "Content-Encoding", "gzip"},
    {"X-Content-Type-Options", "nosniff", "X-Content-Type-Options", "nosniff"},
    {"X-Made-Up", "1", "X-Made-Up", "1"},
    {"Memento-Datetime", "x", "X-Archive-Orig-Memento-Datetime", "x"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(headers)

BOOST_DATA_TEST_CASE(a_header_is_kept_led_into_the_archive_or_put_aside,
                     boost::unit_test::data::make(kRows), row) {
  const auto replayed =
      rewrite::replay_headers({{row.name, row.value}}, urls(), Modifier::kMainPage);
  BOOST_REQUIRE(replayed.size() == 1u);
  BOOST_TEST(replayed.begin()->name == row.expected_name);
  BOOST_TEST(replayed.begin()->value == row.expected_value);
}

BOOST_AUTO_TEST_CASE(a_header_whose_name_is_no_token_is_left_out) {
  BOOST_TEST(
      rewrite::replay_headers({{"Bad Name", "x"}, {"", "y"}}, urls(), Modifier::kNone).empty());
}

BOOST_AUTO_TEST_CASE(cookies_live_below_their_page_and_for_the_session) {
  BOOST_TEST(rewrite::replay_cookie("a=b; Path=/; Domain=.a.example; Expires=Wed, 21 Oct 2015 "
                                    "07:28:00 GMT; Secure; HttpOnly; SameSite=None",
                                    urls()) ==
             "a=b; HttpOnly; Path=/web/2020mp_/http://a.example/");
  BOOST_TEST(rewrite::replay_cookie("a=b; max-age=0", urls()) ==
             "a=b; max-age=0; Path=/web/2020mp_/http://a.example/dir");
  BOOST_TEST(rewrite::replay_cookie("a=\"b=c\"; path=/x/y", urls()) ==
             "a=\"b=c\"; Path=/web/2020mp_/http://a.example/x/y");
}

BOOST_AUTO_TEST_SUITE_END()
