#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "indexer/cdx/key_internal.h"
#include "indexer/store/coding.h"
#include "tests/indexer/cdx/cdx_test_support.h"

using namespace wm;
using cdx::Capture;

namespace {

Capture through(const Capture& capture) {
  Capture back;
  back.collection = capture.collection;
  back.surt = capture.surt;
  back.time = capture.time;
  back.file = capture.file;
  back.offset = capture.offset;
  const std::string value = cdx::encode_value(capture);
  const test::ExactCopy copy(value);
  BOOST_REQUIRE(cdx::decode_value(copy.view(), back).has_value());
  return back;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_field_of_a_value_comes_back) {
  Capture capture = test::capture_of("com,example)/", "2010");
  for (const char* url : {"http://example.com/", "https://example.com/", "http://www.example.com/",
                          "https://www.example.com/", "http://Example.com", "urn:x", ""}) {
    capture.url = url;
    BOOST_TEST(through(capture) == capture);
  }
  capture.surt = "com,example:8080)/a?b=c&d";
  capture.url = "https://www.example.com:8080/a?b=c&d";
  BOOST_TEST(through(capture) == capture);
  BOOST_TEST(cdx::encode_value(capture).size() < 30u);
  for (const char* digest :
       {"", "sha1:short", "sha256:abc", "sha1:2sfbwe37niokalwsvdbvzudx3n4aknn4"}) {
    capture.digest = digest;
    BOOST_TEST(through(capture) == capture);
  }
  capture.mime = "application/x-odd";
  capture.status.reset();
  BOOST_TEST(through(capture) == capture);
  capture.mime = "warc/revisit";
  capture.status = 304;
  capture.refers_to_uri = capture.url;
  capture.refers_to_time = test::at_time("99991231235959");
  capture.method = "PUT";
  capture.redirect = "http://x/";
  BOOST_TEST(through(capture) == capture);
  capture.refers_to_uri = "http://other/";
  BOOST_TEST(through(capture) == capture);
  BOOST_TEST(cdx::encode_value(capture).front() == '\1');
  for (const char* url : {"https://www.example.com:8080/a?b=c&d", "urn:x"}) {
    capture.url = url;
    capture.request_digest = sha1_digest("asked");
    BOOST_TEST(through(capture) == capture);
    BOOST_TEST(cdx::encode_value(capture).front() == '\2');
  }
}

BOOST_AUTO_TEST_CASE(a_value_cut_anywhere_is_an_error_and_never_read_beyond) {
  Capture capture = test::capture_of("com,example)/", "2010");
  capture.url = "http://example.com/other";
  capture.redirect = "http://x/";
  capture.refers_to_uri = "http://y/";
  capture.refers_to_time = test::at_time("2011");
  const std::string value = cdx::encode_value(capture);
  for (std::size_t length = 0; length < value.size(); ++length) {
    const test::ExactCopy copy(std::string_view(value).substr(0, length));
    Capture back;
    BOOST_TEST(!cdx::decode_value(copy.view(), back).has_value());
  }
  std::string newer = value;
  newer[0] = 3;
  Capture back;
  BOOST_TEST((cdx::decode_value(newer, back).error().code == Error::Code::kUnsupported));
}

BOOST_AUTO_TEST_CASE(keys_sort_by_surt_then_time_then_place) {
  const auto key = [](std::string_view surt, std::string_view time, std::uint32_t file,
                      std::uint64_t offset) {
    std::string k = cdx::key_prefix("web", surt);
    cdx::put_time(k, test::at_time(time));
    return k + cdx::place_key(file, offset);
  };
  const std::vector<std::string> sorted = {key("a)/", "0001", 9, 9),
                                           key("a)/", "1999", 1, 1),
                                           key("a)/", "20200101000000", 1, 255),
                                           key("a)/", "20200101000000", 1, 256),
                                           key("a)/", "20200101000000", 256, 0),
                                           key("a)/", "9999", 0, 0),
                                           key("a)/!", "1999", 0, 0),
                                           key("a)/a", "1990", 0, 0)};
  BOOST_TEST(std::is_sorted(sorted.begin(), sorted.end()));
  const auto parts = cdx::parse_key(sorted[4]);
  BOOST_REQUIRE(parts.has_value());
  BOOST_TEST(parts->surt == "a)/");
  BOOST_TEST(parts->time.text() == "20200101000000");
  BOOST_TEST(parts->file == 256u);
  BOOST_TEST(parts->offset == 0u);
  const std::string whole = sorted.front();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const test::ExactCopy copy(std::string_view(whole).substr(0, length));
    BOOST_TEST(!cdx::parse_key(copy.view()).has_value());
  }
}

BOOST_AUTO_TEST_CASE(stored_numbers_and_strings_read_back_and_stop_at_the_end) {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                     std::uint64_t{1} << 32, UINT64_MAX}) {
    std::string bytes;
    store::put_varint(bytes, number);
    store::put_string(bytes, "x");
    store::Reader in(bytes);
    BOOST_TEST(in.varint() == number);
    BOOST_TEST(in.string() == "x");
    BOOST_TEST(in.ok());
    BOOST_TEST(in.at_end());
    BOOST_TEST(in.byte() == 0);
    BOOST_TEST(!in.ok());
  }
  store::Reader overlong(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10));
  overlong.varint();
  BOOST_TEST(!overlong.ok());
  store::Reader beyond(
      std::string_view("\x05"
                       "abc",
                       4));
  BOOST_TEST(beyond.string().empty());
  BOOST_TEST(!beyond.ok());
}
