#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "archiver/browser/behaviours.h"
#include "archiver/browser/chromium_flags.h"
#include "archiver/browser/rendered_text.h"
#include "tests/support/test_support.h"

using nlohmann::json;
using wm::browser::Behaviours;

namespace {

/// <body><p>one <b>two</b>three<br>four</p><div>five</div>, as DOMSnapshot tells it.
json snapshot() {
  return json::parse(R"({
    "strings": ["BODY", "P", "#text", "B", "BR", "DIV", "block", "inline", "one ", "two", "three", "\n", "four", "  five  \n six"],
    "documents": [{
      "nodes": {"parentIndex": [-1, 0, 1, 1, 3, 1, 1, 1, 0, 8], "nodeName": [0, 1, 2, 3, 2, 2, 4, 2, 5, 2]},
      "layout": {"nodeIndex": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
                 "text": [-1, -1, 8, -1, 9, 10, 11, 12, -1, 13],
                 "styles": [[6], [6], [], [7], [], [], [7], [], [6], []]}}]})");
}

}  // namespace

BOOST_AUTO_TEST_CASE(rendered_text_has_a_line_a_block_and_single_blanks) {
  BOOST_TEST(wm::browser::rendered_text(snapshot(), 1000) == "one twothree\nfour\nfive six\n");
}

BOOST_AUTO_TEST_CASE(rendered_text_is_cut_at_its_limit_between_characters) {
  json one = snapshot();
  one["strings"][8] = "äöü";
  BOOST_TEST(wm::browser::rendered_text(one, 4) == "äö");
  BOOST_TEST(wm::browser::rendered_text(one, 5) == "äö");
  BOOST_TEST(wm::browser::rendered_text(one, 0).empty());
}

BOOST_AUTO_TEST_CASE(any_json_gives_some_text_or_none) {
  for (
      const char* text :
      {"{}", "[]", "null", R"({"documents":[1,{},{"nodes":1,"layout":[]}]})",
       R"({"strings":[1],"documents":[{"nodes":{"parentIndex":[5,-7,0]},"layout":{"nodeIndex":[0,99,-1],"text":[0,0,7],"styles":[1,[9],["x"]]}}]})"})
    BOOST_TEST(wm::browser::rendered_text(json::parse(text), 100).empty());
  // Every member replaced by something else.
  const json whole = snapshot().flatten();
  for (const auto& [path, value] : whole.items()) {
    json broken = snapshot();
    broken[json::json_pointer(path)] = -5;
    static_cast<void>(wm::browser::rendered_text(broken, 100));
    broken[json::json_pointer(path)] = "x";
    static_cast<void>(wm::browser::rendered_text(broken, 100));
  }
}

BOOST_AUTO_TEST_CASE(the_built_in_behaviours_hold_for_every_host) {
  const auto rule = Behaviours::built_in().for_host("example.org");
  BOOST_TEST(!rule.open.empty());
  BOOST_TEST(!rule.words.empty());
  BOOST_TEST(rule.clicks == 3u);
}

BOOST_AUTO_TEST_CASE(rules_of_a_host_and_those_above_it_hold_together) {
  const auto rules = Behaviours::parse(
                         "[[rule]]\nhost = \"Example.org\"\nclick = [\"#a\"]\nclicks = 7\n"
                         "[[rule]]\nhost = \"www.example.org\"\nclick = [\"#b\"]\nclicks = 2\n")
                         .value();
  BOOST_TEST(rules.for_host("www.example.org").click.size() == 2u);
  BOOST_TEST(rules.for_host("www.example.org").clicks == 7u);
  BOOST_TEST(rules.for_host("example.org").click.size() == 1u);
  BOOST_TEST(rules.for_host("badexample.org").click.empty());
  BOOST_TEST(rules.for_host("badexample.org").clicks == 0u);
}

BOOST_AUTO_TEST_CASE(a_wrong_rule_is_told_with_its_line) {
  struct Row {
    const char* text;
    const char* words;
  };
  for (const Row& row : {Row{"[[rule]]\nclicks = 51", "line 2"}, Row{"[[rule]]\nwho = 1", "who"},
                         Row{"[[rule]]\nclick = [1]", "line 2"}, Row{"x = 1", "[[rule]]"},
                         Row{"[[rule]", "line 1"}, Row{"rule = [1]", "table"}}) {
    const auto outcome = Behaviours::parse(row.text);
    BOOST_REQUIRE(!outcome);
    BOOST_TEST(outcome.error().what.find(row.words) != std::string::npos, outcome.error().what);
  }
}

BOOST_AUTO_TEST_CASE(the_command_line_leaves_no_way_around_the_proxy) {
  const auto words = wm::browser::command_line("/usr/lib/chromium/chromium", "/tmp/x",
                                               {.ca_spki_sha256 = "abc", .user_agent = "UA"});
  const auto has = [&](const char* word) { return std::ranges::find(words, word) != words.end(); };
  BOOST_TEST(has("--headless=new"));
  BOOST_TEST(has("--proxy-server=http://127.0.0.1:1"));
  BOOST_TEST(has("--proxy-bypass-list=<-loopback>"));
  BOOST_TEST(has("--force-webrtc-ip-handling-policy=disable_non_proxied_udp"));
  BOOST_TEST(has("--webrtc-ip-handling-policy=disable_non_proxied_udp"));
  BOOST_TEST(has("--ignore-certificate-errors-spki-list=abc"));
  BOOST_TEST(!has("--no-sandbox"));
  BOOST_TEST(
      wm::browser::command_line("/x/chromium-headless-shell", "/tmp/x", {.sandbox = false}).at(1) ==
      "--headless");
}
