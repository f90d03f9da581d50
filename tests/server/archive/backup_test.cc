#include "server/archive/backup.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/warc/writer.h"
#include "indexer/pipeline/index_warc.h"
#include "server/links/link_store.h"
#include "tests/support/test_support.h"

namespace wm::archive {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// A data folder with one link that has a snapshot and one that has none, and a place for backups.
struct Fixture {
  TempDir dir = test::temp_dir();
  const fs::path data = dir.path() / "data", into = dir.path() / "backup", fresh = dir.path() / "fresh";
  std::unique_ptr<store::Store> store = store::Store::open(data / "db").value();
  std::unique_ptr<links::LinkStore> links = std::make_unique<links::LinkStore>(*store, nullptr);
  std::uint64_t link = 0;

  Fixture() {
    link = add("http://example.org/");
    add("http://unseen.example/");
    capture("web/1.warc.gz", "20260101000000");
    BOOST_REQUIRE(fs::create_directories(data / "keys"));
    BOOST_REQUIRE(replace_file(data / "keys" / "ticket", "secret"));
  }
  std::uint64_t add(const std::string& url) { return links->add({.url = url, .title = "", .notes = "a note", .tags = {"birds"}, .engine = "auto"}).value().link.id; }
  void capture(const std::string& file, std::string_view time) {
    const SysMicros date(Time14::parse(time)->time());
    auto writer = warc::WarcWriter::create(data / "warcs" / file, date).value();
    BOOST_REQUIRE(writer->write(warc::response({.target_uri = "http://example.org/", .date = date}, sha1_digest("heron")), {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "heron"}));
    BOOST_REQUIRE(writer->finish());
    BOOST_REQUIRE(pipeline::index_warc(*store, data / "warcs", file, {.link_id = link, .seed_url = "http://example.org/"}));
    links::Snapshot snapshot;
    snapshot.link_id = link;
    snapshot.time = *Time14::parse(time);
    snapshot.url = "http://example.org/";
    snapshot.warc = file;
    BOOST_REQUIRE(links->add_snapshot(snapshot, {.title = "Herons", .description = ""}));
  }
  json take() const {
    std::string text = read_all(*backup(*store, data, into).value(), 1 << 20).value();
    text.pop_back();
    return json::parse(text.substr(text.rfind('\n') + 1));
  }
  static std::vector<std::string> rows(const store::Store& store, store::Family family) {
    std::vector<std::string> all;
    auto cursor = store.cursor(family);
    for (cursor.seek_to_first(); cursor.valid(); cursor.next()) all.push_back(std::string(cursor.key()) + '\0' + std::string(cursor.value()));
    return all;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(backups, Fixture)

BOOST_AUTO_TEST_CASE(what_comes_back_is_what_was_there_and_every_page_waits_to_be_searched) {
  BOOST_TEST((take() == json{{"files", 1}, {"copied", 1}, {"bytes", fs::file_size(data / "warcs/web/1.warc.gz")}}));
  const Restored restored = restore(into, fresh).value();
  BOOST_TEST(restored.files == 1u);
  BOOST_TEST(test::read_text(fresh / "warcs/web/1.warc.gz") == test::read_text(data / "warcs/web/1.warc.gz"));
  struct stat status {};
  BOOST_REQUIRE(::stat((fresh / "keys/ticket").c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  const auto back = store::Store::open(fresh / "db").value();
  using enum store::Family;
  for (const auto family : {kCdx, kDigest, kCaptures, kLinks, kTags}) BOOST_TEST((rows(*back, family) == rows(*store, family)));
  std::size_t pages = 0, changes = 0;
  for (const std::string& row : rows(*back, kOutbox)) (row.front() == 'p' ? pages : changes) += 1;
  BOOST_TEST(pages == 1u);
  BOOST_TEST(changes >= 2u);
}

BOOST_AUTO_TEST_CASE(the_next_backup_copies_what_is_new_and_has_the_new_database) {
  take();
  capture("web/2.warc.gz", "20260201000000");
  const json second = take();
  BOOST_TEST(second["files"] == 2);
  BOOST_TEST(second["copied"] == 1);
  BOOST_REQUIRE(restore(into, fresh));
  const auto back = store::Store::open(fresh / "db").value();
  BOOST_TEST(links::LinkStore(*back, nullptr).snapshots(link).value().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_backup_that_broke_off_leaves_the_one_before_and_can_be_taken_up) {
  take();
  capture("web/2.warc.gz", "20260201000000");
  {
    const auto broken = backup(*store, data, into).value();
    std::string some(10, '\0');
    BOOST_REQUIRE(broken->read(some));  // a file is copied, nothing more
  }
  BOOST_REQUIRE(restore(into, fresh));
  {
    const auto back = store::Store::open(fresh / "db").value();
    BOOST_TEST(links::LinkStore(*back, nullptr).snapshots(link).value().size() == 1u, "the database of the first backup");
  }
  BOOST_TEST(take()["files"] == 2);
}

BOOST_AUTO_TEST_CASE(folders_that_are_no_place_for_a_backup_are_refused) {
  const auto code = [&](const fs::path& target) { return backup(*store, data, target).error().code; };
  BOOST_TEST((code("relative") == Error::Code::kInvalid));
  BOOST_TEST((code(data / "inside") == Error::Code::kInvalid));
  BOOST_TEST((code(dir.path()) == Error::Code::kInvalid));
  BOOST_REQUIRE(fs::create_directories(dir.path() / "full"));
  BOOST_REQUIRE(replace_file(dir.path() / "full" / "letter.txt", "x"));
  BOOST_TEST((code(dir.path() / "full") == Error::Code::kConflict));
  const auto running = backup(*store, data, into).value();
  BOOST_TEST((code(into) == Error::Code::kBusy));
}

BOOST_AUTO_TEST_CASE(nothing_is_restored_over_an_archive_or_from_what_is_no_backup) {
  BOOST_TEST((restore(into, fresh).error().code == Error::Code::kInvalid));
  take();
  BOOST_TEST((restore(into, data).error().code == Error::Code::kConflict));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::archive
