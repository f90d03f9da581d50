#include "indexer/search/query.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/support/test_support.h"

using namespace wm;

namespace {

struct Row {
  const char* why;
  const char* query;
  const char* tree;
  bool noted = false;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

const Row kRows[] = {
    {"nothing is everything", "", "all"},
    {"words are joined by and", "a b c", "(and a b c)"},
    {"and may be written", "a and b AND c & d && e", "(and a b c d e)"},
    {"or binds weaker than and", "a b or c d", "(or (and a b) (and c d))"},
    {"or by sign", "a | b || c", "(or a b c)"},
    {"not binds strongest", "not a b", "(and (not a) b)"},
    {"a minus negates what follows it", "a -b -\"c d\" -(e f)",
     "(and a (not b) (not \"c d\") (not (and e f)))"},
    {"not twice is nothing", "not not a", "a"},
    {"brackets group", "(a or b) c", "(and (or a b) c)"},
    {"brackets end a word", "a(b)c", "(and a b c)"},
    {"phrases in both quotes", "\"a b\" 'c d'", "(and \"a b\" \"c d\")"},
    {"an escaped quote is in the phrase", "\"a \\\"b\\\" c\"", "\"a \"b\" c\""},
    {"an open quote ends with the query", "\"a b", "\"a b\""},
    {"an apostrophe is no quote", "don't stop", "(and don't stop)"},
    {"a lone quote at a word's start is none", "'tis late", "(and 'tis late)"},
    {"a tag", "#AI a", "(and tag:AI a)"},
    {"a tag ends at a bracket", "(#a or #b)", "(or tag:a tag:b)"},
    {"a tag with blanks", "#\"big data\" tag:\"big data\"", "(and tag:big data tag:\"big data\")"},
    {"linkding's words", "!unread !untagged", "(and is:unread is:untagged)"},
    {"fields",
     "title:x url:y site:example.com type:pdf lang:zh before:2024 after:2020-05 is:unread has:note "
     "versions:>1 age:<7d",
     "(and title:x url:y site:example.com type:pdf lang:zh before:2024 after:2020-05 is:unread "
     "has:note versions:>1 age:<7d)"},
    {"a field's phrase", "title:\"a b\" c", "(and title:\"a b\" c)"},
    {"a field's name in any case", "Title:x", "title:x"},
    {"an unknown field is a word", "foo:bar http://a.example/b?c",
     "(and foo:bar http://a.example/b?c)"},
    {"a field without value is a word", "title: x", "(and title: x)"},
    {"a negated field", "-site:a.example", "(not site:a.example)"},
    {"a beginning", "comput* a*b", "(and comput* a*b)"},
    {"code", "std::vector loss.backward() --flag c++ C#",
     "(and std::vector loss.backward --flag c++ C#)"},
    {"full-width signs", "＃标签　“短语 二”　（甲 or 乙）　－丙　ｔｉ：x　title：标题",
     "(and tag:标签 \"短语 二\" (or 甲 乙) (not 丙) ｔｉ:x title:标题)"},
    {"an order", "a sort:title", "a"},
    {"an unknown order", "a sort:nonsense", "a", true},
    {"an open bracket", "c++ (draft", "(and c++ draft)", true},
    {"a lone closing bracket", ")", "all", true},
    {"a closing bracket too many", "a) b", "(and a b)", true},
    {"empty brackets", "a () b", "(and a b)"},
    {"or without a right side", "a or", "a", true},
    {"or without a left side", "or a", "a", true},
    {"an or after another", "a or or b", "(or a b)", true},
    {"or with empty brackets is not everything", "a or ()", "a"},
    {"not without anything", "a not", "a", true},
    {"operators alone are words", "not", "not"},
    {"operators alone are words too", "and or", "(and and or)"},
    {"a minus alone is a word without letters", "a - b", "(and a - b)"},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_query_is_read, boost::unit_test::data::make(kRows), row) {
  const test::ExactCopy copy(row.query);
  const auto parsed = search::parse_query(copy.view());
  BOOST_TEST(search::to_string(parsed.root) == row.tree);
  BOOST_TEST(parsed.note.empty() != row.noted);
}

BOOST_AUTO_TEST_CASE(the_order_is_told_apart_from_the_words) {
  BOOST_TEST((search::parse_query("a sort:title").sort == search::Sort::kTitle));
  BOOST_TEST((search::parse_query("sort:added_asc").sort == search::Sort::kOldest));
  BOOST_TEST(!search::parse_query("a").sort.has_value());
}

BOOST_AUTO_TEST_CASE(long_and_deep_queries_are_cut_and_say_so) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "w" + std::to_string(i) + " ";
  const auto words = search::parse_query(many);
  BOOST_TEST(words.root.children.size() == search::kQueryTerms);
  BOOST_TEST(!words.note.empty());
  const auto deep = search::parse_query(std::string(2000, '(') + "x" + std::string(2000, ')'));
  BOOST_TEST(search::to_string(deep.root) == "x");
  BOOST_TEST(!deep.note.empty());
  std::string nots;
  for (int i = 0; i < 1001; ++i) nots += "not ";
  BOOST_TEST(search::to_string(search::parse_query(nots + "x").root) == "(not x)");
  BOOST_TEST(!search::parse_query(std::string(100000, 'x')).note.empty());
}

BOOST_AUTO_TEST_CASE(any_bytes_are_a_query) {
  std::mt19937 random(3);
  const std::string alphabet = "ab -()\"'#!:*|&\\\xe4\xb8\xad\xef\xbc\x9a\xff \tnotorand";
  for (int i = 0; i < 3000; ++i) {
    std::string query;
    for (std::size_t n = random() % 40; n > 0; --n)
      query +=
          random() % 8 != 0 ? alphabet[random() % alphabet.size()] : static_cast<char>(random());
    const test::ExactCopy copy(query);
    const auto parsed = search::parse_query(copy.view());
    BOOST_TEST(search::to_string(parsed.root).size() < 4096u);
  }
}
