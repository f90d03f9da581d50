#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/html/tokenizer.h"
#include "tests/core/html/token_list.h"
#include "tests/support/test_support.h"

namespace wm::html {

struct Reference {
  std::string_view why, written, text, in_attribute;
};
std::ostream& operator<<(std::ostream& out, const Reference& row) {
  return out << row.why;
}

const Reference kReferences[] = {
    {"none", "a b", "a b", "a b"},
    {"with semicolon", "a&amp;b&lt;", "a&b<", "a&b<"},
    {"the longest name wins", "&notin;&not;in&notit;", "\xe2\x88\x89\xc2\xacin\xc2\xacit;",
     "\xe2\x88\x89\xc2\xacin&notit;"},
    {"old names without semicolon", "&ampx &AMP &copy", "&x & \xc2\xa9", "&ampx & \xc2\xa9"},
    {"parameters of old links", "?a=1&copy=2&reg3&lt.",
     "?a=1\xc2\xa9=2\xc2\xae"
     "3<.",
     "?a=1&copy=2&reg3<."},
    {"new names need the semicolon", "&hellip &hellip;", "&hellip \xe2\x80\xa6",
     "&hellip \xe2\x80\xa6"},
    {"a name with digits and its shorter kin", "&sup;&sup1;&sup2&supe;",
     "\xe2\x8a\x83\xc2\xb9\xc2\xb2\xe2\x8a\x87", "\xe2\x8a\x83\xc2\xb9\xc2\xb2\xe2\x8a\x87"},
    {"case counts", "&Auml;&auml;&AUML;", "\xc3\x84\xc3\xa4&AUML;", "\xc3\x84\xc3\xa4&AUML;"},
    {"two code points", "&NotEqualTilde;&fjlig;",
     "\xe2\x89\x82\xcc\xb8"
     "fj",
     "\xe2\x89\x82\xcc\xb8"
     "fj"},
    {"the longest name of all", "&CounterClockwiseContourIntegral;", "\xe2\x88\xb3",
     "\xe2\x88\xb3"},
    {"unknown names", "&unknown; &; &&amp; &#; &#x; &x", "&unknown; &; && &#; &#x; &x",
     "&unknown; &; && &#; &#x; &x"},
    {"numbers", "&#65;&#x41;&#X41&#65x&#0065;", "AAAAxA", "AAAAxA"},
    {"windows-1252 of old pages", "&#128;&#x93;&#153;&#129;",
     "\xe2\x82\xac\xe2\x80\x9c\xe2\x84\xa2\xc2\x81",
     "\xe2\x82\xac\xe2\x80\x9c\xe2\x84\xa2\xc2\x81"},
    {"what is no character", "&#0;&#xd800;&#x110000;&#99999999999999999999;",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"the last ones", "&#x10ffff;&#xffff;", "\xf4\x8f\xbf\xbf\xef\xbf\xbf",
     "\xf4\x8f\xbf\xbf\xef\xbf\xbf"},
    {"at the very end", "a&", "a&", "a&"},
    {"other bytes stay", "\xff&amp;\xe4", "\xff&\xe4", "\xff&\xe4"},
};

BOOST_DATA_TEST_CASE(references_are_undone_as_the_standard_says,
                     boost::unit_test::data::make(kReferences), row) {
  const wm::test::ExactCopy copy(row.written);
  BOOST_TEST(decode_references(copy.view(), InAttribute::kNo) == row.text);
  BOOST_TEST(decode_references(copy.view(), InAttribute::kYes) == row.in_attribute);
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_ampersands_or_nearly_a_name_is_no_trouble) {
  BOOST_TEST(decode_references(std::string(1 << 20, '&'), InAttribute::kNo).size() == std::size_t{1}
                                                                                          << 20);
  std::string text;
  while (text.size() < 1 << 20) text += "&CounterClockwiseContourIntegra";
  BOOST_TEST(decode_references(text, InAttribute::kNo) == text);
  BOOST_TEST(decode_references("&#" + std::string(1 << 20, '1') + ";", InAttribute::kNo) ==
             "\xef\xbf\xbd");
}

BOOST_AUTO_TEST_CASE(what_is_escaped_reads_back_the_same) {
  for (const std::string& value :
       {std::string("a&b<c>d"), std::string("\"'`= \t\n\f\r/"), std::string("&amp;"),
        std::string("plain"), std::string(), std::string("x/"), std::string("\xc3\xa9&copy=")}) {
    for (const char quote : {'"', '\'', '\0'}) {
      const std::string around = quote == 0 ? "" : std::string(1, quote);
      struct Sink final : TokenSink {
        std::string read;
        void on_token(const Token& token) override {
          if (token.attributes != nullptr && token.attributes->size() == 2)
            read = decode_references(token.attributes->front().value, InAttribute::kYes);
        }
      } sink;
      sink.read = "nothing was read";
      tokenize("<a b=" + around + escape_attribute(value, quote) + around + " c>", sink);
      BOOST_TEST(sink.read == value);
    }
    BOOST_TEST(decode_references(escape_text(value), InAttribute::kNo) == value);
    BOOST_TEST(escape_text(value).find('<') == std::string::npos);
  }
}

}  // namespace wm::html
