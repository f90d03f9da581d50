#include "server/app/reindex.h"

#include <boost/test/unit_test.hpp>
#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/warc/writer.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/cdx/dropped.h"
#include "indexer/pipeline/index_warc.h"
#include "indexer/store/change_log.h"
#include "server/app/index_writer.h"
#include "server/journal/journal.h"
#include "server/links/link_store.h"
#include "tests/support/test_support.h"

namespace wm::app {

namespace {

namespace fs = std::filesystem;
using store::Family;

struct Fixture {
  TempDir dir = test::temp_dir();
  const fs::path data = dir.path() / "data", warcs = data / "warcs";
  std::vector<std::string> told;

  void write_warc(const std::string& file, std::string_view time, const std::vector<std::pair<std::string, std::string>>& pages) const {
    const SysMicros date(Time14::parse(time)->time());
    auto writer = warc::WarcWriter::create(warcs / file, date).value();
    for (const auto& [url, body] : pages) {
      const warc::Event event{.target_uri = url, .date = date};
      const std::string digest = sha1_digest(body);
      BOOST_REQUIRE(writer->write(warc::response(event, digest), {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", body}));
    }
    BOOST_REQUIRE(writer->finish());
  }

  /// Captures of a link, one of no link any more, an import that was taken away in part, tags, notes, an account; all of it searchable.
  void fill() {
    const DataFolder folder = DataFolder::open(data).value();
    const auto store = store::Store::open(folder.database(), {.record = true}).value();
    BOOST_REQUIRE(links::LinkStore::prepare(*store));
    const auto journal = journal::Journal::open(*store, warcs).value();
    links::LinkStore links(*store, nullptr);
    const auto add = [&](const std::string& url, const char* title, std::vector<std::string> tags) {
      return links.add({.url = url, .title = title, .notes = "noted", .tags = std::move(tags), .engine = "auto"}).value().link.id;
    };
    const auto capture = [&](const std::string& file, std::string_view time, std::uint64_t link, const std::string& url, const std::string& body) {
      write_warc(file, time, {{url, body}, {url + "frame", "framed words"}});
      BOOST_REQUIRE(pipeline::index_warc(*store, warcs, file, {.link_id = link, .seed_url = url}));
      links::Snapshot snapshot;
      snapshot.link_id = link;
      snapshot.time = *Time14::parse(time);
      snapshot.url = url;
      snapshot.warc = file;
      BOOST_REQUIRE(links.add_snapshot(snapshot, {.title = "Page", .description = "about"}));
    };
    const auto herons = add("http://a.example/", "", {"birds", "读书"});
    capture("web/2026/01/wm-1.warc.gz", "20260101000000", herons, "http://a.example/", "<title>H</title>grey herons");
    capture("web/2026/02/wm-2.warc.gz", "20260201000000", herons, "http://a.example/", "<title>H</title>white herons");
    links::LinkPatch patch;
    patch.url = "http://a.example/elsewhere";  // the seed of what was captured stays
    BOOST_REQUIRE(links.update(herons, patch));
    const auto gone = add("http://gone.example/", "", {"birds"});
    capture("web/2026/03/wm-3.warc.gz", "20260301000000", gone, "http://gone.example/", "departed cranes");
    BOOST_REQUIRE(links.remove(gone));
    add("http://unseen.example/", "Never seen", {});
    write_warc("old/imported/aaaa-x.warc.gz", "20200101000000", {{"http://b.example/1", "imported owls"}, {"http://b.example/2", "forgotten owls"}});
    BOOST_REQUIRE(pipeline::index_warc(*store, warcs, "old/imported/aaaa-x.warc.gz", {.collection = "old", .seed_url = ""}));
    store::Batch batch;
    batch.put(Family::kMeta, "import:old:aaaa", "old/imported/aaaa-x.warc.gz");
    batch.put(Family::kUsers, "ann", "{}");
    batch.put(Family::kMeta, "some-setting", "kept");
    const cdx::CdxIndex index(*store);
    const auto second = index.first("old", "example,b)/2").value();
    BOOST_REQUIRE(second);
    BOOST_REQUIRE(index.remove(batch, *second));
    cdx::put_dropped(batch, second->file, {.offset = second->offset, .length = second->length});
    BOOST_REQUIRE(store->write(std::move(batch)));
    auto writer = search::SearchWriter::open(folder.search()).value();
    BOOST_REQUIRE(writer->commit());
    IndexWriter draining(*store, std::move(writer), links, warcs, nullptr);
    BOOST_REQUIRE(draining.wait_until_drained(std::chrono::seconds(30)));
    BOOST_REQUIRE(journal->flush());
    folder.mark_clean();
  }

  /// What is in the data folder, with names of files where the store has numbers.
  std::vector<std::string> contents() const {
    const auto store = store::Store::open(data / "db").value();
    std::vector<std::string> all;
    for (const auto family : {Family::kLinks, Family::kTags, Family::kMeta, Family::kUsers, Family::kJobs}) {
      auto cursor = store->cursor(family);
      for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
        const auto key = cursor.key();
        if (family == Family::kMeta && (key.starts_with("name") || key.starts_with("number") || key.starts_with("next/name"))) continue;
        all.push_back(std::string(store::name_of(family)) + " " + std::string(key) + " = " + std::string(cursor.value()));
      }
    }
    const auto place = [&](std::string_view ten) {
      std::uint32_t number = 0;
      for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(ten[static_cast<std::size_t>(i)]);
      return store->name_of(cdx::kFileSpace, number).value().value() + "@" + hex_encode(ten.substr(4));
    };
    for (const auto family : {Family::kCdx, Family::kDigest, Family::kCaptures}) {
      auto cursor = store->cursor(family);
      for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
        const auto key = cursor.key();
        all.push_back(std::string(store::name_of(family)) + " " + hex_encode(key.substr(0, key.size() - 10)) + " " + place(key.substr(key.size() - 10)) + " = " + hex_encode(cursor.value()));
      }
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  std::vector<std::string> answers() const {
    const auto index = search::SearchIndex::open(data / "search").value();
    std::vector<std::string> all{std::to_string(index->document_count().value())};
    for (const char* query : {"herons", "grey", "framed", "departed", "owls", "forgotten", "noted", "#birds", "#读书", "Never", "cranes"}) {
      const auto found = index->search({.query = query, .tags = {}, .now = *Time14::parse("20261101000000")}).value();
      for (const auto& hit : found.results) all.push_back(std::string(query) + ": " + std::to_string(hit.link_id) + " " + hit.url + " " + hit.title + " " + (hit.time ? hit.time->text() : "") + " " + std::to_string(hit.versions_matched));
      all.push_back(std::string(query) + ": " + std::to_string(found.total));
    }
    return all;
  }

  Result<ReindexReport> again() {
    const DataFolder folder = DataFolder::open(data).value();
    const Settings settings;
    return reindex(folder, settings, {.tell = [this](const std::string& file, std::uint64_t, const std::string& what) { told.push_back(file + ": " + what); }, .progress = {}});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reindexing, Fixture)

BOOST_AUTO_TEST_CASE(all_rows_and_answers_come_out_equal) {
  fill();
  const auto rows = contents(), found = answers();
  const auto report = again().value();
  BOOST_TEST(told == std::vector<std::string>(), boost::test_tools::per_element());
  BOOST_TEST(report.kept_accounts);
  BOOST_TEST(report.files == 4u);
  BOOST_TEST(report.links == 2u);
  BOOST_TEST(contents() == rows, boost::test_tools::per_element());
  BOOST_TEST(answers() == found, boost::test_tools::per_element());
  BOOST_TEST(!fs::exists(data / "reindex"));
}

BOOST_AUTO_TEST_CASE(the_warcs_alone_are_enough) {
  fill();
  auto rows = contents();
  const auto found = answers();
  fs::remove_all(data / "db");
  fs::remove_all(data / "search");
  const auto report = again().value();
  BOOST_TEST(!report.kept_accounts);
  std::erase_if(rows, [](const std::string& row) { return row.starts_with("users") || row.starts_with("meta some-setting"); });
  BOOST_TEST(contents() == rows, boost::test_tools::per_element());
  BOOST_TEST(answers() == found, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_leaves_what_was_or_what_is_made) {
  fill();
  const auto rows = contents();
  const auto begun = [&] {
    fs::create_directories(data / "reindex");
    fs::copy(data / "db", data / "reindex/db", fs::copy_options::recursive);
    fs::copy(data / "search", data / "reindex/search", fs::copy_options::recursive);
  };
  begun();  // not whole yet: rubbish
  BOOST_REQUIRE(settle_reindex(data));
  BOOST_TEST(!fs::exists(data / "reindex"));
  // Whole, and then one more of the renamings each time.
  for (int steps = 0; steps <= 4; ++steps) {
    begun();
    BOOST_REQUIRE(replace_file(data / "reindex/whole", ""));
    if (steps > 0) fs::rename(data / "db", data / "reindex/old-db");
    if (steps > 1) fs::rename(data / "reindex/db", data / "db");
    if (steps > 2) fs::rename(data / "search", data / "reindex/old-search");
    if (steps > 3) fs::rename(data / "reindex/search", data / "search");
    BOOST_REQUIRE(settle_reindex(data));
    BOOST_TEST(!fs::exists(data / "reindex"));
    BOOST_TEST(contents() == rows, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(damage_is_told_and_ends_nothing) {
  fill();
  std::string bytes = test::read_text(warcs / "web/2026/01/wm-1.warc.gz");
  bytes.resize(bytes.size() - 30);
  BOOST_REQUIRE(replace_file(warcs / "web/2026/01/wm-1.warc.gz", bytes));
  BOOST_REQUIRE(replace_file(warcs / "web/2026/01/wm-none.warc.gz", "nothing of the kind"));
  const auto report = again().value();
  BOOST_TEST(report.findings > 1u);
  BOOST_TEST(std::count_if(told.begin(), told.end(), [](const std::string& one) { return one.starts_with("web/2026/01/wm-1.warc.gz: "); }) > 0);
  BOOST_TEST(report.links == 2u);
}

BOOST_AUTO_TEST_CASE(a_database_that_cannot_be_opened_is_replaced_too) {
  fill();
  const auto found = answers();
  for (const auto& file : fs::directory_iterator(data / "db")) {
    if (file.path().filename().string().starts_with("MANIFEST")) BOOST_REQUIRE(replace_file(file.path(), "broken"));
  }
  const auto report = again().value();
  BOOST_TEST(!report.kept_accounts);
  BOOST_TEST(told.size() == 1u);
  BOOST_TEST(answers() == found, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::app
