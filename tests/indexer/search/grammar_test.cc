#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/indexer/search/search_test_support.h"

using namespace wm;
using search::Document;
using test::page;

namespace {

/// A small library; each case of the table asks it one question.
struct Library : test::SearchInTemp {
  Library() {
    Document one = page(1, "20200110",
                        "Training loop: call loss.backward() and then optimizer.step(). Uses "
                        "std::vector<float> and --flag. The MPU6050 sensor.");
    one.title = "PyTorch notes";
    one.tags = {"AI/Papers", "python"};
    one.url = "https://docs.example.com/torch/guide?lang=cpp";
    one.states = {"unread"};
    Document two = page(2, "20220315", "重跑gen后50条数据，然后检查结果。中文全文检索很重要。");
    two.title = "实验记录";
    two.tags = {"标签"};
    two.language = "zh";
    two.url = "https://例子.cn/实验";
    Document three =
        page(3, "20230620", "Running shoes for runners. C++ and C# are languages, Naïve café.");
    three.title = "Shoes & more";
    three.mime = "application/pdf";
    three.url = "http://shop.example.org/shoes.pdf";
    three.notes = "buy these";
    Document three_again = page(3, "20230701", "Walking boots.");
    three_again.title = three.title;
    three_again.url = three.url;
    three_again.notes = three.notes;
    three_again.mime = three.mime;
    Document four = page(4, "20240520", "Die Häuser der Stadt. A house with a garden.");
    four.language = "de";
    four.mime = "image/png";
    for (const auto& d : {one, two, three, three_again, four}) put(d);
    commit();
  }
};

Library& library() {
  static Library made;
  return made;
}

struct Row {
  const char* why;
  const char* query;
  const char* links;
  bool noted = false;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why << ": " << row.query;
}

const Row kRows[] = {
    {"a word", "training", "1"},
    {"no such word", "zebra", ""},
    {"all words", "training sensor", "1"},
    {"all words over fields", "pytorch sensor python", "1"},
    {"not all words", "training zebra", ""},
    {"either", "training or shoes", "1 3"},
    {"without", "example -house", "1 3"},
    {"only without", "-training", "2 3 4"},
    {"groups", "(training or shoes) -sensor", "3"},
    {"a phrase", "\"then optimizer\"", "1"},
    {"not a phrase", "\"optimizer then\"", ""},
    {"code as typed", "loss.backward()", "1"},
    {"code as typed, wrong order", "backward.loss", ""},
    {"code with colons", "std::vector", "1"},
    {"an option", "--flag", "1"},
    {"a language with a sign", "C++", "3"},
    {"another", "c#", "3"},
    {"a part of a mixed word", "6050", "1"},
    {"a mixed word", "MPU6050", "1"},
    {"a mixed word written apart", "mpu-6050", ""},
    {"a beginning", "optimi*", "1"},
    {"a stem", "runs", "3"},
    {"a stem of another language", "Haus", "4"},
    {"an exact word does not stem in quotes", "\"run\"", ""},
    {"accents or not", "naive cafe", "3"},
    {"accents or not, the other way", "naïve", "3"},
    {"a Chinese word", "检索", "2"},
    {"one character", "检", "2"},
    {"a mixed Chinese token", "重跑gen后50条", "2"},
    {"a part of one", "后50条", "2"},
    {"across punctuation", "数据，然后", "2"},
    {"characters that are not neighbours", "数结", ""},
    {"a Chinese phrase", "\"全文检索\"", "2"},
    {"a tag", "#python", "1"},
    {"a tag in another case and width", "＃ＰＹＴＨＯＮ", "1"},
    {"a parent tag", "#ai", "1"},
    {"a child tag", "tag:ai/papers", "1"},
    {"no such tag", "#papers", ""},
    {"a Chinese tag", "＃标签", "2"},
    {"the beginning of a tag", "tag:pyth*", "1"},
    {"a site with its hosts", "site:example.com", "1 4"},
    {"a host", "site:docs.example.com", "1"},
    {"a host and a path", "site:example.com/torch", "1"},
    {"an international host", "site:例子.cn", "2"},
    {"not the end of another name", "site:ample.com", ""},
    {"a word of the URL", "url:guide", "1"},
    {"a URL", "url:https://docs.example.com/torch/guide", "1"},
    {"words of the URL are words", "guide torch", "1"},
    {"a title", "title:pytorch", "1"},
    {"a title's phrase", "title:\"shoes more\"", "3"},
    {"not in the title", "title:sensor", ""},
    {"a Chinese title", "标题:x or title：实验", "2"},
    {"a type", "type:pdf", "3"},
    {"types", "type:pdf,image", "3 4"},
    {"a media type", "type:image/png", "4"},
    {"a language", "lang:zh", "2"},
    {"a language with a region", "lang:de-AT", "4"},
    {"before", "before:2021", "1"},
    {"after", "after:2023-06", "3 4"},
    {"between", "after:2022 before:2023", "2"},
    {"a day", "after:20240520", "4"},
    {"a date that is none", "training after:soon", "1", true},
    {"younger than", "age:<30d", "4"},
    {"older than", "age:>2y", "1 2"},
    {"an age that is none", "training age:old", "1", true},
    {"a state", "is:unread", "1"},
    {"linkding's word for it", "!unread", "1"},
    {"untagged", "!untagged", "3 4"},
    {"tagged", "is:tagged", "1 2"},
    {"a state that is none", "training is:nonsense", "1", true},
    {"linkding's unknown word matches all", "training !nonsense", "1", true},
    {"with a note", "has:note", "3"},
    {"with a snapshot", "has:snapshot", "1 2 3 4"},
    {"several versions", "versions:>1", "3"},
    {"one version", "versions:1", "1 2 4"},
    {"several versions within or", "versions:>1 or training", "1 3"},
    {"a field negated", "-type:html", "3 4"},
    {"everything", "", "1 2 3 4"},
    {"nothing to look for", "?!", "1 2 3 4", true},
    {"mended syntax", "training ) or", "1", true},
    {"a title's order", "sort:title has:snapshot", "1 2 3 4"},
};

std::string sorted(std::string list) {
  std::sort(list.begin(), list.end());
  std::erase(list, ' ');
  return list;
}

}  // namespace

BOOST_DATA_TEST_CASE(a_query_finds_the_links_it_means, boost::unit_test::data::make(kRows), row) {
  const auto answer = library().answer(row.query);
  std::string links;
  for (const auto& hit : answer.results) links += std::to_string(hit.link_id);
  BOOST_TEST(sorted(links) == sorted(row.links));
  BOOST_TEST(answer.note.empty() != row.noted);
  BOOST_TEST(answer.total == answer.results.size());
}

BOOST_AUTO_TEST_CASE(the_shown_version_is_within_the_asked_dates) {
  BOOST_TEST(
      library().answer("site:shop.example.org before:20230625").results.at(0).time.value().text() ==
      "20230620000000");
  BOOST_TEST(
      library().answer("site:shop.example.org after:20230625").results.at(0).time.value().text() ==
      "20230701000000");
}

BOOST_AUTO_TEST_CASE(tags_of_the_request_narrow_what_the_query_finds) {
  const auto ask = [](std::vector<std::string> tags) {
    return library()
        .index
        ->search({.query = "",
                  .limit = 10,
                  .offset = 0,
                  .tags = std::move(tags),
                  .links_only = false,
                  .now = {}})
        .value()
        .results.size();
  };
  BOOST_TEST(ask({}) == 4u);
  BOOST_TEST(ask({"PYTHON"}) == 1u);
  BOOST_TEST(ask({"python", "ai"}) == 1u);
  BOOST_TEST(ask({"python", "标签"}) == 0u);
}

BOOST_AUTO_TEST_CASE(any_bytes_get_an_answer) {
  std::mt19937 random(11);
  const std::vector<std::string> pieces = {"a",
                                           "loss.",
                                           " ",
                                           "-",
                                           "(",
                                           ")",
                                           "\"",
                                           "'",
                                           "#",
                                           "!",
                                           "*",
                                           ":",
                                           "or ",
                                           "and ",
                                           "not ",
                                           "title:",
                                           "site:",
                                           "tag:",
                                           "url:",
                                           "type:",
                                           "lang:",
                                           "before:",
                                           "after:2020",
                                           "age:<",
                                           "versions:>",
                                           "is:",
                                           "has:",
                                           "sort:",
                                           "中",
                                           "检索",
                                           "50条",
                                           "\xff",
                                           std::string(1, '\0'),
                                           "＃",
                                           "（",
                                           "“",
                                           "c++",
                                           std::string(300, 'x'),
                                           "collection:",
                                           "2020-01-01",
                                           "http://",
                                           "/",
                                           "../",
                                           "é",
                                           "😀"};
  for (int i = 0; i < 1500; ++i) {
    std::string query;
    for (std::size_t n = random() % 12; n > 0; --n) query += pieces[random() % pieces.size()];
    const auto answer = library().index->search({.query = query,
                                                 .limit = 5,
                                                 .offset = random() % 3,
                                                 .tags = {},
                                                 .links_only = false,
                                                 .now = {}});
    BOOST_TEST_CONTEXT(query) BOOST_REQUIRE(answer.has_value());
  }
}
