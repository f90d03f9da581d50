#include "server/journal/journal.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "core/base/ascii.h"
#include "core/base/file.h"
#include "core/warc/reader.h"
#include "indexer/cdx/dropped.h"
#include "server/journal/change_json.h"
#include "server/journal/replay.h"
#include "server/links/link_store.h"
#include "tests/support/test_support.h"

namespace wm::journal {

namespace {

namespace fs = std::filesystem;
using store::Family;
using store::RowChange;

enum class Which { kRecorded, kAll };

std::vector<std::string> rows(const store::Store& store, Which which = Which::kRecorded) {
  std::vector<std::string> all;
  for (const auto family : {Family::kLinks, Family::kTags, Family::kMeta}) {
    auto cursor = store.cursor(family);
    for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
      if (which == Which::kAll || store::is_recorded(family, cursor.key())) all.push_back(std::string(cursor.key()) + " = " + std::string(cursor.value()));
    }
  }
  return all;
}

std::size_t waiting(const store::Store& store) {
  std::size_t count = 0;
  auto cursor = store.cursor(Family::kOutbox);
  for (cursor.seek(std::string(1, store::kRecordPrefix)); cursor.valid() && cursor.key().front() == store::kRecordPrefix; cursor.next()) ++count;
  return count;
}

struct Fixture {
  TempDir dir = test::temp_dir();
  const fs::path warcs = dir.path() / "warcs";
  std::unique_ptr<store::Store> store = open("db");
  std::vector<std::string> told;

  std::unique_ptr<store::Store> open(const char* name) const { return store::Store::open(dir.path() / name, {.record = true}).value(); }
  static links::NewLink link(const std::string& url) { return {.url = url, .title = "", .notes = "a note\nof two lines, 鸟", .tags = {"birds", "读书"}, .engine = "auto"}; }
  std::unique_ptr<store::Store> replayed() {
    static int count = 0;
    auto into = store::Store::open(dir.path() / ("replayed" + std::to_string(++count))).value();
    BOOST_REQUIRE(replay(warcs, *into, [this](const std::string& file, std::uint64_t, const std::string& what) { told.push_back(file + ": " + what); }));
    return into;
  }
  /// Adds, edits, files, removes.
  void change(const std::string& host) {
    links::LinkStore links(*store, nullptr);
    const auto id = links.add(link("http://" + host + "/a")).value().link.id;
    const auto other = links.add(link("http://" + host + "/b")).value().link.id;
    links::Snapshot snapshot;
    snapshot.link_id = other;
    snapshot.time = *Time14::parse("20260101000000");
    snapshot.url = "http://" + host + "/b";
    BOOST_REQUIRE(links.add_snapshot(snapshot, {.title = "Birds", .description = "of a feather"}));
    links::LinkPatch patch;
    patch.url = "http://" + host + "/moved";
    patch.tags = std::vector<std::string>{"birds", "herons"};
    BOOST_REQUIRE(links.update(id, patch));
    const auto gone = links.add(link("http://" + host + "/gone")).value().link.id;
    snapshot.link_id = gone;
    BOOST_REQUIRE(links.add_snapshot(snapshot, {.title = "Gone", .description = ""}));
    BOOST_REQUIRE(links.remove(gone));
    store::Batch batch;
    batch.put(Family::kMeta, "import:web:00ff", "web/imported/00ff-x.warc.gz");
    cdx::put_dropped(batch, "web/1.warc.gz", {.offset = 300, .length = 20});
    BOOST_REQUIRE(store->write(std::move(batch)));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal, Fixture)

BOOST_AUTO_TEST_CASE(what_is_replayed_is_what_was_there_row_by_row) {
  {
    const auto journal = Journal::open(*store, warcs).value();
    change("a.example");
    BOOST_REQUIRE(journal->flush());
    BOOST_TEST(waiting(*store) == 0u);
    change("b.example");
  }
  BOOST_TEST(waiting(*store) == 0u);
  BOOST_TEST(rows(*store).size() > 10u);
  BOOST_TEST(rows(*replayed()) == rows(*store), boost::test_tools::per_element());
  BOOST_TEST(told.empty());
}

BOOST_AUTO_TEST_CASE(what_follows_from_the_rows_is_made_of_what_is_replayed) {
  BOOST_REQUIRE(links::LinkStore::prepare(*store));
  {
    const auto journal = Journal::open(*store, warcs).value();
    change("a.example");
    change("b.example");
  }
  const auto into = replayed();
  BOOST_REQUIRE(links::LinkStore::prepare(*into));
  BOOST_TEST(rows(*into, Which::kAll) == rows(*store, Which::kAll), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_folder_that_knew_no_journal_gets_all_its_rows_written) {
  store.reset();
  store = store::Store::open(dir.path() / "db").value();
  change("old.example");
  const auto before = rows(*store);
  store.reset();
  store = open("db");
  { const auto journal = Journal::open(*store, warcs).value(); }
  BOOST_TEST(rows(*replayed()) == before, boost::test_tools::per_element());
  BOOST_TEST(told.empty());
  BOOST_TEST((files_of(warcs).value() == std::vector<std::string>{"_links/links-00000001.warc.gz"}));
}

BOOST_AUTO_TEST_CASE(an_empty_folder_gets_no_file) {
  { const auto journal = Journal::open(*store, warcs).value(); }
  BOOST_TEST(files_of(warcs).value().empty());
}

BOOST_AUTO_TEST_CASE(files_are_gone_on_with_and_followed_by_others_when_they_are_full) {
  for (const char* host : {"a.example", "b.example"}) {
    const auto journal = Journal::open(*store, warcs).value();
    change(host);
  }
  BOOST_TEST(files_of(warcs).value().size() == 1u);
  {
    const auto journal = Journal::open(*store, warcs, {.file_bytes = 100}).value();
    change("c.example");
    BOOST_REQUIRE(journal->flush());
    change("d.example");
  }
  BOOST_TEST(files_of(warcs).value().size() > 2u);
  BOOST_TEST(rows(*replayed()) == rows(*store), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_torn_end_is_cut_and_what_was_not_written_is_written_again) {
  {
    const auto journal = Journal::open(*store, warcs).value();
    change("a.example");
  }
  const fs::path file = warcs / "_links/links-00000001.warc.gz";
  const std::string whole = test::read_text(file);
  // As after a crash in the middle of a member: the entries of what is torn are on the outbox still.
  for (const std::size_t torn : {std::size_t{5}, whole.size() / 2, whole.size() - 1}) {
    BOOST_REQUIRE(replace_file(file, whole.substr(0, torn)));
    BOOST_REQUIRE(store->record_all());
    { const auto journal = Journal::open(*store, warcs).value(); }
    BOOST_TEST(rows(*replayed()) == rows(*store), boost::test_tools::per_element());
    BOOST_TEST(told.empty());
  }
}

BOOST_AUTO_TEST_CASE(damage_is_told_and_the_records_behind_it_are_read) {
  {
    const auto journal = Journal::open(*store, warcs).value();
    change("a.example");
    BOOST_REQUIRE(journal->flush());
    BOOST_REQUIRE(store->record_all());
  }
  const fs::path file = warcs / "_links/links-00000001.warc.gz";
  std::string bytes = test::read_text(file);
  for (std::size_t i = 600; i < 700; ++i) bytes[i] = '!';
  BOOST_REQUIRE(replace_file(file, bytes));
  BOOST_TEST(rows(*replayed()) == rows(*store), boost::test_tools::per_element());
  BOOST_TEST(!told.empty());
  told.clear();
  BOOST_TEST(check(warcs, "_links/links-00000001.warc.gz", [this](const std::string&, std::uint64_t, const std::string& what) { told.push_back(what); }).has_value());
  BOOST_TEST(!told.empty());
}

BOOST_AUTO_TEST_CASE(ten_thousand_links_are_few_syncs_and_a_strict_checker_has_nothing_to_say) {
  const auto tool = test::shared_path("tools/warc_lint.py");
  const auto journal = Journal::open(*store, warcs).value();
  store::Batch batch;
  for (int i = 0; i < 10000; ++i) {
    batch.put(Family::kLinks, "l" + std::to_string(10000000 + i), R"({"id":1,"v":1})");
    BOOST_REQUIRE(store->write(std::exchange(batch, store::Batch()), store::Store::Sync::kNo));
  }
  BOOST_REQUIRE(journal->flush());
  BOOST_TEST(rows(*replayed()).size() == 10000u);
  if (!tool) return;
  BOOST_TEST(std::system(("python3 " + tool->string() + " --profile strict --no-warn " + (warcs / "_links/links-00000001.warc.gz").string() + " >/dev/null").c_str()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(journal_content)

BOOST_AUTO_TEST_CASE(every_byte_of_a_key_and_a_value_comes_back) {
  std::string bytes;
  for (int i = 1; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  const std::vector<RowChange> changes = {{RowChange::Kind::kPut, Family::kLinks, std::string("l\0\0\0\0\0\0\0\7", 9), R"({"a":[1,2.5,"x"],"v":1})"},
                                          {RowChange::Kind::kPut, Family::kLinks, "s" + bytes, bytes},
                                          {RowChange::Kind::kPut, Family::kTags, "x", R"({"v":1, "blank":"kept"})"},
                                          {RowChange::Kind::kPut, Family::kTags, "d", std::string("\0", 1)},
                                          {RowChange::Kind::kPut, Family::kTags, "m", ""},
                                          {RowChange::Kind::kErase, Family::kMeta, "import:web:0", ""},
                                          {RowChange::Kind::kEraseRange, Family::kLinks, "l", "m"}};
  BOOST_TEST((from_json(to_json(changes)).value() == changes));
  BOOST_TEST((store::decode_changes(store::encode_changes(changes)).value() == changes));
  BOOST_TEST(subject_of(changes) == "urn:waymark:link:7");
}

BOOST_AUTO_TEST_CASE(what_is_no_such_content_is_refused) {
  for (const std::string text : {"", "[]", "{}", R"({"v":"1"})", R"({"v":2,"changes":[]})", R"({"v":1,"changes":[7]})", R"({"v":1,"changes":[{"family":"users","key":"u","text":"x"}]})",
                                 R"({"v":1,"changes":[{"family":"meta","key":"format","text":"2"}]})", R"({"v":1,"changes":[{"family":"links","key":"","text":"2"}]})",
                                 R"({"v":1,"changes":[{"family":"links","key":"l"}]})", R"({"v":1,"changes":[{"family":"links","key":"l","hex":"0"}]})",
                                 R"({"v":1,"changes":[{"family":"links","key":"l","until":"k"}]})", R"({"v":1,"changes":[{"family":"meta","key":"import:","until":"z"}]})"}) {
    BOOST_TEST(!from_json(text), text);
  }
  BOOST_TEST(!from_json(std::string(1000, '[')));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::journal
