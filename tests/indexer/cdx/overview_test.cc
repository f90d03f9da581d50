#include "indexer/cdx/overview.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "core/base/time14.h"
#include "tests/indexer/cdx/cdx_test_support.h"

using namespace wm;
using cdx::Count;
using cdx::Overview;
using cdx::SpanUnit;
using test::at_time;
using test::capture_of;
using test::IndexInTemp;

namespace {

constexpr auto kKey = "com,example)/x";

std::string shown(const std::vector<cdx::Span>& spans) {
  std::string text;
  for (const auto& span : spans)
    text +=
        span.digits + (span.count.exact ? "=" : "~") + std::to_string(span.count.captures) + " ";
  return text;
}

std::vector<cdx::Capture> some_captures() {
  std::vector<cdx::Capture> captures;
  std::uint64_t offset = 0;
  for (const char* time : {"20180101000000", "20180101235959", "20180301000000", "20200229120000",
                           "20200229120000", "20241231235959"}) {
    captures.push_back(capture_of(kKey, time, "web/a.warc.gz", offset++));
  }
  captures.push_back(capture_of("com,example)/x/y", "20190101000000", "web/a.warc.gz", offset++));
  captures.back().url = "http://example.com/x/y";
  captures.push_back(capture_of("com,example)/w", "20210101000000", "web/a.warc.gz", offset++));
  return captures;
}

/// Captures of one key, one a minute.
void add_many(IndexInTemp& t, int count) {
  const auto start = Time14::parse("20230101000000")->time();
  std::vector<cdx::Capture> captures;
  for (int i = 0; i < count; ++i)
    captures.push_back(capture_of(kKey, Time14(start + std::chrono::minutes(i)).text(),
                                  "web/a.warc.gz", static_cast<std::uint64_t>(i)));
  t.add(captures);
}

}  // namespace

BOOST_AUTO_TEST_CASE(captures_are_counted_by_year_month_and_day) {
  IndexInTemp t;
  t.add(some_captures());
  const Overview overview(*t.store);
  BOOST_TEST(shown(overview.spans("web", kKey, SpanUnit::kYear).value()) ==
             "2018=3 2020=2 2024=1 ");
  BOOST_TEST(shown(overview.spans("web", kKey, SpanUnit::kMonth).value()) ==
             "201801=2 201803=1 202002=2 202412=1 ");
  BOOST_TEST(shown(overview.spans("web", kKey, SpanUnit::kDay).value()) ==
             "20180101=2 20180301=1 20200229=2 20241231=1 ");
  BOOST_TEST(shown(overview.spans("web", "com,example)/none", SpanUnit::kYear).value()).empty());
  BOOST_TEST(shown(overview.spans("other", kKey, SpanUnit::kYear).value()).empty());
}

BOOST_AUTO_TEST_CASE(bounds_in_time_hold_to_the_second) {
  IndexInTemp t;
  t.add(some_captures());
  const Overview overview(*t.store);
  BOOST_TEST(shown(overview
                       .spans("web", kKey, SpanUnit::kYear, at_time("20180101000001"),
                              at_time("20200229120000"))
                       .value()) == "2018=2 2020=2 ");
  BOOST_TEST(shown(overview
                       .spans("web", kKey, SpanUnit::kYear, at_time("20180101000000"),
                              at_time("20200229115959"))
                       .value()) == "2018=3 ");
  BOOST_TEST((overview.count("web", kKey).value() == Count{6, true}));
  BOOST_TEST((overview.count("web", kKey, at_time("20200229120000")).value() == Count{3, true}));
  BOOST_TEST((overview.count("web", kKey, at_time("20180101000000")).value() == Count{0, true}));
}

BOOST_AUTO_TEST_CASE(many_captures_are_judged_not_read) {
  IndexInTemp t;
  add_many(t, 22'000);  // 15 days and some hours
  t.store.reset();      // what is in memory goes into files when the store is opened anew
  t.store = store::Store::open(t.dir.path()).value();
  const Overview overview(*t.store);
  const auto days = overview.spans("web", kKey, SpanUnit::kDay).value();
  BOOST_REQUIRE(days.size() == 16u);
  for (std::size_t i = 0; i < 15; ++i) {
    BOOST_TEST(!days[i].count.exact);
    BOOST_TEST(days[i].count.captures >= 700u);
    BOOST_TEST(days[i].count.captures < 2900u);
  }
  const Count all = overview.count("web", kKey).value();
  BOOST_TEST(!all.exact);
  BOOST_TEST(all.captures >= 20'000u);
  BOOST_TEST(all.captures < 60'000u);
}

BOOST_AUTO_TEST_CASE(keys_below_a_prefix_come_in_pages) {
  IndexInTemp t;
  t.add(some_captures());
  const Overview overview(*t.store);
  cdx::KeyQuery query{.collection = "web",
                      .keys = url::surt_range("http://example.com/", url::MatchType::kPrefix),
                      .after = "",
                      .contains = "",
                      .limit = 2};
  auto page = overview.keys(query).value();
  BOOST_REQUIRE(page.keys.size() == 2u);
  BOOST_TEST(page.keys[0].first.surt == "com,example)/w");
  BOOST_TEST(page.keys[1].first.time.text() == "20180101000000");
  BOOST_TEST(page.keys[1].last.time.text() == "20241231235959");
  BOOST_TEST((page.keys[1].count == Count{6, true}));
  BOOST_TEST(page.next == kKey);
  query.after = page.next;
  page = overview.keys(query).value();
  BOOST_REQUIRE(page.keys.size() == 1u);
  BOOST_TEST(page.keys[0].first.surt == "com,example)/x/y");
  BOOST_TEST(page.next.empty());
}

BOOST_AUTO_TEST_CASE(keys_are_filtered_by_their_url_whatever_its_case) {
  IndexInTemp t;
  t.add(some_captures());
  const cdx::KeyQuery query{.collection = "web",
                            .keys = url::surt_range("http://example.com/", url::MatchType::kPrefix),
                            .after = "",
                            .contains = "/X/",
                            .limit = 10};
  const auto page = Overview(*t.store).keys(query).value();
  BOOST_REQUIRE(page.keys.size() == 1u);
  BOOST_TEST(page.keys[0].first.surt == "com,example)/x/y");
}
