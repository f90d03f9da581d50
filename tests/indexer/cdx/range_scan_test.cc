#include <boost/test/unit_test.hpp>

#include "tests/indexer/cdx/cdx_test_support.h"

using namespace wm;
using cdx::RangeQuery;

namespace {

struct Filled : test::IndexInTemp {
  Filled() {
    std::vector<cdx::Capture> captures;
    std::uint64_t offset = 0;
    for (const char* surt : {"com,a)/", "com,a)/x", "com,b)/"}) {
      for (const char* time : {"2010", "2011", "2011", "2012"})
        captures.push_back(test::capture_of(surt, time, "web/a.warc.gz", ++offset));
    }
    add(captures);
  }
  static RangeQuery all(RangeQuery::Order order = RangeQuery::Order::kForward) {
    RangeQuery query;
    query.keys = {"com,", "com-"};
    query.order = order;
    return query;
  }
};

std::vector<std::uint64_t> rest(cdx::RangeScan& scan) {
  std::vector<std::uint64_t> offsets;
  while (const auto capture = scan.next().value()) {
    offsets.push_back(capture->offset);
    scan.pause();
  }
  return offsets;
}

using Offsets = std::vector<std::uint64_t>;

}  // namespace

BOOST_AUTO_TEST_CASE(a_scan_that_is_let_go_of_between_captures_misses_none) {
  Filled index;
  auto forward = index.index.scan(Filled::all());
  BOOST_TEST(rest(forward) == (Offsets{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}),
             boost::test_tools::per_element());
  auto reverse = index.index.scan(Filled::all(RangeQuery::Order::kReverse));
  BOOST_TEST(rest(reverse) == (Offsets{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_scan_goes_on_behind_any_place_it_told) {
  Filled index;
  for (const auto order : {RangeQuery::Order::kForward, RangeQuery::Order::kReverse}) {
    auto scan = index.index.scan(Filled::all(order));
    BOOST_TEST(scan.place().empty());
    while (const auto capture = scan.next().value()) {
      auto again = index.index.scan(Filled::all(order));
      BOOST_REQUIRE(again.go_behind(scan.place()).has_value());
      BOOST_TEST(again.passed_by().value()->offset == capture->offset);
      const auto left =
          order == RangeQuery::Order::kForward ? 12 - capture->offset : capture->offset - 1;
      BOOST_TEST(rest(again).size() == left);
    }
  }
  auto scan = index.index.scan(Filled::all());
  BOOST_REQUIRE(scan.go_behind("com,a)/x 20110101000000").has_value());
  BOOST_TEST(scan.next().value()->offset == 8u);
  for (const char* none : {"", "com,a)/", "com,a)/ 2011", "com,a)/ 20110101000000 zz",
                           " 20110101000000", "com,a)/ 20110101000000 0000000000000000000g"})
    BOOST_TEST(!scan.go_behind(none).has_value(), none);
}

BOOST_AUTO_TEST_CASE(a_scan_passes_over_captures_and_keys) {
  Filled index;
  auto scan = index.index.scan(Filled::all());
  BOOST_TEST(scan.skip(5).value() == 5u);
  BOOST_TEST(scan.next().value()->offset == 6u);
  scan.skip_key();
  BOOST_TEST(scan.next().value()->offset == 9u);
  BOOST_TEST(scan.skip(100).value() == 3u);
  BOOST_TEST(!scan.next().value().has_value());
  auto reverse = index.index.scan(Filled::all(RangeQuery::Order::kReverse));
  BOOST_TEST(reverse.next().value()->offset == 12u);
  reverse.skip_key();
  BOOST_TEST(reverse.next().value()->offset == 8u);
  auto bounded = Filled::all();
  bounded.from = test::at_time("2011");
  bounded.to = test::at_time("2011");
  auto within = index.index.scan(bounded);
  BOOST_TEST(within.skip(100).value() == 6u);
}

BOOST_AUTO_TEST_CASE(the_nearest_captures_go_on_after_they_were_let_go_of) {
  Filled index;
  auto closest = index.index.closest("web", "com,a)/", test::at_time("2011"));
  Offsets offsets;
  while (const auto capture = closest.next().value()) {
    offsets.push_back(capture->offset);
    closest.pause();
  }
  BOOST_TEST(offsets == (Offsets{2, 3, 1, 4}), boost::test_tools::per_element());
}
