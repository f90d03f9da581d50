#include "core/pattern/pattern.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace wm;
using pattern::Pattern;

namespace {

struct Row {
  const char* expression;
  const char* text;
  bool whole;
  bool start;
  bool found;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.expression << " on " << row.text;
}
const Row kRows[] = {{"2..", "200", true, true, true},
                     {"2..", "2001", false, true, true},
                     {"2..", "1200", false, false, true},
                     {"a|b", "b", true, true, true},
                     {"", "", true, true, true},
                     {"^x$", "yx", false, false, false},
                     {"(?i)HTML", "html", true, true, true},
                     {"\xe9", "\xe9", true, true, true}};

}  // namespace

BOOST_DATA_TEST_CASE(a_pattern_matches_whole_start_or_anywhere, boost::unit_test::data::make(kRows),
                     row) {
  const auto made = Pattern::compile(row.expression);
  BOOST_REQUIRE(made.has_value());
  BOOST_TEST(made->matches(row.text) == row.whole);
  BOOST_TEST(made->matches_start(row.text) == row.start);
  BOOST_TEST(made->found_in(row.text) == row.found);
}

BOOST_AUTO_TEST_CASE(groups_are_told_where_it_is_first_found) {
  const auto made = Pattern::compile("[?&]v=([^&]+)(&t=(\\d+))?").value();
  const auto groups = made.groups_in("/watch?v=abc&x").value();
  BOOST_TEST(groups.size() == 3u);
  BOOST_TEST(groups[0] == "abc");
  BOOST_TEST(groups[2].empty());
  BOOST_TEST(!made.groups_in("/watch").has_value());
  BOOST_TEST(Pattern::compile("b+").value().groups_in("abbc").value().front() == "bb");
}

BOOST_AUTO_TEST_CASE(what_is_no_expression_is_refused_with_the_reason) {
  for (const char* wrong : {"(", "[a", "a**", "\\", "(?=x)", "(a)\\1", "*"}) {
    const auto made = Pattern::compile(wrong);
    BOOST_REQUIRE(!made.has_value());
    BOOST_TEST((made.error().code == Error::Code::kInvalid), wrong);
    BOOST_TEST(made.error().what.find(wrong) != std::string::npos);
  }
  BOOST_TEST((Pattern::compile(std::string(3000, 'a')).error().code == Error::Code::kTooLarge));
  BOOST_TEST(!Pattern::compile("((a{1,100}){1,100}){1,100}").has_value());
}

BOOST_AUTO_TEST_CASE(the_expressions_that_hang_others_take_linear_time) {
  const auto made = Pattern::compile("(a|a)*(a|aa)+b").value();
  const std::string text(1 << 20, 'a');
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(!made.matches(text));
  BOOST_TEST(((std::chrono::steady_clock::now() - start) < std::chrono::seconds(10)));
}
