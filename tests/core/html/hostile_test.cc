#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/html/url_attributes.h"
#include "tests/core/html/token_list.h"

namespace wm::html {

using test::checked_tokens;
using test::shown;
using test::tokens_of;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

/// Keeps nothing, so that a megabyte of tokens costs no test memory.
struct Counter final : TokenSink {
  std::size_t tokens = 0, bytes = 0, longest = 0, attributes = 0;
  void on_token(const Token& token) override {
    ++tokens;
    bytes += token.raw.size();
    longest = std::max(longest, token.raw.size());
    if (token.attributes != nullptr) attributes += token.attributes->size();
    if (token.kind == TokenKind::kStartTag) (void)url_attributes(token);
  }
};

Counter count(std::string_view input, std::size_t piece, TokenizerLimits limits = {}) {
  Counter counter;
  Tokenizer tokenizer(counter, limits);
  for (std::size_t at = 0; at < input.size(); at += piece) tokenizer.feed(input.substr(at, piece));
  tokenizer.finish();
  return counter;
}

struct Hostile {
  std::string_view why, before, part;
};
std::ostream& operator<<(std::ostream& out, const Hostile& row) {
  return out << row.why;
}

// A quadratic tokenizer takes minutes for each of these, and runs into the time limit of the test
// program.
const Hostile kHostile[] = {
    {"only <", "", "<"},
    {"nested elements", "", "<div>"},
    {"an unclosed comment full of >", "<!--", "a>b"},
    {"comments that open again and again", "", "<!--"},
    {"comments that nearly end", "<!--", "--!"},
    {"an unclosed value", "<a b=\"", "<c d='>"},
    {"an unclosed unquoted value", "<a b=", "x/=<"},
    {"an unclosed tag full of attributes", "<a", " b='c'"},
    {"an unclosed tag name", "<a", "bcdefgh"},
    {"nearly the end of a script", "<script>", "</scr"},
    {"nearly the end of a title", "<title>", "</titl"},
    {"doubly escaped scripts", "<script>", "<!--<script"},
    {"script comments that end", "<script>", "<!--<script>-->"},
    {"end tags without a start", "", "</p"},
    {"CDATA that nearly ends", "<svg><![CDATA[", "]]"},
    {"nested svg", "", "<svg>"},
    {"nested integration points", "", "<svg><desc>"},
    {"svg end tags that match nothing", "<svg><g><g><g><g><g><g><g><g><g>", "</x>"},
    {"bogus comments", "", "<!x"},
    {"processing instructions", "", "<?"},
    {"slashes", "<a", "/"},
    {"equals signs", "<a ", "="},
};

}  // namespace

BOOST_DATA_TEST_CASE(time_is_linear_and_every_byte_comes_back,
                     boost::unit_test::data::make(kHostile), row) {
  const auto input_of = [&row](std::size_t size) {
    return std::string(row.before) + repeated(row.part, size / row.part.size());
  };
  const std::string whole = input_of(1 << 20), middling = input_of(1 << 17),
                    small = input_of(1 << 15);
  BOOST_TEST(count(whole, whole.size()).bytes == whole.size());
  BOOST_TEST(count(middling, 4096).bytes == middling.size());
  BOOST_TEST(count(small, 1).bytes == small.size());
}

BOOST_AUTO_TEST_CASE(attributes_beyond_the_limit_are_not_told) {
  std::string input = "<a";
  for (int i = 0; i < 20000; ++i) input += " a" + std::to_string(i) + "=1";
  BOOST_TEST(count(input + "><b c>", input.size()).attributes == 10001u);
  BOOST_TEST(count(input + ">", 100, {.attributes = 3}).attributes == 3u);
}

BOOST_AUTO_TEST_CASE(equal_names_among_many_are_dropped_and_the_order_stays) {
  std::string input = "<a";
  for (int i = 0; i < 40; ++i)
    input +=
        " k" + std::to_string(i % 25) + "=" + std::to_string(i) + " K" + std::to_string(i % 25);
  std::string wanted = "start a";
  for (int i = 0; i < 25; ++i) wanted += " k" + std::to_string(i) + "=" + std::to_string(i);
  BOOST_TEST(shown(checked_tokens(input + ">")) == wanted);
  BOOST_TEST(count("<a" + repeated(" longishname=1", 20000) + ">", 1 << 20).attributes == 1u);
  BOOST_TEST(count("<a" + repeated(" " + std::string(3000, 'n'), 300) + ">", 1 << 20).attributes ==
             1u);
}

BOOST_AUTO_TEST_CASE(a_tag_over_the_limit_is_passed_over) {
  const TokenizerLimits limits{.token_bytes = 100};
  const auto tag_of = [](std::size_t size) {
    return "<img src='" + std::string(size - 12, 'x') + "'>";
  };
  BOOST_TEST(checked_tokens(tag_of(100) + "y", limits).front().starts_with("start img"));
  BOOST_TEST(shown(checked_tokens(tag_of(101) + "y", limits)) ==
             "comment " + tag_of(101) + " | text y");
  BOOST_TEST(shown(checked_tokens(
                 "a<b c=\"" + std::string(500, '>') + "\" d>e</b" + std::string(300, ' ') + ">f",
                 limits)) == "text a | comment <b c=\"" + std::string(500, '>') +
                                 "\" d> | text e | comment </b" + std::string(300, ' ') +
                                 "> | text f");
}

BOOST_AUTO_TEST_CASE(a_script_tag_over_the_limit_still_begins_a_script) {
  const TokenizerLimits limits{.token_bytes = 100};
  const std::string tag = "<script src='" + std::string(200, 'x') + "'>";
  BOOST_TEST(shown(checked_tokens(tag + "a<b></script>c", limits)) ==
             "comment " + tag + " | raw(script) a<b> | end script | text c");
}

BOOST_AUTO_TEST_CASE(a_tag_over_the_limit_belongs_to_where_it_begins) {
  const std::string tag = "<p a='" + std::string(200, 'x') + "'>";
  BOOST_TEST(shown(checked_tokens("<svg>" + tag + "y", {.token_bytes = 100})) ==
             "start svg /foreign | comment /foreign " + tag + " | text y");
}

BOOST_AUTO_TEST_CASE(names_over_the_limit_are_all_alike) {
  const std::string name(70, 'n');
  const std::string markup = "<" + name + "><svg></" + name + "><style/>";
  BOOST_TEST(shown(checked_tokens(markup, {.token_bytes = 64})) ==
             "comment <" + name + "> | start svg /foreign | comment /foreign </" + name +
                 "> | start style /");
}

BOOST_AUTO_TEST_CASE(other_constructs_over_the_limit_come_in_pieces) {
  const TokenizerLimits limits{.token_bytes = 64};
  const std::string filler(300, '-');
  for (const std::string& input :
       {"<!--" + filler + ">x", "<!DOCTYPE " + filler + ">x", "<!" + filler + ">x",
        "<!-- " + std::string(300, ' ') + "--!>x"}) {
    const auto lines = checked_tokens(input, limits);
    BOOST_TEST(lines.size() == 2u);
    BOOST_TEST(lines.back() == "text x");
  }
  const std::string section = "<![CDATA[" + std::string(300, ']') + ">";
  BOOST_TEST(shown(checked_tokens("<svg>" + section + "x", limits)) ==
             "start svg /foreign | cdata /foreign " + section + " | text /foreign x");
  Counter counter = count("<!--" + std::string(1 << 20, 'x') + "-->", 1000, limits);
  BOOST_TEST(counter.longest < 1200u);
}

BOOST_AUTO_TEST_CASE(any_bytes_at_any_split_give_the_same_tokens) {
  const std::string_view parts[] = {"<",
                                    ">",
                                    "/",
                                    "!",
                                    "--",
                                    "-",
                                    "a",
                                    "=",
                                    "\"",
                                    "'",
                                    " ",
                                    "\n",
                                    "<!--",
                                    "-->",
                                    "<svg>",
                                    "</svg>",
                                    "<math>",
                                    "<mi>",
                                    "<title>",
                                    "</title",
                                    "<script",
                                    "</script>",
                                    "<style",
                                    "</style>",
                                    "<desc>",
                                    "<p>",
                                    "</p>",
                                    "<![CDATA[",
                                    "]]>",
                                    "<!doctype",
                                    "?",
                                    "\0x",
                                    "svg",
                                    "<annotation-xml encoding=text/html>",
                                    "<font color>",
                                    "<plaintext>",
                                    "&amp;",
                                    "</",
                                    "<foreignObject>",
                                    "\xff\xfe",
                                    "a=b"};
  std::mt19937 random(7);
  for (int round = 0; round < 1500; ++round) {
    std::string input;
    for (std::size_t n = random() % 14; n > 0; --n) input += parts[random() % std::size(parts)];
    checked_tokens(input, {.token_bytes = round % 3 == 0 ? std::size_t{64} : std::size_t{1000}},
                   round % 8 == 0 ? Markup::kXml : Markup::kHtml);
  }
}

}  // namespace wm::html
