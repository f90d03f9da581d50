#include "server/pages/page_archive.h"

#include <boost/test/unit_test.hpp>

#include "tests/replay/archive.h"

namespace wm::pages {

namespace {

constexpr auto kHtml = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";
constexpr auto kJson = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
constexpr auto kPlain = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";

/// Three versions of a page, the second with records of a browser beside it.
struct Fixture {
  test::Archive archive;
  Fixture() {
    archive.add({.url = "http://a.example/",
                 .time = "20200101000000",
                 .head = kHtml,
                 .body = "<title>One</title><p>白鹭</p>"});
    archive.add({.url = "http://a.example/",
                 .time = "20210101000000",
                 .head = kHtml,
                 .body = "<title>Two</title><p>two</p>"});
    archive.add({.url = "urn:text:http://a.example/",
                 .time = "20210101000007",
                 .head = kPlain,
                 .body = "what a browser showed"});
    archive.add({.url = "urn:view:http://a.example/",
                 .time = "20210101000007",
                 .head = kHtml,
                 .body = "png"});
    archive.add(
        {.url = "urn:pageinfo:http://a.example/",
         .time = "20210101000000",
         .head = kJson,
         .body =
             R"({"urls":{"http://a.example/x.png":{"status":404},"http://a.example/":{"status":200}},"missed":[{"url":"http://b.example/","reason":"refused"}]})"});
    archive.add({.url = "http://a.example/",
                 .time = "20220101000000",
                 .head = kHtml,
                 .body = "<title>Three</title><p>three</p>"});
    archive.finish();
  }
  access::Control access;
  PageArchive pages() const { return PageArchive(archive.index(), access, archive.root(), {}); }
  cdx::Capture at(const char* time) const {
    return pages().shown("web", "http://a.example/", *Time14::parse(time)).value().value();
  }
};

std::string told(const std::optional<Missing>& missing) {
  if (!missing) return "none";
  std::string text = std::to_string(missing->count) + ":";
  for (const auto& one : missing->resources) text += " " + one.url + "=" + one.reason;
  return text;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_version_knows_its_place, Fixture) {
  const Place place = pages().place_of(at("20210101000000")).value();
  BOOST_TEST(place.before.captures == 1u);
  BOOST_TEST(place.all.captures == 3u);
  BOOST_TEST(place.neighbours.previous->time.text() == "20200101000000");
  BOOST_TEST(place.neighbours.following->time.text() == "20220101000000");
  BOOST_TEST(!pages().shown("web", "http://none.example/", Time14()).value().has_value());
}

BOOST_FIXTURE_TEST_CASE(records_of_the_same_visit_belong_to_a_version_and_no_others, Fixture) {
  BOOST_TEST(pages().held_of(at("20210101000000")).value().screenshot.value_or("") ==
             "/web/20210101000007id_/urn:view:http://a.example/");
  BOOST_TEST(!pages().held_of(at("20210101000000")).value().thumbnail.has_value());
  BOOST_TEST(!pages().held_of(at("20200101000000")).value().screenshot.has_value());
  BOOST_TEST(told(pages().missing_of(at("20210101000000")).value()) ==
             "2: http://b.example/=refused http://a.example/x.png=404");
  BOOST_TEST(told(pages().missing_of(at("20220101000000")).value()) == "none");
}

BOOST_FIXTURE_TEST_CASE(the_text_is_what_a_browser_showed_else_what_the_html_says, Fixture) {
  const Text shown = pages().text_of(at("20210101000000")).value();
  BOOST_TEST(shown.as_shown);
  BOOST_TEST(shown.text.find("what a browser showed") != std::string::npos);
  const Text derived = pages().text_of(at("20200101000000")).value();
  BOOST_TEST(!derived.as_shown);
  BOOST_TEST(derived.title == "One");
  BOOST_TEST(derived.text.find("白鹭") != std::string::npos);
  BOOST_TEST(pages().derived_text_of(at("20210101000000")).value().text.find("two") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(page_info_of_any_kind_is_read_and_never_believed_to_be_well_formed) {
  BOOST_TEST(told(read_page_info("")) == "none");
  BOOST_TEST(told(read_page_info("[1]")) == "none");
  BOOST_TEST(told(read_page_info("{")) == "none");
  BOOST_TEST(told(read_page_info("{}")) == "0:");
  BOOST_TEST(told(read_page_info(R"({"urls":{"u":{"status":0,"error":"net::ERR_FAILED"}}})")) ==
             "1: u=net::ERR_FAILED");
  BOOST_TEST(
      told(read_page_info(
          R"({"urls":{"u":{"status":"404"},"v":7,"w":{"status":200}},"missed":[7,{"url":7},{"reason":"r"}]})")) ==
      "0:");
  BOOST_TEST(
      told(read_page_info(
          R"({"urls":{"http://a/favicon.ico":{"status":404},"http://a/b/favicon.ico":{"status":404},"http://b/favicon.ico":{"status":500}}})")) ==
      "2: http://a/b/favicon.ico=404 http://b/favicon.ico=500");
  BOOST_TEST(told(read_page_info(std::string(100000, '['))) == "none");
  std::string many = R"({"missed":[)";
  for (int i = 0; i < 3000; ++i) many += R"({"url":"u","reason":"r"},)";
  many.back() = ']';
  const auto told_in_part = read_page_info(many + "}");
  BOOST_TEST(told_in_part->count == 3000u);
  BOOST_TEST(told_in_part->resources.size() == 1000u);
}

}  // namespace wm::pages
