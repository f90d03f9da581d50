#include "replay/replay.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <fstream>

#include "core/http/body.h"
#include "tests/replay/archive.h"

using namespace wm;
using replay::ReplayResponse;
using test::Archive;

namespace {

constexpr std::string_view kTime = "20200101000000";
const std::string kImage = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nETag: \"old\"\r\n\r\n";

struct Site {
  Archive archive;
  replay::ReplaySettings settings{.app_origin = "http://app.example:8080"};

  ReplayResponse get(const std::string& target, http::Headers headers = {},
                     const std::string& method = "GET") {
    headers.add("Host", "replay.example:8081");
    const replay::Replay replay(archive.index(), archive.root(), settings);
    replay::ReplayRequest request;
    request.method = method;
    request.target = target;
    request.headers = std::move(headers);
    ReplayResponse response = replay.handle(request);
    if (response.stream) {
      response.body = read_all(*response.stream, 64 << 20).value();
      if (response.stream_length) BOOST_TEST(response.body.size() == *response.stream_length);
    }
    return response;
  }
};

std::string header(const ReplayResponse& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or("(none)"));
}

/// Everything the replay origin answers holds archived content in.
void check_policy(const ReplayResponse& response) {
  const auto csp = header(response, "Content-Security-Policy");
  BOOST_TEST(csp.find("default-src") != std::string::npos);
  BOOST_TEST(csp.find("frame-ancestors 'self' http://app.example:8080") != std::string::npos);
  BOOST_TEST(csp.find("http:;") == std::string::npos);
  BOOST_TEST(header(response, "Referrer-Policy") == "same-origin");
  BOOST_TEST(response.headers.all("Content-Security-Policy").size() == 1u);
}

std::string at(std::string_view rest) {
  return "/web/" + std::string(kTime) + std::string(rest);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replaying)

BOOST_AUTO_TEST_CASE(a_page_at_its_own_address_is_rewritten_and_says_when_it_was) {
  Site site;
  site.archive.add({.url = "http://a.example/dir/",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: "
                            "old\r\nContent-Length: 17\r\n\r\n",
                    .body = "<a href=\"/x\">x</a>"});
  site.archive.finish();
  const auto response = site.get(at("/http://a.example/dir/"));
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body == "<a href=\"/web/20200101000000/http://a.example/x\">x</a>");
  BOOST_TEST(header(response, "Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(header(response, "Memento-Datetime") == "Wed, 01 Jan 2020 00:00:00 GMT");
  BOOST_TEST(header(response, "X-Archive-Orig-Server") == "old");
  BOOST_TEST(header(response, "Cache-Control") == "public, max-age=31536000, immutable");
  BOOST_TEST(header(response, "Content-Location") ==
             "http://replay.example:8081/web/20200101000000/http://a.example/dir/");
  BOOST_TEST(!response.headers.has("Content-Length"));
  BOOST_TEST(header(response, "Link")
                 .find("<http://replay.example:8081/web/20200101000000/http://a.example/dir/>; "
                       "rel=\"first last memento\"") != std::string::npos);
  check_policy(response);
}

BOOST_AUTO_TEST_CASE(a_page_at_another_time_is_led_to_its_own_address) {
  Site site;
  site.archive.add({.url = "http://a.example/", .time = std::string(kTime), .body = "x"});
  site.archive.finish();
  for (const char* target :
       {"/web/2019/http://a.example/", "/web/20200101000001/http://a.example/",
        "/web/20200101000000/http://a.example", "/web/2020/https://www.a.example/",
        "/web/http://a.example/", "/web/a.example"}) {
    const auto response = site.get(target);
    BOOST_TEST(response.status == 302);
    BOOST_TEST(header(response, "Location") == "/web/20200101000000/http://a.example/");
  }
  BOOST_TEST(header(site.get("/web/2019mp_/http://a.example/"), "Location") ==
             "/web/20200101000000mp_/http://a.example/");
}

BOOST_AUTO_TEST_CASE(a_capture_whose_url_has_no_path_is_not_led_round_in_a_circle) {
  Site site;
  site.archive.add({.url = "http://a.example", .time = std::string(kTime), .body = "<a href=x>"});
  site.archive.finish();
  BOOST_TEST(header(site.get(at("/http://a.example")), "Location") ==
             "/web/20200101000000/http://a.example/");
  const auto page = site.get(at("/http://a.example/"));
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.body == "<a href=x>");
}

BOOST_AUTO_TEST_CASE(what_a_page_is_made_of_is_served_in_place) {
  Site site;
  site.archive.add(
      {.url = "http://a.example/i.png", .time = std::string(kTime), .head = kImage, .body = "PNG"});
  site.archive.finish();
  const auto response = site.get("/web/20190101000000im_/http://a.example/i.png");
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body == "PNG");
  BOOST_TEST(header(response, "Content-Location") ==
             "http://replay.example:8081/web/20200101000000im_/http://a.example/i.png");
  BOOST_TEST(header(response, "Cache-Control") == "public, max-age=600");
  const auto by_browser =
      site.get("/web/20190101000000mp_/http://a.example/i.png", {{"Sec-Fetch-Dest", "image"}});
  BOOST_TEST(by_browser.status == 200);
  check_policy(by_browser);
}

BOOST_AUTO_TEST_CASE(identity_gives_the_archived_bytes_under_the_same_policy) {
  Site site;
  const std::string page = "<a href=\"/x\">x</a>\xff\0 end";
  site.archive.add({.url = "http://a.example/", .time = std::string(kTime), .body = page});
  site.archive.finish();
  const auto response = site.get(at("id_/http://a.example/"));
  BOOST_TEST(response.body == page);
  BOOST_TEST(header(response, "Content-Type") == "text/html");
  check_policy(response);
}

BOOST_AUTO_TEST_CASE(a_coded_body_is_kept_coded_for_who_takes_it) {
  Site site;
  const std::string text = "some text, some text, some text";
  const std::string coded = http::gzip(text);
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n";
  site.archive.add(
      {.url = "http://a.example/t", .time = std::string(kTime), .head = head, .body = coded});
  site.archive.add(
      {.url = "http://a.example/lie", .time = std::string(kTime), .head = head, .body = text});
  site.archive.finish();
  const auto kept = site.get(at("id_/http://a.example/t"), {{"Accept-Encoding", "gzip"}});
  BOOST_TEST(kept.body == coded);
  BOOST_TEST(header(kept, "Content-Encoding") == "gzip");
  BOOST_TEST(header(kept, "Vary") == "Accept-Encoding, prefer");
  const auto plain = site.get(at("id_/http://a.example/t"));
  BOOST_TEST(plain.body == text);
  BOOST_TEST(header(plain, "Content-Encoding") == "(none)");
  BOOST_TEST(header(plain, "ETag") != header(kept, "ETag"));
  const auto lie = site.get(at("id_/http://a.example/lie"), {{"Accept-Encoding", "gzip"}});
  BOOST_TEST(lie.body == text);
  BOOST_TEST(header(lie, "Content-Encoding") == "(none)");
}

BOOST_AUTO_TEST_CASE(a_chunked_and_coded_page_is_rewritten) {
  Site site;
  const std::string coded = http::gzip("<img src=\"/i.png\">");
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", coded.size());
  site.archive.add({.url = "http://a.example/",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: "
                            "chunked\r\nContent-Encoding: gzip\r\n\r\n",
                    .body = size + coded + "\r\n0\r\n\r\n"});
  site.archive.finish();
  const auto response = site.get(at("/http://a.example/"), {{"Accept-Encoding", "gzip"}});
  BOOST_TEST(response.body == "<img src=\"/web/20200101000000im_/http://a.example/i.png\">");
  BOOST_TEST(header(response, "Content-Encoding") == "(none)");
}

BOOST_AUTO_TEST_CASE(nothing_archived_is_a_404_that_offers_to_archive_it) {
  Site site;
  site.archive.finish();
  const auto page = site.get("/web/2020/http://a.example/?q=<script>&x=\"y\"");
  BOOST_TEST(page.status == 404);
  BOOST_TEST(header(page, "Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(
      page.body.find("http://app.example:8080/?add=http%3A%2F%2Fa.example%2F%3Fq%3D%3Cscript%3E") !=
      std::string::npos);
  BOOST_TEST(page.body.find("/web/*/http://a.example/") != std::string::npos);
  BOOST_TEST(page.body.find("<script>") == std::string::npos);
  check_policy(page);
}

struct Kind {
  const char* modifier;
  const char* destination;
  const char* type;
};
std::ostream& operator<<(std::ostream& out, const Kind& kind) {
  return out << kind.modifier << " " << kind.destination;
}
const Kind kKinds[] = {{"im_", "", "image/gif"},
                       {"", "image", "image/gif"},
                       {"js_", "", "text/javascript; charset=utf-8"},
                       {"mp_", "script", "text/javascript; charset=utf-8"},
                       {"cs_", "", "text/css; charset=utf-8"},
                       {"", "style", "text/css; charset=utf-8"},
                       {"mp_", "empty", "text/plain; charset=utf-8"},
                       {"oe_", "", "text/plain; charset=utf-8"},
                       {"if_", "iframe", "text/html; charset=utf-8"}};

BOOST_DATA_TEST_CASE(a_404_is_of_the_kind_that_was_asked_for, boost::unit_test::data::make(kKinds),
                     kind) {
  Site site;
  site.archive.finish();
  http::Headers headers;
  if (*kind.destination != 0) headers.add("Sec-Fetch-Dest", kind.destination);
  const auto response = site.get(at(kind.modifier) + "/http://a.example/none", std::move(headers));
  BOOST_TEST(response.status == 404);
  BOOST_TEST(header(response, "Content-Type") == kind.type);
  check_policy(response);
}

BOOST_AUTO_TEST_CASE(an_unreadable_capture_is_passed_over_for_the_next) {
  Site site;
  auto broken =
      site.archive.add({.url = "http://a.example/", .time = std::string(kTime), .body = "broken"});
  site.archive.add({.url = "http://a.example/", .time = "20210101000000", .body = "whole"});
  auto gone = broken;
  gone.surt = "example,gone)/";
  gone.url = "http://gone.example/";
  gone.file = "web/nowhere.warc.gz";
  site.archive.file(gone);
  site.archive.finish();
  const auto path = site.archive.root() / test::kWarcName;
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(broken.offset));
    file << "not a gzip member";
  }
  const auto response = site.get(at("/http://a.example/"));
  BOOST_TEST(response.status == 302);
  BOOST_TEST(header(response, "Location") == "/web/20210101000000/http://a.example/");
  const auto none = site.get(at("/http://gone.example/"));
  BOOST_TEST(none.status == 503);
  check_policy(none);
}

BOOST_AUTO_TEST_CASE(only_reading_is_let_in) {
  Site site;
  site.archive.finish();
  const auto refused = site.get(at("/http://a.example/"), {}, "DELETE");
  BOOST_TEST(refused.status == 405);
  BOOST_TEST(header(refused, "Allow").find("GET") != std::string::npos);
  check_policy(refused);
  const auto options = site.get(at("/http://a.example/"), {}, "OPTIONS");
  BOOST_TEST(options.status == 204);
  check_policy(options);
  BOOST_TEST(site.get(at("sw_/http://a.example/sw.js")).status == 403);
  BOOST_TEST(site.get(at("js_/http://a.example/sw.js"), {{"Service-Worker", "script"}}).status ==
             403);
  BOOST_TEST(site.get(at("ws_/http://a.example/"), {{"Upgrade", "websocket"}}).status == 403);
}

BOOST_AUTO_TEST_CASE(a_post_is_answered_by_what_the_same_post_got) {
  Site site;
  site.archive.add({.url = "http://a.example/find?__wb_method=POST&q=one",
                    .time = std::string(kTime),
                    .head = kImage,
                    .body = "ONE",
                    .method = "POST"});
  site.archive.add(
      {.url = "http://a.example/find", .time = std::string(kTime), .head = kImage, .body = "GET"});
  site.archive.finish();
  const replay::Replay replay(site.archive.index(), site.archive.root(), site.settings);
  replay::ReplayRequest request;
  request.method = "POST";
  request.target = at("mp_/http://a.example/find");
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = "q=one";
  BOOST_TEST(replay.handle(request).body == "ONE");
  request.body = "q=two";
  BOOST_TEST(replay.handle(request).status == 404);
  BOOST_TEST(site.get(at("mp_/http://a.example/find")).body == "GET");
}

BOOST_AUTO_TEST_CASE(a_program_that_asks_for_json_gets_its_404_as_json) {
  Site site;
  site.archive.finish();
  const auto response = site.get(at("mp_/http://a.example/none"),
                                 {{"Sec-Fetch-Dest", "empty"}, {"Accept", "application/json"}});
  BOOST_TEST(header(response, "Content-Type") == "application/json");
  BOOST_TEST(response.body ==
             "{\"error\":{\"code\":\"not_archived\",\"message\":\"Not in the archive\"}}\n");
}

BOOST_AUTO_TEST_CASE(addresses_that_are_none_are_bad_requests) {
  Site site;
  site.archive.finish();
  for (const char* target : {"/", "/web/", "/web/2020/", "/favicon.ico", "/web/2020/http://",
                             "/\xff\xfe/2020/http://a.example/"}) {
    const auto response = site.get(target);
    BOOST_TEST(response.status == 400, target);
    check_policy(response);
  }
}

BOOST_AUTO_TEST_CASE(a_leaked_address_is_led_back_by_its_referer) {
  Site site;
  site.archive.finish();
  const http::Headers from_page{
      {"Referer", "http://replay.example:8081/web/20200101000000mp_/http://a.example/dir/page"},
      {"Sec-Fetch-Dest", "image"}};
  const auto response = site.get("/images/logo.png?x=1", from_page);
  BOOST_TEST(response.status == 307);
  BOOST_TEST(header(response, "Location") ==
             "/web/20200101000000im_/http://a.example/images/logo.png?x=1");
  BOOST_TEST(header(site.get("/logo.png", from_page), "Location") ==
             "/web/20200101000000im_/http://a.example/logo.png");
  const http::Headers from_elsewhere{
      {"Referer", "http://evil.example/web/20200101000000mp_/http://a.example/"}};
  BOOST_TEST(site.get("/images/logo", from_elsewhere).status == 400);
  const http::Headers of_no_page{{"Referer", "http://replay.example:8081/elsewhere"}};
  BOOST_TEST(site.get("/images/logo", of_no_page).status == 400);
}

BOOST_AUTO_TEST_CASE(an_unchanged_memento_is_not_sent_twice) {
  Site site;
  site.archive.add(
      {.url = "http://a.example/i.png", .time = std::string(kTime), .head = kImage, .body = "PNG"});
  site.archive.finish();
  const auto first = site.get(at("im_/http://a.example/i.png"));
  const std::string etag = header(first, "ETag");
  BOOST_TEST(etag.starts_with("\""));
  BOOST_TEST(header(first, "X-Archive-Orig-ETag") == "\"old\"");
  const auto second =
      site.get(at("im_/http://a.example/i.png"), {{"If-None-Match", "\"x\", " + etag}});
  BOOST_TEST(second.status == 304);
  BOOST_TEST(second.body.empty());
  BOOST_TEST(header(second, "ETag") == etag);
  check_policy(second);
  BOOST_TEST(site.get(at("im_/http://a.example/i.png"), {{"If-None-Match", "\"old\""}}).status ==
             200);
}

struct Range {
  const char* range;
  int status;
  const char* body;
  const char* content_range;
};
std::ostream& operator<<(std::ostream& out, const Range& row) {
  return out << row.range;
}
const Range kRanges[] = {{"bytes=0-0", 206, "0", "bytes 0-0/10"},
                         {"bytes=2-4", 206, "234", "bytes 2-4/10"},
                         {"bytes=5-", 206, "56789", "bytes 5-9/10"},
                         {"bytes=-3", 206, "789", "bytes 7-9/10"},
                         {"bytes=-30", 206, "0123456789", "bytes 0-9/10"},
                         {"bytes=8-2000", 206, "89", "bytes 8-9/10"},
                         {"bytes=10-", 416, "", "bytes */10"},
                         {"bytes=-0", 416, "", "bytes */10"},
                         {"bytes=0-1,5-6", 200, "0123456789", "(none)"},
                         {"bytes=4-2", 200, "0123456789", "(none)"},
                         {"lines=1-2", 200, "0123456789", "(none)"},
                         {"bytes=x-2", 200, "0123456789", "(none)"},
                         {"bytes=99999999999999999999-", 416, "", "bytes */10"}};

BOOST_DATA_TEST_CASE(ranges_are_answered_as_http_says_of_plain_and_coded_bodies,
                     boost::unit_test::data::make(kRanges), row) {
  Site site;
  const std::string type = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Range: x\r\n";
  site.archive.add({.url = "http://a.example/plain",
                    .time = std::string(kTime),
                    .head = type + "Content-Length: -1\r\n\r\n",
                    .body = "0123456789"});
  site.archive.add({.url = "http://a.example/coded",
                    .time = std::string(kTime),
                    .head = type + "Content-Encoding: gzip\r\n\r\n",
                    .body = http::gzip("0123456789")});
  site.archive.finish();
  for (const char* url : {"oe_/http://a.example/plain", "oe_/http://a.example/coded"}) {
    const auto response = site.get(at(url), {{"Range", row.range}});
    BOOST_TEST(response.status == row.status);
    BOOST_TEST(response.body == row.body);
    BOOST_TEST(header(response, "Content-Range") == row.content_range);
    BOOST_TEST(header(response, "Accept-Ranges") == "bytes");
  }
}

BOOST_AUTO_TEST_CASE(if_range_gives_the_whole_of_what_has_changed) {
  Site site;
  site.archive.add({.url = "http://a.example/v",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n",
                    .body = "0123456789"});
  site.archive.finish();
  const auto etag = header(site.get(at("oe_/http://a.example/v")), "ETag");
  BOOST_TEST(
      site.get(at("oe_/http://a.example/v"), {{"Range", "bytes=0-0"}, {"If-Range", etag}}).status ==
      206);
  BOOST_TEST(
      site.get(at("oe_/http://a.example/v"), {{"Range", "bytes=0-0"}, {"If-Range", "\"old\""}})
          .status == 200);
}

BOOST_AUTO_TEST_CASE(an_archived_part_is_the_whole_if_it_holds_all_of_it) {
  Site site;
  site.archive.add({.url = "http://a.example/all",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 206 Partial Content\r\nContent-Type: "
                            "video/mp4\r\nContent-Range: bytes 0-9/10\r\n\r\n",
                    .body = "0123456789"});
  site.archive.add({.url = "http://a.example/part",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 206 Partial Content\r\nContent-Type: "
                            "video/mp4\r\nContent-Range: bytes 5-9/20\r\n\r\n",
                    .body = "56789"});
  site.archive.finish();
  BOOST_TEST(site.get(at("oe_/http://a.example/all")).status == 200);
  const auto inside = site.get(at("oe_/http://a.example/part"), {{"Range", "bytes=6-7"}});
  BOOST_TEST(inside.status == 206);
  BOOST_TEST(inside.body == "67");
  BOOST_TEST(header(inside, "Content-Range") == "bytes 6-7/20");
  const auto whole = site.get(at("oe_/http://a.example/part"));
  BOOST_TEST(whole.status == 206);
  BOOST_TEST(header(whole, "Content-Range") == "bytes 5-9/20");
}

BOOST_AUTO_TEST_CASE(a_large_body_is_streamed_with_its_length) {
  Site site;
  const std::string large(3 << 20, 'x');
  site.archive.add({.url = "http://a.example/v",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n",
                    .body = large});
  site.archive.finish();
  const auto response = site.get(at("oe_/http://a.example/v"));
  BOOST_TEST(response.stream_length.value_or(0) == large.size());
  BOOST_TEST((response.body == large));
}

BOOST_AUTO_TEST_CASE(an_archived_redirect_leads_into_the_archive) {
  Site site;
  site.archive.add(
      {.url = "http://a.example/old",
       .time = std::string(kTime),
       .head =
           "HTTP/1.1 301 Moved\r\nLocation: /new\r\nSet-Cookie: a=b; Domain=a.example\r\n\r\n"});
  site.archive.add({.url = "http://a.example/lost",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n",
                    .body = "<p>gone"});
  site.archive.finish();
  const auto response = site.get(at("mp_/http://a.example/old"));
  BOOST_TEST(response.status == 301);
  BOOST_TEST(header(response, "Location") == "/web/20200101000000mp_/http://a.example/new");
  BOOST_TEST(header(response, "Set-Cookie") ==
             "a=b; Path=/web/20200101000000mp_/http://a.example/");
  const auto lost = site.get(at("/http://a.example/lost"));
  BOOST_TEST(lost.status == 404);
  BOOST_TEST(lost.body == "<p>gone");
  BOOST_TEST(header(lost, "Memento-Datetime") != "(none)");
}

BOOST_AUTO_TEST_CASE(a_timegate_gives_what_accept_datetime_asks_for) {
  Site site;
  site.archive.add({.url = "http://a.example/", .time = "20100101000000", .body = "old"});
  site.archive.add({.url = "http://a.example/", .time = std::string(kTime), .body = "new"});
  site.archive.finish();
  const auto old =
      site.get("/web/http://a.example/", {{"Accept-Datetime", "Sat, 01 Jan 2011 00:00:00 GMT"}});
  BOOST_TEST(old.status == 302);
  BOOST_TEST(header(old, "Location") == "/web/20100101000000/http://a.example/");
  BOOST_TEST(header(old, "Vary").find("accept-datetime") != std::string::npos);
  BOOST_TEST(header(old, "Link").find("rel=\"original\"") != std::string::npos);
  BOOST_TEST(header(site.get("/web/http://a.example/"), "Location") ==
             "/web/20200101000000/http://a.example/");
  BOOST_TEST(site.get("/web/http://a.example/", {{"Accept-Datetime", "last week"}}).status == 400);
  BOOST_TEST(site.get("/web/http://none.example/").status == 404);
}

BOOST_AUTO_TEST_CASE(many_captures_are_led_to_by_year_and_day) {
  Site site;
  for (int i = 0; i < 60; ++i) {
    for (const char* day : {"20190203", "20210405"}) {
      site.archive.add({.url = "http://a.example/", .time = std::string(day) + "0102" + (i < 10 ? "0" : "") + std::to_string(i), .body = i < 30 ? "old" : "new"});
    }
  }
  site.archive.finish();
  const auto count = [](const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  };
  const auto years = site.get("/web/*/http://a.example/").body;
  BOOST_TEST(count(years, "120 captures") == 1u);
  BOOST_TEST(count(years, "href=\"/web/2019*/http://a.example/\"") == 1u);
  BOOST_TEST(count(years, "href=\"/web/20210405010200/") == 0u);
  const auto days = site.get("/web/2019*/http://a.example/").body;
  BOOST_TEST(count(days, "href=\"/web/20190203*/http://a.example/\"") == 1u);
  const auto day = site.get("/web/20190203*/http://a.example/").body;
  BOOST_TEST(count(day, "href=\"/web/201902030102") == 60u);
  BOOST_TEST(count(day, ">changed<") == 2u);
  BOOST_TEST(count(site.get("/web/*/http://a.example/*").body, "<td>120</td>") == 1u);
}

BOOST_AUTO_TEST_CASE(lists_of_captures_are_a_page_and_timemaps) {
  Site site;
  site.archive.add({.url = "http://a.example/<b>", .time = std::string(kTime), .body = "x"});
  site.archive.finish();
  const auto page = site.get("/web/*/http://a.example/<b>");
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.body.find("2020-01-01 00:00:00") != std::string::npos);
  BOOST_TEST(page.body.find("<b>") == std::string::npos);
  check_policy(page);
  BOOST_TEST(site.get("/web/2019*/http://a.example/<b>").status == 404);
  BOOST_TEST(site.get("/web/*/http://a.example/*").body.find("2020-01-01") != std::string::npos);
  BOOST_TEST(site.get("/web/*/http://b.example/*").status == 404);
  const auto map = site.get("/web/timemap/link/http://a.example/<b>");
  BOOST_TEST(header(map, "Content-Type") == "application/link-format");
  BOOST_TEST(map.body.find("rel=\"memento\"") != std::string::npos);
  check_policy(map);
  BOOST_TEST(site.get("/web/timemap/link/http://none.example/").status == 404);
}

BOOST_AUTO_TEST_CASE(the_charset_is_told_where_only_the_page_knew_it) {
  Site site;
  site.archive.add({.url = "http://a.example/meta",
                    .time = std::string(kTime),
                    .body = "<meta charset=gb2312><p>\xc4\xe3\xba\xc3"});
  const std::string utf16("\xff\xfe<\0a\0 \0h\0r\0e\0f\0=\0/\0x\0>\0\x60\x4f", 26);
  site.archive.add({.url = "http://a.example/utf16", .time = std::string(kTime), .body = utf16});
  site.archive.finish();
  const auto meta = site.get(at("/http://a.example/meta"));
  BOOST_TEST(header(meta, "Content-Type") == "text/html; charset=GBK");
  BOOST_TEST(meta.body == "<meta charset=gb2312><p>\xc4\xe3\xba\xc3");
  const auto wide = site.get(at("/http://a.example/utf16"));
  BOOST_TEST(header(wide, "Content-Type") == "text/html; charset=UTF-8");
  BOOST_TEST(wide.body == "<a href=/web/20200101000000/http://a.example/x>\xe4\xbd\xa0");
}

BOOST_AUTO_TEST_CASE(a_host_header_that_is_none_makes_no_address) {
  Site site;
  site.archive.add({.url = "http://a.example/", .time = std::string(kTime), .body = "x"});
  site.archive.finish();
  const replay::Replay replay(site.archive.index(), site.archive.root(), site.settings);
  replay::ReplayRequest request;
  request.method = "GET";
  request.target = at("/http://a.example/");
  request.headers.add("Host", "evil\">, <x");
  const auto response = replay.handle(request);
  BOOST_TEST(response.status == 200);
  BOOST_TEST(header(response, "Link").find("evil") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(with_wombat_pages_start_it_and_scripts_are_rewritten) {
  Site site;
  const auto folder = test::temp_dir();
  BOOST_REQUIRE(replace_file(folder.path() / "wombat.js", "/* wombat */").has_value());
  BOOST_REQUIRE(replace_file(folder.path() / "wombatWorkers.js", "/* workers */").has_value());
  site.settings.wombat_folder = folder.path();
  site.archive.add({.url = "http://a.example/",
                    .time = std::string(kTime),
                    .body = "<head><title>x</title><script>window.x</script>"});
  site.archive.add({.url = "http://a.example/s.js",
                    .time = std::string(kTime),
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n\r\n",
                    .body = "window.x"});
  site.archive.finish();
  const auto page = site.get(at("mp_/http://a.example/"));
  BOOST_TEST(page.body.starts_with("<head><script>"));
  BOOST_TEST(page.body.find("<script src=\"/static/wombat/wombat.js\"></script>") !=
             std::string::npos);
  BOOST_TEST(page.body.find("let window = ") != std::string::npos);
  BOOST_TEST(site.get(at("js_/http://a.example/s.js")).body.find("let window = ") !=
             std::string::npos);
  BOOST_TEST(site.get(at("js_/http://a.example/s.js"), {{"Sec-Fetch-Dest", "empty"}}).body ==
             "window.x");
  BOOST_TEST(site.get(at("id_/http://a.example/s.js")).body == "window.x");
  const auto module = site.get("/web/__wb_module_decl.js", {{"Sec-Fetch-Dest", "script"}});
  BOOST_TEST(module.status == 200);
  BOOST_TEST(header(module, "Content-Type") == "text/javascript; charset=utf-8");
  check_policy(module);
  BOOST_TEST(site.get("/static/wombat/wombat.js").body == "/* wombat */");
  BOOST_TEST(page.body.find("/static/wombat/ww/web/20200101000000.js") != std::string::npos);
  const auto workers = site.get("/static/wombat/ww/web/20200101000000.js?x");
  BOOST_TEST(workers.body.find("20200101000000wkrf_/") != std::string::npos);
  check_policy(workers);
  for (const char* target : {"/static/wombat/../replay_test.cc", "/static/wombat/ww/web/x.js",
                             "/static/wombat/", "/static/wombat"}) {
    BOOST_TEST(site.get(target).status >= 400, target);
  }
}

namespace {

std::string part_head(const std::string& range, const std::string& more = "") {
  return "HTTP/1.1 206 Partial Content\r\nContent-Type: video/mp4\r\nContent-Range: bytes " +
         range + "\r\n" + more + "\r\n";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_body_that_was_archived_in_parts_is_put_together) {
  Site site;
  const std::string url = "http://a.example/v";
  site.archive.add(
      {.url = url, .time = std::string(kTime), .head = part_head("0-3/10"), .body = "0123"});
  site.archive.add(
      {.url = url, .time = "20200101000005", .head = part_head("4-7/10"), .body = "4567"});
  site.archive.add(
      {.url = url, .time = "20200101000009", .head = part_head("6-9/10"), .body = "6789"});
  // None of these may be mixed in: another version, another coding, a record cut short.
  site.archive.add(
      {.url = url, .time = "20200101000001", .head = part_head("4-7/11"), .body = "XXXX"});
  site.archive.add({.url = url,
                    .time = "20200101000002",
                    .head = part_head("4-9/10", "Content-Encoding: gzip\r\n"),
                    .body = "XXXXXX"});
  site.archive.add(
      {.url = url, .time = "20200101000003", .head = part_head("4-9/10"), .body = "XXX"});
  auto broken = site.archive.add(
      {.url = url, .time = "20210101000000", .head = part_head("4-9/10"), .body = "XXXXXX"});
  broken.time = Time14::parse("20200101000004").value();
  broken.offset += 3;
  site.archive.file(broken);
  site.archive.finish();
  const auto whole = site.get(at("oe_/" + url));
  BOOST_TEST(whole.status == 200);
  BOOST_TEST(whole.body == "0123456789");
  BOOST_TEST(header(whole, "Content-Range") == "(none)");
  BOOST_TEST(header(whole, "Accept-Ranges") == "bytes");
  for (const auto& row : kRanges) {
    const auto response = site.get(at("oe_/" + url), {{"Range", row.range}});
    BOOST_TEST(response.status == row.status, row.range);
    BOOST_TEST(response.body == row.body, row.range);
    BOOST_TEST(header(response, "Content-Range") == row.content_range, row.range);
  }
  BOOST_TEST(site.get(at("oe_/" + url), {{"Range", "bytes=0-0"}}, "HEAD").status == 200);
}

BOOST_AUTO_TEST_CASE(parts_of_two_versions_are_not_mixed_and_a_whole_one_fills_the_gap) {
  Site site;
  const std::string old_one = "ETag: \"1\"\r\n", new_one = "ETag: \"2\"\r\n";
  const std::string mixed = "http://a.example/mixed", gap = "http://a.example/gap";
  site.archive.add({.url = mixed,
                    .time = std::string(kTime),
                    .head = part_head("0-3/8", old_one),
                    .body = "0123"});
  site.archive.add({.url = mixed,
                    .time = std::string(kTime),
                    .head = part_head("4-7/8", new_one),
                    .body = "XXXX"});
  site.archive.add(
      {.url = gap, .time = std::string(kTime), .head = part_head("0-3/8"), .body = "0123"});
  site.archive.add({.url = gap,
                    .time = "20210101000000",
                    .head = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n",
                    .body = "01234567"});
  site.archive.finish();
  const auto half = site.get(at("oe_/" + mixed));
  BOOST_TEST(half.status == 206);
  BOOST_TEST(half.body.size() == 4u);
  const auto filled = site.get(at("oe_/" + gap));
  BOOST_TEST(filled.status == 200);
  BOOST_TEST(filled.body == "01234567");
}

BOOST_AUTO_TEST_CASE(prefer_chooses_between_a_page_as_archived_and_as_rewritten) {
  Site site;
  site.archive.add(
      {.url = "http://a.example/", .time = std::string(kTime), .body = "<a href=\"/x\">"});
  site.archive.finish();
  const auto raw = site.get(at("/http://a.example/"), {{"Prefer", "raw"}});
  BOOST_TEST(raw.body == "<a href=\"/x\">");
  BOOST_TEST(header(raw, "Preference-Applied") == "raw");
  BOOST_TEST(header(raw, "Vary").find("prefer") != std::string::npos);
  BOOST_TEST(header(raw, "Content-Location") ==
             "http://replay.example:8081/web/20200101000000id_/http://a.example/");
  const auto rewritten =
      site.get(at("id_/http://a.example/"), {{"Prefer", "respond-async, rewritten"}});
  BOOST_TEST(rewritten.body == "<a href=\"/web/20200101000000/http://a.example/x\">");
  BOOST_TEST(header(rewritten, "Preference-Applied") == "rewritten");
  BOOST_TEST(header(site.get(at("/http://a.example/"), {{"Prefer", "return=minimal"}}),
                    "Preference-Applied") == "(none)");
  BOOST_TEST(header(site.get("/web/http://a.example/", {{"Prefer", "raw"}}), "Memento-Datetime") !=
             "(none)");
  BOOST_TEST(header(raw, "ETag") != header(site.get(at("/http://a.example/")), "ETag"));
}

BOOST_AUTO_TEST_CASE(the_cdx_servers_answer_by_address) {
  Site site;
  site.archive.add({.url = "http://a.example/", .time = std::string(kTime), .body = "x"});
  site.archive.finish();
  const auto pywb = site.get("/web/cdx?url=http://a.example/&output=json");
  BOOST_TEST(pywb.status == 200);
  BOOST_TEST(header(pywb, "Content-Type") == "text/x-ndjson");
  BOOST_TEST(pywb.body.starts_with("{\"urlkey\": \"example,a)/\""));
  check_policy(pywb);
  const auto archive = site.get("/cdx/search/cdx?url=a.example&output=json");
  BOOST_TEST(header(archive, "Content-Type") == "application/json");
  BOOST_TEST(archive.body.starts_with("[[\"urlkey\","));
  BOOST_TEST(site.get("/ocdx/web?url=a.example").body.starts_with("example,a)/ 20200101000000 "));
  BOOST_TEST(header(site.get("/ocdx/web?q=type:urlquery+url:a.example"), "Content-Type") ==
             "application/xml; charset=utf-8");
  BOOST_TEST(site.get("/other/cdx?url=a.example").body.empty());
  const auto bad = site.get("/web/cdx?url=a.example&limit=x");
  BOOST_TEST(bad.status == 400);
  BOOST_TEST(bad.body == "{\"message\": \"limit must be a whole number\"}\n");
  check_policy(bad);
  BOOST_TEST(site.get("/cdx/search/cdx").status == 400);
  BOOST_TEST(site.get("/cdx/search/cdx?url=a.example&filter=statuscode:(").status == 400);
}

BOOST_AUTO_TEST_CASE(access_rules_hold_for_all_that_is_shown) {
  Site site;
  const auto dir = test::temp_dir();
  const auto rules = dir.path() / "access.aclj";
  BOOST_REQUIRE(replace_file(rules,
                             "example,a)/hidden - {\"access\": \"exclude\"}\n"
                             "example,a)/closed - {\"access\": \"block\"}\n")
                    .has_value());
  site.settings.access = access::Control::open(rules, std::chrono::milliseconds(0)).value();
  for (const char* url : {"http://a.example/hidden", "http://a.example/closed"})
    site.archive.add({.url = url, .time = std::string(kTime), .head = kImage, .body = "secret"});
  site.archive.finish();
  for (const char* target :
       {"/web/20200101000000id_/http://a.example/hidden", "/web/http://a.example/hidden",
        "/web/*/http://a.example/hidden", "/web/timemap/link/http://a.example/hidden"})
    BOOST_TEST(site.get(target).status == 404, target);
  BOOST_TEST(site.get("/cdx/search/cdx?url=a.example*").body.find("hidden") == std::string::npos);
  BOOST_TEST(site.get("/web/*/http://a.example/*").body.find("hidden") == std::string::npos);
  const auto closed = site.get(at("im_/http://a.example/closed"));
  BOOST_TEST(closed.status == 451);
  BOOST_TEST(header(closed, "Content-Type") == "image/gif");
  check_policy(closed);
  BOOST_TEST(site.get("/cdx/search/cdx?url=a.example*").body.find("closed") != std::string::npos);
  BOOST_REQUIRE(replace_file(rules, "").has_value());
  BOOST_TEST(site.get(at("id_/http://a.example/hidden")).body == "secret");
}

BOOST_AUTO_TEST_CASE(what_was_never_captured_is_answered_by_what_means_the_same) {
  Site site;
  site.settings.fuzzy = fuzzy::Matcher::open("").value();
  site.archive.add({.url = "http://a.example/d.json?id=1&_=1580000000000",
                    .time = std::string(kTime),
                    .head = kImage,
                    .body = "DATA"});
  site.archive.finish();
  const auto like = site.get(at("mp_/http://a.example/d.json?id=1&_=1690000000000"));
  BOOST_TEST(like.status == 200);
  BOOST_TEST(like.body == "DATA");
  BOOST_TEST(header(like, "Content-Location")
                 .ends_with("mp_/http://a.example/d.json?id=1&_=1580000000000"));
  BOOST_TEST(header(like, "Cache-Control").find("immutable") == std::string::npos);
  BOOST_TEST(site.get(at("mp_/http://a.example/page?id=2")).status == 404);
}

BOOST_AUTO_TEST_CASE(only_a_websocket_upgrade_is_refused) {
  Site site;
  site.archive.add(
      {.url = "http://a.example/i.png", .time = std::string(kTime), .head = kImage, .body = "PNG"});
  site.archive.finish();
  const auto target = at("im_/http://a.example/i.png");
  BOOST_TEST(site.get(target, {{"Upgrade", "h2c"}}).status == 200);
  BOOST_TEST(site.get(target, {{"Upgrade", "websocket"}}).status == 403);
  BOOST_TEST(site.get(at("ws_/http://a.example/socket")).status == 403);
}

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_is_led_to_only_where_the_archive_has_it) {
  Site site;
  site.archive.add({.url = "http://a.example/dir/", .time = std::string(kTime), .body = "d"});
  site.archive.add({.url = "http://a.example/file", .time = std::string(kTime), .body = "f"});
  site.archive.finish();
  BOOST_TEST(header(site.get(at("/http://a.example/dir")), "Location") ==
             "/web/20200101000000/http://a.example/dir/");
  BOOST_TEST(site.get(at("/http://a.example/dir/")).status == 200);
  BOOST_TEST(site.get(at("/http://a.example/file")).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
