#include "replay/memento/negotiate.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace wm::memento;
using wm::http::Headers;

BOOST_AUTO_TEST_SUITE(negotiate)

BOOST_AUTO_TEST_CASE(the_browser_knows_better_than_the_modifier_what_it_wants) {
  BOOST_TEST((destination_of(Headers{{"Sec-Fetch-Dest", "script"}}, Modifier::kMainPage) ==
              Destination::kScript));
  BOOST_TEST((destination_of(Headers{{"Sec-Fetch-Dest", "iframe"}}, Modifier::kImage) ==
              Destination::kPage));
  BOOST_TEST((destination_of(Headers{{"Sec-Fetch-Dest", "empty"}}, Modifier::kNone) ==
              Destination::kFetch));
  BOOST_TEST((destination_of(Headers{{"Sec-Fetch-Dest", "something-new"}}, Modifier::kNone) ==
              Destination::kOther));
}

BOOST_AUTO_TEST_CASE(without_it_the_modifier_tells) {
  BOOST_TEST((destination_of({}, Modifier::kStyle) == Destination::kStyle));
  BOOST_TEST((destination_of({}, Modifier::kNone) == Destination::kPage));
  BOOST_TEST((destination_of({}, Modifier::kWorkerModule) == Destination::kWorker));
  BOOST_TEST((destination_of(Headers{{"X-Requested-With", "XMLHttpRequest"}},
                             Modifier::kMainPage) == Destination::kFetch));
}

BOOST_AUTO_TEST_CASE(a_service_worker_is_told_by_its_own_header_too) {
  BOOST_TEST((destination_of(Headers{{"Service-Worker", "script"}}, Modifier::kScript) ==
              Destination::kServiceWorker));
  BOOST_TEST((destination_of({}, Modifier::kServiceWorker) == Destination::kServiceWorker));
}

BOOST_AUTO_TEST_CASE(accept_datetime_is_an_http_date_or_an_error) {
  BOOST_TEST(!accept_datetime({}).value().has_value());
  BOOST_TEST(accept_datetime(Headers{{"Accept-Datetime", "Sun, 06 Nov 1994 08:49:37 GMT"}})
                 .value()
                 ->text() == "19941106084937");
  BOOST_TEST(!accept_datetime(Headers{{"Accept-Datetime", "yesterday"}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_coding_with_quality_zero_is_refused) {
  BOOST_TEST(accepts_coding(Headers{{"Accept-Encoding", "gzip, deflate, br"}}, "br"));
  BOOST_TEST(!accepts_coding(Headers{{"Accept-Encoding", "gzip;q=0, *"}}, "gzip"));
  BOOST_TEST(accepts_coding(Headers{{"Accept-Encoding", "gzip;q=0, *"}}, "zstd"));
  BOOST_TEST(!accepts_coding(Headers{{"Accept-Encoding", "identity;q=1, *;q=0"}}, "gzip"));
  BOOST_TEST(!accepts_coding({}, "gzip"));
}

BOOST_AUTO_TEST_CASE(if_none_match_compares_weakly) {
  BOOST_TEST(etag_matches("\"a\", W/\"b\"", "\"b\""));
  BOOST_TEST(etag_matches("*", "\"b\""));
  BOOST_TEST(!etag_matches("\"a\"", "\"b\""));
}

BOOST_AUTO_TEST_SUITE_END()
