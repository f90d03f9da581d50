#include "server/links/tag_store.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm::links {

namespace {

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  LinkStore links{*store, nullptr};
  TagStore tags{links};
  int made = 0;

  Link add(std::vector<std::string> with) {
    return links.add({.url = "http://example.org/" + std::to_string(made++), .title = "", .notes = "", .tags = std::move(with), .engine = "auto"}).value().link;
  }
  std::string tags_of(const Link& link) const {
    std::string all;
    const auto now = links.get(link.id).value();
    for (const std::string& tag : now->tags) all += (all.empty() ? "" : " ") + tag;
    return all;
  }
  void follow(const TagMove& move, std::size_t at_once = 3) {
    std::string cursor;
    do {
      BOOST_REQUIRE(tags.move_some(move.key, cursor, at_once).has_value());
    } while (!cursor.empty());
    BOOST_TEST(tags.unfinished().value().empty());
  }
  void rename(const char* from, const char* to, TagStore::OldName old_name = TagStore::OldName::kForget) { follow(tags.rename(from, to, old_name).value()); }
  std::uint64_t count(const char* tag) const {
    const auto found = tags.find(tag).value();
    return found ? found->links : 9999;
  }
  std::string typed(const char* beginning) const {
    std::string all;
    const auto found = tags.typed(beginning, 10).value();
    for (const TagInfo& one : found) all += (all.empty() ? "" : " ") + one.tag.name;
    return all;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tag_store, Fixture)

BOOST_AUTO_TEST_CASE(a_tag_is_made_by_its_first_use_and_called_so_from_then_on) {
  add({"AI/Papers"});
  const Link later = add({"ai/papers", "ＡＩ"});
  BOOST_TEST(tags_of(later) == "AI AI/Papers");
  BOOST_TEST(count("ai") == 2u);
  BOOST_TEST(tags.find("AI").value()->own == 1u);
  BOOST_TEST(count("AI/papers") == 2u);
}

BOOST_AUTO_TEST_CASE(a_rename_takes_links_and_what_is_under_it_along) {
  std::vector<Link> all;
  for (int i = 0; i < 10; ++i) all.push_back(add({"ml", "ml/vision", "other"}));
  BOOST_REQUIRE(tags.update("ml", {.colour = "#FF0000"}).has_value());
  rename("ml", "ai/learning");
  for (const Link& link : all) BOOST_TEST(tags_of(link) == "ai/learning ai/learning/vision other");
  BOOST_TEST(count("ai") == 10u);
  BOOST_TEST(!tags.find("ml").value().has_value());
  BOOST_TEST(!tags.find("ml/vision").value().has_value());
  BOOST_TEST(tags.find("ai/learning").value()->tag.colour == "#ff0000");
  BOOST_TEST(tags_of(add({"ml"})) == "ml");  // forgotten: a new tag
}

BOOST_AUTO_TEST_CASE(a_rename_does_not_touch_when_links_were_modified) {
  const Link link = add({"a"});
  rename("a", "b");
  BOOST_TEST((links.get(link.id).value()->modified == link.modified));
  BOOST_TEST(links.get(link.id).value()->version == link.version + 1);
}

BOOST_AUTO_TEST_CASE(only_the_spelling_can_change) {
  const Link link = add({"ai", "ai/x"});
  rename("ai", "AI");
  BOOST_TEST(tags_of(link) == "AI AI/x");
  BOOST_TEST(count("ai") == 1u);
}

BOOST_AUTO_TEST_CASE(tags_become_one_and_the_old_name_an_alias) {
  const Link a = add({"golang"}), b = add({"go"}), c = add({"golang", "go"});
  rename("golang", "go", TagStore::OldName::kAlias);
  for (const Link& link : {a, b, c}) BOOST_TEST(tags_of(link) == "go");
  BOOST_TEST(count("go") == 3u);
  BOOST_TEST(tags_of(add({"Golang", "golang/web"})) == "go go/web");
  BOOST_TEST(count("golang") == 4u);  // the alias finds the tag
  BOOST_TEST(links.page({.tags = {"golang"}}).value().links.size() == 4u);
  rename("go", "golang");  // back onto its alias
  BOOST_TEST(tags_of(a) == "golang");
  BOOST_TEST(tags.find("golang").value()->tag.aliases.empty());
}

BOOST_AUTO_TEST_CASE(nobody_gets_the_old_name_while_links_follow_and_an_ended_rename_goes_on) {
  for (int i = 0; i < 10; ++i) add({"old"});
  const TagMove move = tags.rename("old", "new", TagStore::OldName::kForget).value();
  BOOST_TEST(move.links == 10u);
  std::string cursor;
  BOOST_TEST(tags.move_some(move.key, cursor, 4).value() == 4u);
  BOOST_TEST(tags_of(add({"old"})) == "new");
  // As after a crash: the cursor is forgotten, the mark is not.
  TagStore after(links);
  BOOST_REQUIRE(after.unfinished().value().size() == 1u);
  follow({.key = after.unfinished().value().front(), .links = 0});
  BOOST_TEST(count("new") == 11u);
  BOOST_TEST(!tags.find("old").value().has_value());
  cursor.clear();
  BOOST_TEST(tags.move_some(move.key, cursor, 4).value() == 0u);  // done twice is done once
}

BOOST_AUTO_TEST_CASE(a_tag_cannot_go_under_itself) {
  add({"a"});
  BOOST_TEST((tags.rename("a", "a/b", TagStore::OldName::kForget).error().code == Error::Code::kInvalid));
  BOOST_TEST((tags.rename("none", "b", TagStore::OldName::kForget).error().code == Error::Code::kNotFound));
  BOOST_TEST((tags.rename("a", " ", TagStore::OldName::kForget).error().code == Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(a_deleted_tag_leaves_its_links_and_its_children_if_asked) {
  const Link a = add({"x", "x/y", "z"});
  follow(tags.remove("x", TagStore::Children::kStay).value());
  BOOST_TEST(tags_of(a) == "x/y z");
  follow(tags.remove("x", TagStore::Children::kGo).value());
  BOOST_TEST(tags_of(a) == "z");
  BOOST_TEST(!tags.find("x/y").value().has_value());
  BOOST_TEST(tags_of(add({"x/y"})) == "x/y");  // nothing keeps it away
}

BOOST_AUTO_TEST_CASE(aliases_are_checked) {
  add({"a"});
  add({"b"});
  BOOST_TEST(tags.update("a", {.aliases = std::vector<std::string>{"甲", "α"}}).value().tag.aliases.size() == 2u);
  BOOST_TEST((tags.update("a", {.aliases = std::vector<std::string>{"b"}}).error().code == Error::Code::kConflict));
  BOOST_TEST((tags.update("b", {.aliases = std::vector<std::string>{"甲"}}).error().code == Error::Code::kConflict));
  BOOST_TEST(tags_of(add({"甲"})) == "a");
  BOOST_REQUIRE(tags.update("a", {.aliases = std::vector<std::string>{}}).has_value());
  BOOST_TEST(tags_of(add({"甲"})) == "甲");
  for (const char* colour : {"red", "#12345", "#12345g", "12345678"}) BOOST_TEST(!tags.update("a", {.colour = colour}).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_typed_finds_tags_in_any_script) {
  add({"图书馆", "tutorial", "научный", "ai/papers", "Straße"});
  add({"tutorial"});
  BOOST_TEST(typed("t") == "tutorial 图书馆");  // the most used first
  BOOST_TEST(typed("图书") == "图书馆");
  BOOST_TEST(typed("tushu") == "图书馆");
  BOOST_TEST(typed("tsg") == "图书馆");
  BOOST_TEST(typed("ＮＡＵ") == "научный");
  BOOST_TEST(typed("pap") == "ai/papers");
  BOOST_TEST(typed("AI/P") == "ai/papers");
  BOOST_TEST(typed("STRASS") == "Straße");
  BOOST_TEST(typed("xyz") == "");
  BOOST_TEST(tags.typed("", 3).value().size() == 3u);
  rename("tutorial", "guide");
  BOOST_TEST(typed("tut") == "");
}

BOOST_AUTO_TEST_CASE(tags_that_seem_to_be_one_are_told) {
  add({"machine-learning", "Machine Learning", "machinelearning", "blog", "blogs", "javascript", "javscript", "python2", "python3", "cat", "car", "机器学习", "读书"});
  const auto groups = tags.similar().value();
  BOOST_REQUIRE(groups.size() == 3u);
  std::size_t total = 0;
  for (const auto& group : groups) total += group.size();
  BOOST_TEST(total == 7u);
}

BOOST_AUTO_TEST_CASE(a_tag_says_how_its_links_are_captured) {
  const Link link = add({"news/local", "z"});
  BOOST_REQUIRE(tags.update("news", {.engine = "browser", .schedule = "12h"}).has_value());
  BOOST_REQUIRE(tags.update("z", {.schedule = "7d"}).has_value());
  const Policy policy = tags.policy_of(link).value();
  BOOST_TEST(policy.engine == "browser");
  BOOST_TEST(policy.schedule == "12h");
  Link own = link;
  own.engine = "http";
  BOOST_TEST(tags.policy_of(own).value().engine == "http");
  BOOST_TEST(!tags.update("z", {.schedule = "now"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::links
