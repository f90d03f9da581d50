#include "core/base/time14.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace wm {

BOOST_AUTO_TEST_CASE(fourteen_digits_come_back) {
  for (const char* text : {"19700101000000", "20180220120751", "20240229235959", "99991231235959", "00010101000000"}) {
    BOOST_TEST(Time14::parse(text).value().text() == text);
    BOOST_TEST(std::to_string(Time14::parse(text)->number()) == std::string(text).substr(std::string(text).find_first_not_of('0')));
  }
  for (const char* bad : {"", "2018", "20180231000000", "20180001000000", "2018010124", "20180101240000", "2018010100000x", "201801010000001"}) {
    BOOST_TEST(!Time14::parse(bad).has_value());
  }
  BOOST_TEST(Time14::parse("20161231235960")->text() == "20161231235959");
}

struct Padded {
  const char *digits, *earliest, *latest;
};
const Padded kPadded[] = {{"2018", "20180101000000", "20181231235959"},       {"201802", "20180201000000", "20180228235959"},
                          {"20180231", "20180228000000", "20180228235959"},   {"2018021", "20180210000000", "20180219235959"},
                          {"20181399", "20181231000000", "20181231235959"},   {"2", "20000101000000", "29991231235959"},
                          {"201801019", "20180101230000", "20180101235959"},  {"2018022012075199", "20180220120751", "20180220120751"}};
std::ostream& operator<<(std::ostream& out, const Padded& row) { return out << row.digits; }

BOOST_DATA_TEST_CASE(short_times_are_padded_and_clamped, boost::unit_test::data::make(kPadded), row) {
  BOOST_TEST(Time14::parse_padded(row.digits, Time14::Pad::kEarliest)->text() == row.earliest);
  BOOST_TEST(Time14::parse_padded(row.digits, Time14::Pad::kLatest)->text() == row.latest);
}

BOOST_AUTO_TEST_CASE(what_is_no_digits_is_no_time) {
  BOOST_TEST(!Time14::parse_padded("", Time14::Pad::kEarliest).has_value());
  BOOST_TEST(!Time14::parse_padded("2018x", Time14::Pad::kLatest).has_value());
}

struct Written {
  const char *text, *micros;
};
const Written kDates[] = {{"2018", "2018-01-01T00:00:00.000000Z"},
                          {"2018-02", "2018-02-01T00:00:00.000000Z"},
                          {"2018-02-20", "2018-02-20T00:00:00.000000Z"},
                          {"2018-02-20T12:07Z", "2018-02-20T12:07:00.000000Z"},
                          {"2018-02-20T12:07:51Z", "2018-02-20T12:07:51.000000Z"},
                          {"2018-02-20t12:07:51.5z", "2018-02-20T12:07:51.500000Z"},
                          {"2018-02-20T12:07:51.123456789Z", "2018-02-20T12:07:51.123456Z"},
                          {"2018-02-20T12:07:51+02:00", "2018-02-20T10:07:51.000000Z"},
                          {"2018-02-20 12:07:51", "2018-02-20T12:07:51.000000Z"},
                          {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000000Z"}};
std::ostream& operator<<(std::ostream& out, const Written& row) { return out << row.text; }

BOOST_DATA_TEST_CASE(warc_dates_of_every_precision, boost::unit_test::data::make(kDates), row) {
  BOOST_TEST(w3c_date_micros(parse_w3c_date(row.text).value()) == row.micros);
}

BOOST_AUTO_TEST_CASE(warc_dates_that_are_none) {
  for (const char* bad : {"", "x", "2018-13", "2018-02-30T00:00:00Z", "2018-02-20T", "2018-02-20T12:07:51.Z", "2018-02-20T12:07:51Zjunk", "20180220120751"}) {
    BOOST_TEST(!parse_w3c_date(bad).has_value());
  }
}

BOOST_AUTO_TEST_CASE(the_three_http_dates) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    BOOST_TEST(http_date(parse_http_date(text).value()) == "Sun, 06 Nov 1994 08:49:37 GMT");
  }
  for (const char* bad : {"", "yesterday", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT", "0"}) BOOST_TEST(!parse_http_date(bad).has_value());
}

}  // namespace wm
