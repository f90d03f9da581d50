#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/replay/rewrite/rewrite_support.h"
#include "tests/support/test_support.h"

using namespace wm;

namespace {

struct Row {
  const char* reason;
  const char* input;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

// Page: http://a.example/dir/page, timestamp 2020, no modifier.
const Row kRows[] = {
    {"a link", "<a href=\"http://b.example/\">x</a>",
     "<a href=\"/web/2020/http://b.example/\">x</a>"},
    {"a link without quotes", "<a href=http://b.example/ class=c>",
     "<a href=/web/2020/http://b.example/ class=c>"},
    {"odd spelling stays", "<A  HREF = '/x'\n>", "<A  HREF = '/web/2020/http://a.example/x'\n>"},
    {"a relative link stays", "<a href=\"x?y\">", "<a href=\"x?y\">"},
    {"references are undone to decide, not in what is written", "<a href=\"/x?a=1&amp;b=2\">",
     "<a href=\"/web/2020/http://a.example/x?a=1&amp;b=2\">"},
    {"a scheme in references", "<a href=\"&#104;ttp://b.example/\">",
     "<a href=\"/web/2020/&#104;ttp://b.example/\">"},
    {"an image", "<img src=\"/i.png\" alt=\"/i.png\">",
     "<img src=\"/web/2020im_/http://a.example/i.png\" alt=\"/i.png\">"},
    {"a srcset", "<img srcset=\"/a.png 1x, http://b.example/b.png 2x, c.png 3x\">",
     "<img srcset=\"/web/2020im_/http://a.example/a.png 1x, /web/2020im_/http://b.example/b.png "
     "2x, c.png 3x\">"},
    {"a style sheet", "<link rel=stylesheet href=/s.css>",
     "<link rel=stylesheet href=/web/2020cs_/http://a.example/s.css>"},
    {"an icon", "<link rel=\"shortcut icon\" href=\"/f.ico\">",
     "<link rel=\"shortcut icon\" href=\"/web/2020im_/http://a.example/f.ico\">"},
    {"a preload by its kind", "<link rel=preload as=script href=\"/s.js\">",
     "<link rel=preload as=script href=\"/web/2020js_/http://a.example/s.js\">"},
    {"a preconnection connects to us", "<link rel=preconnect href=\"https://b.example\">",
     "<link rel=preconnect href=\"/web/2020oe_/https://b.example\">"},
    {"a script", "<script src=\"/s.js\"></script>",
     "<script src=\"/web/2020js_/http://a.example/s.js\"></script>"},
    {"a relative script stays", "<script src=\"s.js\"></script>", "<script src=\"s.js\"></script>"},
    {"a module must be asked for as one", "<script type=module src=\"s.js\"></script>",
     "<script type=module src=\"/web/2020esm_/http://a.example/dir/s.js\"></script>"},
    {"a frame", "<iframe src=\"http://b.example/\"></iframe>",
     "<iframe src=\"/web/2020if_/http://b.example/\"></iframe>"},
    {"an empty frame", "<iframe src=\"about:blank\"></iframe>",
     "<iframe src=\"about:blank\"></iframe>"},
    {"a form", "<form action=\"https://b.example/go\">",
     "<form action=\"/web/2020/https://b.example/go\">"},
    {"a video", "<video src=\"/v.mp4\" poster=\"/p.jpg\">",
     "<video src=\"/web/2020oe_/http://a.example/v.mp4\" "
     "poster=\"/web/2020im_/http://a.example/p.jpg\">"},
    {"a style attribute", "<p style=\"background: url(/x.png)\">",
     "<p style=\"background: url(/web/2020oe_/http://a.example/x.png)\">"},
    {"a style attribute with quotes as references",
     "<p style=\"background: url(&quot;http://b.example/x.png&quot;)\">",
     "<p style=\"background: url(&quot;/web/2020oe_/http://b.example/x.png&quot;)\">"},
    {"a style element", "<style>p{background:url(/x.png)}</style>",
     "<style>p{background:url(/web/2020oe_/http://a.example/x.png)}</style>"},
    {"a page within an attribute", "<iframe srcdoc=\"&lt;img src='/x.png'&gt;\"></iframe>",
     "<iframe srcdoc=\"&lt;img src='/web/2020im_/http://a.example/x.png'&gt;\"></iframe>"},
    {"a meta refresh", "<meta http-equiv=refresh content=\"3; URL='http://b.example/'\">",
     "<meta http-equiv=refresh content=\"3; URL='/web/2020/http://b.example/'\">"},
    {"integrity would fail",
     "<script src=/s.js integrity=\"sha256-x\" crossorigin=anonymous></script>",
     "<script src=/web/2020js_/http://a.example/s.js _integrity=\"sha256-x\" "
     "_crossorigin=anonymous></script>"},
    {"the page's own policy",
     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">",
     "<meta http-equiv=\"Content-Security-Policy\" _content=\"default-src 'none'\">"},
    {"its referrer policy", "<meta name=referrer content=no-referrer>",
     "<meta name=referrer _content=no-referrer>"},
    {"a link out of the frame", "<a target=\"_top\" href=\"x\">",
     "<a target=\"___wb_replay_top_frame\" href=\"x\">"},
    {"a link to a frame of the page's own", "<a target=\"main\" href=\"x\">",
     "<a target=\"main\" href=\"x\">"},
    {"a ping reports", "<a href=x ping=\"https://b.example/\">",
     "<a href=x _ping=\"/web/2020/https://b.example/\">"},
    {"speculation fetches past the policy", "<script type=\"speculationrules\">{}</script>",
     "<script type=\"x-speculationrules\">{}</script>"},
    {"a lazy image", "<img data-src=\"https://b.example/x.png\">",
     "<img data-src=\"/web/2020im_/https://b.example/x.png\">"},
    {"a comment is left alone", "<!-- <a href=\"http://b.example/\"> -->",
     "<!-- <a href=\"http://b.example/\"> -->"},
    {"text is left alone", "see http://b.example/ <b>/x</b>", "see http://b.example/ <b>/x</b>"},
    {"text areas are left alone", "<textarea><a href=\"/x\"></textarea>",
     "<textarea><a href=\"/x\"></textarea>"},
    {"an SVG image", "<svg><image xlink:href=\"/x.png\"/></svg>",
     "<svg><image xlink:href=\"/web/2020im_/http://a.example/x.png\"/></svg>"},
    {"a base", "<base href=\"https://b.example/lib/\"><a href=\"/x\"><a href=\"y\">",
     "<base href=\"/web/2020/https://b.example/lib/\"><a href=\"/web/2020/https://b.example/x\"><a "
     "href=\"y\">"},
    {"data is left alone",
     "<img src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\">",
     "<img "
     "src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\">"},
    {"an unfinished tag is no tag", "<p>x</p><a href=\"/x", "<p>x</p><a href=\"/x"},
    {"bytes that are no text", "<p>\xff\xfe\x80<a href=\"/\xe9\">",
     "<p>\xff\xfe\x80<a href=\"/web/2020/http://a.example/\xe9\">"},
};

const char* kUnchanged[] = {
    "",
    "plain text",
    "<!doctype html>\n<html lang='en' class=no-js>\n<head>\n\t<meta charset=utf-8>\n<title>a &amp "
    "b</title></head><body "
    "onload=\"go(1)\"><p id = x>1 < 2 & 3 &nbsp <br/><hr / ><a href='#top' title=\"x>y\" >up</a "
    "></body></html>\n",
    "<script>var a = '<a href=\"http://b.example/\">'; if (a < 1 && b > 2) f();</script>",
    "<style>a{color:red}</style><table><tr><td nowrap>x",
    "<![CDATA[x]]><?php echo ?><!x></ x><a href><a href=><a href=''>",
};

struct HeadRow {
  const char* reason;
  const char* input;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const HeadRow& row) {
  return out << row.reason;
}

const HeadRow kHeads[] = {
    {"right after head", "<!doctype html><html><head class=x><title>t</title>",
     "<!doctype html><html><head class=x>[HEAD]<title>t</title>"},
    {"before the first tag without a head", "<html>\n<!-- c --><title>t</title>",
     "<html>\n<!-- c -->[HEAD]<title>t</title>"},
    {"before a body", "<p>x", "[HEAD]<p>x"},
    {"once", "<head></head><head>", "<head>[HEAD]</head><head>"},
    {"not for header", "<header><head>", "[HEAD]<header><head>"},
    {"not into text", "text only", "text only"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(html)

BOOST_DATA_TEST_CASE(what_must_change_changes_in_place, boost::unit_test::data::make(kRows), row) {
  test::check_rewrite(rewrite::Kind::kHtml, row.input, row.expected, "http://a.example/dir/page",
                      {.timestamp = "2020"});
}

BOOST_DATA_TEST_CASE(a_page_that_needs_no_change_comes_out_byte_for_byte,
                     boost::unit_test::data::make(kUnchanged), page) {
  test::check_rewrite(rewrite::Kind::kHtml, page, page, "http://a.example/dir/page");
}

BOOST_DATA_TEST_CASE(the_start_of_replay_goes_to_the_top_of_the_head,
                     boost::unit_test::data::make(kHeads), row) {
  test::check_rewrite(rewrite::Kind::kHtml, row.input, row.expected, "http://a.example/",
                      {.head_insert = "[HEAD]"});
}

BOOST_AUTO_TEST_CASE(golden_pages_come_out_as_written_down) {
  std::size_t pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           test::data_path("").parent_path().parent_path() / "golden")) {
    const std::string name = entry.path().string();
    if (!name.ends_with(".in.html")) continue;
    ++pages;
    const std::string base = name.substr(0, name.size() - 8);
    test::check_rewrite(rewrite::Kind::kHtml, test::read_text(name),
                        test::read_text(base + ".expected.html"),
                        "https://site.example/news/story.html",
                        {.modifier = "mp_", .head_insert = "<!--replay-->"});
  }
  BOOST_TEST(pages >= 2u);
}

BOOST_AUTO_TEST_CASE(links_of_a_page_keep_its_modifier) {
  test::check_rewrite(rewrite::Kind::kHtml, "<a href=/x>",
                      "<a href=/web/2020mp_/http://a.example/x>", "http://a.example/",
                      {.timestamp = "2020", .modifier = "mp_"});
}

BOOST_AUTO_TEST_CASE(handlers_and_script_urls_see_wombats_window) {
  test::check_rewrite(
      rewrite::Kind::kHtml,
      "<a onclick='f(window.x)' href=\"javascript:location=&quot;/y&quot;\" onload=go()>",
      "<a onclick='{ let window = _____WB$wombat$assign$function_____(\"window\"); f(window.x) }' "
      "href=\"javascript:{ let location = _____WB$wombat$assign$function_____(&#34;location&#34;); "
      "let arguments; location= "
      "((self.__WB_check_loc &amp;&amp; self.__WB_check_loc(location, arguments)) || {}).href "
      "=&quot;/y&quot; }\" onload=go()>",
      "http://a.example/");
}

BOOST_AUTO_TEST_CASE(without_wombat_scripts_and_handlers_stay) {
  const char* page =
      "<script>location = '/x'</script><a onclick=\"location='/y'\" "
      "href=\"javascript:location='/z'\">";
  test::check_rewrite(rewrite::Kind::kHtml, page, page, "http://a.example/",
                      {.scripts = rewrite::Scripts::kLeave});
}

BOOST_AUTO_TEST_CASE(the_whole_is_done_at_once_for_the_command_line) {
  BOOST_TEST(rewrite::rewrite_all("<a href=/x>", "html", "http://a.example/", "2001", "",
                                  "http://r.example/")
                 .value() == "<a href=http://r.example/2001/http://a.example/x>");
  BOOST_TEST(rewrite::rewrite_all("{\"a\":\"http://b.example/\"}", "json", "http://a.example/",
                                  "2001", "mp_", "")
                 .value() == "{\"a\":\"http://b.example/\"}");
  BOOST_TEST(!rewrite::rewrite_all("", "exe", "http://a.example/", "2001", "", "").has_value());
  BOOST_TEST(!rewrite::rewrite_all("", "html", "http://", "2001", "", "").has_value());
  BOOST_TEST(!rewrite::rewrite_all("", "html", "http://a.example/", "2001x", "", "").has_value());
  BOOST_TEST(
      !rewrite::rewrite_all("", "html", "http://a.example/", "2001", "nope", "").has_value());
}

BOOST_AUTO_TEST_CASE(hostile_pages_cost_time_in_proportion_to_their_size) {
  std::string nested, attributes = "<a", quotes;
  for (int i = 0; i < 60000; ++i) nested += "<div style='";
  for (int i = 0; i < 20000; ++i) attributes += " x" + std::to_string(i) + "=/y";
  for (int i = 0; i < 60000; ++i) quotes += "<img srcset=\"/a, ";
  for (const std::string& page : {nested, attributes, quotes}) {
    const auto begin = std::chrono::steady_clock::now();
    test::rewritten(rewrite::Kind::kHtml, page, "http://a.example/", {}, 4096);
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
