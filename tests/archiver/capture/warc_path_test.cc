#include "archiver/capture/warc_path.h"

#include <boost/test/unit_test.hpp>

using namespace wm;

BOOST_AUTO_TEST_SUITE(warc_path)

namespace {
const Time14 kTime = Time14::parse("20261124211100").value();
}

BOOST_AUTO_TEST_CASE(a_path_tells_collection_month_time_id_and_host) {
  BOOST_TEST(
      archiver::warc_path("web", kTime, "0190-abcd-ef01-2345-6789", "www.a.example").value() ==
      "web/2026/11/wm-20261124211100-0190abcdef01-www.a.example.warc.gz");
}

BOOST_AUTO_TEST_CASE(no_character_leads_out_of_the_folder) {
  BOOST_TEST(archiver::warc_path("web", kTime, "../../x", "[::1]").value() ==
             "web/2026/11/wm-20261124211100-x-___1_.warc.gz");
  BOOST_TEST(archiver::warc_path("web", kTime, "a", "..%2f/\n").value() ==
             "web/2026/11/wm-20261124211100-a-.._2f__.warc.gz");
  BOOST_TEST(archiver::warc_path("web", kTime, "a", std::string(500, 'h'))->size() < 200u);
  for (const char* bad : {"", ".", "..", ".hidden", "a/b", "a b", "\xc3\xa9"}) {
    const auto path = archiver::warc_path(bad, kTime, "a", "h");
    BOOST_REQUIRE(!path);
    BOOST_TEST((path.error().code == Error::Code::kInvalid));
  }
  BOOST_TEST(!archiver::warc_path(std::string(65, 'a'), kTime, "a", "h"));
  BOOST_TEST(!archiver::warc_path("web", kTime, "--", "h"));
}

BOOST_AUTO_TEST_SUITE_END()
