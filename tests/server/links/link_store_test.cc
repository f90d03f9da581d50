#include "server/links/link_store.h"

#include "server/links/tag.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm::links {

namespace {

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  std::vector<std::uint64_t> changed;
  std::unique_ptr<LinkStore> links = std::make_unique<LinkStore>(*store, [this](std::uint64_t id) { changed.push_back(id); });

  Link add(const std::string& url, std::vector<std::string> tags = {}) { return links->add({.url = url, .title = "", .notes = "", .tags = std::move(tags), .engine = "auto"}).value().link; }
  void reopen() {
    links.reset();
    store.reset();
    store = store::Store::open(dir.path() / "db").value();
    links = std::make_unique<LinkStore>(*store, nullptr);
  }
};

Snapshot snapshot_of(const Link& link) {
  Snapshot snapshot;
  snapshot.link_id = link.id;
  snapshot.time = *Time14::parse("20260101000000");
  snapshot.url = link.url;
  snapshot.status = 200;
  snapshot.mime = "text/html";
  return snapshot;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(link_store, Fixture)

BOOST_AUTO_TEST_CASE(a_link_comes_back_after_a_restart) {
  const Link made = links->add({.url = "https://example.org/a?b=1#c", .title = " Title ", .notes = "note", .tags = {"AI", "读书"}, .engine = "http"}).value().link;
  reopen();
  const Link found = links->get(made.id).value().value();
  BOOST_TEST((found == made));
  BOOST_TEST(found.url == "https://example.org/a?b=1#c");
  BOOST_TEST(found.title == "Title");
  BOOST_TEST(found.title_is_users);
  BOOST_TEST(found.tags.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_same_page_is_one_link_and_gathers_tags) {
  const Link first = add("http://example.org/x", {"one"});
  const Added second = links->add({.url = "https://www.example.org/x/?utm_source=feed", .title = "", .notes = "", .tags = {"two"}, .engine = "auto"}).value();
  BOOST_TEST(!second.is_new);
  BOOST_TEST(second.link.id == first.id);
  BOOST_TEST(second.link.tags.size() == 2u);
  BOOST_TEST(links->count().value() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_web_address_is_refused_with_the_reason) {
  for (const char* bad : {"", "not a url", "ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd", "http://", "http://user:pw@example.org/"}) {
    const auto added = links->add({.url = bad, .title = "", .notes = "", .tags = {}, .engine = "auto"});
    BOOST_REQUIRE_MESSAGE(!added, bad);
    BOOST_TEST((added.error().code == Error::Code::kInvalid));
    BOOST_TEST(!added.error().what.empty());
  }
  BOOST_TEST(add("example.org/page").url == "https://example.org/page");
}

BOOST_AUTO_TEST_CASE(tags_find_links_and_follow_changes) {
  const Link a = add("http://a.example/", {"AI"}), b = add("http://b.example/", {"ＡＩ", "web"});
  const auto tagged = links->page({.tags = {"ai"}}).value().links;
  BOOST_REQUIRE(tagged.size() == 2u);
  BOOST_TEST(tagged.front().id == b.id);
  BOOST_REQUIRE(links->update(b.id, {.url = {}, .title = {}, .notes = {}, .tags = std::vector<std::string>{"web"}, .engine = {}}));
  BOOST_TEST(links->count_tagged("AI").value() == 1u);
  BOOST_REQUIRE(links->remove(a.id));
  const auto tags = links->tags().value();
  BOOST_REQUIRE(tags.size() == 2u);
  BOOST_TEST(tags[0].tag == "AI");
  BOOST_TEST(tags[0].links == 0u);
  BOOST_TEST(tags[1].tag == "web");
  BOOST_TEST(tags[1].links == 1u);
}

BOOST_AUTO_TEST_CASE(lists_are_newest_first_and_paged) {
  for (int i = 0; i < 25; ++i) add("http://example.org/" + std::to_string(i));
  const auto page = links->list(10, 10).value();
  BOOST_REQUIRE(page.size() == 10u);
  BOOST_TEST(page.front().url == "http://example.org/14");
  BOOST_TEST(links->list(10, 20).value().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_snapshot_gives_the_title_unless_the_user_did) {
  const Link plain = add("http://a.example/");
  const Link titled = links->add({.url = "http://b.example/", .title = "Mine", .notes = "", .tags = {}, .engine = "auto"}).value().link;
  for (const Link& link : {plain, titled}) {
    BOOST_REQUIRE(links->add_snapshot(snapshot_of(link), {.title = "The page's", .description = "About it"}));
  }
  BOOST_TEST(links->get(plain.id).value()->title == "The page's");
  BOOST_TEST(links->get(titled.id).value()->title == "Mine");
  BOOST_TEST(links->get(titled.id).value()->description == "About it");
  BOOST_TEST(links->latest_snapshot(plain.id).value()->replay_path() == "/web/20260101000000/http://a.example/");
}

BOOST_AUTO_TEST_CASE(removing_a_link_takes_its_snapshots_and_no_others) {
  const Link a = add("http://a.example/"), b = add("http://b.example/");
  for (const Link& link : {a, b}) BOOST_REQUIRE(links->add_snapshot(snapshot_of(link), {}));
  BOOST_REQUIRE(links->remove(a.id));
  BOOST_TEST(links->snapshots(a.id).value().empty());
  BOOST_TEST(links->snapshots(b.id).value().size() == 1u);
  BOOST_TEST((links->remove(a.id).error().code == Error::Code::kNotFound));
  BOOST_TEST(!links->find("http://a.example/").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_url_cannot_be_changed_onto_another_link) {
  const Link a = add("http://a.example/"), b = add("http://b.example/");
  LinkPatch patch;
  patch.url = "http://a.example/";
  BOOST_TEST((links->update(b.id, patch).error().code == Error::Code::kConflict));
  patch.url = "http://c.example/";
  BOOST_TEST(links->update(b.id, patch).value().url == "http://c.example/");
  BOOST_TEST(!links->find("http://b.example/").value().has_value());
  BOOST_TEST(links->find("http://c.example/").value()->id == b.id);
}

BOOST_AUTO_TEST_CASE(every_change_is_told) {
  const Link a = add("http://a.example/");
  BOOST_REQUIRE(links->remove(a.id));
  BOOST_TEST(changed.size() == 2u);
}

BOOST_AUTO_TEST_CASE(states_dates_and_texts_are_kept) {
  NewLink fields{.url = "http://a.example/", .title = "", .notes = "", .tags = {}, .engine = "auto"};
  fields.description = " Mine ";
  fields.unread = true;
  fields.favourite = true;
  fields.schedule = "7D";
  fields.created = SysMicros(std::chrono::seconds(1'000'000'000));
  const Link made = links->add(fields).value().link;
  reopen();
  const Link found = links->get(made.id).value().value();
  BOOST_TEST((found == made));
  BOOST_TEST(found.unread);
  BOOST_TEST(!found.archived);
  BOOST_TEST(found.favourite);
  BOOST_TEST(found.schedule == "7d");
  BOOST_TEST(found.description == "Mine");
  BOOST_TEST((found.modified == found.created));
  BOOST_REQUIRE(links->add_snapshot(snapshot_of(found), {.title = "T", .description = "The page's"}));
  BOOST_TEST(links->get(made.id).value()->description == "Mine");
}

BOOST_AUTO_TEST_CASE(a_url_that_is_there_is_updated_passed_over_or_an_error) {
  const Link first = add("http://a.example/", {"one"});
  NewLink again{.url = "http://a.example", .title = "New", .notes = "", .tags = {"two"}, .engine = "auto"};
  again.if_exists = IfExists::kError;
  BOOST_TEST((links->add(again).error().code == Error::Code::kConflict));
  again.if_exists = IfExists::kSkip;
  BOOST_TEST((links->add(again).value().link == first));
  again.if_exists = IfExists::kUpdate;
  const Link updated = links->add(again).value().link;
  BOOST_TEST(updated.title == "New");
  BOOST_TEST(updated.tags.size() == 2u);
  BOOST_TEST(updated.version == first.version + 1);
}

BOOST_AUTO_TEST_CASE(the_trash_hides_a_link_and_gives_it_back) {
  const Link a = add("http://a.example/", {"t"}), b = add("http://b.example/", {"t"});
  LinkPatch away;
  away.deleted = true;
  BOOST_REQUIRE(links->update(a.id, away));
  BOOST_TEST(links->count().value() == 1u);
  BOOST_TEST(links->count_tagged("t").value() == 1u);
  BOOST_TEST(links->page({}).value().links.size() == 1u);
  const auto trash = links->page({.states = {State::kTrashed}}).value().links;
  BOOST_REQUIRE(trash.size() == 1u);
  BOOST_TEST(trash.front().id == a.id);
  BOOST_TEST(links->find(a.url).value()->deleted.has_value());
  const Added back = links->add({.url = a.url, .title = "", .notes = "", .tags = {"more"}, .engine = "auto"}).value();
  BOOST_TEST(!back.is_new);
  BOOST_TEST(!back.link.deleted.has_value());
  BOOST_TEST(back.link.tags.size() == 2u);
  BOOST_TEST(links->count().value() == 2u);
  BOOST_TEST(links->count({.states = {State::kTrashed}}, 0).value().links == 0u);
}

BOOST_AUTO_TEST_CASE(an_update_of_another_version_is_refused) {
  const Link a = add("http://a.example/");
  LinkPatch patch;
  patch.unread = true;
  patch.if_version = a.version;
  const Link updated = links->update(a.id, patch).value();
  BOOST_TEST(updated.version == a.version + 1);
  BOOST_TEST((links->update(a.id, patch).error().code == Error::Code::kConflict));
  patch.if_version = updated.version;
  BOOST_TEST((links->update(a.id, patch).value() == updated));  // nothing changes: no new version
}

BOOST_AUTO_TEST_CASE(captures_tell_which_links_are_broken) {
  const Link a = add("http://a.example/");
  Snapshot snapshot = snapshot_of(a);
  snapshot.status = 404;
  BOOST_REQUIRE(links->add_snapshot(snapshot, {}));
  BOOST_TEST(links->get(a.id).value()->broken == "HTTP 404");
  BOOST_TEST(links->page({.states = {State::kBroken}}).value().links.size() == 1u);
  snapshot.status = 403;  // a door that is shut is no hole
  snapshot.time = *Time14::parse("20260101000001");
  BOOST_REQUIRE(links->add_snapshot(snapshot, {}));
  BOOST_TEST(links->get(a.id).value()->broken == "");
  BOOST_REQUIRE(links->set_broken(a.id, "no such host"));
  BOOST_TEST(links->get(a.id).value()->broken == "no such host");
  BOOST_TEST(links->set_broken(99, "x").has_value());
}

BOOST_AUTO_TEST_CASE(what_leads_to_one_page_is_found_and_merged) {
  const Link a = add("http://a.example/new", {"one"}), b = add("http://a.example/old", {"two"}), c = add("http://c.example/");
  Snapshot snapshot = snapshot_of(b);
  snapshot.url = "https://www.a.example/new";
  BOOST_REQUIRE(links->add_snapshot(snapshot, {}));
  std::string cursor;
  const auto groups = links->duplicates(10, cursor).value();
  BOOST_REQUIRE(groups.size() == 1u);
  BOOST_TEST(groups.front().links.size() == 2u);
  BOOST_TEST(cursor == "");
  const Link merged = links->merge(a.id, b.id).value();
  BOOST_TEST(merged.tags.size() == 2u);
  BOOST_TEST(links->snapshots(a.id).value().size() == 1u);
  BOOST_TEST(links->get(b.id).value()->deleted.has_value());
  BOOST_TEST(links->duplicates(10, cursor).value().empty());
  BOOST_TEST((links->merge(a.id, a.id).error().code == Error::Code::kInvalid));
  BOOST_TEST((links->merge(a.id, 99).error().code == Error::Code::kNotFound));
}

BOOST_AUTO_TEST_CASE(many_are_changed_at_once_and_what_fails_is_told) {
  const Link a = add("http://a.example/"), b = add("http://b.example/", {"x"});
  LinkPatch patch;
  patch.add_tags = {"x"};
  const auto edited = links->update_all({a.id, b.id, 99}, patch).value();
  BOOST_REQUIRE(edited.size() == 3u);
  BOOST_TEST(edited[0].changed);
  BOOST_TEST(!edited[1].changed);
  BOOST_TEST((edited[2].error->code == Error::Code::kNotFound));
  BOOST_TEST(links->count_tagged("x").value() == 2u);
}

BOOST_AUTO_TEST_CASE(what_was_written_down_elsewhere_comes_back_as_it_was) {
  Link link = add("http://a.example/", {"ai/papers"});
  link.version = 7;
  link.unread = true;
  BOOST_REQUIRE(links->remove(link.id));
  BOOST_REQUIRE(links->put(link));
  BOOST_TEST((links->get(link.id).value().value() == link));
  BOOST_TEST(links->count_tagged("ai").value() == 1u);
  Link other = link;
  other.id = 50;
  BOOST_TEST((links->put(other).error().code == Error::Code::kConflict));
}

BOOST_AUTO_TEST_CASE(everything_that_follows_from_links_is_made_anew) {
  const Link a = add("http://a.example/?x=1&visitor=2", {"ai/papers"});
  BOOST_REQUIRE(links->update(add("http://b.example/", {"old"}).id, {.url = {}, .title = {}, .notes = {}, .tags = {}, .engine = {}}));
  BOOST_TEST(!links->find("http://a.example/?x=1").value().has_value());
  links.reset();
  url::Tracking tracking = url::Tracking::usual();
  tracking.names.push_back("visitor");
  BOOST_REQUIRE(LinkStore::prepare(*store, tracking));
  links = std::make_unique<LinkStore>(*store, nullptr, tracking);
  BOOST_TEST(links->find("http://a.example/?x=1").value()->id == a.id);
  BOOST_TEST(links->get(a.id).value()->url == "http://a.example/?x=1&visitor=2");
  BOOST_TEST(links->count().value() == 2u);
  BOOST_TEST(links->count_tagged("ai").value() == 1u);
  BOOST_TEST(links->page({.sort = Sort::kTitle}).value().links.size() == 2u);
}

BOOST_AUTO_TEST_CASE(limits_hold) {
  const std::string long_tag(101, 'x');
  BOOST_TEST((links->add({.url = "http://a.example/", .title = "", .notes = "", .tags = {long_tag}, .engine = "auto"}).error().code == Error::Code::kInvalid));
  BOOST_TEST((links->add({.url = "http://a.example/", .title = std::string(5000, 'x'), .notes = "", .tags = {}, .engine = "auto"}).error().code == Error::Code::kInvalid));
  BOOST_TEST((links->add({.url = "http://a.example/", .title = "", .notes = "", .tags = {}, .engine = "magic"}).error().code == Error::Code::kInvalid));
  std::vector<std::string> many;
  for (int i = 0; i < 101; ++i) many.push_back("t" + std::to_string(i));
  BOOST_TEST((links->add({.url = "http://a.example/", .title = "", .notes = "", .tags = many, .engine = "auto"}).error().code == Error::Code::kInvalid));
  BOOST_TEST(links->count().value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

struct TagRow {
  const char* why;
  std::string written;
  std::string clean;  // "" = refused
};
const TagRow kTags[] = {{"blanks around it", "  ai ", "ai"},         {"inner blanks", "deep \t learning", "deep learning"},
                        {"Chinese", "机器学习", "机器学习"},          {"empty", "   ", ""},
                        {"a control character", std::string("a\x01", 2) + "b", ""}, {"decomposed letters", "e\xcc\x81", "\xc3\xa9"},
                        {"invalid UTF-8", "a\xff", "a\xef\xbf\xbd"},
                        {"a sign before it", " #ai", "ai"},          {"full-width signs", "＃ai／papers", "ai/papers"},
                        {"levels", "/ai// papers /", "ai/papers"},   {"nothing but levels", "//", ""},
                        {"a sign within", "C#", "C#"},               {"too many levels", "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", ""}};
std::ostream& operator<<(std::ostream& out, const TagRow& row) { return out << row.why; }

BOOST_DATA_TEST_CASE(tags_as_written_and_kept, boost::unit_test::data::make(kTags), row) {
  const auto clean = clean_tag(row.written);
  if (row.clean.empty()) {
    BOOST_TEST(!clean.has_value());
  } else {
    BOOST_TEST(clean.value() == row.clean);
  }
}

BOOST_AUTO_TEST_CASE(tags_are_equal_whatever_their_case_and_width) {
  BOOST_TEST(tag_key("ＡＩ") == tag_key("ai"));
  BOOST_TEST(tag_key("Straße") == tag_key("STRASSE"));
  BOOST_TEST(tag_key("ai") != tag_key("ai2"));
}

BOOST_AUTO_TEST_CASE(a_damaged_row_is_an_error_not_a_crash) {
  for (const char* bad : {"", "{", "[]", "{\"v\":1}", "{\"v\":1,\"id\":\"x\"}", "\xff\xfe"}) {
    BOOST_TEST((decode_link(bad).error().code == Error::Code::kCorrupt));
    BOOST_TEST((decode_tag(bad).error().code == Error::Code::kCorrupt));
    BOOST_TEST((decode_snapshot(bad).error().code == Error::Code::kCorrupt));
  }
  BOOST_TEST((decode_link("{\"v\":99}").error().code == Error::Code::kUnsupported));
}

}  // namespace wm::links
