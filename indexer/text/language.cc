#include "indexer/text/language.h"

#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>

#include "core/base/ascii.h"

namespace wm::text {
namespace {

constexpr std::size_t kSampleBytes = 64 << 10;
constexpr std::size_t kWordsEnough = 5;

struct Counts {
  std::size_t latin = 0, han = 0, kana = 0, hangul = 0, cyrillic = 0, arabic = 0, hebrew = 0,
              greek = 0, thai = 0, devanagari = 0;
  std::size_t ukrainian = 0, persian = 0;
  std::size_t letters() const {
    return latin + han + kana + hangul + cyrillic + arabic + hebrew + greek + thai + devanagari;
  }
};

void count(UChar32 c, Counts& counts) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(c, &error)) {
    case USCRIPT_HAN:
      ++counts.han;
      break;
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
      ++counts.kana;
      break;
    case USCRIPT_HANGUL:
      ++counts.hangul;
      break;
    case USCRIPT_LATIN:
      ++counts.latin;
      break;
    case USCRIPT_CYRILLIC:
      ++counts.cyrillic;
      if (c == 0x454 || c == 0x456 || c == 0x457 || c == 0x491) ++counts.ukrainian;
      break;
    case USCRIPT_ARABIC:
      ++counts.arabic;
      if (c == 0x67e || c == 0x686 || c == 0x698 || c == 0x6af || c == 0x6cc) ++counts.persian;
      break;
    case USCRIPT_HEBREW:
      ++counts.hebrew;
      break;
    case USCRIPT_GREEK:
      ++counts.greek;
      break;
    case USCRIPT_THAI:
      ++counts.thai;
      break;
    case USCRIPT_DEVANAGARI:
      ++counts.devanagari;
      break;
    default:
      break;
  }
}

Counts counts_of(std::string_view text) {
  Counts counts;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    if (bytes[at] < 0x80) {
      if (is_alpha(text[static_cast<std::size_t>(at)])) ++counts.latin;
      ++at;
      continue;
    }
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c >= 0) count(c, counts);
  }
  return counts;
}

/// The language that a script means, "latin" or "cyrillic" where several are written in it.
std::string_view by_script(const Counts& counts) {
  const std::size_t all = counts.letters();
  if (all == 0) return {};
  const auto most = [&](std::size_t one) {
    return one * 5 > all * 2;
  };  // 40 %: pages are full of Latin names
  // A Han character says as much as a word of several letters.
  const std::size_t cjk = (counts.han + counts.kana + counts.hangul) * 3;
  if (cjk > all - cjk / 3) {
    if (counts.hangul > counts.han + counts.kana) return "ko";
    return counts.kana * 10 > counts.han + counts.kana ? "ja" : "zh";
  }
  if (most(counts.cyrillic)) return counts.ukrainian * 50 > counts.cyrillic ? "uk" : "cyrillic";
  if (most(counts.arabic)) return counts.persian * 30 > counts.arabic ? "fa" : "ar";
  if (most(counts.hebrew)) return "he";
  if (most(counts.greek)) return "el";
  if (most(counts.thai)) return "th";
  if (most(counts.devanagari)) return "hi";
  return "latin";
}

struct Words {
  std::string_view language;
  std::string_view words;
};

// The most frequent words of each language that few others have.
constexpr std::array<Words, 20> kWords = {{
    {"en",
     "the of and to is that for with are this was from have not you which their has were will "
     "would"},
    {"de",
     "der die und das ist nicht mit für auf dem den ein eine sich auch werden wird oder bei sind "
     "von zu"},
    {"fr",
     "le les des est dans pour une qui sur par avec plus pas sont cette aux ou être leur mais nous "
     "vous"},
    {"es",
     "el los las por una con para está como más pero sus este ya entre cuando muy sin sobre "
     "también hay del"},
    {"it",
     "il che di è della per una sono con non gli nel anche più alla questo delle dei come ma si"},
    {"pt",
     "os uma não com para é como mais das dos pelo pela ao você são também foi ou seu sua em"},
    {"nl",
     "het een van en is dat niet op te zijn voor met als deze worden wordt ook door naar maar bij"},
    {"sv", "och att det som är på för med av en den inte till har om ett jag var kan från eller"},
    {"da", "og det er af til på med som for den ikke der har de et blev også kan vil fra eller"},
    {"no", "og det er av til på med som for den ikke har de et ble også kan vil fra eller jeg"},
    {"fi",
     "ja on ei se että hän oli mutta ovat kun joka tai myös sekä ole niin kuin voi mukaan vuonna"},
    {"hu", "az és hogy nem egy van is meg már csak ezt volt azt mint vagy ha még lehet kell után"},
    {"ro",
     "și în la cu pe este nu mai care din sunt pentru fi ca sau fost prin după această acest"},
    {"tr",
     "ve bir bu için ile da de olarak çok daha gibi olan en kadar sonra değil ama ne var her"},
    {"ca",
     "els les amb per una què són més com també aquest aquesta dels seva ser però molt fins entre "
     "sobre"},
    {"pl", "nie się na że jest do jak ale po co tak za od przez przy dla są który oraz jego"},
    {"cs",
     "se na je že byl který jako ale jsou jeho také nebo podle však když až pro při ve které"},
    {"vi", "và của là các có không được cho một người với những trong đã này khi để như về từ"},
    {"id",
     "yang dan di untuk dengan dari ini pada adalah dalam tidak akan itu atau juga oleh sebagai ke "
     "telah dapat"},
    {"ru", "и в не на что с по как это из но для к от так же или был его все"},
}};

std::string by_words(std::string_view text) {
  static const auto table = [] {
    std::unordered_map<std::string, std::uint32_t> made;
    for (std::size_t i = 0; i < kWords.size(); ++i) {
      for (const auto word : split(kWords[i].words, ' ')) made[std::string(word)] |= 1u << i;
    }
    return made;
  }();
  std::array<std::size_t, kWords.size()> hits{};
  std::string word;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ' ';
    if (is_alpha(c) || static_cast<unsigned char>(c) >= 0x80) {
      if (word.size() < 32) word.push_back(to_lower(c));
      continue;
    }
    if (const auto found = table.find(word); found != table.end()) {
      for (std::size_t i = 0; i < hits.size(); ++i) hits[i] += (found->second >> i) & 1u;
    }
    word.clear();
  }
  const auto best = std::max_element(hits.begin(), hits.end());
  if (*best < kWordsEnough) return {};
  return std::string(kWords[static_cast<std::size_t>(best - hits.begin())].language);
}

bool is_written_in(std::string_view language, std::string_view script) {
  static constexpr std::array<std::string_view, 8> kCyrillic = {"ru", "uk", "bg", "sr",
                                                                "be", "mk", "kk", "mn"};
  static constexpr std::array<std::string_view, 12> kOther = {"zh", "ja", "ko", "ar", "fa", "ur",
                                                              "he", "el", "th", "hi", "ne", "mr"};
  const bool cyrillic = std::find(kCyrillic.begin(), kCyrillic.end(), language) != kCyrillic.end();
  const bool other = std::find(kOther.begin(), kOther.end(), language) != kOther.end();
  return script == "cyrillic" ? cyrillic : !other && (!cyrillic || language == "sr");
}

}  // namespace

std::string primary_language(std::string_view tags) {
  tags = trim(tags);
  const auto end = tags.find_first_of("-_,; \t");
  std::string primary = to_lower(tags.substr(0, end));
  if (primary.size() < 2 || primary.size() > 3 ||
      !std::all_of(primary.begin(), primary.end(), is_alpha))
    return {};
  if (primary == "nb" || primary == "nn") return "no";
  if (primary == "cn") return "zh";  // no tag, but often written
  return primary;
}

std::string text_language(std::string_view text, std::string_view of_page,
                          std::string_view of_header) {
  const std::string_view sample = text.substr(0, kSampleBytes);
  const std::string_view script = by_script(counts_of(sample));
  if (script.empty()) return std::string(!of_page.empty() ? of_page : of_header);
  if (script != "latin" && script != "cyrillic") return std::string(script);
  // "en" is what templates say when nobody thought of it: then the words are asked first.
  std::string counted = by_words(sample);
  for (const std::string_view told : {of_page, of_header}) {
    if (told.empty() || !is_written_in(told, script)) continue;
    if (told == "en" && !counted.empty() && counted != "en") break;
    return std::string(told);
  }
  if (!counted.empty()) return counted;
  return script == "cyrillic" ? "ru" : "";
}

}  // namespace wm::text
