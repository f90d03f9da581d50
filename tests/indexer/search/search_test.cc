#include <atomic>
#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>

#include "tests/indexer/search/search_test_support.h"

using namespace wm;
using search::Document;
using test::page;
using test::SearchInTemp;
using test::time14;

namespace {

Document own(std::uint64_t link, std::string title, std::vector<std::string> tags) {
  Document d;
  d.id = "link:" + std::to_string(link);
  d.link_id = link;
  d.url = "https://www.example.com/page" + std::to_string(link);
  d.title = std::move(title);
  d.tags = std::move(tags);
  d.added = time14("2020");
  return d;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_empty_index_answers_with_nothing) {
  SearchInTemp t;
  const auto answer = t.answer("anything");
  BOOST_TEST(answer.total == 0u);
  BOOST_TEST(answer.results.empty());
  BOOST_TEST(t.answer("").total == 0u);
  BOOST_TEST(t.index->document_count().value() == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_is_found_once_it_is_committed) {
  SearchInTemp t;
  Document d = page(1, "2020", "The quick brown fox.");
  d.title = "Foxes";
  d.tags = {"Animals"};
  t.put(d);
  BOOST_TEST(t.answer("fox").total == 0u);
  t.commit();
  const auto answer = t.answer("QUICK fox");
  BOOST_REQUIRE(answer.results.size() == 1u);
  const auto& hit = answer.results[0];
  BOOST_TEST(answer.total == 1u);
  BOOST_TEST(!answer.total_is_estimate);
  BOOST_TEST(answer.note.empty());
  BOOST_TEST(hit.link_id == 1u);
  BOOST_TEST(hit.title == "Foxes");
  BOOST_TEST(hit.url == d.url);
  BOOST_TEST(hit.collection == "web");
  BOOST_TEST(hit.tags.at(0) == "Animals");
  BOOST_TEST(hit.time.value().text() == "20200101000000");
  BOOST_TEST(hit.versions_matched == 1u);
  BOOST_REQUIRE(hit.snippets.size() == 1u);
  BOOST_TEST(hit.snippets[0] == "The <mark>quick</mark> brown <mark>fox</mark>.");
}

BOOST_AUTO_TEST_CASE(results_are_one_per_link_with_the_version_that_matches_best) {
  SearchInTemp t;
  t.put(page(1, "2020", "old words about whales"));
  t.put(page(1, "2021", "other words about whales and dolphins"));
  t.put(page(1, "2022", "nothing of the kind"));
  t.put(page(2, "2021", "dolphins"));
  t.commit();
  const auto whales = t.answer("whales");
  BOOST_TEST(whales.total == 1u);
  BOOST_REQUIRE(whales.results.size() == 1u);
  BOOST_TEST(whales.results[0].versions_matched == 2u);
  const auto old = t.answer("old whales");
  BOOST_REQUIRE(old.results.size() == 1u);
  BOOST_TEST(old.results[0].time.value().text() == "20200101000000");
  BOOST_TEST(old.results[0].versions_matched == 1u);
  BOOST_TEST(t.answer("dolphins").results.size() == 2u);
}

BOOST_AUTO_TEST_CASE(pages_without_a_link_are_one_per_url_and_collection) {
  SearchInTemp t;
  for (const char* time : {"2020", "2021"}) {
    for (const char* collection : {"web", "news"}) {
      Document d = page(0, time, "imported");
      d.collection = collection;
      d.id = std::string(collection) + time;
      t.put(d);
    }
  }
  t.commit();
  const auto answer = t.answer("imported");
  BOOST_TEST(answer.results.size() == 2u);
  BOOST_TEST(answer.results[0].versions_matched == 2u);
  BOOST_TEST(t.answer("imported collection:news").results.size() == 1u);
  const auto links = t.index->search(
      {.query = "imported", .limit = 10, .offset = 0, .tags = {}, .links_only = true, .now = {}});
  BOOST_TEST(links.value().results.empty());
}

BOOST_AUTO_TEST_CASE(an_unchanged_page_captured_again_is_one_document_with_two_times) {
  SearchInTemp t;
  Document d = page(1, "2020", "same text");
  d.id = "same";
  t.put(d);
  d.time = time14("2022");
  t.put(d);
  d.time = time14("2021");
  t.put(d);
  t.put(d);
  t.commit();
  BOOST_TEST(t.index->document_count().value() == 1u);
  const auto hit = t.answer("same").results.at(0);
  BOOST_TEST(hit.versions_matched == 3u);
  BOOST_TEST(hit.time.value().text() == "20220101000000");
  BOOST_TEST(t.answer("same before:2022").results.at(0).time.value().text() == "20210101000000");
  BOOST_REQUIRE(t.writer->remove_version(1, "web", d.url, time14("2022")).has_value());
  t.commit();
  BOOST_TEST(t.answer("same").results.at(0).time.value().text() == "20210101000000");
}

BOOST_AUTO_TEST_CASE(a_link_without_a_page_is_found_by_its_own_fields) {
  SearchInTemp t;
  Document d = own(5, "Later reading", {"todo"});
  d.notes = "recommended by a friend";
  t.put(d);
  t.commit();
  for (const char* query : {"later", "friend", "#todo", "todo", "example", "title:reading",
                            "\"later reading\"", "recommending"})
    BOOST_TEST(t.links(query) == "5");
  const auto hit = t.answer("friend").results.at(0);
  BOOST_TEST(!hit.time.has_value());
  BOOST_TEST(hit.versions_matched == 0u);
  BOOST_TEST(hit.snippets.at(0) == "recommended by a <mark>friend</mark>");
}

BOOST_AUTO_TEST_CASE(
    a_links_own_document_gives_way_to_its_first_page_and_comes_back_after_the_last) {
  SearchInTemp t;
  t.put(own(5, "Mine", {"a"}));
  Document d = page(5, "2021", "body");
  d.title = "Mine";
  d.tags = {"a"};
  t.put(d);
  t.commit();
  BOOST_TEST(t.index->document_count().value() == 1u);
  BOOST_TEST(t.answer("mine body").results.at(0).time.has_value());
  t.put(own(5, "Other", {}));
  t.commit();
  BOOST_TEST(t.index->document_count().value() == 1u);
  BOOST_REQUIRE(t.writer->remove(d.id).has_value());
  t.commit();
  BOOST_TEST(t.links("mine") == "5");
  BOOST_TEST(t.links("body") == "");
  BOOST_TEST(!t.answer("mine").results.at(0).time.has_value());
}

BOOST_AUTO_TEST_CASE(changed_fields_of_a_link_reach_all_its_versions_and_leave_their_text) {
  SearchInTemp t;
  for (const char* time : {"2020", "2021"}) {
    Document d = page(3, time, "the body text of a page about whales " + std::string(time));
    d.title = "Before";
    d.tags = {"old/one"};
    d.page_title = "Its own title";
    t.put(d);
  }
  t.commit();
  Document fields = own(3, "After", {"new"});
  fields.notes = "a remark";
  fields.states = {"unread"};
  BOOST_REQUIRE(t.writer->update_link(3, fields).has_value());
  t.commit();
  BOOST_TEST(t.index->document_count().value() == 2u);
  for (const char* query : {"before", "#old", "title:before", "is:tagged #old/one"})
    BOOST_TEST(t.links(query) == "");
  for (const char* query : {"after", "#new", "title:after", "whales", "\"body text\"", "remark",
                            "title:own", "is:unread", "has:note", "own title"}) {
    BOOST_TEST_CONTEXT(query) BOOST_TEST(t.links(query) == "3");
  }
  BOOST_TEST(t.answer("after").results.at(0).versions_matched == 2u);
  BOOST_TEST(t.answer("whales").results.at(0).title == "After");
  BOOST_REQUIRE(t.writer->update_link(9, own(9, "New one", {})).has_value());
  t.commit();
  BOOST_TEST(t.links("new one") == "9");
}

BOOST_AUTO_TEST_CASE(a_removed_link_is_found_no_more) {
  SearchInTemp t;
  t.put(page(3, "2020", "whales"));
  t.put(page(3, "2021", "whales"));
  t.put(page(33, "2021", "whales"));
  t.commit();
  BOOST_REQUIRE(t.writer->remove_link(3).has_value());
  BOOST_REQUIRE(t.writer->remove_link(4).has_value());
  t.commit();
  BOOST_TEST(t.links("whales") == "33");
}

BOOST_AUTO_TEST_CASE(what_was_not_committed_is_gone_after_reopening_and_may_be_put_again) {
  const auto dir = test::temp_dir();
  for (int i = 0; i < 2; ++i) {
    auto writer = search::SearchWriter::open(dir.path()).value();
    BOOST_REQUIRE(writer->put(page(1, "2020", "whales")).has_value());
    if (i == 1) BOOST_REQUIRE(writer->commit().has_value());
  }
  BOOST_TEST(search::SearchIndex::open(dir.path()).value()->document_count().value() == 1u);
}

BOOST_AUTO_TEST_CASE(two_writers_are_refused_and_a_foreign_index_too) {
  SearchInTemp t;
  const auto second = search::SearchWriter::open(t.dir.path() / "search");
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST((second.error().code == Error::Code::kBusy));
  std::filesystem::create_directories(t.dir.path() / "bad");
  BOOST_REQUIRE(replace_file(t.dir.path() / "bad" / "iamglass", "nonsense").has_value());
  BOOST_TEST(!search::SearchIndex::open(t.dir.path() / "bad").has_value());
  BOOST_TEST(!search::SearchWriter::open(t.dir.path() / "bad").has_value());
}

BOOST_AUTO_TEST_CASE(readers_on_many_threads_see_every_commit) {
  SearchInTemp t;
  std::atomic<bool> done = false;
  std::atomic<int> searches = 0;
  std::atomic<int> failures = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto answer = t.index->search({.query = "whales",
                                             .limit = 5,
                                             .offset = 0,
                                             .tags = {},
                                             .links_only = false,
                                             .now = {}});
        if (!answer) ++failures;
        ++searches;
      }
    });
  }
  for (std::uint64_t i = 1; i <= 30 || searches < 30; ++i) {
    t.put(page(i, "2020", "whales " + std::to_string(i)));
    t.commit();
    if (t.answer("whales " + std::to_string(i)).total != 1) ++failures;
  }
  done = true;
  for (auto& reader : readers) reader.join();
  BOOST_TEST(failures == 0);
}

BOOST_AUTO_TEST_CASE(pages_of_results_follow_each_other) {
  SearchInTemp t;
  for (std::uint64_t i = 1; i <= 30; ++i) t.put(page(i, "2020", "whales"));
  t.commit();
  std::set<std::uint64_t> seen;
  for (std::size_t offset = 0; offset < 40; offset += 7) {
    const auto answer = t.index
                            ->search({.query = "whales",
                                      .limit = 7,
                                      .offset = offset,
                                      .tags = {},
                                      .links_only = false,
                                      .now = {}})
                            .value();
    BOOST_TEST(answer.total == 30u);
    for (const auto& hit : answer.results) BOOST_TEST(seen.insert(hit.link_id).second);
  }
  BOOST_TEST(seen.size() == 30u);
}

BOOST_AUTO_TEST_CASE(a_very_long_document_is_found_by_its_last_word) {
  SearchInTemp t;
  std::string text;
  for (int i = 0; i < 60000; ++i) text += "w" + std::to_string(i % 5000) + " ";
  t.put(page(1, "2020", text + "lastword"));
  t.commit();
  const auto hit = t.answer("lastword").results.at(0);
  BOOST_TEST(!hit.snippets.empty());
}

BOOST_AUTO_TEST_CASE(a_title_counts_more_than_a_text_and_a_new_page_more_than_an_old_one) {
  SearchInTemp t;
  t.put(page(1, "2023", "a text that speaks of whales among other things of the sea"));
  Document titled = page(2, "2023", "a text that speaks of other things of the sea and more");
  titled.title = "Whales";
  t.put(titled);
  t.put(page(3, "2004", "equal words"));
  t.put(page(4, "2024", "equal words"));
  t.commit();
  BOOST_TEST(t.links("whales") == "2 1");
  BOOST_TEST(t.links("equal words") == "4 3");
  BOOST_TEST(t.links("equal words sort:oldest") == "3 4");
}
