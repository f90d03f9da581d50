#include "core/charset/charset.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>

#include "core/base/ascii.h"
#include "tests/support/test_support.h"

namespace wm::charset {
namespace {

using namespace std::string_literals;
using From = CharsetGuess::From;
using test::ExactCopy;

const char* const kNames[] = {
    "UTF-8",        "IBM866",       "ISO-8859-2",   "ISO-8859-3",     "ISO-8859-4",
    "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",     "ISO-8859-8-I",
    "ISO-8859-10",  "ISO-8859-13",  "ISO-8859-14",  "ISO-8859-15",    "ISO-8859-16",
    "KOI8-R",       "KOI8-U",       "macintosh",    "windows-874",    "windows-1250",
    "windows-1251", "windows-1252", "windows-1253", "windows-1254",   "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "x-mac-cyrillic", "GBK",
    "gb18030",      "Big5",         "EUC-JP",       "ISO-2022-JP",    "Shift_JIS",
    "EUC-KR",       "replacement",  "UTF-16BE",     "UTF-16LE",       "x-user-defined"};
const auto kEachName = boost::unit_test::data::make(kNames);

BOOST_AUTO_TEST_SUITE(labels)

BOOST_DATA_TEST_CASE(name_themselves_in_any_case, kEachName, name) {
  BOOST_TEST(encoding_of_label(name).value() == name);
  BOOST_TEST(encoding_of_label(" \t\n" + to_lower(name) + "\r\f").value() == name);
}

BOOST_AUTO_TEST_CASE(are_those_of_the_standard) {
  const std::pair<const char*, const char*> kLabels[] = {{"latin1", "windows-1252"},
                                                         {"iso-8859-1", "windows-1252"},
                                                         {"ASCII", "windows-1252"},
                                                         {"us-ascii", "windows-1252"},
                                                         {"iso-8859-9", "windows-1254"},
                                                         {"tis-620", "windows-874"},
                                                         {"gb2312", "GBK"},
                                                         {"x-gbk", "GBK"},
                                                         {"sjis", "Shift_JIS"},
                                                         {"windows-31j", "Shift_JIS"},
                                                         {"ks_c_5601-1987", "EUC-KR"},
                                                         {"big5-hkscs", "Big5"},
                                                         {"utf8", "UTF-8"},
                                                         {"unicode", "UTF-16LE"},
                                                         {"utf-16", "UTF-16LE"},
                                                         {"hz-gb-2312", "replacement"},
                                                         {"iso-2022-kr", "replacement"},
                                                         {"koi8-ru", "KOI8-U"},
                                                         {"mac", "macintosh"},
                                                         {"logical", "ISO-8859-8-I"}};
  for (const auto& [label, name] : kLabels) BOOST_TEST(encoding_of_label(label).value() == name);
  for (const char* none :
       {"", " ", "utf-7", "utf-32", "cp437", "utf 8", "latin-1", "x", "iso-8859-12"}) {
    BOOST_TEST(!encoding_of_label(none));
  }
  BOOST_TEST(!encoding_of_label(std::string(100'000, 'u')));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(prescanning)

struct Row {
  const char* reason;
  std::string bytes;
  const char* found;  ///< "" for nothing
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"meta charset", "<html><head><meta charset=gbk>", "GBK"},
    {"in quotes, any case, blanks", "<META\n CharSet = ' Big5 '>", "Big5"},
    {"with slashes", "<meta/charset=\"koi8-r\"/>", "KOI8-R"},
    {"http-equiv", "<meta http-equiv=Content-Type content=\"text/html; charset=euc-jp\">",
     "EUC-JP"},
    {"content before http-equiv",
     "<meta content='text/html;charset=\"sjis\"' http-equiv='content-type'>", "Shift_JIS"},
    {"content without http-equiv is nothing", "<meta content='text/html;charset=gbk'>", ""},
    {"http-equiv of something else", "<meta http-equiv=refresh content='0;charset=gbk'>", ""},
    {"charset beats content", "<meta http-equiv=content-type content='a;charset=gbk' charset=big5>",
     "Big5"},
    {"charset in content needs its sign",
     "<meta http-equiv=content-type content='charset charset = gbk'>", "GBK"},
    {"an open quote in content", "<meta http-equiv=content-type content='charset=\"gbk'>", ""},
    {"an unquoted end in content", "<meta http-equiv=content-type content='charset=gbk;x'>", "GBK"},
    {"an unknown charset goes on", "<meta charset=x><meta charset=gbk>", "GBK"},
    {"the first of two attributes", "<meta charset=gbk charset=big5>", "GBK"},
    {"UTF-16 is a lie", "<meta charset=utf-16le>", "UTF-8"},
    {"x-user-defined is windows-1252", "<meta charset=x-user-defined>", "windows-1252"},
    {"a comment hides it", "<!-- <meta charset=gbk> --><meta charset=big5>", "Big5"},
    {"an open comment hides all", "<!-- <meta charset=gbk>", ""},
    {"the shortest comment", "<!--><meta charset=gbk>", "GBK"},
    {"in an attribute of another tag it is none",
     "<a title='<meta charset=gbk>'><meta charset=big5>", "Big5"},
    {"in an end tag's attribute it is none", "</a title='<meta charset=gbk>'><meta charset=big5>",
     "Big5"},
    {"after a declaration and an instruction", "<!doctype html><?x?><meta charset=gbk>", "GBK"},
    {"metadata is another element", "<metadata charset=gbk>", ""},
    {"not closed", "<meta charset=gbk", ""},
    {"not closed after a quote", "<meta charset='gbk'", ""},
    {"XML", "<?xml version=\"1.0\" encoding=\"koi8-r\"?>", "KOI8-R"},
    {"XML in single quotes with blanks", "<?xml version='1.0' encoding = 'windows-1251' ?>",
     "windows-1251"},
    {"meta beats XML", "<?xml version='1.0' encoding='gbk'?><meta charset=big5>", "Big5"},
    {"XML not at the start", " <?xml version='1.0' encoding='gbk'?>", ""},
    {"XML with a blank in the name", "<?xml encoding='gb k'?>", ""},
    {"XML not closed", "<?xml encoding='gbk'", ""},
    {"XML of UTF-16 in bytes", "<?xml encoding='utf-16'?>", "UTF-8"},
    {"XML in UTF-16LE", "<\0?\0x\0m\0l\0"s, "UTF-16LE"},
    {"XML in UTF-16BE", "\0<\0?\0x\0m\0l"s, "UTF-16BE"},
    {"nothing", "", ""},
    {"text", "charset=gbk <3 </ > < meta charset=gbk>", ""},
};
BOOST_DATA_TEST_CASE(finds_what_the_standard_finds, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(prescan(ExactCopy(row.bytes).view()).value_or("") == row.found);
  for (std::size_t size = 0; size < row.bytes.size(); ++size)
    prescan(ExactCopy(row.bytes.substr(0, size)).view());
}

BOOST_AUTO_TEST_CASE(looks_at_1024_bytes) {
  const std::string meta = "<meta charset=gbk>";
  BOOST_TEST(prescan(std::string(1024 - meta.size(), ' ') + meta).value() == "GBK");
  BOOST_TEST(!prescan(std::string(1025 - meta.size(), ' ') + meta));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sniffing)

std::string utf16(std::string_view ascii, bool big_endian) {
  std::string bytes;
  for (const char c : ascii) {
    if (big_endian) bytes += '\0';
    bytes += c;
    if (!big_endian) bytes += '\0';
  }
  return bytes;
}

void check(std::string_view bytes, std::optional<std::string_view> http, const char* encoding,
           From from) {
  const CharsetGuess guess = sniff_charset(ExactCopy(bytes).view(), http);
  BOOST_TEST(guess.encoding == encoding);
  BOOST_TEST((guess.from == from));
}

BOOST_AUTO_TEST_CASE(a_mark_beats_http_which_beats_meta) {
  check("\xef\xbb\xbf<meta charset=gbk>", "big5", "UTF-8", From::kBom);
  check("\xff\xfe<", "big5", "UTF-16LE", From::kBom);
  check("\xfe\xff", std::nullopt, "UTF-16BE", From::kBom);
  check("<meta charset=gbk>", "big5", "Big5", From::kHttp);
  check("<meta charset=gbk>", "nonsense", "GBK", From::kMeta);
  check("<meta charset=gbk>\xc3\xbc", std::nullopt, "GBK", From::kMeta);
}

BOOST_AUTO_TEST_CASE(utf_16_without_a_mark_is_seen_by_its_nuls) {
  check(utf16("<html><title>x</title>", false), std::nullopt, "UTF-16LE", From::kDetected);
  check(utf16("<html><title>x</title>", true), std::nullopt, "UTF-16BE", From::kDetected);
  check("abc\0\0\0def"s, std::nullopt, "UTF-8", From::kDefault);
  check(std::string(100, '\0'), std::nullopt, "UTF-8", From::kDefault);
}

BOOST_AUTO_TEST_CASE(valid_utf_8_is_utf_8_though_its_end_is_cut_off) {
  const std::string text =
      "Gr\xc3\xbc\xc3\x9f"
      "e \xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x98\x80";
  for (std::size_t size = 4; size <= text.size(); ++size) {
    const bool ascii = size < 5;
    check(text.substr(0, size), std::nullopt, "UTF-8",
          ascii && size < 4 ? From::kDefault : From::kDetected);
  }
  check("plain", std::nullopt, "UTF-8", From::kDefault);
  check("", std::nullopt, "UTF-8", From::kDefault);
}

BOOST_AUTO_TEST_CASE(other_text_is_detected) {
  const auto encoding_of = [](std::string_view bytes) {
    return sniff_charset(ExactCopy(bytes).view(), std::nullopt).encoding;
  };
  // "Поиск по сайту: все новости и статьи о погоде" and the like.
  BOOST_TEST(encoding_of("\xcf\xee\xe8\xf1\xea \xef\xee \xf1\xe0\xe9\xf2\xf3: \xe2\xf1\xe5 "
                         "\xed\xee\xe2\xee\xf1\xf2\xe8 \xe8 "
                         "\xf1\xf2\xe0\xf2\xfc\xe8 \xee \xef\xee\xe3\xee\xe4\xe5") ==
             "windows-1251");
  BOOST_TEST(encoding_of("\xf0\xcf\xc9\xd3\xcb \xd0\xcf \xd3\xc1\xca\xd4\xd5: \xd7\xd3\xc5 "
                         "\xce\xcf\xd7\xcf\xd3\xd4\xc9 \xc9 "
                         "\xd3\xd4\xc1\xd4\xd8\xc9 \xcf \xd0\xcf\xc7\xcf\xc4\xc5") == "KOI8-R");
  // 日本語のテキストです。これは文字コードの判定に使います。
  BOOST_TEST(encoding_of("\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x83\x65\x83\x4c\x83\x58\x83\x67\x82\xc5"
                         "\x82\xb7\x81\x42\x82\xb1\x82\xea\x82\xcd"
                         "\x95\xb6\x8e\x9a\x83\x52\x81\x5b\x83\x68\x82\xcc\x94\xbb\x92\xe8\x82\xc9"
                         "\x8e\x67\x82\xa2\x82\xdc\x82\xb7\x81\x42") == "Shift_JIS");
  BOOST_TEST(encoding_of("\x1b$B$3$l$O\x1b(B") == "ISO-2022-JP");
  BOOST_TEST(encoding_of("caf\xe9 cr\xe8me, d\xe9j\xe0 vu \xe0 la fran\xe7"
                         "aise") == "windows-1252");
}

BOOST_AUTO_TEST_CASE(what_nothing_tells_is_windows_1252) {
  const CharsetGuess guess = sniff_charset("\xff", std::nullopt);
  BOOST_TEST((guess.encoding == "windows-1252" || guess.from == From::kDetected));
  BOOST_TEST(encoding_of_label(guess.encoding).has_value());
}

BOOST_AUTO_TEST_CASE(takes_no_time_for_large_bodies) {
  const std::string large = std::string(20 << 20, '\xe9') + "<";
  const auto start = std::chrono::steady_clock::now();
  sniff_charset(large, std::nullopt);
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(converting)

struct Row {
  const char* encoding;
  std::string bytes;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.encoding << ' ' << row.text;
}

const Row kRows[] = {
    {"UTF-8", "gr\xc3\xbcn", "grün"},
    {"UTF-8", "\xef\xbb\xbfx", "x"},
    {"UTF-8", "a\xffz\xc3(\xf0\x9f\x98z\xe4\xb8", "a\uFFFDz\uFFFD(\uFFFDz\uFFFD"},
    {"UTF-8", "\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80",
     "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
    {"windows-1252", "\x80\x81\x9f\xe9", "€\u0081Ÿé"},
    {"latin1", "\x93x\x94", "“x”"},
    {"ISO-8859-2", "\xb1\xe6", "ąć"},
    {"ISO-8859-15", "\xa4", "€"},
    {"ISO-8859-16", "\xa4\xaa\xde\x80z", "€ȘȚ\u0080z"},
    {"ISO-8859-8-I", "\xe0", "א"},
    {"IBM866", "\x80\xe0", "Ар"},
    {"KOI8-U", "\xa4\xae\xbe", "єўЎ"},
    {"macintosh", "\xdb\xf0", "€\uF8FF"},
    {"x-mac-cyrillic", "\xa2", "Ґ"},
    {"windows-874", "\xa1\xdb\xfc", "ก\uFFFD\uFFFD"},
    {"windows-1253", "\xe1\xaa", "α\uFFFD"},
    {"windows-1255", "\xca\xe0", "\u05BAא"},
    {"windows-1258", "\xd0", "Đ"},
    {"GBK", "\xd6\xd0\xce\xc4\x80", "中文€"},
    {"gb2312", "\xa3\xa0\xa6\xd9", "　︐"},
    {"gb18030", "\x81\x30\x84\x36\x90\x30\x81\x30", "¥\U00010000"},
    {"GBK", "\xff<b>\xd6", "\uFFFD<b>\uFFFD"},
    {"Big5", "\xa4\xa4\xa4\xe5\x87\xa4\xa3\xe1\x88\x40", "中文\u9F97€\u31C0"},
    {"Big5", "\x85\x40\xff<", "\uFFFD@\uFFFD<"},
    {"Shift_JIS", "\x93\xfa\x96\x7b\\\xb1\x80\x7f\x1a\x1c", "日本\\ｱ\u0080\x7f\x1a\x1c"},
    {"Shift_JIS", "\x87\x40\x81\x60\x82\x40<", "①～\uFFFD@<"},
    {"EUC-JP", "\xc6\xfc\xcb\xdc\x8e\xb1\x8f\xb0\xa1\x80", "日本ｱ丂\uFFFD"},
    {"ISO-2022-JP", "a\x1b$B\x46\x7c\x1b(Bz", "a日z"},
    {"EUC-KR", "\xc7\xd1\x8c\x62\xc9\xa1\x80\xff", "한똟\uFFFD\uFFFD\uFFFD"},
    {"EUC-KR", "\x81\x5b", "\uFFFD["},
    {"UTF-16LE", "\xff\xfe<\0=\xd8\0\xde\0\xd8x\0"s, "<😀\uFFFDx"},
    {"UTF-16BE", "\0<\xd8=\xde\0\0"s, "<😀\uFFFD"},
    {"utf-16", "a\0"s, "a"},
    {"x-user-defined", "a\x80\xbf\xc0\xff", "a\uF780\uF7BF\uF7C0\uF7FF"},
    {"iso-2022-kr", "<script>", "\uFFFD"},
    {"replacement", "", ""},
};
BOOST_DATA_TEST_CASE(gives_what_browsers_give, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(to_utf8(ExactCopy(row.bytes).view(), row.encoding).value() == row.text);
}

BOOST_DATA_TEST_CASE(keeps_ascii_and_always_gives_valid_utf_8, kEachName, name) {
  std::string noise;
  for (unsigned n = 1, i = 0; i < 50'000; ++i)
    noise += static_cast<char>((n = n * 1103515245 + 12345) >> 16);
  const std::string text = to_utf8(ExactCopy(noise).view(), name).value();
  BOOST_TEST(is_valid_utf8(text));
  BOOST_TEST(text.size() <= 3 * noise.size() + 3);
  const bool wide =
      std::string_view(name).starts_with("UTF-16") || std::string_view(name) == "replacement";
  if (!wide)
    BOOST_TEST(to_utf8("<p class=\"a\">x&amp;</p>\r\n", name).value() ==
               "<p class=\"a\">x&amp;</p>\r\n");
}

BOOST_DATA_TEST_CASE(hides_no_markup_behind_any_byte, kEachName, name) {
  const std::string_view encoding = name;
  if (encoding.starts_with("UTF-16") || encoding == "replacement" || encoding == "ISO-2022-JP")
    return;
  for (int byte = 0x80; byte < 0x100; ++byte) {
    for (const char mark : {'<', '>', '"', '\'', '&', '=', ' ', '\n'}) {
      const std::string text =
          to_utf8(std::string{static_cast<char>(byte), mark, '!'}, name).value();
      BOOST_TEST(text.ends_with(std::string{mark, '!'}));
    }
  }
}

BOOST_AUTO_TEST_CASE(is_the_same_across_the_pieces_it_is_made_in) {
  for (std::size_t pad = 8180; pad < 8200; ++pad) {
    const std::string bytes = std::string(pad, 'a') + "\x94\x39\xda\x33\xd6\xd0";
    BOOST_TEST((to_utf8(bytes, "gb18030").value() == std::string(pad, 'a') + "💩中"));
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_encoding) {
  for (const char* none : {"", "utf-7", "utf-32", "cp437", "\xff"}) {
    BOOST_TEST((to_utf8("x", none).error().code == Error::Code::kUnsupported));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace wm::charset
