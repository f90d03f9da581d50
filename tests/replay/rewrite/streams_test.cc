// JSON and JSONP, HLS and DASH.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "replay/rewrite/jsonp_rewriter.h"
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

// Asked for with ?callback=now_1.
const Row kCalls[] = {
    {"a call", "jQuery_1({\"a\": 1});", "now_1({\"a\": 1});"},
    {"comments first", "/**/ // x\n then_2([1]);", "/**/ // x\n now_1([1]);"},
    {"a path of names", "a.b[\"c\"]({})", "now_1({})"},
    {"blanks", "  f \n ( {\"a\":1} )", "  now_1 \n ( {\"a\":1} )"},
    {"a text is handed on", "f(\"x\")", "now_1(\"x\")"},
    {"the same name", "now_1({})", "now_1({})"},
    {"JSON alone", "{\"url\": \"http://b.example/\"}", "{\"url\": \"http://b.example/\"}"},
    {"a list", "[\"f({\"]", "[\"f({\"]"},
    {"a script", "f(window, {})", "f(window, {})"},
    {"a condition", "if (x) {}", "if (x) {}"},
    {"a number", "1({})", "1({})"},
    {"nothing", "", ""},
    {"an unfinished comment", "/* f({", "/* f({"},
};

struct UrlRow {
  const char* url;
  const char* callback;
};
std::ostream& operator<<(std::ostream& out, const UrlRow& row) {
  return out << row.url;
}
const UrlRow kCallbackUrls[] = {
    {"http://a.example/x?callback=f", "f"},
    {"http://a.example/x?a=b&jsonp=jQuery1_2&c", "jQuery1_2"},
    {"http://a.example/x?CALLBACK=a.b#y", "a.b"},
    {"http://a.example/x?callback=a%5B%27b%27%5D", "a['b']"},
    {"http://a.example/x?callback=?", ""},
    {"http://a.example/x?callback=", ""},
    {"http://a.example/x?callback=alert(1)", ""},
    {"http://a.example/x?callback=a;b", ""},
    {"http://a.example/callback=f", ""},
    {"http://a.example/x?nocallback=f", ""},
};

const Row kPlaylists[] = {
    {"segments", "#EXTM3U\n#EXTINF:5,\nhttp://b.example/1.ts\n#EXTINF:5,\n2.ts\n/3.ts\n",
     "#EXTM3U\n#EXTINF:5,\n/web/2020oe_/http://b.example/1.ts\n#EXTINF:5,\n2.ts\n"
     "/web/2020oe_/http://a.example/3.ts\n"},
    {"keys and maps",
     "#EXTM3U\r\n#EXT-X-KEY:METHOD=AES-128,URI=\"https://k.example/key,1\",IV=0x1\r\n"
     "#EXT-X-MAP:URI=\"/i.mp4\"\r\n",
     "#EXTM3U\r\n#EXT-X-KEY:METHOD=AES-128,URI=\"/web/2020oe_/https://k.example/key,1\",IV=0x1\r\n"
     "#EXT-X-MAP:URI=\"/web/2020oe_/http://a.example/i.mp4\"\r\n"},
    {"the best of several variants",
     "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"a,b\"\nlow.m3u8\n"
     "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=99,BANDWIDTH=3\n/high.m3u8\n"
     "#EXT-X-STREAM-INF:BANDWIDTH=2\nhttp://b.example/mid.m3u8\n",
     "#EXTM3U\n#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=99,BANDWIDTH=3\n"
     "/web/2020oe_/http://a.example/high.m3u8\n"},
    {"sound beside it stays",
     "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI=\"/a.m3u8\"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8",
     "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI=\"/web/2020oe_/http://a.example/a.m3u8\"\n"
     "#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8"},
    {"a comment", "#EXTM3U\n# http://b.example/\n", "#EXTM3U\n# http://b.example/\n"},
    {"no playlist", "http://b.example/1.ts\n", "http://b.example/1.ts\n"},
    {"a quote that does not end", "#EXTM3U\n#EXT-X-KEY:URI=\"/k",
     "#EXTM3U\n#EXT-X-KEY:URI=\"/web/2020oe_/http://a.example/k"},
};

const Row kManifests[] = {
    {"the best of each set",
     "<MPD><BaseURL>http://b.example/v/</BaseURL><AdaptationSet><Representation id='1' "
     "bandwidth='5'><BaseURL>/a</BaseURL></Representation><Representation id='2' "
     "bandwidth='9'/></AdaptationSet><AdaptationSet><Representation "
     "bandwidth='1'/></AdaptationSet></MPD>",
     "<MPD><BaseURL>/web/2020oe_/http://b.example/v/</BaseURL><AdaptationSet><Representation "
     "id='2' bandwidth='9'/></AdaptationSet><AdaptationSet><Representation "
     "bandwidth='1'/></AdaptationSet></MPD>"},
    {"templates and lists",
     "<SegmentTemplate media=\"/s-$Number$.m4s\" initialization='i.mp4'/><SegmentURL "
     "media=\"https://b.example/1?a&amp;b\"/>",
     "<SegmentTemplate media=\"/web/2020oe_/http://a.example/s-$Number$.m4s\" "
     "initialization='i.mp4'/><SegmentURL "
     "media=\"/web/2020oe_/https://b.example/1?a&amp;b\"/>"},
    {"a section", "<BaseURL><![CDATA[http://b.example/?a&b]]></BaseURL>",
     "<BaseURL><![CDATA[/web/2020oe_/http://b.example/?a&b]]></BaseURL>"},
    {"prefixes", "<m:Location>\n http://b.example/x.mpd\n</m:Location>",
     "<m:Location>\n /web/2020oe_/http://b.example/x.mpd\n</m:Location>"},
    {"an end without a start", "</AdaptationSet></Representation></BaseURL>",
     "</AdaptationSet></Representation></BaseURL>"},
    {"a start without an end", "<AdaptationSet><Representation><BaseURL>/x",
     "<AdaptationSet><Representation><BaseURL>/x"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(streams)

BOOST_DATA_TEST_CASE(the_function_that_is_waiting_is_called, boost::unit_test::data::make(kCalls),
                     row) {
  test::check_rewrite(Kind::kJson, row.input, row.expected, "http://a.example/x",
                      {.timestamp = "2020", .callback = "now_1"});
  test::check_rewrite(Kind::kJson, row.input, row.input, "http://a.example/x");
}

BOOST_DATA_TEST_CASE(a_url_may_ask_for_a_function, boost::unit_test::data::make(kCallbackUrls),
                     row) {
  BOOST_TEST(rewrite::callback_of(row.url) == row.callback);
}

BOOST_DATA_TEST_CASE(playlists_lead_into_the_archive, boost::unit_test::data::make(kPlaylists),
                     row) {
  test::check_rewrite(Kind::kHls, row.input, row.expected, "http://a.example/v/list.m3u8",
                      {.timestamp = "2020"});
}

BOOST_DATA_TEST_CASE(manifests_lead_into_the_archive, boost::unit_test::data::make(kManifests),
                     row) {
  test::check_rewrite(Kind::kDash, row.input, row.expected, "http://a.example/v/x.mpd",
                      {.timestamp = "2020"});
}

BOOST_AUTO_TEST_CASE(hostile_streams_cost_time_in_proportion_to_their_size) {
  const auto many = [](std::string text, std::string_view part) {
    while (text.size() < 2'000'000) text += part;
    return text;
  };
  const std::pair<Kind, std::string> bodies[] = {
      {Kind::kHls, many("#EXTM3U\n", "#EXT-X-STREAM-INF:BANDWIDTH=1\n/x\n")},
      {Kind::kHls, many("#EXTM3U\n#EXT-X-KEY:", "URI=\"/x\",")},
      {Kind::kDash, many("<AdaptationSet>", "<Representation/>")},
      {Kind::kDash, many("", "<BaseURL>")},
      {Kind::kDash, many("<BaseURL>", "<![CDATA[")},
      {Kind::kJson, many("", "/**/")},
      {Kind::kMarkup, many("<script>", "<![CDATA[a&]]>&amp;")},
      {Kind::kMarkup, many("", "<style><!---->")},
      {Kind::kMarkup, many("<?xml-stylesheet ", " href")},
  };
  for (const auto& [kind, body] : bodies) {
    const auto begin = std::chrono::steady_clock::now();
    test::rewritten(kind, body, "http://a.example/", {.callback = "f"}, 4096);
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)),
               body.substr(0, 40));
  }
}

BOOST_AUTO_TEST_SUITE_END()
