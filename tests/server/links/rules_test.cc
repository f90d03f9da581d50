#include "server/links/rules.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "server/links/link_store.h"
#include "server/links/saved_searches.h"
#include "tests/support/test_support.h"

namespace wm::links {

namespace {

struct Row {
  const char* why;
  Rule rule;
  bool fits;
};
const Row kRows[] = {
    {"the host", {.site = "example.org"}, true},
    {"in any case, with www", {.site = "WWW.Example.ORG"}, true},
    {"a host above it", {.site = "org"}, true},
    {"a host that ends alike", {.site = "ample.org"}, false},
    {"a beginning of the path", {.site = "example.org/docs"}, true},
    {"another path", {.site = "example.org/blog"}, false},
    {"an argument", {.site = "example.org?lang=de"}, true},
    {"another argument", {.site = "example.org/docs?lang=fr"}, false},
    {"words of the address", {.url = "c++"}, true},
    {"words of the title, folded", {.title = "ＨＥＲＯＮ"}, true},
    {"Chinese words of the text", {.text = "图书"}, true},
    {"words that are not there", {.title = "stork"}, false},
    {"a regular expression", {.url = "/docs/(c|d)%2B/"}, true},
    {"in any case", {.title = "/^the .* heron$/"}, true},
    {"that does not fit", {.title = "/^heron/"}, false},
    {"all conditions", {.site = "example.org", .title = "heron", .text = "library"}, false},
    {"what would take a backtracking matcher for ever", {.text = "/(a*)*(a*)*b$/"}, false},
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }

Rule tagging(Rule rule) {
  rule.tags = {"t"};
  return rule;
}

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  LinkStore links{*store, nullptr};
  Link add(const char* url, const char* title = "") { return links.add({.url = url, .title = title, .notes = "", .tags = {}, .engine = "auto"}).value().link; }
};

}  // namespace

BOOST_DATA_TEST_CASE(what_fits_a_rule, boost::unit_test::data::make(kRows), row) {
  Link link;
  link.url = "https://www.example.org/docs/C%2B%2B?lang=de&x=1";
  link.title = "The grey Heron";
  const std::string text = "在图书馆里 " + std::string(30'000, 'a');
  const RuleSet rules({clean(tagging(row.rule)).value()});
  BOOST_TEST(rules.matching(link, text, RuleSet::Moment::kAdded).size() == (row.fits ? 1u : 0u));
}

BOOST_AUTO_TEST_CASE(rules_that_make_no_sense_are_refused_with_the_reason) {
  for (const Rule& bad : {Rule{.tags = {"t"}}, Rule{.site = "example.org"}, Rule{.url = "/(/", .tags = {"t"}}, Rule{.site = "http://", .tags = {"t"}}, Rule{.url = "x", .tags = {" "}},
                          Rule{.url = "x", .engine = "magic"}, Rule{.url = "x", .schedule = "soon"}, Rule{.url = std::string(1001, 'x'), .tags = {"t"}}}) {
    const auto cleaned = clean(bad);
    BOOST_REQUIRE(!cleaned.has_value());
    BOOST_TEST((cleaned.error().code == Error::Code::kInvalid));
    BOOST_TEST(!cleaned.error().what.empty());
  }
}

BOOST_FIXTURE_TEST_SUITE(rules, Fixture)

BOOST_AUTO_TEST_CASE(rules_are_kept_changed_and_removed) {
  const Rule made = links.rules().add({.name = "docs", .site = "docs.example", .tags = {"#docs"}, .unread = true}).value();
  BOOST_TEST(made.tags.front() == "docs");
  BOOST_TEST((Rules(*store).get(made.id).value() == made));
  Rule changed = made;
  changed.enabled = false;
  BOOST_REQUIRE(links.rules().replace(changed).has_value());
  BOOST_TEST(links.rules().list().value().size() == 1u);
  BOOST_TEST(add("http://docs.example/").tags.empty());
  BOOST_REQUIRE(links.rules().remove(made.id).has_value());
  BOOST_TEST((links.rules().remove(made.id).error().code == Error::Code::kNotFound));
}

BOOST_AUTO_TEST_CASE(a_new_link_gets_what_its_rules_say) {
  BOOST_REQUIRE(links.rules().add({.site = "docs.example", .tags = {"docs", "dev/docs"}, .engine = "http", .schedule = "7d", .unread = true, .favourite = true}).has_value());
  const Link link = add("https://docs.example/a");
  BOOST_TEST(link.tags.size() == 2u);
  BOOST_TEST(link.engine == "http");
  BOOST_TEST(link.schedule == "7d");
  BOOST_TEST(link.unread);
  BOOST_TEST(link.favourite);
  LinkPatch patch;
  patch.tags = std::vector<std::string>();
  BOOST_REQUIRE(links.update(link.id, patch).has_value());
  BOOST_TEST(links.add({.url = link.url, .title = "", .notes = "", .tags = {}, .engine = "auto"}).value().link.tags.empty());  // it is not new
}

BOOST_AUTO_TEST_CASE(what_the_page_says_counts_after_its_first_capture) {
  BOOST_REQUIRE(links.rules().add({.text = "heron", .tags = {"birds"}}).has_value());
  const Link link = add("http://a.example/");
  BOOST_TEST(link.tags.empty());
  Snapshot snapshot{.link_id = link.id, .time = *Time14::parse("20260101000000"), .url = link.url, .status = 200, .mime = "text/html", .engine = "http", .warc = ""};
  const PageFacts page{.title = "T", .description = "", .icon = "", .preview = "", .text = "Grey herons"};
  BOOST_REQUIRE(links.add_snapshot(snapshot, page).has_value());
  BOOST_TEST(links.get(link.id).value()->tags.size() == 1u);
  LinkPatch patch;
  patch.tags = std::vector<std::string>();
  BOOST_REQUIRE(links.update(link.id, patch).has_value());
  snapshot.time = *Time14::parse("20260101000001");
  BOOST_REQUIRE(links.add_snapshot(snapshot, page).has_value());
  BOOST_TEST(links.get(link.id).value()->tags.empty());  // taken away is taken away
}

BOOST_AUTO_TEST_CASE(saved_searches_are_kept_in_their_order) {
  SavedSearches searches(*store);
  const SavedSearch later = searches.add({.name = "Later", .query = "is:unread", .order = 2}).value();
  const SavedSearch first = searches.add({.name = "AI", .query = "a or b", .any_tags = {"ai", "ml"}, .excluded_tags = {"x y"}, .unread = SavedSearch::Filter::kYes, .order = 1}).value();
  const auto all = searches.list().value();
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST((all.front() == first));
  BOOST_TEST(first.whole_query() == "(a or b) (#\"ai\" or #\"ml\") not #\"x y\" is:unread");
  BOOST_TEST(later.whole_query() == "is:unread");
  BOOST_TEST(!searches.add({.name = " "}).has_value());
  BOOST_REQUIRE(searches.remove(later.id).has_value());
  BOOST_TEST((searches.get(later.id).error().code == Error::Code::kNotFound));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::links
