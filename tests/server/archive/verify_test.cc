#include "server/archive/verify.h"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/warc/writer.h"
#include "indexer/pipeline/index_warc.h"
#include "tests/support/test_support.h"

namespace wm::archive {

namespace {

using nlohmann::json;

struct Fixture {
  TempDir dir = test::temp_dir();
  std::filesystem::path warcs = dir.path() / "warcs";
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  cdx::CdxIndex cdx{*store};
  links::LinkStore links{*store, nullptr};
  const std::string file = "web/1.warc.gz";

  Fixture() {
    write(file, "body of the page", sha1_digest("body of the page"));
    BOOST_REQUIRE(pipeline::index_warc(*store, warcs, file, {.seed_url = ""}));
  }

  void write(const std::string& name, const std::string& body, const std::string& payload_digest) const {
    const SysMicros date(Time14::parse("20260101000000")->time());
    auto writer = warc::WarcWriter::create(warcs / name, date).value();
    for (const std::string url : {"http://example.org/", "http://example.org/two"}) {
      const warc::Event event{.target_uri = url, .date = date};
      BOOST_REQUIRE(writer->write(warc::response(event, payload_digest), {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", body}));
    }
    BOOST_REQUIRE(writer->write(warc::resource({.target_uri = "urn:view:x", .date = date}, "image/png", sha1_digest("picture")), {"picture"}));
    BOOST_REQUIRE(writer->finish());
  }

  std::vector<json> findings(FixIndex fix = FixIndex::kNo) {
    const std::string text = read_all(*verify(*store, links, warcs, fix), 1 << 20).value();
    std::vector<json> lines;
    for (const auto line : split(text, '\n')) {
      if (!line.empty()) lines.push_back(json::parse(line));
    }
    return lines;
  }
  cdx::Capture row(const std::string& surt) const { return cdx.first("web", surt).value().value(); }
  void change(const cdx::Capture& row, bool add) {
    store::Batch batch;
    BOOST_REQUIRE(add ? cdx.add(batch, row) : cdx.remove(batch, row));
    BOOST_REQUIRE(store->write(std::move(batch)));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(verification, Fixture)

BOOST_AUTO_TEST_CASE(a_whole_archive_has_no_finding) {
  const auto lines = findings();
  BOOST_REQUIRE(lines.size() == 1u);
  BOOST_TEST((lines[0] == json{{"files", 1}, {"records", 4}, {"findings", 0}, {"of_index", 0}, {"fixed", 0}}), lines[0].dump());
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_not_what_its_digest_says_is_told_with_its_place) {
  write("web/2.warc.gz", "other", sha1_digest("not this"));
  BOOST_REQUIRE(pipeline::index_warc(*store, warcs, "web/2.warc.gz", {.seed_url = ""}));
  const auto lines = findings();
  BOOST_REQUIRE(lines.size() == 3u);
  BOOST_TEST(lines[0]["file"] == "web/2.warc.gz");
  BOOST_TEST(lines[0]["offset"].get<std::uint64_t>() > 0u);
  BOOST_TEST(lines[0]["what"].get<std::string>().find("WARC-Payload-Digest") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_block_that_was_changed_is_told) {
  const std::string head = "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:11111111-1111-4111-8111-111111111111>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
                           "WARC-Target-URI: http://plain.example/\r\nContent-Type: text/plain\r\nWARC-Block-Digest: " + sha1_digest("right") + "\r\nContent-Length: 5\r\n\r\n";
  BOOST_REQUIRE(create_file(warcs / "old/3.warc").value()->append(head + "wrong\r\n\r\n"));
  BOOST_REQUIRE(pipeline::index_warc(*store, warcs, "old/3.warc", {.collection = "old", .seed_url = ""}));
  const auto lines = findings();
  BOOST_REQUIRE(lines.size() == 2u);
  BOOST_TEST(lines[0]["what"].get<std::string>().find("WARC-Block-Digest") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_of_a_file_is_found) {
  const std::string whole = test::read_text(warcs / file);
  // Flags, time, extra flags and system of a gzip header say nothing of what is in it; ID and method are looked at below.
  const auto first = row("org,example)/");
  for (std::uint64_t at = first.offset + 10; at < first.offset + first.length; at += 7) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    BOOST_REQUIRE(replace_file(warcs / file, bytes));
    BOOST_TEST(findings().size() > 1u, "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(what_the_index_has_wrong_is_told_and_mended_when_asked) {
  const auto page = row("org,example)/"), two = row("org,example)/two");
  change(page, false);  // missing
  auto wrong = two;
  wrong.status = 404;
  change(wrong, true);
  auto extra = page;
  extra.offset += 1;
  change(extra, true);
  const auto told = findings();
  BOOST_REQUIRE(told.size() == 4u);
  BOOST_TEST(told.back()["of_index"] == 3);
  BOOST_TEST(findings(FixIndex::kYes).back()["fixed"] == 1);
  BOOST_TEST(findings().size() == 1u, "all is well afterwards");
  BOOST_TEST((row("org,example)/") == page));
  BOOST_TEST((row("org,example)/two") == two));
}

BOOST_AUTO_TEST_CASE(rows_of_a_file_that_is_gone_are_told_and_taken_away) {
  BOOST_REQUIRE(std::filesystem::remove(warcs / file));
  const auto told = findings();
  BOOST_REQUIRE(told.size() == 2u);
  BOOST_TEST(told[0]["what"].get<std::string>().find("gone") != std::string::npos);
  BOOST_TEST(findings(FixIndex::kYes).back()["fixed"] == 1);
  BOOST_TEST(!cdx.first("web", "org,example)/").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_was_just_finished_is_its_captures_affair) {
  write("web/new.warc.gz", "x", sha1_digest("x"));
  BOOST_TEST(findings().size() == 1u);
  std::filesystem::last_write_time(warcs / "web/new.warc.gz", std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  BOOST_TEST(findings().back()["of_index"] == 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::archive
