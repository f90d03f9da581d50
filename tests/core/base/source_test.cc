#include "core/base/source.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm {

BOOST_AUTO_TEST_CASE(all_is_read_up_to_the_limit_and_not_a_byte_more) {
  for (const std::size_t piece : {1u, 3u, 100u}) {
    test::PiecewiseSource fits("0123456789", piece);
    BOOST_TEST(read_all(fits, 10).value() == "0123456789");
    test::PiecewiseSource over("0123456789", piece);
    BOOST_TEST((read_all(over, 9).error().code == Error::Code::kTooLarge));
    test::PiecewiseSource cut("0123456789", piece);
    BOOST_TEST(read_up_to(cut, 4).value() == "0123");
  }
}

BOOST_AUTO_TEST_CASE(a_failing_source_hands_its_error_on) {
  test::PiecewiseSource broken("0123456789", 4, 6);
  BOOST_TEST((read_all(broken, 100).error().code == Error::Code::kIo));
}

BOOST_AUTO_TEST_CASE(a_limited_source_ends_at_its_limit) {
  LimitedSource limited(std::make_unique<StringSource>("0123456789"), 7);
  BOOST_TEST(skip(limited, 3).value() == 3u);
  BOOST_TEST(read_all(limited, 100).value() == "3456");
  BOOST_TEST(skip(limited, 3).value() == 0u);
}

BOOST_AUTO_TEST_CASE(a_view_is_read_once) {
  const test::ExactCopy copy("abc");
  ViewSource view(copy.view());
  BOOST_TEST(read_all(view, 3).value() == "abc");
  BOOST_TEST(read_all(view, 3).value() == "");
}

}  // namespace wm
