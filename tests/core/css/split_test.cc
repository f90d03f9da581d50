#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/core/css/use_list.h"

namespace wm::css {

namespace {

/// Keeps nothing but sums.
struct Counter final : CssScanner::Sink {
  std::size_t bytes = 0, urls = 0, longest = 0;
  void on_bytes(std::string_view text) override { bytes += text.size(); }
  void on_url(const UrlUse& use) override {
    bytes += use.raw.size();
    longest = std::max(longest, use.raw.size());
    ++urls;
  }
};

Counter count(std::string_view sheet, std::size_t piece) {
  Counter counter;
  CssScanner scanner(counter);
  for (std::size_t at = 0; at < sheet.size(); at += piece) scanner.feed(sheet.substr(at, piece));
  scanner.finish();
  return counter;
}

struct Hostile {
  std::string_view why, part;
};
std::ostream& operator<<(std::ostream& out, const Hostile& row) {
  return out << row.why;
}

const Hostile kHostile[] = {{"open parentheses", "("},
                            {"open blocks", "{"},
                            {"functions", "a("},
                            {"urls that do not end", "url("},
                            {"quoted urls in each other", "url(\""},
                            {"image-sets", "image-set("},
                            {"backslashes", "\\"},
                            {"escapes", "\\61 "},
                            {"comments", "/*"},
                            {"comments that nearly end", "*"},
                            {"names", "abcdefgh"},
                            {"numbers", "1.e-"},
                            {"bad strings", "'\n"},
                            {"imports", "@import "},
                            {"font-faces", "@font-face{"},
                            {"closing brackets", ")]}"},
                            {"blanks in a url", "url(a  "},
                            {"CDOs", "<!-"},
                            {"namespaces", "@namespace a;"}};

}  // namespace

BOOST_DATA_TEST_CASE(time_is_linear_and_every_byte_comes_back,
                     boost::unit_test::data::make(kHostile), row) {
  const auto sheet_of = [&row](std::size_t size) {
    std::string sheet;
    while (sheet.size() < size) sheet += row.part;
    return sheet;
  };
  const std::string whole = sheet_of(1 << 20), small = sheet_of(1 << 15);
  BOOST_TEST(count(whole, whole.size()).bytes == whole.size());
  BOOST_TEST(count(whole, 4096).bytes == whole.size());
  BOOST_TEST(count(small, 1).bytes == small.size());
}

BOOST_AUTO_TEST_CASE(a_url_over_a_mebibyte_is_passed_over) {
  constexpr std::size_t kLimit = 1 << 20;
  for (const std::string quote : {"", "'"}) {
    for (const std::size_t size : {kLimit, kLimit + 1, 3 * kLimit}) {
      const std::string sheet = "a{b:url(" + quote + std::string(size, 'x') + quote + ");c:url(d)}";
      for (const std::size_t piece : {sheet.size(), std::size_t{100000}}) {
        const Counter counter = count(sheet, piece);
        BOOST_TEST(counter.bytes == sheet.size());
        BOOST_TEST(counter.urls == (size <= kLimit ? 2u : 1u));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(brackets_deeper_than_are_told_apart_still_close) {
  const std::string deep(5000, '('), closed(5000, ')');
  BOOST_TEST(test::shown(test::uses_of(
                             {"a{b:" + deep + closed + "image-set('c' 1x)}@font-face{src:url(d)}"})
                             .lines) == "resource 'c' | font d");
}

BOOST_AUTO_TEST_CASE(any_bytes_at_any_split_give_the_same_uses) {
  const std::string_view parts[] = {"url(",        "url",
                                    "(",           ")",
                                    "'",           "\"",
                                    "\\",          "\n",
                                    "\r\n",        " ",
                                    "/*",          "*/",
                                    "/",           "*",
                                    "@import ",    "@",
                                    "font-face",   "{",
                                    "}",           ";",
                                    "image-set(",  "-webkit-image-set(",
                                    "src(",        "-",
                                    "--",          "1",
                                    ".",           "e",
                                    "+",           "#",
                                    "<!--",        "-->",
                                    "<",           "\\75rl(",
                                    "\\6",         "1 ",
                                    "@namespace ", "\xc3\xa9",
                                    "\x01",        "a",
                                    "[",           "]",
                                    "u",           "r",
                                    "l",           "%",
                                    "@font-face{", "url('"};
  std::mt19937 random(11);
  for (int round = 0; round < 4000; ++round) {
    std::string sheet;
    for (std::size_t n = random() % 14; n > 0; --n) sheet += parts[random() % std::size(parts)];
    test::checked_uses(sheet);
  }
}

}  // namespace wm::css
