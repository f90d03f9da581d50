#include "server/archive/sorted_items.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

namespace wm::archive {

namespace {

std::vector<std::string> all_of(SortedItems& items) {
  std::vector<std::string> all;
  while (auto item = items.next().value()) all.push_back(std::move(*item));
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sorted_items)

// The smallest memory spills at each item, the largest never.
BOOST_DATA_TEST_CASE(items_come_out_in_byte_order_and_once_whether_they_fit_or_not, boost::unit_test::data::make({1, 200, 5000, 1 << 20}), memory) {
  SortedItems items(static_cast<std::size_t>(memory));
  std::set<std::string> expected;
  unsigned state = 1;
  for (int i = 0; i < 500; ++i) {
    state = state * 1103515245u + 12345u;
    const std::string item = std::to_string(state % 300) + std::string(state % 7, '\0') + (i % 2 == 0 ? "\xff" : "\n");
    expected.insert(item);
    BOOST_REQUIRE(items.add(item));
  }
  const auto all = all_of(items);
  BOOST_TEST(all == std::vector<std::string>(expected.begin(), expected.end()), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_added_gives_nothing_however_often_it_is_asked) {
  SortedItems items;
  BOOST_TEST(!items.next().value());
  BOOST_TEST(!items.next().value());
}

BOOST_AUTO_TEST_CASE(an_empty_item_and_one_larger_than_a_read_survive_the_file) {
  SortedItems items(1);
  const std::string large(200'000, 'x');
  for (const auto& item : {large, std::string(), std::string("y")}) BOOST_REQUIRE(items.add(item));
  BOOST_TEST(all_of(items) == (std::vector<std::string>{"", large, "y"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::archive
