#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/warc/reader.h"
#include "server/imports/conversion.h"
#include "tests/support/test_support.h"

using namespace wm;
using nlohmann::json;

namespace {

json entry(const std::string& url, json response) {
  response.emplace("status", 200);
  response.emplace("headers", json::array());
  return {{"startedDateTime", "2024-02-03T04:05:06.5+01:00"}, {"request", {{"method", "GET"}, {"url", url}, {"headers", json::array()}}}, {"response", response}};
}

json log_of(json entries) { return {{"log", {{"version", "1.2"}, {"pages", {{{"id", "p"}, {"title", "The page"}}}}, {"entries", std::move(entries)}}}}; }

struct Got {
  imports::Converted converted;
  struct Record {
    warc::RecordType type;
    std::string uri, block;
  };
  std::vector<Record> records;  // without the warcinfo
};

Result<Got> convert(const std::string& text) {
  const TempDir dir = test::temp_dir();
  auto file = create_file(dir.path() / "x.har").value();
  BOOST_REQUIRE(file->append(text).has_value());
  BOOST_REQUIRE(file->close().has_value());
  auto writer = warc::WarcWriter::create(dir.path() / "made.warc.gz", now_micros()).value();
  Got got{.converted = WM_TRY(imports::har_to_warc(dir.path() / "x.har", *writer)), .records = {}};
  WM_TRY(writer->finish());
  auto reader = WM_TRY(warc::WarcReader::open(dir.path() / "made.warc.gz"));
  while (auto record = WM_TRY(reader.next())) {
    if (record->type() == warc::RecordType::kWarcinfo) continue;
    std::string block = WM_TRY(read_all(record->block(), 1 << 24));
    got.records.push_back({record->type(), record->target_uri(), std::move(block)});
  }
  return got;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(har)

BOOST_AUTO_TEST_CASE(an_entry_becomes_a_response_and_its_request) {
  json one = entry("https://a.example:8443/p?q=1#part", {{"statusText", "Fine"}, {"headers", {{{"name", "X-A"}, {"value", "1"}}}}, {"content", {{"mimeType", "text/css"}, {"text", "a{}"}}}});
  one["request"]["method"] = "POST";
  one["request"]["postData"] = {{"text", "k=v"}};
  one["request"]["headers"] = {{{"name", ":path"}, {"value", "/"}}, {{"name", "Authorization"}, {"value", "Basic secret"}}, {{"name", "Cookie"}, {"value", "c=1"}}};
  const auto got = convert(log_of({one}).dump()).value();
  BOOST_REQUIRE_EQUAL(got.records.size(), 2);
  BOOST_TEST(got.records[0].uri == "https://a.example:8443/p?q=1");
  BOOST_TEST(got.records[0].block == "HTTP/1.1 200 Fine\r\nX-A: 1\r\nContent-Length: 3\r\nContent-Type: text/css; charset=utf-8\r\n\r\na{}");
  BOOST_TEST((got.records[1].type == warc::RecordType::kRequest));
  BOOST_TEST(got.records[1].block == "POST /p?q=1 HTTP/1.1\r\nCookie: c=1\r\nHost: a.example:8443\r\nContent-Length: 3\r\n\r\nk=v");
  BOOST_TEST(got.converted.captures == 1);
  BOOST_TEST(got.converted.complaints.empty());
}

BOOST_AUTO_TEST_CASE(the_head_does_not_lie_about_the_body_that_the_har_decoded) {
  const json headers = {{{"name", ":status"}, {"value", "200"}}, {{"name", "content-encoding"}, {"value", "br"}}, {{"name", "Transfer-Encoding"}, {"value", "chunked"}},
                        {{"name", "content-length"}, {"value", "9999"}}, {{"name", "content-type"}, {"value", "text/html; charset=gb2312"}}, {{"name", "set-cookie"}, {"value", "a=1\nb=2\r\nEvil: x"}}};
  const auto got = convert(log_of({entry("http://a.example/", {{"headers", headers}, {"content", {{"text", "\xe5\x9b\xbe"}}}})}).dump()).value();
  const std::string& block = got.records.at(0).block;
  for (const char* part : {"\r\nx-orig-content-encoding: br\r\n", "\r\nx-orig-transfer-encoding: chunked\r\n", "\r\ncontent-length: 3\r\n", "\r\nx-orig-content-type: text/html; charset=gb2312\r\n",
                           "\r\nContent-Type: text/html; charset=utf-8\r\n", "\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nset-cookie: Evil: x\r\n"}) {
    BOOST_TEST(has(block, part), std::string(part) + " not in " + block);
  }
  BOOST_TEST(!has(block, ":status"));
  BOOST_TEST(!has(block, "\r\ncontent-encoding"));
}

BOOST_AUTO_TEST_CASE(base64_bodies_are_the_bytes_they_stand_for) {
  const auto got = convert(log_of({entry("http://a.example/i.png", {{"content", {{"mimeType", "image/png"}, {"encoding", "base64"}, {"text", "AAH/"}}}})}).dump()).value();
  BOOST_TEST(got.records.at(0).block == std::string("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: image/png\r\n\r\n\x00\x01\xff", 66));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_capture_is_told_and_the_others_are_taken) {
  json no_time = entry("http://a.example/", {{"content", {{"text", "x"}}}});
  no_time["startedDateTime"] = "soon";
  const json entries = {entry("http://a.example/blocked", {{"status", 0}}),
                        entry("http://a.example/nobody", {{"content", {{"size", 10}}}}),
                        entry("data:text/html,x", {{"content", {{"text", "x"}}}}),
                        entry("http://a.example/bad64", {{"content", {{"text", "!!!"}, {"encoding", "base64"}}}}),
                        no_time, 5, "text", json::array({1}), json::object(), {{"request", 7}, {"response", 8}},
                        entry("http://a.example/good", {{"content", {{"text", "x"}}}})};
  const auto got = convert(log_of(entries).dump()).value();
  BOOST_TEST(got.converted.captures == 1);
  BOOST_TEST(got.records.at(0).uri == "http://a.example/good");
  BOOST_TEST(got.converted.complaint_count == 7);
  BOOST_TEST(has(got.converted.complaints.at(0), "no answer for http://a.example/blocked"));
  BOOST_TEST(has(got.converted.complaints.at(1), "does not hold the body"));
}

BOOST_AUTO_TEST_CASE(redirects_and_answers_from_a_cache_replay) {
  const json entries = {entry("http://a.example/", {{"status", 302}, {"redirectURL", "/there"}}), entry("http://a.example/cached", {{"status", 304}, {"content", {{"text", "whole"}}}}),
                        entry("http://a.example/none", {{"status", 204}})};
  const auto got = convert(log_of(entries).dump()).value();
  BOOST_TEST(got.records.at(0).block == "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /there\r\n\r\n");
  BOOST_TEST(got.records.at(2).block == "HTTP/1.1 200 OK\r\nx-orig-status: 304\r\nContent-Length: 5\r\n\r\nwhole");
  BOOST_TEST(got.records.at(4).block == "HTTP/1.1 204 No Content\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(the_first_html_page_of_a_group_is_its_page) {
  json style = entry("http://a.example/s.css", {{"content", {{"mimeType", "text/css"}, {"text", "x"}}}}), page = entry("http://a.example/", {{"content", {{"mimeType", "text/html"}, {"text", "x"}}}}),
       frame = entry("http://a.example/frame", {{"content", {{"mimeType", "text/html"}, {"text", "x"}}}});
  for (json* one : {&style, &page, &frame}) (*one)["pageref"] = "p";
  const auto got = convert(log_of({style, page, frame}).dump()).value();
  BOOST_REQUIRE_EQUAL(got.converted.pages.size(), 1);
  BOOST_TEST(got.converted.pages[0].url == "http://a.example/");
  BOOST_TEST(got.converted.pages[0].title == "The page");
}

BOOST_AUTO_TEST_CASE(cut_off_anywhere_it_gives_the_entries_before) {
  const std::string whole = log_of({entry("http://a.example/1", {{"content", {{"text", "x"}}}}), entry("http://a.example/2", {{"content", {{"text", "x"}}}})}).dump();
  const std::size_t entries = whole.find("\"entries\":["), first_end = whole.find("},{\"request\"");
  BOOST_REQUIRE(first_end != whole.npos);
  for (std::size_t size = 0; size < whole.size(); size += size > first_end - 20 && size < first_end + 20 ? 1 : 13) {
    const auto got = convert(whole.substr(0, size));
    if (size < entries + 11) {
      BOOST_TEST(!got, size);
      continue;
    }
    BOOST_REQUIRE_MESSAGE(got.has_value(), size);
    BOOST_TEST(got->converted.captures >= (size > first_end ? 1u : 0u), size);
    BOOST_TEST(!got->converted.complaints.empty(), size);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_har_is_refused) {
  for (const char* text : {"", "{}", "[]", "{\"log\":{}}", "{\"log\":{\"entries\":{}}}", "{\"log\":[{\"entries\":[]}]}", "\xff\xfe"}) {
    const auto got = convert(text);
    BOOST_TEST((!got && got.error().code == Error::Code::kCorrupt), text);
  }
  BOOST_TEST(convert("{\"log\":{\"entries\":[]}}").value().converted.captures == 0);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_no_harm) {
  std::string deep = "{\"log\":{\"entries\":[";
  for (int i = 0; i < 100000; ++i) deep += "[";
  BOOST_TEST(convert(deep).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
