#include "indexer/search/snippet.h"

#include <boost/test/unit_test.hpp>

#include "core/base/ascii.h"
#include "tests/support/test_support.h"

using namespace wm;
using search::Needle;
using search::NeedleAtom;

namespace {

Needle needle(std::string_view text) {
  Needle made;
  for (const auto& run : search::runs_of(text, 50)) {
    NeedleAtom atom;
    atom.grams = run.kind == search::Run::Kind::kGrams;
    if (atom.grams) {
      for (const auto& unit : run.units) atom.characters.push_back(unit.code_point);
    } else {
      atom.term = search::term_of(run);
    }
    made.atoms.push_back(atom);
  }
  return made;
}

std::string marked(std::string_view text, std::vector<Needle> needles,
                   std::string_view language = "en") {
  const test::ExactCopy copy(text);
  const auto marks = search::find_marks(copy.view(), needles, search::Stemmer(language), 100);
  std::string out;
  for (const auto& mark : marks)
    out += "[" + std::string(copy.view().substr(mark.begin, mark.end - mark.begin)) + "]";
  return out;
}

std::string joined(const std::vector<std::string>& fragments) {
  std::string out;
  for (const auto& one : fragments) out += one + "\n";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(hits_are_marked_as_they_are_written) {
  BOOST_TEST(marked("The CAT, a cat; cats.", {needle("cat")}) == "[CAT][cat]");
  BOOST_TEST(marked("uses MPU6050 and MPU-6050", {needle("6050")}) == "[MPU6050][6050]");
  BOOST_TEST(marked("在中文里搜索中文", {needle("中文")}) == "[中文][中文]");
  BOOST_TEST(marked("中中中", {needle("中中")}) == "[中中]");
  BOOST_TEST(marked("ＣＡＦÉ cafe", {needle("cafe")}) == "[ＣＡＦÉ][cafe]");
}

BOOST_AUTO_TEST_CASE(phrases_are_marked_as_a_whole_and_only_where_they_stand) {
  BOOST_TEST(marked("loss.backward() and loss, then backward", {needle("loss.backward()")}) ==
             "[loss.backward]");
  BOOST_TEST(marked("请重跑gen后50条数据", {needle("重跑gen后50条")}) == "[重跑gen后50条]");
  BOOST_TEST(marked("请重跑gen后50条数据", {needle("跑gen")}) == "[跑gen]");
  BOOST_TEST(marked("跑步gen", {needle("跑gen")}) == "");
  BOOST_TEST(marked("new york is a new, new york", {needle("new york")}) == "[new york][new york]");
}

BOOST_AUTO_TEST_CASE(stems_and_beginnings_are_marked) {
  Needle stem = needle("run");
  stem.atoms[0].stems = {"run"};
  BOOST_TEST(marked("running runs ran runner", {stem}) == "[running][runs]");
  Needle start = needle("comp");
  start.atoms[0].beginning = true;
  BOOST_TEST(marked("a computer compiles a cop", {start}) == "[computer][compiles]");
}

BOOST_AUTO_TEST_CASE(a_short_text_is_shown_whole_and_escaped) {
  const std::string text = "a <b> & \"cat\"\n  'x'";
  const auto marks = search::find_marks(text, {needle("cat")}, search::Stemmer("en"), 100);
  BOOST_TEST(joined(search::snippets(text, marks)) ==
             "a &lt;b&gt; &amp; &quot;<mark>cat</mark>&quot; &#39;x&#39;\n");
}

BOOST_AUTO_TEST_CASE(far_hits_come_as_fragments_of_their_own_cut_between_words) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "before ";
  text += "needle ";
  for (int i = 0; i < 100; ++i) text += "between ";
  text += "other needle ";
  for (int i = 0; i < 100; ++i) text += "after ";
  const auto marks =
      search::find_marks(text, {needle("needle"), needle("other")}, search::Stemmer("en"), 100);
  const auto fragments = search::snippets(text, marks, {.fragments = 3, .columns = 60});
  BOOST_REQUIRE(fragments.size() == 2u);
  BOOST_TEST(fragments[0].find("<mark>needle</mark> between") != std::string::npos);
  BOOST_TEST(fragments[1].find("<mark>other</mark> <mark>needle</mark> after") !=
             std::string::npos);
  for (const auto& one : fragments) {
    BOOST_TEST(one.starts_with("…be"));
    BOOST_TEST(one.ends_with("…"));
    BOOST_TEST(one.size() < 140u);
  }
}

BOOST_AUTO_TEST_CASE(chinese_fragments_are_cut_between_characters) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "前面的文字";
  text += "搜索引擎";
  for (int i = 0; i < 200; ++i) text += "後面的文字";
  const auto marks = search::find_marks(text, {needle("搜索")}, search::Stemmer("zh"), 100);
  const auto fragments = search::snippets(text, marks, {.fragments = 2, .columns = 40});
  BOOST_REQUIRE(fragments.size() == 1u);
  BOOST_TEST(fragments[0].find("<mark>搜索</mark>引擎") != std::string::npos);
  BOOST_TEST(is_valid_utf8(fragments[0]));
  BOOST_TEST(fragments[0].size() < 40u / 2 * 3 + 30);
}

BOOST_AUTO_TEST_CASE(a_word_longer_than_a_fragment_does_not_break_it) {
  const std::string text = std::string(5000, 'x') + " cat " + std::string(5000, 'y');
  const auto marks = search::find_marks(text, {needle("cat")}, search::Stemmer("en"), 100);
  BOOST_TEST(joined(search::snippets(text, marks)) == "…<mark>cat</mark>…\n");
  const auto self =
      search::find_marks(text, {needle(std::string(5000, 'x'))}, search::Stemmer("en"), 100);
  BOOST_REQUIRE(self.size() == 1u);
  BOOST_TEST(joined(search::snippets(text, self)).size() < 6000u);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_shown_without_harm) {
  const std::string text = "\x80\x80 a\xff cat \xe4\xb8";
  const auto marks = search::find_marks(text, {needle("cat")}, search::Stemmer("en"), 100);
  BOOST_TEST(search::snippets(text, marks).size() == 1u);
}
