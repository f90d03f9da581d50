#include "indexer/text/language.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace wm;

namespace {

struct Row {
  const char* why;
  const char* text;
  const char* page;
  const char* header;
  const char* language;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

constexpr const char* kEnglish =
    "The history of the town is long, and the people that live in it have seen the best and the "
    "worst of times.";
constexpr const char* kGerman =
    "Die Geschichte der Stadt ist lang, und die Menschen, die in ihr leben, haben das Beste und "
    "das Schlechteste nicht vergessen.";
constexpr const char* kFrench =
    "L'histoire de la ville est longue et les gens qui vivent dans les rues sont avec nous pour "
    "une fête des plus belles.";

const Row kRows[] = {
    {"nothing known", "", "", "", ""},
    {"nothing to read: what the page says", "12 34", "fr", "de", "fr"},
    {"nothing to read: what the header says", "", "", "de", "de"},
    {"English by its words", kEnglish, "", "", "en"},
    {"German by its words", kGerman, "", "", "de"},
    {"French by its words", kFrench, "", "", "fr"},
    {"the page is believed among languages of a script", kEnglish, "nl", "", "nl"},
    {"but English is what templates say", kGerman, "en", "", "de"},
    {"the header is believed after the page", kEnglish, "", "it", "it"},
    {"Chinese by its script", "中文全文检索很重要 with some English words", "en", "en", "zh"},
    {"Japanese by its kana", "東京は日本の首都です", "", "", "ja"},
    {"Korean by its script", "한국어 텍스트입니다", "en", "", "ko"},
    {"Russian by its script", "Привет мир", "en", "", "ru"},
    {"another language of that script, if the page says so", "Привет свят", "bg", "", "bg"},
    {"Ukrainian by its letters", "Україна має багату історію, її люди", "", "", "uk"},
    {"Arabic", "مرحبا بالعالم", "en", "", "ar"},
    {"Persian by its letters", "سلام چطوری گرگ پنج ژاله", "", "", "fa"},
    {"Greek", "Καλημέρα κόσμε", "", "", "el"},
    {"Hebrew", "שלום עולם", "", "", "he"},
    {"Thai", "สวัสดีชาวโลก", "", "", "th"},
    {"too few words to tell", "Lorem ipsum", "", "", ""},
    {"bytes that are no text", "\xff\xfe\x80", "", "", ""},
};

struct TagRow {
  const char* tags;
  const char* primary;
};
std::ostream& operator<<(std::ostream& out, const TagRow& row) {
  return out << row.tags;
}
const TagRow kTags[] = {{"en", "en"},    {" EN-us ", "en"}, {"zh_CN", "zh"}, {"de, en", "de"},
                        {"nb-NO", "no"}, {"cn", "zh"},      {"", ""},        {"x", ""},
                        {"english", ""}, {"12", ""},        {"fil", "fil"}};

}  // namespace

BOOST_DATA_TEST_CASE(language_of_a_text, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(text::text_language(row.text, row.page, row.header) == row.language);
}

BOOST_DATA_TEST_CASE(primary_subtags, boost::unit_test::data::make(kTags), row) {
  BOOST_TEST(text::primary_language(row.tags) == row.primary);
}
