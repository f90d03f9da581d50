#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

#include "archiver/crawl/link_extractor.h"
#include "tests/archiver/crawl/links.h"

using namespace wm;
using html::UrlRole;

BOOST_AUTO_TEST_SUITE(markup_links)

namespace {

const url::Url kPage = url::Url::parse("http://a.example/dir/page.html").value();

std::vector<std::string> requisites(std::string_view markup,
                                    std::optional<std::string_view> charset = "utf-8") {
  return test::requisites_of(
      crawl::links_of_markup(test::ExactCopy(markup).view(), kPage, charset));
}

struct Row {
  const char* why;
  std::string markup;
  std::vector<std::string> urls;
  friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }
};

const std::string kA = "http://a.example/dir/";

const Row kRows[] = {
    {"style sheet", "<link rel=stylesheet href=a.css>", {kA + "a.css"}},
    {"alternate style sheet", "<link rel='alternate stylesheet' href=a.css>", {kA + "a.css"}},
    {"icon", "<link rel='shortcut icon' href=/i.ico>", {"http://a.example/i.ico"}},
    {"touch icon", "<link rel=apple-touch-icon href=t.png>", {kA + "t.png"}},
    {"mask icon", "<link rel=mask-icon href=m.svg>", {kA + "m.svg"}},
    {"tile image", "<meta name=msapplication-TileImage content=tile.png>", {kA + "tile.png"}},
    {"Open Graph image",
     "<meta property=og:image content='//b.example/og.png'>",
     {"http://b.example/og.png"}},
    {"manifest", "<link rel=manifest href=m.json>", {kA + "m.json"}},
    {"preload", "<link rel=preload as=font href=f.woff2>", {kA + "f.woff2"}},
    {"preload of pictures",
     "<link rel=preload as=image imagesrcset='p1.png 1x, p2.png 2x'>",
     {kA + "p1.png", kA + "p2.png"}},
    {"module preload", "<link rel=modulepreload href=m.js>", {kA + "m.js"}},
    {"prefetch", "<link rel=prefetch href=n.html>", {kA + "n.html"}},
    {"script", "<script src=s.js></script>", {kA + "s.js"}},
    {"img", "<img src=i.png>", {kA + "i.png"}},
    {"srcset with a comma in a URL",
     "<img srcset='i1,comma.png 3x, i2.png 2x'>",
     {kA + "i1,comma.png", kA + "i2.png"}},
    {"picture",
     "<picture><source srcset='w.webp 480w, x.webp'><img src=f.png></picture>",
     {kA + "w.webp", kA + "x.webp", kA + "f.png"}},
    {"lazy pictures", "<img data-src=l.png data-srcset='m.png 2x'>", {kA + "l.png", kA + "m.png"}},
    {"video",
     "<video src=v.mp4 poster=p.jpg><source src=v.webm><track src=t.vtt></video>",
     {kA + "v.mp4", kA + "p.jpg", kA + "v.webm", kA + "t.vtt"}},
    {"audio", "<audio src=a.mp3></audio>", {kA + "a.mp3"}},
    {"frames",
     "<iframe src=i.html></iframe><frameset><frame src=f.html></frameset>",
     {kA + "i.html", kA + "f.html"}},
    {"object, embed, input",
     "<object data=o.svg></object><embed src=e.pdf><input type=image src=b.png>",
     {kA + "o.svg", kA + "e.pdf", kA + "b.png"}},
    {"background",
     "<body background=b1.png><table background=b2.png><tr><td background=b3.png></table>",
     {kA + "b1.png", kA + "b2.png", kA + "b3.png"}},
    {"SVG",
     "<svg><image href=h.png /><image xlink:href=x.png /><use href='s.svg#p'/><feImage href=fe.png "
     "/><script href=sv.js /></svg>",
     {kA + "h.png", kA + "x.png", kA + "s.svg", kA + "fe.png", kA + "sv.js"}},
    {"use of the page itself", "<svg><use href='#local'/></svg>", {}},
    {"style attribute", "<p style=\"background:url('b.png')\">", {kA + "b.png"}},
    {"style element",
     "<style>@import 'i.css'; p{background:url(b.png)} @font-face{src:url(f.woff2)}</style>",
     {kA + "i.css", kA + "b.png", kA + "f.woff2"}},
    {"style element in SVG",
     "<svg><style><![CDATA[ p{fill:url(c.svg#x)} ]]> q{fill:url(&quot;d.svg&quot;)}</style></svg>",
     {kA + "c.svg", kA + "d.svg"}},
    {"srcdoc, and its inside",
     "<iframe srcdoc='<img src=&quot;in.png&quot;><iframe srcdoc=&quot;<img "
     "src=deep.png>&quot;>'></iframe>",
     {kA + "in.png", kA + "deep.png"}},
    {"noscript and template",
     "<noscript><img src=n.png></noscript><template><img src=t.png></template>",
     {kA + "n.png", kA + "t.png"}},
    {"references in a value", "<img src='i.png?a=1&amp;b=2&#38;c'>", {kA + "i.png?a=1&b=2&c"}},
    {"module script",
     "<script type=module>import {a} from './m.js'; import('../n.js')</script>",
     {kA + "m.js", "http://a.example/n.js"}},
    {"classic script",
     "<script>import x from './no.js'; import('./yes.js')</script>",
     {kA + "yes.js"}},
    {"import map",
     "<script "
     "type=importmap>{\"imports\":{\"lib\":\"/lib.js\",\"f/\":\"/f/\"},\"scopes\":{\"/s/"
     "\":{\"x\":\"./x.js\"}}}</script>",
     {"http://a.example/lib.js", kA + "x.js"}},
    {"data in a script", "<script type=application/ld+json>import('./no.js')</script>", {}},
    {"prompt refresh", "<meta http-equiv=refresh content='0; url=next.html'>", {kA + "next.html"}},
    {"refresh after minutes", "<meta http-equiv=refresh content='300; url=next.html'>", {}},
    {"style sheet of XML",
     "<?xml-stylesheet type='text/css' href='x.css'?><svg "
     "xmlns='http://www.w3.org/2000/svg'></svg>",
     {kA + "x.css"}},
    {"base, from where it stands",
     "<img src=1.png><base href='//b.example/x/'><img src=2.png><base href=/no/><img src=3.png>",
     {kA + "1.png", "http://b.example/x/2.png", "http://b.example/x/3.png"}},
    {"base that cannot be one", "<base href='data:,x'><img src=1.png>", {kA + "1.png"}},
    {"what is no requisite",
     "<a href=a.html>x</a><form action=f></form><link rel=canonical href=c><link rel=alternate "
     "type=application/rss+xml "
     "href=feed><link rel=dns-prefetch href=//b.example><blockquote cite=q></blockquote><a ping=p "
     "href=r>x</a><img longdesc=l>",
     {}},
    {"nothing to fetch",
     "<img src=''><img src='#x'><img src='data:image/png;base64,AAAA'><img src='javascript:x'><img "
     "src='blob:x'>"
     "<iframe src='about:blank'></iframe><img src='ftp://a/x'><img src='http://'>",
     {}},
    {"within comments, text and scripts nothing counts",
     "<!-- <img src=1.png> --><textarea><img src=2.png></textarea>"
     "<script>'<img src=3.png>'</script><title><img src=4.png></title>",
     {}},
    {"once each", "<img src=i.png><img src=i.png#x><img src=./i.png>", {kA + "i.png"}},
    {"attributes of any case",
     "<IMG SRC=i.png><LINK REL=StyleSheet HREF=a.css>",
     {kA + "i.png", kA + "a.css"}},
    {"an unfinished tag at the end", "<img src=1.png><img src=2.png", {kA + "1.png"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(requisites_of_markup, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(requisites(row.markup) == row.urls, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(plain_links_are_told_with_their_role) {
  const auto found =
      crawl::links_of_markup("<a href=x.html>x</a><link rel=canonical href=c>", kPage, {});
  BOOST_REQUIRE(found.links.size() == 2u);
  BOOST_TEST((found.links[0] == crawl::Link{kA + "x.html", UrlRole::kNavigation}));
  BOOST_TEST((found.links[1].role == UrlRole::kCanonical));
  BOOST_TEST(!crawl::is_requisite(UrlRole::kNavigation));
}

BOOST_AUTO_TEST_CASE(a_legacy_page_sends_its_query_in_its_own_encoding_and_its_path_in_utf8) {
  // "é" in windows-1252 is e9, "日本" in Shift_JIS is 93 fa 96 7b, "中" in GBK is d6 d0.
  BOOST_TEST(requisites("<img src='\xe9.png?q=\xe9'>", "latin1") ==
                 std::vector<std::string>{kA + "%C3%A9.png?q=%E9"},
             boost::test_tools::per_element());
  BOOST_TEST(requisites("<img src='?q=\x93\xfa\x96{'>", "shift_jis") ==
                 std::vector<std::string>{"http://a.example/dir/page.html?q=%93%FA%96{"},
             boost::test_tools::per_element());
  BOOST_TEST(requisites("<meta charset=gb2312><img srcset='\xd6\xd0.png?\xd6\xd0 2x'>", {}) ==
                 std::vector<std::string>{kA + "%E4%B8%AD.png?%D6%D0"},
             boost::test_tools::per_element());
  BOOST_TEST(requisites("<img src='\xc3\xa9?\xc3\xa9'>", "utf-8") ==
                 std::vector<std::string>{kA + "%C3%A9?%C3%A9"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(xml_has_no_raw_text_and_empty_elements) {
  const auto found = crawl::links_of_markup(
      "<?xml version='1.0'?><?xml-stylesheet href='x.css'?><html "
      "xmlns='http://www.w3.org/1999/xhtml'><head>"
      "<script src='a.js'/><title/><style>p{background:url(&quot;b.png&quot;)}</style>"
      "<script type='module'><![CDATA[import './m.js']]></script></head><body><img "
      "src='i.png'/></body></html>",
      kPage, {}, html::Markup::kXml);
  BOOST_TEST(test::requisites_of(found) ==
                 (std::vector<std::string>{kA + "x.css", kA + "a.js", kA + "b.png", kA + "m.js",
                                           kA + "i.png"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(utf16_pages_are_read) {
  std::string page = "\xff\xfe";
  for (const char c : std::string_view("<img src=i.png>")) {
    page += c;
    page += '\0';
  }
  BOOST_TEST(requisites(page, {}) == std::vector<std::string>{kA + "i.png"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(limits_cut_and_say_so) {
  std::string many;
  for (int i = 0; i < 50; ++i) many += "<img src=" + std::to_string(i) + ".png>";
  for (const std::size_t limit : {49u, 50u, 51u}) {
    const auto found =
        crawl::links_of_markup(many, kPage, {}, html::Markup::kHtml, {.links = limit});
    BOOST_TEST(found.links.size() == std::min<std::size_t>(limit, 50));
    BOOST_TEST(found.cut == (limit < 50));
  }
  const std::string nested = "<iframe srcdoc='<iframe srcdoc=&quot;<img src=x.png>&quot;>'>";
  BOOST_TEST(
      crawl::links_of_markup(nested, kPage, {}, html::Markup::kHtml, {.nested = 1}).links.empty());
  BOOST_TEST(crawl::links_of_markup(nested, kPage, {}, html::Markup::kHtml, {.nested = 1}).cut);
  BOOST_TEST(
      crawl::links_of_markup(nested, kPage, {}, html::Markup::kHtml, {.nested = 2}).links.size() ==
      1u);
}

BOOST_AUTO_TEST_CASE(hostile_markup_takes_linear_time) {
  const std::string_view kPieces[] = {"<div>",
                                      "<svg><style>",
                                      "<img srcset='a,b",
                                      "<iframe srcdoc='&quot;",
                                      "<script type=module>import ",
                                      "<style>@import url(",
                                      "<a href=",
                                      "&#38;",
                                      "<?xml-stylesheet href",
                                      "import(/*",
                                      "<base href=//x/>"};
  for (const std::string_view piece : kPieces) {
    std::string page;
    while (page.size() < (1 << 20)) page += piece;
    const auto began = std::chrono::steady_clock::now();
    crawl::links_of_markup(page, kPage, "utf-8");
    BOOST_TEST((std::chrono::steady_clock::now() - began < std::chrono::seconds(10)), piece);
  }
}

BOOST_AUTO_TEST_SUITE_END()
