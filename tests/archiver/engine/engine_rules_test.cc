#include "archiver/engine/engine_rules.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "core/http/body.h"
#include "core/http/media_type.h"
#include "core/http/parser.h"
#include "core/warc/reader.h"
#include "tests/support/test_support.h"

using namespace wm;
using engine::Engine;

namespace {

struct Row {
  const char* what;
  const char* html;
  Engine engine;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.what;
}

const Row kPages[] = {
    {"create-react-app",
     R"(<!doctype html><title>React App</title><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script src="/static/js/main.js"></script>)",
     Engine::kBrowser},
    {"a Vite app",
     R"(<!doctype html><div id="app"></div><script type="module" crossorigin src="/assets/index-4f.js"></script>)",
     Engine::kBrowser},
    {"an Angular app",
     R"(<body><app-root></app-root><script src="runtime.js" type="module"></script><script src="main.js" type="module"></script></body>)",
     Engine::kBrowser},
    {"an app that says that it loads",
     R"(<div id="root"><div class="spinner"><p>Loading, please wait …</p></div></div><script src="a.js"></script>)",
     Engine::kBrowser},
    {"no known root, but words in noscript",
     R"(<title>Mail</title><noscript><p>Please <b>enable JavaScript</b> to continue.</p></noscript><div class=c></div><script src=a.js></script>)",
     Engine::kBrowser},
    {"module scripts and nothing else",
     R"(<!doctype html><title>x</title><my-shell></my-shell><script type=module src=/app.js></script>)",
     Engine::kBrowser},
    {"one script and nothing else",
     R"(<html><head><script>document.write('all of it')</script></head><body></body></html>)",
     Engine::kBrowser},
    {"a page that checks the browser",
     R"(<title>Just a moment...</title><h1>Checking if the site connection is secure</h1><script>(function(){})()</script>)",
     Engine::kBrowser},
    {"an article",
     R"(<title>A</title><div id="app"><article><p>Long before anyone thought of putting words on screens, they were carved into stone, and most of them are still readable. This one goes on for a while, so that it has enough text to be a page in its own right and is not mistaken for a shell.</p></article></div><script src=a.js></script>)",
     Engine::kHttp},
    {"a short page without scripts", R"(<title>x</title><p>It works!</p>)", Engine::kHttp},
    {"an empty page", "", Engine::kHttp},
    {"a picture and a counter",
     R"(<title>x</title><img src=a.png><img src=b.png><script>count()</script>)", Engine::kHttp},
    {"a form", R"(<form><input name=q><input type=submit></form><script src=a.js></script>)",
     Engine::kHttp},
    {"a frame set",
     R"(<frameset><frame src=a.html><frame src=b.html></frameset><script>x</script>)",
     Engine::kHttp},
    {"a server-rendered app",
     R"(<div id="__next"><nav><a href=/1>One of the sections</a><a href=/2>Another section</a></nav><main><h1>The news of the day</h1><p>Something happened somewhere, and somebody wrote it down in a few more words than this.</p></main></div><script src=a.js></script>)",
     Engine::kHttp},
    {"a hint in noscript beside content",
     R"(<noscript>Enable JavaScript for comments.</noscript><p>0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789</p><script src=a.js></script>)",
     Engine::kHttp},
    {"data blocks are no scripts", R"(<p>Hello</p><script type="application/ld+json">{}</script>)",
     Engine::kHttp},
    {"what is in a template is not shown",
     R"(<template><p>0123456789 0123456789 0123456789 0123456789 0123456789</p></template><script src=a.js></script>)",
     Engine::kBrowser},
};

const char* const kSites[] = {"Baidu", "Facebook", "GoogleJapan", "Reddit",
                              "Sina",  "VK",       "Wikipedia",   "Youtube"};

/// The first HTML page of a recording that is more than a redirect's.
std::string front_page_of(const std::filesystem::path& warc) {
  auto reader = warc::WarcReader::open(warc).value();
  while (auto record = reader.next().value()) {
    if (warc::name_of(record->type()) != "response") continue;
    const std::string block = read_all(record->block(), 64 << 20).value();
    const auto head = http::parse_archived_response_head(block);
    if (!head || head->head.status != 200) continue;
    const auto type = http::content_type(head->head.headers);
    if (!type || !type->is_html()) continue;
    const auto body = http::decoded_body(std::make_unique<StringSource>(block.substr(head->length)),
                                         head->head.headers);
    std::string html = read_up_to(*body, 64 << 20).value();
    if (html.size() > 5000) return html;
  }
  return {};
}

engine::Choice choose(std::string_view html, std::string_view host = "a.test",
                      const std::vector<std::string>& tags = {}) {
  static const engine::EngineRules rules = engine::EngineRules::defaults();
  return rules.choose({.host = host, .tags = tags}, engine::signs_of(html));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_rules)

BOOST_DATA_TEST_CASE(a_page_of_scripts_goes_to_the_browser_and_others_do_not,
                     boost::unit_test::data::make(kPages), row) {
  const auto choice = choose(test::ExactCopy(row.html).view());
  BOOST_TEST((choice.engine == row.engine), choice.reason);
  BOOST_TEST(!choice.reason.empty());
}

BOOST_DATA_TEST_CASE(real_pages_that_servers_made_stay_with_the_http_engine,
                     boost::unit_test::data::make(kSites), site) {
  const auto folder = test::shared_path("corpus/real-sites/" + std::string(site));
  if (!folder) return;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (!entry.path().string().ends_with(".warc.gz")) continue;
    const std::string html = front_page_of(entry.path());
    BOOST_REQUIRE(!html.empty());
    const auto signs = engine::signs_of(html);
    const auto choice = choose(html);
    BOOST_TEST((choice.engine == Engine::kHttp),
               choice.reason << ": text " << signs.text << " scripts " << signs.scripts << " links "
                             << signs.links << " images " << signs.images);
  }
}

BOOST_AUTO_TEST_CASE(the_rules_of_the_configuration_are_those_built_in) {
  BOOST_TEST(test::read_text(test::data_path("../../config/engine_rules.toml")) ==
             engine::default_rules());
}

BOOST_AUTO_TEST_CASE(hosts_and_tags_decide_before_anything_is_fetched) {
  const auto rules = engine::EngineRules::parse(R"(
[[rule]]
engine = "http"
reason = "tagged"
tags = ["Plain"]
[[rule]]
reason = "a host"
hosts = ["*.app.test", "one.test"]
[[rule]]
reason = "little text"
text_below = 10
[[rule]]
reason = "another host"
hosts = ["late.test"]
)")
                         .value();
  const std::vector<std::string> none, plain{"plain"};
  const auto early = [&](std::string_view host, const std::vector<std::string>& tags) {
    return rules.choose({.host = host, .tags = tags});
  };
  BOOST_TEST(early("app.test", none)->reason == "a host");
  BOOST_TEST(early("WWW.app.test", none)->reason == "a host");
  BOOST_TEST(early("one.test", none)->reason == "a host");
  BOOST_TEST(early("www.one.test", none).has_value() == false);
  BOOST_TEST(early("myapp.test", none).has_value() == false);
  BOOST_TEST(early("app.test", plain)->reason == "tagged", "the first rule that holds");
  BOOST_TEST(early("late.test", none).has_value() == false, "the page may decide otherwise before");
  BOOST_TEST((rules
                  .choose({.host = "late.test", .tags = none},
                          engine::signs_of("<p>more than ten characters"))
                  .reason == "another host"));
  BOOST_TEST(
      (rules.choose({.host = "late.test", .tags = none}, engine::signs_of("<p>ten")).reason ==
       "little text"));
  BOOST_TEST((
      rules
          .choose({.host = "x.test", .tags = none}, engine::signs_of("<p>more than ten characters"))
          .engine == Engine::kHttp));
}

BOOST_AUTO_TEST_CASE(rules_that_are_none_are_refused_with_their_line) {
  struct Bad {
    const char* toml;
    const char* words;
  };
  const Bad rows[] = {{"[[rule]]\nreason = 1\n", "line 2"},
                      {"[[rule]]\nengine = \"lynx\"\n", "line 2"},
                      {"[[rule]]\nreason = \"x\"\nhost = []\n", "no such key: host"},
                      {"[[rule]]\nhosts = [1]\n", "line 2"},
                      {"[[rule]]\nhosts = [\"a\"]\n", "needs a reason"},
                      {"[[rule]]\ntext_below = -1\n", "number"},
                      {"[rules]\n", "no such key: rules"},
                      {"[[rule]\n", "line 1"},
                      {"rule = 3\n", "[[rule]]"}};
  for (const Bad& row : rows) {
    const auto rules = engine::EngineRules::parse(row.toml);
    BOOST_REQUIRE_MESSAGE(!rules, row.toml);
    BOOST_TEST(rules.error().what.find(row.words) != std::string::npos, rules.error().what);
  }
}

BOOST_AUTO_TEST_CASE(signs_are_counted_in_time_that_grows_with_the_page) {
  std::string hostile;
  for (int i = 0; i < 200000; ++i) hostile += "<x-a id=r" + std::to_string(i) + ">";
  hostile += std::string(100000, 'x');
  const auto signs = engine::signs_of(hostile);
  BOOST_TEST(signs.roots.size() == 64u);
  BOOST_TEST(signs.text == 100000u);
}

BOOST_AUTO_TEST_SUITE_END()
