#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "server/app/import_runner.h"
#include "tests/support/test_support.h"

namespace wm::app {

using nlohmann::json;

namespace {

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  cdx::CdxIndex cdx{*store};
  links::LinkStore links{*store, [](std::uint64_t) {}};
  Settings settings;
  std::vector<std::string> asked;     ///< for a snapshot
  std::size_t room = 100;             ///< in the queue
  ImportRunner runner{*store, cdx, links, dir.path() / "warcs", settings, {}, [this](const links::Link& link) -> Result<> {
                        if (asked.size() >= room) return fail(Error::Code::kBusy, "full");
                        asked.push_back(link.url);
                        return {};
                      }};

  json import(std::string_view bytes, json more = json::object()) {
    const auto path = dir.path() / "bookmarks";
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    auto file = create_file(path).value();
    BOOST_REQUIRE(file->append(bytes).has_value());
    BOOST_REQUIRE(file->close().has_value());
    more["path"] = path.string();
    jobs::Job job;
    job.parameters = more.dump();
    const auto result = runner.run(job, {}, [](const std::string&) {});
    BOOST_REQUIRE_MESSAGE(result.has_value(), result.error().what);
    return json::parse(*result);
  }
};

const char* const kFile =
    "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>ai</H3>\n<DL><p>\n"
    "<DT><A HREF=\"https://a.example/\" ADD_DATE=\"1616337559\" TAGS=\"x,机器学习\" TOREAD=\"1\">甲</A>\n<DD>words\n"
    "<DT><A HREF=\"place:sort=8\">Most visited</A>\n</DL>\n<DT><A HREF=\"https://b.example/\">B</A>\n</DL>\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bookmark_import, Fixture)

BOOST_AUTO_TEST_CASE(bookmarks_become_links_with_dates_tags_and_states_and_are_captured) {
  const json result = import(kFile);
  BOOST_TEST(result["kind"] == "bookmarks");
  BOOST_TEST(result["records"] == 3);
  BOOST_TEST(result["links"] == 2);
  BOOST_TEST(result["skipped"] == 1);
  BOOST_TEST(result["lines"].at(0)["line"] == 7);
  BOOST_TEST(result["error_count"] == 0);
  BOOST_TEST(result["queued"] == 2);
  BOOST_TEST(asked == (std::vector<std::string>{"https://a.example/", "https://b.example/"}));
  const links::Link link = links.find("https://a.example/").value().value();
  BOOST_TEST(link.title == "甲");
  BOOST_TEST(link.description == "words");
  BOOST_TEST(link.tags == (std::vector<std::string>{"ai", "x", "机器学习"}));
  BOOST_TEST(link.unread);
  BOOST_TEST(w3c_date_micros(link.created) == "2021-03-21T14:39:19.000000Z");
}

BOOST_AUTO_TEST_CASE(the_same_file_again_adds_nothing) {
  import(kFile);
  const json result = import(kFile);
  BOOST_TEST(result["links"] == 0);
  BOOST_TEST(result["queued"] == 0);
  BOOST_TEST(links.count().value() == 2u);
}

BOOST_AUTO_TEST_CASE(a_dry_run_tells_what_would_be_new_and_changes_nothing) {
  import("https://b.example/\n");
  asked.clear();
  const json result = import(kFile, {{"dry_run", true}});
  BOOST_TEST(result["links"] == 1);
  BOOST_TEST(result["skipped"] == 1);
  BOOST_TEST(asked.empty());
  BOOST_TEST(links.count().value() == 1u);
}

BOOST_AUTO_TEST_CASE(no_snapshots_are_asked_for_when_none_are_wanted_or_the_queue_is_full) {
  BOOST_TEST(import(kFile, {{"capture", false}})["queued"] == 0);
  room = 1;
  const json result = import("https://c.example/\nhttps://d.example/\nhttps://e.example/\n");
  BOOST_TEST(result["links"] == 3);
  BOOST_TEST(result["queued"] == 1);
  BOOST_TEST(result["errors"].size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_saved_copy_becomes_a_snapshot_at_the_time_it_was_saved) {
  const char* const file = R"([{"title":"T","url":"https://a.example/p","is_archived":1,"created_at":"2016-09-08T11:55:58+0200","content":"<p>a saved copy","tags":["x"]}])";
  const json result = import(file);
  BOOST_TEST(result["links"] == 1);
  BOOST_TEST(result["captures"] == 1);
  BOOST_TEST(asked.empty());
  const links::Link link = links.find("https://a.example/p").value().value();
  BOOST_TEST(link.archived);
  const auto snapshot = links.latest_snapshot(link.id).value().value();
  BOOST_TEST(snapshot.time.text() == "20160908095558");
  BOOST_TEST(import(file)["captures"] == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::app
