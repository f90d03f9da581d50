#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/css/css_scanner.h"
#include "core/html/url_attributes.h"
#include "tests/support/test_support.h"

namespace wm::html {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " | ") + part;
  return text;
}

std::vector<std::string> srcset_urls(std::string_view value) {
  const wm::test::ExactCopy copy(value);
  std::vector<std::string> urls;
  for (const auto& candidate : parse_srcset(copy.view()))
    urls.emplace_back(value.substr(candidate.begin, candidate.end - candidate.begin));
  return urls;
}

std::vector<std::string> refresh_urls(std::string_view value) {
  const wm::test::ExactCopy copy(value);
  const auto found = parse_refresh(copy.view());
  return found ? std::vector<std::string>{std::string(
                     value.substr(found->begin, found->end - found->begin))}
               : std::vector<std::string>{};
}

struct Row {
  std::string_view why, value, urls;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

const Row kSrcsets[] = {
    {"empty", "", ""},
    {"blanks and commas", " , ,, ", ""},
    {"one without descriptor", "a.png", "a.png"},
    {"densities and widths", "a.png 1x, b.png 2x,c.png 100w", "a.png | b.png | c.png"},
    {"commas within URLs", "a,b.png 1x, c,d", "a,b.png | c,d"},
    {"commas after a URL end the candidate", "a.png, b.png,, c.png", "a.png | b.png | c.png"},
    {"data: URLs", "data:image/png;base64,AA== 1x, b", "data:image/png;base64,AA== | b"},
    {"commas in parentheses", "a calc(1,2)x, b (,) 2x , c", "a | b | c"},
    {"unclosed parentheses", "a (x, b 2x", "a"},
    {"a closing parenthesis alone", "a )x, b", "a | b"},
    {"line feeds between", "\n a\t1x ,\r\n b\f2x \n", "a | b"},
    {"leading commas", ",,a", "a"},
    {"bad descriptors do not hide a URL", "a 1q, b", "a | b"},
};

const Row kRefreshes[] = {
    {"a time alone", "5", ""},
    {"a time and a semicolon", "5;", ""},
    {"the usual", "5; url=/x", "/x"},
    {"a comma", "5,/x", "/x"},
    {"a blank only", "5 /x", "/x"},
    {"no url=", "5;/x", "/x"},
    {"fractions", "1.5;url=x", "x"},
    {"a fraction without digits", ".5; URL = x", "x"},
    {"many dots", "1.2.3;x", "x"},
    {"no time", "url=/x", ""},
    {"a bad time", "5s; url=/x", ""},
    {"quotes", "0;url='a b' c", "a b"},
    {"quotes that do not end", "0;url=\"a b", "a b"},
    {"quotes without url=", "0;'x'", "x"},
    {"a URL that starts like url", "0;urls.html", "urls.html"},
    {"a URL that starts with u", "0; up.html", "up.html"},
    {"ur is no url", "0;ur=x", "ur=x"},
    {"url without an equals sign", "0;url x", "url x"},
    {"blanks around", "  0 ; url =  x  ", "x"},
    {"empty", "", ""},
    {"an empty URL", "0;url=", ""},
    {"an empty quoted URL", "0;url=''", ""},
};

}  // namespace

BOOST_DATA_TEST_CASE(srcset_is_cut_as_the_standard_says, boost::unit_test::data::make(kSrcsets),
                     row) {
  BOOST_TEST(joined(srcset_urls(row.value)) == row.urls);
}

BOOST_DATA_TEST_CASE(refresh_is_read_as_the_standard_says, boost::unit_test::data::make(kRefreshes),
                     row) {
  BOOST_TEST(joined(refresh_urls(row.value)) == row.urls);
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_candidates_is_no_trouble) {
  std::string value;
  while (value.size() < 1 << 20) value += "a (,";
  BOOST_TEST(parse_srcset(value).size() == 1u);
  value.clear();
  while (value.size() < 1 << 20) value += "a ,";
  BOOST_TEST(parse_srcset(value).size() == value.size() / 3);
  BOOST_TEST(parse_srcset(std::string(1 << 20, ',')).empty());
}

BOOST_AUTO_TEST_CASE(the_cases_of_another_archive_come_out_the_same) {
  const auto path = wm::test::shared_path("corpus/cases/url_extraction_cases_openwayback.json");
  if (!path) return;
  std::size_t checked = 0;
  for (const auto& entry : nlohmann::json::parse(wm::test::read_text(*path))) {
    const auto kind = entry.at("kind").get<std::string>();
    const auto input = entry.at("in").get<std::string>();
    std::vector<std::string> urls;
    if (kind == "srcset") urls = srcset_urls(input);
    if (kind == "meta-refresh") urls = refresh_urls(input);
    if (kind == "css")
      css::for_each_url(input, [&](const css::UrlUse& use) { urls.push_back(use.url); });
    BOOST_TEST(joined(urls) == joined(entry.at("urls").get<std::vector<std::string>>()));
    ++checked;
  }
  BOOST_TEST(checked >= 9u);
}

}  // namespace wm::html
