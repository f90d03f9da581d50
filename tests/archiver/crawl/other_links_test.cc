#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

#include "archiver/crawl/link_extractor.h"
#include "tests/archiver/crawl/links.h"

using namespace wm;
using html::UrlRole;

BOOST_AUTO_TEST_SUITE(other_links)

namespace {

const url::Url kUrl = url::Url::parse("https://a.example/css/sheet.css").value();
const std::string kA = "https://a.example/css/";

struct Row {
  const char* why;
  std::string text;
  std::vector<std::string> urls;
  friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }
};

const Row kSheets[] = {
    {"import as string and as url",
     "@import 'a.css'; @import url(b.css) print;",
     {kA + "a.css", kA + "b.css"}},
    {"fonts, all of them",
     "@font-face{src:url(f.woff2) format('woff2'),url('f.woff')}",
     {kA + "f.woff2", kA + "f.woff"}},
    {"resources",
     "a{cursor:url(c.cur)} li{list-style:url(l.png)} b{mask:url(m.svg#x);content:url(\"t.png\")}",
     {kA + "c.cur", kA + "l.png", kA + "m.svg", kA + "t.png"}},
    {"image-set with bare strings",
     "a{background:image-set('1.png' 1x, url(2.png) 2x)} b{background:-webkit-image-set(url(3.png) "
     "1x)}",
     {kA + "1.png", kA + "2.png", kA + "3.png"}},
    {"escapes", "a{background:url(esc\\61 pe.png)}", {kA + "escape.png"}},
    {"within @media print", "@media print{a{background:url(p.png)}}", {kA + "p.png"}},
    {"namespaces and comments are nothing",
     "@namespace svg url(http://www.w3.org/2000/svg); /* url(no.png) */",
     {}},
    {"latin1 told by @charset",
     "@charset \"latin1\"; a{background:url(\xe9.png)}",
     {kA + "%C3%A9.png"}}};

const Row kModules[] = {
    {"default", "import a from './a.js'", {kA + "a.js"}},
    {"named over lines", "import {\n a as b,\n c\n} from \"../b.js\";", {"https://a.example/b.js"}},
    {"namespace", "import*as n from'/c.js'", {"https://a.example/c.js"}},
    {"side effect", "import'./d.js';import \"./e.js\"", {kA + "d.js", kA + "e.js"}},
    {"re-export", "export * from './f.js'; export {x} from './g.js'", {kA + "f.js", kA + "g.js"}},
    {"dynamic", "const m = await import( /* webpackChunkName: 'x' */ './h.js' )", {kA + "h.js"}},
    {"dynamic template", "import(`./i.js`); import(`./${x}.js`)", {kA + "i.js"}},
    {"absolute", "import 'https://b.example/j.js'", {"https://b.example/j.js"}},
    {"bare", "import React from 'react'", {}},
    {"members and other words",
     "x.import('./no.js'); reimport('./no.js'); importScripts('./no.js'); import.meta.url",
     {}},
    {"computed", "import(name); import('./' + name + '.js')", {kA}},
    {"export of a value", "export const x = './no.js'; export default './no.js'", {}},
    {"string without end", "import './no.js", {}}};

}  // namespace

BOOST_DATA_TEST_CASE(links_of_sheets, boost::unit_test::data::make(kSheets), row) {
  const test::ExactCopy copy(row.text);
  BOOST_TEST(test::requisites_of(crawl::links_of_css(copy.view(), kUrl, {})) == row.urls,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_charset_of_http_counts_before_that_of_a_sheet) {
  BOOST_TEST(crawl::links_of_css("a{background:url(\xd6\xd0.png)}", kUrl, "gbk").links.at(0).url ==
             kA + "%E4%B8%AD.png");
}

BOOST_DATA_TEST_CASE(links_of_modules, boost::unit_test::data::make(kModules), row) {
  const test::ExactCopy copy(row.text);
  BOOST_TEST(test::requisites_of(
                 crawl::links_of_script(copy.view(), kUrl, crawl::ScriptKind::kModule)) == row.urls,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_classic_script_has_no_static_imports) {
  const auto found = crawl::links_of_script("import './a.js'; import('./b.js')", kUrl,
                                            crawl::ScriptKind::kClassic);
  BOOST_REQUIRE(found.links.size() == 1u);
  BOOST_TEST((found.links[0] == crawl::Link{kA + "b.js", UrlRole::kModule}));
}

BOOST_AUTO_TEST_CASE(a_manifest_names_icons_screenshots_and_shortcut_icons) {
  const auto found = crawl::links_of_manifest(
      R"({"icons":[{"src":"i.png"},{"src":1},7],"screenshots":[{"src":"/s.png"}],"shortcuts":[{"icons":[{"src":"c.png"}]},null],
          "start_url":"/no","name":"x"})",
      kUrl);
  BOOST_TEST(test::requisites_of(found) ==
                 (std::vector<std::string>{kA + "i.png", "https://a.example/s.png", kA + "c.png"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_manifest_that_is_none_names_nothing) {
  const std::string deep = "{\"icons\":" + std::string(200000, '[');
  for (const std::string_view text :
       {"", "[]", "null", "{", "{\"icons\":{}}", "{\"icons\":[[[]]]}", "\"icons\"", deep.c_str()}) {
    BOOST_TEST(crawl::links_of_manifest(text, kUrl).links.empty());
    BOOST_TEST(crawl::links_of_import_map(text, kUrl).links.empty());
  }
  BOOST_TEST(
      crawl::links_of_manifest("\xef\xbb\xbf{\"icons\":[{\"src\":\"i\"}]}", kUrl).links.size() ==
          1u,
      "a byte order mark is passed over");
}

BOOST_AUTO_TEST_CASE(link_and_refresh_headers_name_requisites) {
  const http::Headers headers{{"Link", "</a.css>; rel=stylesheet, <b.woff2>; rel=preload; as=font"},
                              {"link", "<c.js>; rel=\"modulepreload\""},
                              {"Link",
                               "<https://x.example>; rel=preconnect, <d>; rel=next, <e.css>; "
                               "rel=stylesheet; anchor=\"/x\""},
                              {"Refresh", "1; url=f.html"}};
  const auto found = crawl::links_of_headers(headers, kUrl);
  BOOST_REQUIRE(found.links.size() == 4u);
  BOOST_TEST((found.links[0] == crawl::Link{"https://a.example/a.css", UrlRole::kStyle}));
  BOOST_TEST((found.links[1] == crawl::Link{kA + "b.woff2", UrlRole::kFont}));
  BOOST_TEST((found.links[2] == crawl::Link{kA + "c.js", UrlRole::kModule}));
  BOOST_TEST((found.links[3] == crawl::Link{kA + "f.html", UrlRole::kRefresh}));
}

BOOST_AUTO_TEST_SUITE_END()
