#include "indexer/search/tokenizer.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "indexer/search/terms.h"
#include "tests/support/test_support.h"

using namespace wm;

namespace {

/// "term@position" of each posting, stems as "Z…".
class List final : public search::TermSink {
 public:
  void term(std::string_view term, std::uint32_t position) override {
    text += std::string(term) + (position != 0 ? "@" + std::to_string(position) : "") + " ";
  }
  void pair(std::string_view bucket) override {
    BOOST_TEST(bucket.size() == 2u);
    text += "P ";
  }
  void stem(std::string_view stem) override { text += "Z" + std::string(stem) + " "; }
  std::string text;
};

std::string terms_of(std::string_view text, std::string_view language = "") {
  const test::ExactCopy copy(text);
  List list;
  search::post_terms(copy.view(), 1, search::Stemmer(language), list);
  if (!list.text.empty()) list.text.pop_back();
  return list.text;
}

struct Row {
  const char* why;
  const char* text;
  const char* terms;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

const Row kRows[] = {
    {"nothing", "", ""},
    {"signs separate", " .,-!? \t\r\n", ""},
    {"words are folded", "Hello WORLD", "hello@1 world@2"},
    {"full-width letters are plain ones", "ＡＢＣ１２３ Ｘ", "abc123@1 abc@1 123@1 x@2"},
    {"compatibility forms are what they stand for", "ﬁn ½x", "fin@1 x@2"},
    {"the German sharp s is two letters", "Straße", "strasse@1"},
    {"letters with marks are found with and without", "Café", "caf\xc3\xa9@1 cafe@1"},
    {"marks may come apart", "Cafe\xcc\x81", "caf\xc3\xa9@1 cafe@1"},
    {"Cyrillic is folded", "МОСКВА", "москва@1"},
    {"letters and digits are parts", "MPU6050", "mpu6050@1 mpu@1 6050@1"},
    {"humps are parts", "JavaScript HTMLParser iPhone",
     "javascript@1 java@1 script@1 htmlparser@2 html@2 parser@2 iphone@3 phone@3"},
    {"underscores join and part", "snake_case __init__ _x_",
     "snake_case@1 snake@1 case@1 init@2 x@3"},
    {"an apostrophe between letters joins", "don't l’avion 'quoted'",
     "don't@1 don@1 l'avion@2 avion@2 quoted@3"},
    {"code falls apart at its signs", "std::vector foo.bar() --flag",
     "std@1 vector@2 foo@3 bar@4 flag@5"},
    {"the names of languages", "C++ c# F# A+", "c@1 c++@1 c@2 c#@2 f@3 f#@3 a@4"},
    {"a number stays one", "2024 10", "2024@1 10@2"},
    {"soft hyphens are not there", "hy\xc2\xadphen", "hyphen@1"},
    {"a lone Han character has its place", "中", "中@1"},
    {"Han runs give characters with their places, and pairs of neighbours", "中文搜索",
     "中@1 P 文@2 P 搜@3 P 索@4"},
    {"between two runs something stands", "你好，世界", "你@1 P 好@2 P@3 世@4 P 界@5"},
    {"scripts that meet are runs of their own", "重跑gen后50条",
     "重@1 P 跑@2 gen@3 后@4 50@5 条@6"},
    {"kana and Han run together, half-width kana are kana", "ｶﾞｽの本", "ガ@1 P ス@2 P の@3 P 本@4"},
    {"kana with marks apart are composed", "か\xe3\x82\x99", "が@1"},
    {"Hangul runs are cut by character", "한국어", "한@1 P 국@2 P 어@3"},
    {"jamo are composed", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한@1"},
    {"Thai has no blanks either", "ไทย", "ไ@1 P ท@2 P ย@3"},
    {"emoji are characters", "ok 😀😀", "ok@1 😀@2 P 😀@3"},
    {"the long vowel sign and the repetition sign belong to the run", "コード々",
     "コ@1 P ー@2 P ド@3 P 々@4"},
    {"bytes that are not UTF-8 separate",
     "a\xff"
     "b\xe4\xb8",
     "a@1 b@2"},
};

}  // namespace

BOOST_DATA_TEST_CASE(terms_of_a_text, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(terms_of(row.text) == row.terms);
}

BOOST_AUTO_TEST_CASE(pairs_fall_into_many_buckets_and_order_counts) {
  std::set<std::string> buckets;
  for (char32_t a = 0x4e00; a < 0x4e00 + 200; ++a) {
    for (char32_t b = 0x4e00; b < 0x4e00 + 200; ++b) buckets.insert(search::pair_term(a, b));
  }
  BOOST_TEST(buckets.size() > 4000u);
  BOOST_TEST(search::pair_term(U'中', U'文') != search::pair_term(U'文', U'中'));
}

BOOST_AUTO_TEST_CASE(stems_are_given_where_they_differ) {
  BOOST_TEST(terms_of("Running run runs", "en") == "running@1 Zrun run@2 runs@3 Zrun");
  BOOST_TEST(terms_of("Häuser", "de") == "h\xc3\xa4user@1 hauser@1 Zhaus");
  BOOST_TEST(terms_of("книги", "ru") == "книги@1 Zкниг");
  BOOST_TEST(terms_of("running x86s", "xx") == "running@1 x86s@2 86@2");
}

BOOST_AUTO_TEST_CASE(a_word_without_end_is_found_by_its_beginning_and_costs_little) {
  const std::string word(1 << 20, 'x');
  BOOST_TEST(terms_of(word + " y") == std::string(64, 'x') + "@1 y@2");
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "ж";
  BOOST_TEST(terms_of(wide).size() == 64u + 2u);
  std::string marks = "a";
  for (int i = 0; i < 100000; ++i) marks += "\xcc\x81";
  BOOST_TEST(terms_of(marks).size() < 400u);
}

BOOST_AUTO_TEST_CASE(a_text_cut_anywhere_is_read_without_a_byte_beyond) {
  const std::string text = "a'b_c++ 중文ｶﾞ1é\xf0\x9f\x98\x80";
  for (std::size_t end = 0; end <= text.size(); ++end)
    terms_of(std::string_view(text).substr(0, end), "en");
}

BOOST_AUTO_TEST_CASE(units_know_their_bytes) {
  const std::string text = "x ＭpU 中ﬁ";
  const auto runs = search::runs_of(text, 10);
  BOOST_REQUIRE(runs.size() == 4u);
  BOOST_TEST(text.substr(runs[1].begin(), runs[1].end - runs[1].begin()) == "ＭpU");
  BOOST_TEST(runs[2].units[0].begin == text.find("中"));
  BOOST_TEST(runs[3].units.size() == 2u);
  BOOST_TEST(runs[3].units[0].begin == runs[3].units[1].begin);
}
