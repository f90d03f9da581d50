// SVG, XHTML, feeds and other XML.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/replay/rewrite/rewrite_support.h"

using namespace wm;
using rewrite::Kind;

namespace {

struct Row {
  const char* reason;
  const char* input;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"a picture in a picture", "<svg><image xlink:href='/x.png'/><use href='s.svg#a'/></svg>",
     "<svg><image xlink:href='/web/2020im_/http://a.example/x.png'/><use href='s.svg#a'/></svg>"},
    {"a style", "<svg><style>a{fill:url(/x.svg#y)}</style></svg>",
     "<svg><style>a{fill:url(/web/2020oe_/http://a.example/x.svg#y)}</style></svg>"},
    {"a style in a section", "<svg><style><![CDATA[a{fill:url('/x&y')}]]></style></svg>",
     "<svg><style><![CDATA[a{fill:url('/web/2020oe_/http://a.example/x&y')}]]></style></svg>"},
    {"a style with references", "<style>a{b:url(&quot;/x?a&amp;b&quot;)}</style>",
     "<style>a{b:url(&quot;/web/2020oe_/http://a.example/x?a&amp;b&quot;)}</style>"},
    {"a style with a comment", "<style>a{b:url(/x)}<!-- url(/y) -->c{d:url(/z)}</style>",
     "<style>a{b:url(/web/2020oe_/http://a.example/x)}<!-- url(/y) "
     "-->c{d:url(/web/2020oe_/http://a.example/z)}</style>"},
    {"a script", "<svg><script>w.postMessage(a &lt; b)</script></svg>",
     "<svg><script>w.__WB_pmw(self).postMessage(a &lt; b)</script></svg>"},
    {"a script in a section", "<script>//<![CDATA[\nw.postMessage(a && b)\n//]]></script>",
     "<script>//<![CDATA[\nw.__WB_pmw(self).postMessage(a && b)\n//]]></script>"},
    {"a script element without content", "<script href='/s.js'/><p><a href='/x'/></p>",
     "<script href='/web/2020js_/http://a.example/s.js'/><p><a "
     "href='/web/2020/http://a.example/x'/></p>"},
    {"a style sheet of a document",
     "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='/x.xsl'?><r/>",
     "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' "
     "href='/web/2020cs_/http://a.example/x.xsl'?><r/>"},
    {"another instruction", "<?php href='/x.xsl'?>", "<?php href='/x.xsl'?>"},
    {"a feed's links",
     "<rss><channel><link>http://b.example/</link><item><guid isPermaLink='true'> "
     "http://b.example/1 </guid><title>http://b.example/</title></item></channel></rss>",
     "<rss><channel><link>/web/2020/http://b.example/</link><item><guid isPermaLink='true'> "
     "/web/2020/http://b.example/1 </guid><title>http://b.example/</title></item></channel></rss>"},
    {"an Atom feed's links", "<entry><link rel='alternate' href='http://b.example/1'/></entry>",
     "<entry><link rel='alternate' href='/web/2020/http://b.example/1'/></entry>"},
    {"a site map", "<urlset><url><loc>https://b.example/?a=1&amp;b</loc></url></urlset>",
     "<urlset><url><loc>/web/2020/https://b.example/?a=1&amp;b</loc></url></urlset>"},
    {"a site map's section", "<loc><![CDATA[https://b.example/]]></loc>",
     "<loc><![CDATA[/web/2020/https://b.example/]]></loc>"},
    {"words in their place", "<link>no address</link><url>/relative</url>",
     "<link>no address</link><url>/relative</url>"},
    {"names of namespaces", "<a xmlns='http://www.w3.org/1999/xhtml' xmlns:x='http://b.example/'/>",
     "<a xmlns='http://www.w3.org/1999/xhtml' xmlns:x='http://b.example/'/>"},
    {"a text area is an element like others", "<textarea><a href='/x'/></textarea>",
     "<textarea><a href='/web/2020/http://a.example/x'/></textarea>"},
    {"an entity in a document type", "<!DOCTYPE x [<!ENTITY a 'http://b.example/'>]><x>&a;</x>",
     "<!DOCTYPE x [<!ENTITY a 'http://b.example/'>]><x>&a;</x>"},
    {"a section that does not end", "<style><![CDATA[a{b:url(/x)}",
     "<style><![CDATA[a{b:url(/web/2020oe_/http://a.example/x)}"},
};

const Row kInline[] = {
    {"a style of SVG in a page",
     "<svg><style>a{fill:url(/x.svg#y)}</style></svg><style>b{c:url(/z)}</style>",
     "<svg><style>a{fill:url(/web/2020oe_/http://a.example/x.svg#y)}</style></svg>"
     "<style>b{c:url(/web/2020oe_/http://a.example/z)}</style>"},
    {"its section", "<svg><style><![CDATA[a{fill:url(/x)}]]></style></svg>",
     "<svg><style><![CDATA[a{fill:url(/web/2020oe_/http://a.example/x)}]]></style></svg>"},
    {"a script of SVG in a page", "<svg><script>w.postMessage(a &amp;&amp; b)</script></svg>",
     "<svg><script>w.__WB_pmw(self).postMessage(a &amp;&amp; b)</script></svg>"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(xml)

BOOST_DATA_TEST_CASE(markup_that_is_no_page_is_edited_in_place, boost::unit_test::data::make(kRows),
                     row) {
  test::check_rewrite(Kind::kMarkup, row.input, row.expected, "http://a.example/dir/x.xml",
                      {.timestamp = "2020"});
}

BOOST_DATA_TEST_CASE(foreign_elements_of_a_page_hold_styles_and_scripts_as_text,
                     boost::unit_test::data::make(kInline), row) {
  test::check_rewrite(Kind::kHtml, row.input, row.expected, "http://a.example/dir/page",
                      {.timestamp = "2020"});
}

BOOST_AUTO_TEST_CASE(xhtml_gets_its_start_where_html_does) {
  test::check_rewrite(
      Kind::kXhtml,
      "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title/><script "
      "src='/s.js'/></head></html>",
      "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head>[HEAD]<title/><script "
      "src='/web/2020js_/http://a.example/s.js'/></head></html>",
      "http://a.example/", {.timestamp = "2020", .head_insert = "[HEAD]"});
}

BOOST_AUTO_TEST_CASE(a_script_in_xml_is_wrapped_so_that_it_stays_well_formed) {
  const auto output = test::rewritten(Kind::kXhtml, "<script>window.a = 1 &lt; 2</script>",
                                      "http://a.example/", {});
  BOOST_TEST(output.find("self._wb_wombat &amp;&amp; self._wb_wombat.local_init") !=
             std::string::npos);
  BOOST_TEST(output.ends_with("window.a = 1 &lt; 2\n}</script>"));
  BOOST_TEST(output.find("&& ") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
