#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/warc/writer.h"
#include "server/app/import_runner.h"
#include "tests/support/test_support.h"

namespace wm::app {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  cdx::CdxIndex cdx{*store};
  links::LinkStore links{*store, [](std::uint64_t) {}};
  Settings settings;
  fs::path warcs = dir.path() / "warcs";
  int woken = 0;
  ImportRunner runner{*store, cdx, links, warcs, settings, [this] { ++woken; }};

  Result<json> import(const fs::path& path, json more = json::object()) {
    more["path"] = path.string();
    jobs::Job job;
    job.parameters = more.dump();
    return json::parse(WM_TRY(runner.run(job, {}, [](const std::string& progress) { BOOST_TEST(json::parse(progress).contains("bytes")); })));
  }

  fs::path file(const std::string& name, std::string_view bytes) {
    const fs::path path = dir.path() / "from" / name;
    std::error_code ignored;
    fs::remove(path, ignored);
    auto made = create_file(path).value();
    BOOST_REQUIRE(made->append(bytes).has_value());
    BOOST_REQUIRE(made->close().has_value());
    return path;
  }

  /// One page in a WARC.
  fs::path warc(const std::string& name, const std::string& url) {
    const fs::path path = dir.path() / "from" / name;
    const SysMicros date{std::chrono::seconds(1706933106)};
    auto writer = warc::WarcWriter::create(path, date).value();
    const std::string_view body = "<title>T</title><p>words";
    const warc::Event event{.target_uri = url, .date = date, .ip_address = {}, .protocols = {}, .cipher_suite = {}, .page_id = {}, .resource_type = {}};
    BOOST_REQUIRE(writer->write(warc::resource(event, "text/html", "sha1:AAAA"), {body}).has_value());
    BOOST_REQUIRE(writer->finish().has_value());
    return path;
  }

  std::size_t captures(const std::string& collection, const std::string& url) const {
    std::size_t count = 0;
    BOOST_REQUIRE(cdx.for_each({.collection = collection, .keys = url::surt_range(url, url::MatchType::kExact), .from = {}, .to = {}}, [&count](const cdx::Capture&) { return ++count > 0; }).has_value());
    return count;
  }
  std::size_t files() const {
    std::size_t count = 0;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(warcs, error)) count += entry.is_directory() ? 0u : 1u;
    return count;
  }
};

const char* const kSaved = "<!DOCTYPE html><!--\n Page saved with SingleFile\n url: http://saved.example/\n saved date: Tue Jan 02 2024 10:11:12 GMT+0000 -->\n<title>Saved</title>";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(import_runner, Fixture)

BOOST_AUTO_TEST_CASE(a_warc_is_copied_and_its_captures_are_found_in_its_collection) {
  const fs::path from = warc("a.warc.gz", "http://a.example/");
  const json result = import(from, {{"collection", "old"}}).value();
  BOOST_TEST(result["kind"] == "warc");
  BOOST_TEST(result["records"] == 2);
  BOOST_TEST(result["captures"] == 1);
  BOOST_TEST(result["errors"].empty());
  BOOST_TEST(result["file"] == from.string());
  BOOST_TEST(captures("old", "http://a.example/") == 1);
  BOOST_TEST(captures("web", "http://a.example/") == 0);
  BOOST_TEST(test::read_text(warcs / result["warc"].get<std::string>()) == test::read_text(from));
  BOOST_TEST(woken == 1);
}

BOOST_AUTO_TEST_CASE(the_same_content_twice_adds_nothing_whatever_its_name) {
  const fs::path from = warc("a.warc.gz", "http://a.example/");
  BOOST_REQUIRE(import(from).has_value());
  const json again = import(file("b.warc.gz", test::read_text(from))).value();
  BOOST_TEST(again["already_imported"] == true);
  BOOST_TEST(again["captures"] == 0);
  BOOST_TEST(captures("web", "http://a.example/") == 1);
  BOOST_TEST(files() == 1);
}

BOOST_AUTO_TEST_CASE(linked_it_stays_where_it_is_and_is_read_from_there) {
  const fs::path from = warc("a.warc.gz", "http://a.example/");
  const json result = import(from, {{"link", true}}).value();
  BOOST_TEST(result["captures"] == 1);
  const fs::path stands = warcs / result["warc"].get<std::string>();
  BOOST_TEST(fs::is_symlink(stands));
  BOOST_TEST(fs::equivalent(stands, from));
  BOOST_TEST(import(from, {{"link", true}}).value()["already_imported"] == true);
}

BOOST_AUTO_TEST_CASE(a_dry_run_tells_and_keeps_nothing) {
  const json result = import(warc("a.warc.gz", "http://a.example/"), {{"dry_run", true}}).value();
  BOOST_TEST(result["records"] == 2);
  BOOST_TEST(result["captures"] == 1);
  BOOST_TEST(result["warc"].is_null());
  BOOST_TEST(import(file("s.html", kSaved), {{"dry_run", true}}).value()["captures"] == 1);
  BOOST_TEST(files() == 0);
  BOOST_TEST(captures("web", "http://a.example/") == 0);
  BOOST_TEST(woken == 0);
}

BOOST_AUTO_TEST_CASE(a_saved_page_is_a_capture_and_with_links_a_link_with_its_snapshot) {
  const json result = import(file("s.html", kSaved), {{"links", true}}).value();
  BOOST_TEST(result["kind"] == "html");
  BOOST_TEST(result["captures"] == 1);
  BOOST_TEST(result["links"] == 1);
  const auto link = links.find("http://saved.example/").value().value();
  BOOST_TEST(link.title == "Saved");
  BOOST_TEST(!link.title_is_users);
  const auto snapshot = links.latest_snapshot(link.id).value().value();
  BOOST_TEST(snapshot.time.text() == "20240102101112");
  BOOST_TEST(snapshot.warc == result["warc"].get<std::string>());

  const json again = import(file("t.html", kSaved), {{"links", true}}).value();
  BOOST_TEST(again["already_imported"] == true);
  BOOST_TEST(again["captures"] == 0);
  BOOST_TEST(again["links"] == 0);
  BOOST_TEST(links.snapshots(link.id).value().size() == 1);
  BOOST_TEST(files() == 1);
}

BOOST_AUTO_TEST_CASE(a_link_that_was_there_keeps_its_title) {
  BOOST_REQUIRE(links.add({.url = "http://saved.example/", .title = "Mine", .notes = "", .tags = {}}).has_value());
  BOOST_TEST(import(file("s.html", kSaved), {{"links", true}}).value()["links"] == 0);
  const auto link = links.find("http://saved.example/").value().value();
  BOOST_TEST(link.title == "Mine");
  BOOST_TEST(links.latest_snapshot(link.id).value().has_value());
}

BOOST_AUTO_TEST_CASE(one_page_under_two_addresses_is_two_captures) {
  const fs::path page = file("p.html", "<html><title>x");
  BOOST_TEST((import(page).error().code == Error::Code::kInvalid));
  BOOST_TEST(import(page, {{"url", "http://one.example/"}}).value()["captures"] == 1);
  BOOST_TEST(import(page, {{"url", "http://two.example/"}}).value()["captures"] == 1);
  BOOST_TEST(import(page, {{"url", "http://two.example/"}}).value()["captures"] == 0);
  BOOST_TEST(files() == 2);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_imported_fails_with_the_reason_and_leaves_nothing) {
  const struct {
    const char* why;
    fs::path path;
    json more;
    Error::Code code;
  } rows[] = {{"plain text", file("a.txt", "hello"), json::object(), Error::Code::kUnsupported},
              {"missing", dir.path() / "none", json::object(), Error::Code::kNotFound},
              {"a bad collection", warc("c.warc.gz", "http://c.example/"), {{"collection", "../x"}}, Error::Code::kInvalid},
              {"an address for a WARC", warc("d.warc.gz", "http://d.example/"), {{"url", "http://x.example/"}}, Error::Code::kInvalid},
              {"a zip that is none", file("e.wacz", "PK\x03\x04 not at all"), json::object(), Error::Code::kCorrupt},
              {"no HAR", file("f.har", "{\"log\":{}}"), json::object(), Error::Code::kCorrupt}};
  for (const auto& row : rows) {
    const auto result = import(row.path, row.more);
    BOOST_TEST((!result && result.error().code == row.code), row.why);
  }
  BOOST_TEST(files() == 0);
}

BOOST_AUTO_TEST_CASE(told_to_stop_it_says_busy_and_leaves_nothing) {
  std::stop_source stop;
  stop.request_stop();
  jobs::Job job;
  for (const fs::path& path : {warc("a.warc.gz", "http://a.example/"), file("s.html", kSaved)}) {
    job.parameters = json{{"path", path.string()}}.dump();
    BOOST_TEST((runner.run(job, stop.get_token(), [](const std::string&) {}).error().code == Error::Code::kBusy));
  }
  BOOST_TEST(files() == 0);
}

BOOST_AUTO_TEST_CASE(a_wacz_comes_in_with_members_pages_and_links) {
  const auto zoo = test::shared_path("corpus/warc-zoo/replayweb.page/example.wacz");
  if (!zoo) return;
  const json result = import(*zoo, {{"links", true}}).value();
  BOOST_TEST(result["kind"] == "wacz");
  BOOST_TEST(result["captures"] == 14);
  BOOST_TEST(result["links"] >= 1);
  BOOST_TEST(result["pages"] >= 1);
  const std::size_t before = files();
  const json again = import(*zoo, {{"links", true}}).value();
  BOOST_TEST(again["already_imported"] == true);
  BOOST_TEST(again["captures"] == 0);
  BOOST_TEST(again["links"] == 0);
  BOOST_TEST(files() == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::app
