#include "server/links/link_list.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "server/links/link_store.h"
#include "tests/support/test_support.h"

namespace wm::links {

namespace {

/// 60 links: every second one has "even", every third "third", every sixth so both; every fourth is unread, every fifth archived.
struct Library {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  LinkStore links{*store, nullptr};

  Library() {
    for (int i = 0; i < 60; ++i) {
      NewLink fields{.url = "http://example.org/" + std::to_string(i), .title = "T" + std::to_string((i * 7) % 60), .notes = "", .tags = {}, .engine = "auto"};
      if (i % 2 == 0) fields.tags.emplace_back("even");
      if (i % 3 == 0) fields.tags.emplace_back("n/third");
      fields.unread = i % 4 == 0;
      fields.archived = i % 5 == 0;
      fields.created = SysMicros(std::chrono::seconds(1'700'000'000 + i));
      BOOST_REQUIRE(links.add(fields).has_value());
    }
  }

  std::vector<Link> all(Listing listing) const {
    std::vector<Link> found;
    do {
      LinkPage page = links.page(listing).value();
      BOOST_TEST(page.links.size() <= listing.limit);
      found.insert(found.end(), page.links.begin(), page.links.end());
      listing.cursor = page.next;
    } while (!listing.cursor.empty());
    return found;
  }
};

struct Row {
  const char* why;
  std::vector<std::string> tags;
  std::vector<State> states;
  std::size_t count;
  bool known;  // without counting
};
const Row kRows[] = {{"all", {}, {}, 60, true},
                     {"a tag", {"even"}, {}, 30, true},
                     {"in any case", {"EVEN"}, {}, 30, true},
                     {"a parent finds its children", {"n"}, {}, 20, true},
                     {"two tags", {"even", "n/third"}, {}, 10, false},
                     {"a tag that nothing has", {"odd"}, {}, 0, true},
                     {"two tags, one of which nothing has", {"even", "odd"}, {}, 0, true},
                     {"a state", {}, {State::kUnread}, 15, true},
                     {"its opposite", {}, {State::kRead}, 45, true},
                     {"not archived", {}, {State::kActive}, 48, true},
                     {"two states", {}, {State::kUnread, State::kArchived}, 3, false},
                     {"untagged", {}, {State::kUntagged}, 20, true},
                     {"tagged", {}, {State::kTagged}, 40, true},
                     {"a tag and a state", {"n/third"}, {State::kUnread}, 5, false},
                     {"two tags and a state", {"even", "n"}, {State::kActive}, 8, false},
                     {"nothing can be both", {}, {State::kUnread, State::kRead}, 0, false},
                     {"the trash", {}, {State::kTrashed}, 0, true}};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }

}  // namespace

BOOST_DATA_TEST_CASE(each_condition_finds_its_links_page_by_page, boost::unit_test::data::make(kRows), row) {
  static const Library library;
  for (const std::size_t limit : {7u, 1000u}) {
    for (const Sort sort : {Sort::kAdded, Sort::kModified, Sort::kTitle}) {
      const auto found = library.all({.tags = row.tags, .states = row.states, .sort = sort, .limit = limit});
      std::set<std::uint64_t> ids;
      for (const Link& link : found) ids.insert(link.id);
      BOOST_TEST(ids.size() == row.count);
      BOOST_TEST(found.size() == row.count);
    }
  }
  const LinkCount count = library.links.count({.tags = row.tags, .states = row.states}, 1000).value();
  BOOST_TEST(count.links == row.count);
  BOOST_TEST(count.exact);
  if (row.known && row.count > 0) BOOST_TEST(library.links.count({.tags = row.tags, .states = row.states}, 0).value().exact);
  if (!row.known && row.count > 0) BOOST_TEST(!library.links.count({.tags = row.tags, .states = row.states}, 0).value().exact);
}

BOOST_FIXTURE_TEST_SUITE(link_list, Library)

BOOST_AUTO_TEST_CASE(orders_go_both_ways) {
  const auto newest = all({.limit = 9});
  BOOST_TEST(std::is_sorted(newest.begin(), newest.end(), [](const Link& a, const Link& b) { return a.created > b.created; }));
  const auto oldest = all({.direction = Direction::kAscending, .limit = 9});
  BOOST_TEST(oldest.front().id == newest.back().id);
  const auto titles = all({.sort = Sort::kTitle, .direction = Direction::kAscending, .limit = 9});
  BOOST_TEST(titles[2].title == "T2");  // numbers count as numbers
  BOOST_TEST(titles[59].title == "T59");
}

BOOST_AUTO_TEST_CASE(titles_in_chinese_go_by_pinyin_after_latin_ones) {
  for (const char* title : {"中国", "北京", "Zebra"}) BOOST_REQUIRE(links.add({.url = std::string("http://z.example/") + title, .title = title, .notes = "", .tags = {"z"}, .engine = "auto"}));
  const auto found = all({.tags = {"z"}, .sort = Sort::kTitle, .direction = Direction::kAscending});
  BOOST_REQUIRE(found.size() == 3u);
  BOOST_TEST(found[0].title == "Zebra");
  BOOST_TEST(found[1].title == "北京");
  BOOST_TEST(found[2].title == "中国");
}

BOOST_AUTO_TEST_CASE(a_page_goes_on_behind_a_link_that_is_gone) {
  Listing listing{.limit = 10};
  const LinkPage first = links.page(listing).value();
  BOOST_REQUIRE(links.remove(first.links.back().id));
  listing.cursor = first.next;
  const LinkPage second = links.page(listing).value();
  BOOST_TEST(second.links.front().id == first.links.back().id - 1);
}

BOOST_AUTO_TEST_CASE(a_cursor_of_something_else_is_refused) {
  const std::string cursor = links.page({.limit = 10}).value().next;
  BOOST_TEST(!links.page({.sort = Sort::kTitle, .cursor = cursor}).has_value());
  BOOST_TEST(!links.page({.direction = Direction::kAscending, .cursor = cursor}).has_value());
  for (const char* bad : {"x", "00", "6164", "zz6164"}) BOOST_TEST((links.page({.cursor = bad}).error().code == Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(counts_follow_every_change) {
  LinkPatch patch;
  patch.unread = false;
  patch.add_tags = {"even"};
  const auto unread = all({.states = {State::kUnread}});
  std::vector<std::uint64_t> ids;
  for (const Link& link : unread) ids.push_back(link.id);
  BOOST_REQUIRE(links.update_all(ids, patch).has_value());
  BOOST_TEST(links.count({.states = {State::kUnread}}, 0).value().links == 0u);
  BOOST_TEST(all({.states = {State::kUnread}}).empty());
  for (const std::uint64_t id : ids) BOOST_REQUIRE(links.remove(id));
  BOOST_TEST(links.count().value() == 45u);
  BOOST_TEST(links.count({.tags = {"even"}}, 0).value().links == all({.tags = {"even"}}).size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::links
