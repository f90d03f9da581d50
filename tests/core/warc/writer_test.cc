#include "core/warc/writer.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <random>

#include "core/base/digest.h"
#include "tests/core/warc/samples.h"
#include "tests/support/faulty_file.h"

namespace {

using namespace wm;
using namespace wm::test;
using namespace wm::warc;
namespace fs = std::filesystem;

const SysMicros kDate = *parse_w3c_date("2026-11-24T21:11:00.25Z");
const Event kEvent{.target_uri = "http://a.example/", .date = kDate};

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

Result<RecordPosition> write_text(WarcWriter& writer, std::string_view text) {
  return writer.write(resource(kEvent, "text/plain", sha1_digest(text)), {text});
}

/// Every type we write, as the archiver does, with odd values.
void write_all_types(WarcWriter& writer) {
  constexpr std::string_view kHead =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n";
  const Event event{.target_uri = "http://a.example/ü?q=a b",
                    .date = kDate,
                    .ip_address = "2001:0db8:0:0::1",
                    .protocols = {"h2", "tls/1.3"},
                    .cipher_suite = "TLS_AES_128_GCM_SHA256",
                    .page_id = "0b1e3c1e-0000-4000-8000-000000000000",
                    .resource_type = "document"};
  const NewRecord page = response(event, sha1_digest("hello"));
  const NewRecord asked = request(event, page.id, sha1_digest("a=b"));
  BOOST_REQUIRE(writer.write(page, {kHead, "hello"}));
  BOOST_REQUIRE(writer.write(
      asked,
      {"POST /%C3%BC?q=a%20b HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\n", "a=b"}));
  BOOST_REQUIRE(writer.write(metadata(event, "application/warc-fields", page.id),
                             {warc_fields({{"via", "http://b.example/\r\n"}})}));

  const Event later{.target_uri = event.target_uri,
                    .date = kDate + std::chrono::hours(1),
                    .ip_address = "192.0.2.1"};
  const Revisited original{
      .target_uri = event.target_uri, .date = event.date, .record_id = page.id};
  const NewRecord same = revisit_identical(later, sha1_digest("hello"), original);
  BOOST_REQUIRE(writer.write(same, {kHead}));
  BOOST_REQUIRE(writer.write(request(later, same.id),
                             {"GET /%C3%BC?q=a%20b HTTP/1.1\r\nHost: a.example\r\n\r\n"}));
  const Event again{.target_uri = event.target_uri, .date = kDate + std::chrono::hours(2)};
  BOOST_REQUIRE(writer.write(revisit_not_modified(again, sha1_digest("hello"), original),
                             {"HTTP/1.1 304 Not Modified\r\n\r\n"}));
  const Event third{.target_uri = event.target_uri, .date = kDate + std::chrono::hours(3)};
  BOOST_REQUIRE(writer.write(revisit_not_modified(third, {}, original), {"HTTP/1.1 304 \r\n\r\n"}));

  const Event cut{.target_uri = "http://a.example/large", .date = kDate};
  BOOST_REQUIRE(writer.write(response(cut, sha1_digest("hel"), "length"), {kHead, "hel"}));
  for (const char* uri : {"urn:view:", "urn:thumbnail:", "urn:text:", "urn:pageinfo:"}) {
    const Event view{.target_uri = uri + event.target_uri, .date = kDate, .page_id = event.page_id};
    BOOST_REQUIRE(writer.write(resource(view, "image/png", sha1_digest("\x89PNG")), {"\x89PNG"}));
  }
  const Event tags{.target_uri = "urn:waymark:link:0b1e3c1e", .date = kDate};
  BOOST_REQUIRE(
      writer.write(metadata(tags, "application/json", {}, page.id), {"{\"tags\":[\"ä\"]}"}));
  BOOST_REQUIRE(
      writer.write(metadata({.target_uri = "", .date = kDate}, "application/json"), {"{}"}));

  const std::string large = noise(300000);
  const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
  StringSource body(large);
  BOOST_REQUIRE(writer.write_stream(
      response({.target_uri = "http://a.example/stream", .date = kDate}, sha1_digest(large)), head,
      body, large.size(), sha1_digest(head + large)));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_at_the_place_that_was_told) {
  const TempDir dir = temp_dir();
  const fs::path path = dir.path() / "deep/er/x.warc.gz";
  const std::vector<std::string> texts = {"", "one", std::string(100000, 'x'), noise(60000),
                                          "\r\n\r\nWARC/1.1\r\n"};
  auto writer = WarcWriter::create(path, kDate);
  BOOST_REQUIRE(writer.has_value());
  std::vector<RecordPosition> places;
  for (const std::string& text : texts) places.push_back(write_text(**writer, text).value());
  BOOST_TEST(!fs::exists(path));
  BOOST_REQUIRE((*writer)->finish().has_value());
  BOOST_TEST(!fs::exists(path.string() + ".open"));
  BOOST_TEST(fs::file_size(path) == (*writer)->bytes_written());

  const SeenFile file = see(path);
  BOOST_TEST(file.all_damage().empty());
  BOOST_REQUIRE(file.records.size() == texts.size() + 1);
  const auto stored = ReadFile::open(path).value();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    BOOST_TEST(file.records[i + 1].offset == places[i].offset);
    BOOST_TEST(file.records[i + 1].length == places[i].length);
    BOOST_TEST((file.records[i + 1].block == texts[i]));
    auto record = read_record_at(stored, places[i].offset, places[i].length);
    BOOST_REQUIRE(record.has_value());
    BOOST_TEST((read_all(record->block(), 1 << 20).value() == texts[i]));
    BOOST_TEST(record->field("WARC-Warcinfo-ID").value() == (*writer)->warcinfo_id());
    BOOST_TEST(record->field("WARC-Block-Digest").value() == sha1_digest(texts[i]));
  }
}

BOOST_AUTO_TEST_CASE(records_around_the_limit_are_written_whole_or_streamed_and_read_the_same) {
  for (const std::size_t size :
       {std::size_t{999}, std::size_t{1000}, std::size_t{1001}, std::size_t{200000}}) {
    const TempDir dir = temp_dir();
    const std::string text = noise(size);
    auto writer =
        WarcWriter::create(dir.path() / "x.warc.gz", kDate, {.whole_record_bytes = 1000}).value();
    BOOST_REQUIRE(write_text(*writer, text));
    PiecewiseSource body(text, 777);
    BOOST_REQUIRE(writer->write_stream(resource(kEvent, "a/b", sha1_digest(text)), {}, body, size,
                                       sha1_digest(text)));
    BOOST_REQUIRE(write_text(*writer, "behind"));
    BOOST_REQUIRE(writer->finish());
    const SeenFile file = see(dir.path() / "x.warc.gz");
    BOOST_TEST(file.all_damage().empty());
    BOOST_REQUIRE(file.records.size() == 4);
    BOOST_TEST((file.records[1].block == text));
    BOOST_TEST((file.records[2].block == text));
  }
}

BOOST_AUTO_TEST_CASE(everything_we_write_passes_the_strict_checker) {
  const auto lint = shared_path("tools/warc_lint.py");
  if (!lint) return;
  const TempDir dir = temp_dir();
  const fs::path path = dir.path() / "all.warc.gz";
  // Small limits, so that both ways of compressing are seen.
  auto writer =
      WarcWriter::create(path, kDate, {.whole_record_bytes = 100000, .info = {{"isPartOf", "web"}}})
          .value();
  write_all_types(*writer);
  BOOST_REQUIRE(writer->finish());
  const fs::path report = dir.path() / "report";
  const std::string command = "python3 " + lint->string() + " --profile strict " + path.string() +
                              " > " + report.string() + " 2>&1";
  const int result = std::system(command.c_str());
  const std::string text = read_text(report);
  BOOST_TEST(result == 0, text);
  // Warnings too: nothing of what we write makes it frown.
  BOOST_TEST(text.find("warnings=0") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(an_existing_file_is_never_written_over) {
  const TempDir dir = temp_dir();
  put(dir, "x.warc.gz", "precious");
  BOOST_TEST(
      (WarcWriter::create(dir.path() / "x.warc.gz", kDate).error().code == Error::Code::kConflict));
  put(dir, "y.warc.gz.open", "precious");
  BOOST_TEST(
      (WarcWriter::create(dir.path() / "y.warc.gz", kDate).error().code == Error::Code::kConflict));
  BOOST_TEST(read_text(dir.path() / "y.warc.gz.open") == "precious");

  auto writer = WarcWriter::create(dir.path() / "z.warc.gz", kDate).value();
  put(dir, "z.warc.gz", "precious");
  BOOST_TEST((writer->finish().error().code == Error::Code::kConflict));
  BOOST_TEST(read_text(dir.path() / "z.warc.gz") == "precious");
  BOOST_TEST(!fs::exists(dir.path() / "z.warc.gz.open"));
}

BOOST_AUTO_TEST_CASE(an_unfinished_file_leaves_nothing_behind) {
  const TempDir dir = temp_dir();
  {
    auto writer = WarcWriter::create(dir.path() / "x.warc.gz", kDate).value();
  }
  BOOST_TEST(fs::is_empty(dir.path()));
  auto writer = WarcWriter::create(dir.path() / "x.warc.gz", kDate).value();
  writer->abandon();
  BOOST_TEST(fs::is_empty(dir.path()));
  BOOST_TEST(!write_text(*writer, "x").has_value());
  BOOST_TEST(!writer->finish().has_value());
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_as_announced_ends_the_file) {
  struct Case {
    const char* reason;
    std::size_t piece;
    std::uint64_t length;
    std::string digest;
    std::optional<std::size_t> fails_at;
  };
  const Case cases[] = {{"shorter than its length", 3, 11, sha1_digest("0123456789"), {}},
                        {"of another digest", 3, 10, sha1_digest("other"), {}},
                        {"failing in the middle", 3, 10, sha1_digest("0123456789"), 5}};
  for (const std::size_t whole : {std::size_t{0}, std::size_t{1000}}) {
    for (const Case& c : cases) {
      BOOST_TEST_CONTEXT(c.reason << ", limit " << whole) {
        const TempDir dir = temp_dir();
        auto writer =
            WarcWriter::create(dir.path() / "x.warc.gz", kDate, {.whole_record_bytes = whole})
                .value();
        PiecewiseSource body("0123456789", c.piece, c.fails_at);
        BOOST_TEST(
            !writer->write_stream(resource(kEvent, "a/b", "sha1:X"), {}, body, c.length, c.digest)
                 .has_value());
        BOOST_TEST(!write_text(*writer, "more").has_value());
        BOOST_TEST(!writer->finish().has_value());
        writer.reset();
        BOOST_TEST(fs::is_empty(dir.path()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_fails_the_write_or_the_finish_wherever_it_comes) {
  const std::string text = noise(5000);
  const auto whole = std::make_shared<FaultyDisk>();
  const auto write_to = [&](const std::shared_ptr<FaultyDisk>& disk) -> Result<> {
    auto writer = WM_TRY(WarcWriter::over(std::make_unique<FaultyFile>(disk), "x.warc.gz", kDate,
                                          {.whole_record_bytes = 1000}));
    WM_TRY(write_text(*writer, text));
    WM_TRY(write_text(*writer, "small"));
    return writer->finish();
  };
  BOOST_REQUIRE(write_to(whole).has_value());
  BOOST_TEST(whole->synced == whole->written.size());
  for (std::size_t full_at = 0; full_at < whole->written.size(); full_at += 37) {
    const auto disk = std::make_shared<FaultyDisk>();
    disk->full_at = full_at;
    BOOST_TEST(!write_to(disk).has_value());
    BOOST_TEST(disk->synced == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_synced_or_closed_is_not_finished) {
  for (const bool sync : {true, false}) {
    const auto disk = std::make_shared<FaultyDisk>();
    disk->sync_fails = sync;
    disk->close_fails = !sync;
    auto writer = WarcWriter::over(std::make_unique<FaultyFile>(disk), "x.warc.gz", kDate).value();
    BOOST_REQUIRE(write_text(*writer, "x"));
    BOOST_TEST(!writer->finish().has_value());
    BOOST_TEST(!write_text(*writer, "x").has_value());
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_synced_before_finish_and_everything_after) {
  const auto disk = std::make_shared<FaultyDisk>();
  auto writer = WarcWriter::over(std::make_unique<FaultyFile>(disk), "x.warc.gz", kDate).value();
  BOOST_REQUIRE(write_text(*writer, "x"));
  BOOST_TEST(disk->after_power_cut().empty());
  BOOST_REQUIRE(writer->finish());
  BOOST_TEST(disk->after_power_cut() == disk->written);
  BOOST_TEST(see_bytes(disk->after_power_cut()).records.size() == 2);
}

BOOST_AUTO_TEST_CASE(recovery_keeps_just_the_whole_members_wherever_the_file_was_cut) {
  const TempDir dir = temp_dir();
  auto writer = WarcWriter::create(dir.path() / "x.warc.gz", kDate).value();
  std::vector<std::uint64_t> ends = {writer->bytes_written()};
  for (const char* text : {"one", "two", "WARC/1.1\r\n"}) {
    BOOST_REQUIRE(write_text(*writer, text));
    ends.push_back(writer->bytes_written());
  }
  BOOST_REQUIRE(writer->finish());
  const std::string bytes = read_text(dir.path() / "x.warc.gz");
  // Every place in the last two members; in the ones before, where each ends and some between.
  for (std::size_t cut = 0; cut <= bytes.size(); cut += cut + 8 < ends[1] ? 7U : 1U) {
    const fs::path open = put(dir, "cut.warc.gz.open", bytes.substr(0, cut));
    const auto whole =
        static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), cut) - ends.begin());
    BOOST_REQUIRE(recover_open_file(open).value() == whole);
    BOOST_REQUIRE(fs::file_size(open) == (whole == 0 ? 0 : ends[whole - 1]));
  }
}

BOOST_AUTO_TEST_CASE(recovery_ends_at_the_first_member_that_is_not_whole) {
  const TempDir dir = temp_dir();
  const std::string one = member(warc_record("http://a.example/1", "one"));
  const std::string two = member(warc_record("http://a.example/2", "two"));
  std::string flipped = two;
  flipped[flipped.size() - 6] ^= 1;
  const std::string bad[] = {
      flipped + two,
      std::string(4096, '\0'),
      "junk" + two,
      member("") + two,
      member("no record") + two,
      member(warc_record("http://a.example/3", "x") + warc_record("http://a.example/4", "y")),
      member(warc_record("http://a.example/3", "x", {}, "7")) + two};
  for (const std::string& tail : bad) {
    const fs::path open = put(dir, "x.open", one + tail);
    BOOST_TEST(recover_open_file(open).value() == 1U);
    BOOST_TEST(read_text(open) == one);
  }
  BOOST_TEST((recover_open_file(dir.path() / "none").error().code == Error::Code::kNotFound));
}

}  // namespace
