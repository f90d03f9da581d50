#include "replay/opaque_origin.h"

#include <boost/test/unit_test.hpp>

#include "tests/replay/archive.h"

using namespace wm;

namespace {

struct Site {
  test::Archive archive;

  replay::ReplayResponse get(const std::string& target, http::Headers headers = {},
                             const std::string& mount = "/_replay/9.ab",
                             const std::string& method = "GET") {
    headers.add("Host", "127.0.0.1:8080");
    replay::ReplayRequest request;
    request.method = method;
    request.target = target;
    request.headers = std::move(headers);
    request.opaque_origin = true;
    request.mount = mount;
    return replay::Replay(archive.index(), archive.root(), {.app_origin = "http://127.0.0.1:8080"})
        .handle(request);
  }
};

std::string header(const replay::ReplayResponse& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or("(none)"));
}

void check_held(const replay::ReplayResponse& response) {
  const auto policy = header(response, "Content-Security-Policy");
  BOOST_TEST(policy.starts_with("sandbox allow-scripts"));
  BOOST_TEST(policy.find("allow-same-origin") == std::string::npos);
  BOOST_TEST(policy.find("allow-popups") == std::string::npos);
  BOOST_TEST(policy.find("allow-top") == std::string::npos);
  BOOST_TEST(policy.find("'self'") == std::string::npos);
  BOOST_TEST(header(response, "Referrer-Policy") == "no-referrer");
  BOOST_TEST(!response.headers.has("Set-Cookie"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(opaque_origin)

BOOST_AUTO_TEST_CASE(every_answer_is_sandboxed_to_its_mount) {
  Site site;
  site.archive.add({.url = "http://a.example/",
                    .time = "20200101000000",
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a=b\r\n\r\n",
                    .body = "<head><a href=/x>"});
  site.archive.add({.url = "http://a.example/i.svg",
                    .time = "20200101000000",
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n\r\n",
                    .body = "<svg/>"});
  site.archive.add({.url = "http://a.example/d.pdf",
                    .time = "20200101000000",
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
                    .body = "%PDF"});
  site.archive.finish();
  for (const char* target :
       {"/web/20200101000000/http://a.example/", "/web/20200101000000id_/http://a.example/",
        "/web/20200101000000/http://a.example/i.svg", "/web/20200101000000/http://a.example/d.pdf",
        "/web/20200101000000/http://none.example/", "/nothing", "/web/2019/http://a.example/"}) {
    const auto response = site.get(target);
    check_held(response);
    BOOST_TEST(header(response, "Access-Control-Allow-Origin") == "(none)", target);
  }
  const auto page = site.get("/web/20200101000000/http://a.example/");
  BOOST_TEST(header(page, "Content-Security-Policy")
                 .find("connect-src http://127.0.0.1:8080/_replay/9.ab/ "
                       "http://127.0.0.1:8080/static/wombat/ data: blob:;") != std::string::npos);
  BOOST_TEST(page.body.find("href=/_replay/9.ab/web/20200101000000/http://a.example/x") !=
             std::string::npos);
  BOOST_TEST(header(page, "Connection-Allowlist") == "(response-origin);redirects=allow");
  BOOST_TEST(page.body.find("localStorage") < page.body.find("<a "));
  BOOST_TEST(header(site.get("/web/2019/http://a.example/"), "Location") ==
             "/_replay/9.ab/web/20200101000000/http://a.example/");
}

BOOST_AUTO_TEST_CASE(only_documents_of_the_mount_may_read) {
  Site site;
  site.archive.add({.url = "http://a.example/x.json",
                    .time = "20200101000000",
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
                    .body = "{}"});
  site.archive.finish();
  const char* target = "/web/20200101000000mp_/http://a.example/x.json";
  BOOST_TEST(header(site.get(target, {{"Origin", "null"}}), "Access-Control-Allow-Origin") ==
             "null");
  BOOST_TEST(header(site.get(target, {{"Origin", "null"}}), "Access-Control-Allow-Credentials") ==
             "true");
  BOOST_TEST(header(site.get(target, {{"Origin", "https://evil.example"}}),
                    "Access-Control-Allow-Origin") == "(none)");
  BOOST_TEST(header(site.get(target, {{"Origin", "null"}}, ""), "Access-Control-Allow-Origin") ==
             "(none)");
  const auto asked = site.get(
      target, {{"Origin", "null"}, {"Access-Control-Request-Headers", "x-pywb-requested-with"}},
      "/_replay/9.ab", "OPTIONS");
  BOOST_TEST(asked.status == 204);
  BOOST_TEST(header(asked, "Access-Control-Allow-Headers") == "x-pywb-requested-with");
  const auto odd =
      site.get(target, {{"Origin", "null"}, {"Access-Control-Request-Headers", "a b\r\nc"}},
               "/_replay/9.ab", "OPTIONS");
  BOOST_TEST(!odd.headers.has("Access-Control-Allow-Headers"));
}

BOOST_AUTO_TEST_CASE(an_open_address_reaches_no_further_than_its_collection) {
  Site site;
  site.archive.add({.url = "http://a.example/", .time = "20200101000000", .body = "x"});
  site.archive.finish();
  const auto policy =
      header(site.get("/web/20200101000000/http://a.example/", {}, ""), "Content-Security-Policy");
  BOOST_TEST(policy.find("connect-src http://127.0.0.1:8080/web/ ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
