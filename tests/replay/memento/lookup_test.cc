#include "replay/memento/lookup.h"

#include <boost/test/unit_test.hpp>

#include "replay/memento/link_header.h"
#include "replay/memento/timemap.h"
#include "tests/replay/archive.h"

using namespace wm;
using memento::CaptureSearch;

namespace {

std::vector<std::string> times(const cdx::CdxIndex& index, std::string_view url, const char* time) {
  CaptureSearch search(index,
                       {.collection = "web", .url = url, .time = Time14::parse(time).value()});
  std::vector<std::string> found;
  while (auto capture = search.next().value()) found.push_back(capture->time.text());
  return found;
}

std::size_t mementos_in(std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find("rel=\"memento\""); at != text.npos;
       at = text.find("rel=\"memento\"", at + 1))
    ++count;
  return count;
}

/// The text of a TimeMap of http://a.example/, and the address of the page that follows.
std::pair<std::string, std::string> timemap(const test::Archive& archive,
                                            memento::TimeMapQuery query) {
  query.at = {.origin = "http://r.example", .collection = "web"};
  query.url = "http://a.example/";
  auto map = memento::timemap(archive.index(), {}, query).value().value();
  return {read_all(*map.stream, 10 << 20).value(), map.next_page};
}

const std::string kRedirect = "HTTP/1.1 301 Moved\r\nLocation: ";

}  // namespace

BOOST_AUTO_TEST_SUITE(lookup)

BOOST_AUTO_TEST_CASE(captures_come_nearest_first_in_both_directions) {
  test::Archive archive;
  for (const char* time :
       {"20100101000000", "20150101000000", "20160101000000", "20200101000000"}) {
    archive.add({.url = "http://a.example/", .time = time});
  }
  const std::vector<std::string> expected = {"20150101000000", "20160101000000", "20200101000000",
                                             "20100101000000"};
  BOOST_TEST(times(archive.index(), "http://a.example/", "20150301000000") == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_redirect_to_the_same_key_is_left_out) {
  test::Archive archive;
  archive.add({.url = "http://a.example/",
               .time = "20150101000000",
               .head = kRedirect + "https://www.a.example/\r\n\r\n"});
  archive.add({.url = "https://www.a.example/", .time = "20150101000001"});
  archive.add(
      {.url = "http://a.example/other", .time = "20150101000000", .head = kRedirect + "/\r\n\r\n"});
  BOOST_TEST(times(archive.index(), "http://a.example/", "20150101000000") ==
                 std::vector<std::string>{"20150101000001"},
             boost::test_tools::per_element());
  BOOST_TEST(times(archive.index(), "http://a.example/other", "20150101000000").size() == 1u);
}

BOOST_AUTO_TEST_CASE(captures_of_another_method_do_not_answer_a_get) {
  test::Archive archive;
  archive.add({.url = "http://a.example/form", .time = "20150101000000", .method = "POST"});
  BOOST_TEST(times(archive.index(), "http://a.example/form", "20150101000000").empty());
}

BOOST_AUTO_TEST_CASE(a_key_full_of_self_redirects_ends_at_the_limit) {
  test::Archive archive;
  for (int i = 10; i < 60; ++i) {
    archive.add({.url = "http://a.example/",
                 .time = "201501010000" + std::to_string(i),
                 .head = kRedirect + "https://a.example/\r\n\r\n"});
  }
  archive.add({.url = "http://a.example/", .time = "20200101000000"});
  CaptureSearch search(archive.index(), {.collection = "web",
                                         .url = "http://a.example/",
                                         .time = Time14::parse("20150101000000").value(),
                                         .limit = 20});
  BOOST_TEST(!search.next().value().has_value());
}

BOOST_AUTO_TEST_CASE(the_link_header_names_all_neighbours) {
  test::Archive archive;
  for (const char* time :
       {"20100101000000", "20110101000000", "20120101000000", "20130101000000", "20140101000000"}) {
    archive.add({.url = "http://a.example/", .time = time});
  }
  const auto middle = archive.index()
                          .closest("web", "example,a)/", Time14::parse("20120101000000").value())
                          .next()
                          .value()
                          .value();
  const auto link = memento::link_header(
      {.origin = "http://r.example", .collection = "web"}, middle, memento::Modifier::kNone,
      memento::neighbours_of(archive.index(), {}, middle).value());
  BOOST_TEST(link ==
             "<http://a.example/>; rel=\"original\", <http://r.example/web/http://a.example/>; "
             "rel=\"timegate\", "
             "<http://r.example/web/timemap/link/http://a.example/>; rel=\"timemap\"; "
             "type=\"application/link-format\", "
             "<http://r.example/web/20100101000000/http://a.example/>; rel=\"first memento\"; "
             "datetime=\"Fri, 01 Jan 2010 00:00:00 "
             "GMT\"; collection=\"web\", "
             "<http://r.example/web/20110101000000/http://a.example/>; rel=\"prev memento\"; "
             "datetime=\"Sat, 01 Jan 2011 00:00:00 "
             "GMT\"; collection=\"web\", "
             "<http://r.example/web/20120101000000/http://a.example/>; rel=\"memento\"; "
             "datetime=\"Sun, 01 Jan 2012 00:00:00 GMT\"; "
             "collection=\"web\", "
             "<http://r.example/web/20130101000000/http://a.example/>; rel=\"next memento\"; "
             "datetime=\"Tue, 01 Jan 2013 00:00:00 "
             "GMT\"; collection=\"web\", "
             "<http://r.example/web/20140101000000/http://a.example/>; rel=\"last memento\"; "
             "datetime=\"Wed, 01 Jan 2014 00:00:00 "
             "GMT\"; collection=\"web\"");
}

BOOST_AUTO_TEST_CASE(what_a_url_holds_cannot_end_a_link) {
  BOOST_TEST(memento::link_target("http://a.example/x>; rel=\"evil\"\r\n\xc3\xa9") ==
             "http://a.example/x%3E;%20rel=%22evil%22%0D%0A%C3%A9");
}

BOOST_AUTO_TEST_CASE(a_timemap_lists_every_capture_once_however_many_share_a_second) {
  test::Archive archive;
  const auto first = archive.add({.url = "http://a.example/", .time = "20100101000000"});
  // More in one second than a page of the list holds.
  for (std::uint64_t i = 1; i <= 1500; ++i) {
    cdx::Capture copy = first;
    copy.offset += i;
    archive.file(copy);
  }
  archive.add({.url = "http://a.example/", .time = "20200101000000"});
  const auto [text, next] = timemap(archive, {.page_size = 10'000});
  BOOST_TEST(mementos_in(text) == 1502u);
  BOOST_TEST(next.empty());
  BOOST_TEST(text.find("until=\"Wed, 01 Jan 2020 00:00:00 GMT\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_timemap_as_json_is_one_object_a_line) {
  test::Archive archive;
  archive.add({.url = "http://a.example/", .time = "20100101000000"});
  archive.add({.url = "http://a.example/", .time = "20110101000000"});
  const auto text = timemap(archive, {.format = memento::WaybackUrl::TimeMapFormat::kJson}).first;
  BOOST_TEST(
      text.starts_with("{\"urlkey\": \"example,a)/\", \"timestamp\": \"20100101000000\", \"url\": "
                       "\"http://a.example/\""));
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2);
  BOOST_TEST(!memento::timemap(archive.index(), {}, {.url = "http://b.example/"}).value());
}

BOOST_AUTO_TEST_CASE(a_timemap_is_paged_and_each_page_names_the_one_that_follows) {
  test::Archive archive;
  for (int year = 2010; year < 2017; ++year) {
    for (const char* day : {"0101000000", "0102000000"})
      archive.add({.url = "http://a.example/", .time = std::to_string(year) + day});
  }
  std::optional<Time14> from;
  std::vector<std::size_t> pages;
  std::string all;
  do {
    const auto [text, next] = timemap(archive, {.from = from, .page_size = 4});
    pages.push_back(mementos_in(text));
    all += text;
    from = next.empty() ? std::nullopt : Time14::parse(next.substr(34, 14));
    BOOST_TEST(next.empty() == (text.find("<" + next + ">; rel=\"timemap\"") == std::string::npos));
  } while (from);
  BOOST_TEST(pages == (std::vector<std::size_t>{4, 4, 4, 2}), boost::test_tools::per_element());
  BOOST_TEST(all.find("from=\"Fri, 01 Jan 2010 00:00:00 GMT\"; until=\"Sun, 02 Jan 2011 00:00:00 "
                      "GMT\"") != std::string::npos);
  BOOST_TEST(all.find("<http://r.example/web/timemap/link/20120101000000/http://a.example/>; "
                      "rel=\"self\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_access_rules_hide_is_in_no_timemap_and_no_link) {
  test::Archive archive;
  for (const char* time : {"20100101000000", "20110101000000", "20120101000000", "20130101000000"})
    archive.add({.url = "http://a.example/", .time = time});
  std::vector<access::Rules::Complaint> complaints;
  const access::Judge judge(
      std::make_shared<access::Rules>(access::Rules::parse(
          "example,a)/ - {\"access\": \"exclude\", \"after\": \"2012\"}", complaints)),
      SysSeconds{});
  const auto map =
      memento::timemap(archive.index(), judge,
                       {.at = {.origin = "", .collection = "web"}, .url = "http://a.example/"})
          .value()
          .value();
  const std::string text = read_all(*map.stream, 1 << 20).value();
  BOOST_TEST(mementos_in(text) == 2u);
  BOOST_TEST(text.find("2012") == std::string::npos);
  BOOST_TEST(text.find("until=\"Sat, 01 Jan 2011 00:00:00 GMT\"") != std::string::npos);
  const auto first = archive.index().first("web", "example,a)/").value().value();
  const auto around = memento::neighbours_of(archive.index(), judge, first).value();
  BOOST_TEST(around.last->time.text() == "20110101000000");
  CaptureSearch search(archive.index(), {.collection = "web",
                                         .url = "http://a.example/",
                                         .time = Time14::parse("20130101000000").value(),
                                         .judge = judge,
                                         .limit = 1});
  BOOST_TEST(search.next().value()->time.text() == "20110101000000");
}

BOOST_AUTO_TEST_CASE(of_posts_with_one_key_the_one_with_the_same_body_comes_first) {
  test::Archive archive;
  const auto near = archive.add(
      {.url = "http://a.example/?__wb_method=POST", .time = "20150101000000", .method = "POST"});
  auto same = near;
  same.time = Time14::parse("20200101000000").value();
  same.request_digest = "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  archive.file(same);
  CaptureSearch search(archive.index(), {.collection = "web",
                                         .url = near.url,
                                         .time = near.time,
                                         .method = "POST",
                                         .body_digest = same.request_digest});
  BOOST_TEST(search.next().value()->time.text() == "20200101000000");
  BOOST_TEST(search.next().value()->time.text() == "20150101000000");
  BOOST_TEST(!search.next().value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
