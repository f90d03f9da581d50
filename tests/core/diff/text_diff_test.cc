#include "core/diff/text_diff.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>

#include "core/base/ascii.h"
#include "core/diff/script_internal.h"
#include "tests/support/test_support.h"

namespace wm::diff {

namespace {

/// "[-gone-]{+come+}" around what changed.
std::string marked(const Difference& difference) {
  std::string out;
  for (const Passage& passage : difference.passages) {
    out += passage.text;
    for (const Piece& piece : passage.pieces) {
      const std::string text(piece.text);
      out += piece.op == Piece::Op::kSame      ? text
             : piece.op == Piece::Op::kDeleted ? "[-" + text + "-]"
                                               : "{+" + text + "+}";
    }
  }
  return out;
}

std::string side(const Difference& difference, Piece::Op without) {
  std::string out;
  for (const Passage& passage : difference.passages) {
    out += passage.text;
    for (const Piece& piece : passage.pieces) {
      if (piece.op != without) out += piece.text;
    }
  }
  return out;
}

/// Blanks are alike, so which one stands there is not told.
std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return is_space(c); });
  return text;
}

struct Row {
  const char* reason;
  std::string before, after, expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"the same text has no change", "one\ntwo\n", "one\ntwo\n", "one\ntwo\n"},
    {"two empty texts", "", "", ""},
    {"a word was replaced", "the red fox\n", "the blue fox\n", "the [-red-]{+blue+} fox\n"},
    {"a line was added", "a\nc\n", "a\nb\nc\n", "a\n{+b\n+}c\n"},
    {"a line was removed", "a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"},
    {"everything is new", "", "x y", "{+x y+}"},
    {"everything is gone", "x y", "", "[-x y-]"},
    {"Chinese goes by characters", "湖边的白鹭站着不动。\n", "湖边的苍鹭站着动。\n",
     "湖边的[-白-]{+苍+}鹭站着[-不-]动。\n"},
    {"Chinese beside English", "图书馆 opens 9点\n", "图书馆 closes 9点半\n",
     "图书馆 [-opens-]{+closes+} 9点{+半+}\n"},
    {"a word with marks is one word", "naïve café\n", "naïve cafés\n", "naïve [-café-]{+cafés+}\n"},
    {"Cyrillic goes by words", "красная лиса\n", "синяя лиса\n", "[-красная-]{+синяя+} лиса\n"},
    {"how long a blank is does not matter", "a  b c\n", "a b d\n", "a b [-c-]{+d+}\n"},
    {"punctuation stands for itself", "end.\n", "end!\n", "end[-.-]{+!+}\n"},
    {"bytes that are no UTF-8 are compared all the same", "a \xff\xfe b\n", "a \xff b\n",
     "a \xff[-\xfe-] b\n"},
    {"no line end at the end", "a\nb", "a\nb\n", "a\nb{+\n+}"},
};

}  // namespace

BOOST_DATA_TEST_CASE(changes_are_marked, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(marked(compare(row.before, row.after)) == row.expected);
}

BOOST_AUTO_TEST_CASE(how_much_changed_is_a_number_from_0_to_1) {
  BOOST_TEST(compare("a b c d", "a b c d").changed() == 0);
  BOOST_TEST(compare("", "").changed() == 0);
  BOOST_TEST(compare("a b", "c d").changed() == 1);
  BOOST_TEST(compare("a b c d", "a b c e").changed() == 0.25);
  const Difference chinese = compare("白鹭站着", "苍鹭站着");
  BOOST_TEST(chinese.same == 3u);
  BOOST_TEST(chinese.changed() == 0.25);
}

BOOST_AUTO_TEST_CASE(both_texts_can_be_read_off_whatever_they_are) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const auto text = [&] {
      std::string made;
      const auto length = random() % 60;
      for (unsigned i = 0; i < length; ++i)
        made += std::array{"a", "b", "c", "\n", "鹭", "x1", ".", "\xe9"}[random() % 8];
      return made;
    };
    const std::string before = text(), after = text();
    const Difference difference = compare(before, after);
    BOOST_REQUIRE_EQUAL(without_blanks(side(difference, Piece::Op::kInserted)),
                        without_blanks(before));
    BOOST_REQUIRE_EQUAL(side(difference, Piece::Op::kDeleted), after);
    BOOST_REQUIRE(difference.changed() >= 0 && difference.changed() <= 1);
  }
}

BOOST_AUTO_TEST_CASE(the_script_is_a_shortest_one_where_little_changed) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint32_t> a, b;
    for (unsigned i = 0; i < random() % 25; ++i) a.push_back(random() % 4);
    for (unsigned i = 0; i < random() % 25; ++i) b.push_back(random() % 4);
    std::vector<std::vector<std::size_t>> common(a.size() + 1,
                                                 std::vector<std::size_t>(b.size() + 1, 0));
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = 0; j < b.size(); ++j)
        common[i + 1][j + 1] =
            a[i] == b[j] ? common[i][j] + 1 : std::max(common[i][j + 1], common[i + 1][j]);
    }
    std::uint64_t steps = 1'000'000;
    const Script script = script_of(a, b, steps);
    const auto kept = static_cast<std::size_t>(std::ranges::count(script.deleted, 0));
    BOOST_REQUIRE_EQUAL(kept, common[a.size()][b.size()]);
    BOOST_REQUIRE_EQUAL(static_cast<std::size_t>(std::ranges::count(script.inserted, 0)), kept);
  }
}

BOOST_AUTO_TEST_CASE(many_shuffled_words_are_compared_within_the_bound) {
  std::mt19937 random(3);
  const auto text = [&] {
    std::string made;
    while (made.size() < (200 << 10))
      made += std::array{"lake ", "bird ", "stone ", "wind ", "reed ", "snow "}[random() % 6];
    return made;
  };
  const std::string before = text(), after = text();
  const Difference difference = compare(before, after, {.steps = 500'000});
  BOOST_TEST(difference.rough);
  BOOST_TEST(side(difference, Piece::Op::kInserted) == before);
  BOOST_TEST(side(difference, Piece::Op::kDeleted) == after);
}

BOOST_AUTO_TEST_CASE(a_small_change_in_a_megabyte_is_found_exactly) {
  std::string before;
  for (int i = 0; before.size() < (1 << 20); ++i)
    before += "line " + std::to_string(i) + " of the book\n";
  std::string after = before;
  after.replace(after.find("line 20000 "), 11, "verse 20000 ");
  const Difference difference = compare(before, after);
  BOOST_TEST(difference.passages.size() == 3u);
  BOOST_TEST(difference.deleted == 1u);
  BOOST_TEST(difference.inserted == 1u);
  BOOST_TEST(!difference.rough);
}

BOOST_AUTO_TEST_CASE(words_never_split_a_character) {
  for (const std::string_view word : words_of("a\xe9\xb9\xad\xe9\xb9"
                                              "b 鹭c"))
    BOOST_TEST(!word.empty());
  BOOST_TEST(words_of("白鹭").size() == 2u);
  BOOST_TEST(words_of("don't").size() == 3u);
}

}  // namespace wm::diff
