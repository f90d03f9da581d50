#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/indexer/cdx/cdx_test_support.h"

using namespace wm;

BOOST_AUTO_TEST_CASE(a_line_is_written_with_numbers_as_strings) {
  auto capture = test::capture_of("com,example)/\"", "20200102030405", "web/x.warc.gz", 7);
  capture.url = "http://example.com/\"\\\x01\xc3\xa9";
  capture.digest = "sha1:2SFBWE37NIOKALWSVDBVZUDX3N4AKNN4";
  BOOST_TEST(
      cdx::to_cdxj(capture) ==
      "com,example)/\" 20200102030405 {\"url\": \"http://example.com/\\\"\\\\\\u0001\xc3\xa9\", "
      "\"mime\": \"text/html\", \"status\": \"200\", "
      "\"digest\": \"sha1:2SFBWE37NIOKALWSVDBVZUDX3N4AKNN4\", \"length\": \"100\", \"offset\": "
      "\"7\", \"filename\": \"web/x.warc.gz\"}");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  auto capture =
      test::capture_of("com,example)/a b", "20200102030405", "web/x.warc.gz", 1ull << 45);
  BOOST_TEST(cdx::from_cdxj(cdx::to_cdxj(capture)).value() == capture);
  capture.status.reset();
  capture.digest.clear();
  capture.mime = "warc/revisit";
  capture.method = "POST";
  capture.request_digest = sha1_digest("asked");
  capture.redirect = "http://example.com/{";
  capture.refers_to_uri = "http://example.com/ {";
  capture.refers_to_time = test::at_time("2001");
  BOOST_TEST(cdx::from_cdxj(cdx::to_cdxj(capture) + "\r\n").value() == capture);
}

BOOST_AUTO_TEST_CASE(lines_of_other_writers_are_read) {
  const auto pywb = cdx::from_cdxj(
      R"(com,a)/ 20180221105725 {"url": "https://www.a.com/", "mime": "text/html", "status": "200", "digest": "2SFBWE37NIOKALWSVDBVZUDX3N4AKNN4", "length": "32324", "offset": "0", "filename": "r.warc.gz"})");
  BOOST_TEST(pywb.value().digest == "sha1:2SFBWE37NIOKALWSVDBVZUDX3N4AKNN4");
  const auto integers = cdx::from_cdxj(
      R"(a)/ 20180221105725123 {"url":"http://a/","status":200,"offset":18446744073709551615,"length":3,"filename":"f","x":[{}]})");
  BOOST_TEST(integers.value().status.value() == 200);
  BOOST_TEST(integers.value().offset == UINT64_MAX);
  BOOST_TEST(integers.value().time.text() == "20180221105725");
  BOOST_TEST(integers.value().mime == "unk");
  const auto without =
      cdx::from_cdxj(R"(urn:x 20180221105725 {"url":"urn:x","status":"-","digest":"-"})");
  BOOST_TEST(!without.value().status.has_value());
  BOOST_TEST(without.value().digest.empty());
}

namespace {

struct Bad {
  const char* why;
  std::string line;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) {
  return out << bad.why;
}

const Bad kBad[] = {
    {"nothing", ""},
    {"no object", "com,a)/ 20180221105725"},
    {"no time", "com,a)/ {\"url\":\"x\"}"},
    {"no key", " 20180221105725 {\"url\":\"x\"}"},
    {"a time that is none", "a)/ 20181332000000 {\"url\":\"x\"}"},
    {"a time of thirteen digits", "a)/ 2018010100000 {\"url\":\"x\"}"},
    {"no URL", "a)/ 20180221105725 {}"},
    {"an open object", "a)/ 20180221105725 {\"url\":\"x\""},
    {"bytes after the object", "a)/ 20180221105725 {\"url\":\"x\"} y"},
    {"a negative offset", "a)/ 20180221105725 {\"url\":\"x\",\"offset\":-1}"},
    {"an offset that does not fit",
     "a)/ 20180221105725 {\"url\":\"x\",\"offset\":\"99999999999999999999\"}"},
    {"a status that is none", "a)/ 20180221105725 {\"url\":\"x\",\"status\":\"ok\"}"},
    {"depth without end", "a)/ 20180221105725 {\"url\":" + std::string(100000, '[')},
    {"a line without end", "a)/ 20180221105725 {\"url\":\"" + std::string(2 << 20, 'x') + "\"}"},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_line_that_is_none_is_refused, boost::unit_test::data::make(kBad), bad) {
  const test::ExactCopy copy(bad.line);
  BOOST_TEST(!cdx::from_cdxj(copy.view()).has_value());
}

BOOST_AUTO_TEST_CASE(every_line_of_the_real_sites_comes_back_with_the_same_fields) {
  const auto root = test::shared_path("corpus/real-sites");
  if (!root) return;
  std::size_t lines = 0;
  for (const auto& site : std::filesystem::directory_iterator(*root)) {
    const std::string text = test::read_text(site.path() / "pywb.cdxj");
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      const auto capture = cdx::from_cdxj(std::string_view(text).substr(at, end - at));
      BOOST_REQUIRE(capture.has_value());
      BOOST_TEST(cdx::from_cdxj(cdx::to_cdxj(*capture)).value() == *capture);
      ++lines;
      at = end + 1;
    }
  }
  BOOST_TEST(lines > 400u);
}
