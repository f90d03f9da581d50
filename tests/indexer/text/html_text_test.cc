#include "indexer/text/html_text.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "core/base/ascii.h"
#include "tests/support/test_support.h"

using namespace wm;

namespace {

text::PageText page(std::string_view html) {
  const test::ExactCopy copy(html);
  return text::html_text(copy.view(), 1 << 20);
}

struct Row {
  const char* why;
  const char* html;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

const Row kRows[] = {
    {"nothing", "", ""},
    {"plain text", "a b", "a b"},
    {"blanks collapse", " a \n\t b&nbsp;&nbsp;c ", "a b c"},
    {"blocks are lines", "<p>a</p><p>b<br>c<div>d", "a\nb\nc\nd"},
    {"inline tags join", "a<b>b</b>c <i>d</i>", "abc d"},
    {"cells and items are apart", "<table><tr><td>a<td>b</table><ul><li>c<li>d</ul>", "a\nb\nc\nd"},
    {"references are undone", "&lt;a&gt; &amp; &#x4e2d;&eacute;", "<a> & 中é"},
    {"scripts and styles say nothing", "a<script>var x = '<p>no</p>';</script><style>b{}</style>c",
     "ac"},
    {"comments say nothing", "a<!-- no -->b", "ab"},
    {"templates say nothing", "a<template><p>no</p><template>no</template></template>b", "ab"},
    {"an unclosed tag is not text", "a<b", "a"},
    {"what seems the matter comes first",
     "<nav>menu</nav><main>matter</main><footer>foot</footer>other", "matter\nother\nmenu\nfoot"},
    {"navigation within the matter comes last", "<article>a<nav>toc</nav>b</article>", "a\nb\ntoc"},
    {"what is hidden comes last",
     "<div hidden>h<div>i</div></div>a<p style='x:y;display : none'>j</p><span "
     "aria-hidden=true>k</span>b",
     "a\nb\nh\ni\nj\nk"},
    {"a hidden void tag hides nothing", "<br hidden>a<input hidden>b", "ab"},
    {"roles are regions", "<div role=navigation>n</div><div role=main>m</div>", "m\nn"},
    {"what was opened in a region ends with it", "<nav><aside>x</nav>a", "a\nx"},
    {"text areas are text", "<textarea>t &amp; u</textarea>a", "a\nt & u"},
    {"pictures have words", "<main>a <img alt='a cat'> b</main>", "a a cat b"},
    {"words in drawings", "<svg><title>t</title><text>s</text></svg>a", "t\nsa"},
    {"noscript is kept", "a<noscript>n</noscript>", "a\nn"},
    {"preformatted code keeps its words", "<pre>int\n  main();</pre>", "int main();"},
};

}  // namespace

BOOST_DATA_TEST_CASE(text_of_html, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(page(row.html).text == row.text);
}

BOOST_AUTO_TEST_CASE(title_description_headings_and_language_are_told_apart) {
  const auto p = page(
      "<html lang='zh-Hans'><head><title>A &amp;\n B</title><title>second</title><meta "
      "name=Description content='says &quot;x&quot;'>"
      "<meta property=og:title content=social></head><body><h1>Head "
      "<i>one</i></h1><p>t</p><h2>Two</h2><svg><title>no</title></svg>");
  BOOST_TEST(p.title == "A & B");
  BOOST_TEST(p.description == "says \"x\"");
  BOOST_TEST(p.headings == "Head one\nTwo");
  BOOST_TEST(p.language == "zh-Hans");
  BOOST_TEST(p.text.find("Head one\nt\nTwo") == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_meant_for_social_sites_serves_when_nothing_else_is_there) {
  const auto p = page(
      "<meta property=og:title content='T'><meta name=twitter:description content='D'><meta "
      "http-equiv=Content-Language content='de'>");
  BOOST_TEST(p.title == "T");
  BOOST_TEST(p.description == "D");
  BOOST_TEST(p.language == "de");
}

BOOST_AUTO_TEST_CASE(an_unclosed_heading_is_not_the_whole_page) {
  BOOST_TEST(page("<section><h1>a</section><p>b<p>c").headings == "a");
}

BOOST_AUTO_TEST_CASE(pages_made_to_be_slow_are_not) {
  std::string divs, hidden, regions, tags, references, attributes = "<p ";
  for (int i = 0; i < 200000; ++i) divs += "<div>";
  for (int i = 0; i < 100000; ++i) hidden += "<p hidden>x";
  for (int i = 0; i < 100000; ++i) regions += i % 2 ? "<nav>a" : "<main>b";
  for (int i = 0; i < 100000; ++i) tags += "</nav><h1>";
  for (int i = 0; i < 200000; ++i) references += "&ampx";
  for (int i = 0; i < 100000; ++i) attributes += "a" + std::to_string(i) + "=1 ";
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& html : {divs, hidden, regions, tags, references, attributes + ">x"})
    BOOST_TEST(page(html).text.size() <= 1u << 20);
  BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < 20);
}

BOOST_AUTO_TEST_CASE(no_more_than_the_limit_comes_out) {
  std::string html;
  for (int i = 0; i < 1000; ++i) html += "<p>word<nav>word</nav><main>word</main>";
  for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{100}})
    BOOST_TEST(text::html_text(html, limit).text.size() <= limit);
}

BOOST_AUTO_TEST_CASE(html_cut_anywhere_is_read) {
  const std::string html =
      "<html lang=en><title>T&amp;</title><meta name=description content='d'><nav "
      "hidden>n</nav><main><h1>H</h1>&#20013;x</main><svg><![CDATA[c]]></svg>";
  for (std::size_t end = 0; end <= html.size(); ++end) {
    const auto p = page(std::string_view(html).substr(0, end));
    BOOST_TEST(is_valid_utf8(p.text));
  }
}
