#include "core/base/ascii.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/base/random.h"
#include "tests/support/test_support.h"

namespace wm {

BOOST_AUTO_TEST_CASE(case_is_ascii_only) {
  BOOST_TEST(to_lower("AbC-\xc3\x84") == "abc-\xc3\x84");
  BOOST_TEST(iequals("Content-Type", "content-type"));
  BOOST_TEST(!iequals("a", "ab"));
  BOOST_TEST(istarts_with("HTTP/1.1", "http/"));
  BOOST_TEST(ifind("xxWARC/", "warc/") == 2u);
  BOOST_TEST(ifind("abc", "x") == std::string_view::npos);
  BOOST_TEST(ifind("abc", "a", 9) == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(splitting_keeps_empty_parts) {
  const auto parts = split(",a,,b", ',');
  BOOST_TEST(parts.size() == 4u);
  BOOST_TEST(parts[0] == "");
  BOOST_TEST(parts[3] == "b");
  BOOST_TEST(trim(" \t x y\r\n") == "x y");
}

BOOST_AUTO_TEST_CASE(numbers_are_whole_or_nothing) {
  BOOST_TEST(parse_u64("18446744073709551615").value() == UINT64_MAX);
  for (const char* bad : {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "0x10", "1.0"}) BOOST_TEST(!parse_u64(bad).has_value());
}

struct Encoded {
  std::string_view bytes, base32, base64, hex;
};
const Encoded kRfc4648[] = {{"", "", "", ""},
                            {"f", "MY======", "Zg==", "66"},
                            {"fo", "MZXQ====", "Zm8=", "666f"},
                            {"foo", "MZXW6===", "Zm9v", "666f6f"},
                            {"foob", "MZXW6YQ=", "Zm9vYg==", "666f6f62"},
                            {"fooba", "MZXW6YTB", "Zm9vYmE=", "666f6f6261"},
                            {"foobar", "MZXW6YTBOI======", "Zm9vYmFy", "666f6f626172"}};
std::ostream& operator<<(std::ostream& out, const Encoded& row) { return out << row.bytes; }

BOOST_DATA_TEST_CASE(the_vectors_of_rfc_4648_hold, boost::unit_test::data::make(kRfc4648), row) {
  BOOST_TEST(base32_encode(row.bytes) == row.base32);
  BOOST_TEST(base64_encode(row.bytes) == row.base64);
  BOOST_TEST(hex_encode(row.bytes) == row.hex);
  BOOST_TEST(base32_decode(row.base32).value() == row.bytes);
  BOOST_TEST(base64_decode(row.base64).value() == row.bytes);
  BOOST_TEST(hex_decode(row.hex).value() == row.bytes);
}

BOOST_AUTO_TEST_CASE(decoding_takes_what_others_write_and_refuses_rubbish) {
  BOOST_TEST(base32_decode("mzxw6ytboi").value() == "foobar");
  BOOST_TEST(base64_decode("-_8").value() == "\xfb\xff");
  BOOST_TEST(!base32_decode("1").has_value());
  BOOST_TEST(!base32_decode("A").has_value());
  BOOST_TEST(!base64_decode("Zg=g").has_value());
  BOOST_TEST(!hex_decode("abc").has_value());
  BOOST_TEST(!hex_decode("zz").has_value());
}

BOOST_AUTO_TEST_CASE(random_bytes_come_back_from_every_encoding) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string bytes = random_bytes(size);
    BOOST_TEST(base32_decode(base32_encode(bytes)).value() == bytes);
    BOOST_TEST(base64_decode(base64_encode(bytes)).value() == bytes);
    BOOST_TEST(hex_decode(hex_encode(bytes)).value() == bytes);
  }
}

BOOST_AUTO_TEST_CASE(invalid_utf8_becomes_replacement_characters) {
  const std::string fffd = "\xef\xbf\xbd";
  BOOST_TEST(valid_utf8("a\xffz") == "a" + fffd + "z");
  BOOST_TEST(valid_utf8("\xe4\xb8\xad") == "\xe4\xb8\xad");
  for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xb8", "\x80", "\xf8\x88\x80\x80\x80"}) {
    const test::ExactCopy copy(bad);
    BOOST_TEST(!is_valid_utf8(copy.view()));
    BOOST_TEST(is_valid_utf8(valid_utf8(copy.view())));
  }
}

BOOST_AUTO_TEST_CASE(uuids_are_version_4_and_differ) {
  const std::string one = random_uuid();
  BOOST_TEST(one.size() == 36u);
  BOOST_TEST(one[14] == '4');
  BOOST_TEST((std::string_view("89ab").find(one[19]) != std::string_view::npos));
  BOOST_TEST(one != random_uuid());
}

}  // namespace wm
