#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

#include "core/base/ascii.h"
#include "indexer/search/terms.h"
#include "tests/indexer/search/search_test_support.h"

using namespace wm;

namespace {

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    out.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

/// Pages of random characters from a small set, so that the same neighbours come again; some with
/// words and digits between.
std::vector<std::string> pages() {
  std::mt19937 random(5);
  const auto alphabet = characters(
      "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对"
      "可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同"
      "三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名"
      "定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内"
      "加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原"
      "车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战"
      "干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连"
      "远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转"
      "量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找"
      "友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离"
      "虽坐集编宝谈府拉黑且随格尽剑讲布杀微怕母调局根曾准团段终乐切级克精哪官示冲竟乎男举客证苦照注"
      "费足尔招群热推晚响称兴待约阳哥惊吗整支古汉突号绝选吧参刊亚复伤类备欢另港势刻星断陈掌农夜般念"
      "价脑规底故省妈刚句显消衣陆器确破具居批送泪紧");
  std::vector<std::string> made;
  for (int p = 0; p < 40; ++p) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
      text += alphabet[random() % 120];
      if (random() % 12 == 0) text += "，";
      if (random() % 25 == 0) text += " word" + std::to_string(random() % 20) + " ";
      if (random() % 25 == 0) text += std::to_string(random() % 100);
      if (random() % 60 == 0) text += "\n";
    }
    made.push_back(std::move(text));
  }
  return made;
}

bool is_blank_or_stop(std::string_view c) {
  return c == "，" || (c.size() == 1 && !is_alnum(c[0]));
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_substring_of_chinese_text_is_found_and_nothing_but_pages_that_hold_it) {
  test::SearchInTemp t;
  const auto texts = pages();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto d = test::page(i + 1, "2020", texts[i]);
    d.url = "http://h/";  // no words of its own
    d.language = "zh";
    t.put(d);
  }
  t.commit();
  std::mt19937 random(6);
  int checked = 0;
  for (int i = 0; i < 600; ++i) {
    const auto page_characters = characters(texts[random() % texts.size()]);
    const std::size_t length = 1 + random() % 9;
    const std::size_t from = random() % (page_characters.size() - length);
    std::string piece;
    // Whole words and numbers only at the ends: a substring test in Latin script is not what is
    // promised.
    bool whole = true;
    for (std::size_t k = 0; k < length; ++k) piece += page_characters[from + k];
    const auto cut = [&](std::size_t at) {
      return at > 0 && at < page_characters.size() && is_alnum(page_characters[at][0]) &&
             is_alnum(page_characters[at - 1][0]);
    };
    whole = !cut(from) && !cut(from + length);
    if (!whole || piece.find('\n') != piece.npos || piece.find(' ') != piece.npos ||
        is_blank_or_stop(piece))
      continue;
    std::set<std::uint64_t> expected;
    for (std::size_t p = 0; p < texts.size(); ++p) {
      if (texts[p].find(piece) != std::string::npos) expected.insert(p + 1);
    }
    std::set<std::uint64_t> got;
    const auto answer = t.answer(piece);
    for (const auto& hit : answer.results) {
      got.insert(hit.link_id);
      BOOST_TEST_CONTEXT(piece) {
        BOOST_REQUIRE(!hit.snippets.empty());
        BOOST_TEST(hit.snippets[0].find("<mark>") != std::string::npos);
      }
    }
    BOOST_TEST_CONTEXT(piece)
    BOOST_TEST(std::includes(got.begin(), got.end(), expected.begin(), expected.end()));
    // Pure runs are exact as well; across punctuation the signs themselves are not looked at.
    const bool pure = piece.find("，") == piece.npos &&
                      std::none_of(piece.begin(), piece.end(), [](char c) { return is_alnum(c); });
    if (pure) BOOST_TEST_CONTEXT(piece) BOOST_TEST(got.size() == expected.size());
    ++checked;
  }
  BOOST_TEST(checked > 300);
}

BOOST_AUTO_TEST_CASE(japanese_and_korean_are_found_by_any_part) {
  test::SearchInTemp t;
  auto japanese = test::page(1, "2020", "東京タワーの全文検索エンジンはｶﾀｶﾅも読める。");
  auto korean = test::page(2, "2020", "한국어 전문검색 엔진은 조사를 붙인다.");
  t.put(japanese);
  t.put(korean);
  t.commit();
  for (const char* query : {"京", "タワ", "の全文", "検索エン", "カタカナ", "ｴﾝｼﾞﾝ", "読める"})
    BOOST_TEST_CONTEXT(query) BOOST_TEST(t.links(query) == "1");
  for (const char* query : {"한국", "국어", "검색", "엔진", "사를 붙"})
    BOOST_TEST_CONTEXT(query) BOOST_TEST(t.links(query) == "2");
}
