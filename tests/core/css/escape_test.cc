#include <boost/test/unit_test.hpp>

#include "core/css/css_scanner.h"

namespace wm::css {

BOOST_AUTO_TEST_CASE(an_escaped_url_reads_back_the_same) {
  std::string every;
  for (int c = 1; c < 256; ++c) every += static_cast<char>(static_cast<unsigned char>(c));
  for (const std::string& url :
       {std::string("http://a.example/b?c=d#e"), std::string("a b"), std::string("a)b(c'd\"e\\f"),
        std::string("a\nb\r\nc\fd\te"), every,
        std::string("\x01"
                    "f1"),
        std::string("\\"), std::string("</style>"), std::string("a ")}) {
    for (const char quote : {'"', '\'', '\0'}) {
      const std::string around = quote == 0 ? "" : std::string(1, quote);
      const std::string text = escape_url(url, quote);
      BOOST_TEST(text.find('<') == std::string::npos);
      std::vector<std::string> read;
      for_each_url("a{b:url(" + around + text + around + ")}",
                   [&](const UrlUse& use) { read.push_back(use.url); });
      BOOST_TEST(read == std::vector<std::string>{url});
    }
  }
}

BOOST_AUTO_TEST_CASE(what_needs_no_escape_gets_none) {
  BOOST_TEST(escape_url("http://a.example/b?c=d&e=%20#f", 0) == "http://a.example/b?c=d&e=%20#f");
  BOOST_TEST(escape_url("it's (1)", '"') == "it's (1)");
  BOOST_TEST(escape_url("it's", '\'') == "it\\'s");
  BOOST_TEST(escape_url("a b", 0) == "a\\ b");
}

BOOST_AUTO_TEST_CASE(a_nul_becomes_the_replacement_character) {
  std::vector<std::string> read;
  for_each_url("url(" + escape_url(std::string_view("a\0b", 3), 0) + ")",
               [&](const UrlUse& use) { read.push_back(use.url); });
  BOOST_TEST(read == std::vector<std::string>{"a\xef\xbf\xbd"
                                              "b"});
}

}  // namespace wm::css
