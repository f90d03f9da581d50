// Records that were cut into segments: joined wherever their parts lie.
#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "indexer/cdx/segments.h"
#include "tests/indexer/pipeline/pipeline_test_support.h"

using namespace wm;
using test::Archive;
using test::must;

namespace {

constexpr const char* kOrigin = "<urn:uuid:00000000-0000-4000-8000-000000000001>";
const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";

std::string first(std::string_view body, std::string_view more = "WARC-Segment-Number: 1\r\n") {
  const std::string block = kHead + std::string(body);
  return "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: " + std::string(kOrigin) +
         "\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://example.com/\r\n"
         "Content-Type: application/http;msgtype=response\r\n" +
         std::string(more) + "Content-Length: " + std::to_string(block.size()) + "\r\n\r\n" +
         block + "\r\n\r\n";
}

std::string continuation(unsigned number, std::string_view body, std::string_view more = "") {
  return "WARC/1.1\r\nWARC-Type: continuation\r\nWARC-Record-ID: <urn:uuid:" +
         std::to_string(number) +
         ">\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://example.com/\r\n"
         "WARC-Segment-Origin-ID: " +
         std::string(kOrigin) + "\r\nWARC-Segment-Number: " + std::to_string(number) + "\r\n" +
         std::string(more) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body) + "\r\n\r\n";
}

std::string total(std::string_view whole_body) {
  return "WARC-Segment-Total-Length: " + std::to_string(kHead.size() + whole_body.size()) + "\r\n";
}

void put(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  must(replace_file(path, bytes));
}

struct Whole {
  std::string block;
  std::optional<std::uint64_t> length;
  std::size_t damage = 0;
  bool failed = false;
};

Whole open(const Archive& t, const std::string& file) {
  const auto captures = t.captures(file);
  BOOST_REQUIRE(captures.size() == 1U);
  const cdx::OpenFile open = [&t](const std::string& name) {
    return ReadFile::open(t.warcs / name);
  };
  auto record = must(cdx::open_record(t.index.segments(), open, captures[0]));
  const auto block = read_all(record.block(), 1 << 20);
  return {.block = block.value_or(""),
          .length = record.content_length,
          .damage = record.damage.size(),
          .failed = !block.has_value()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(segments_in_three_files_and_any_order_are_one_record) {
  Archive t;
  put(t.warcs / "c.warc", continuation(3, "and a fin.", total("a whale and a fin.")));
  put(t.warcs / "a.warc", first("a wh"));
  put(t.warcs / "b.warc", continuation(2, "ale "));
  BOOST_TEST(t.index_file("c.warc").damage_count == 1U);  // the others are not there yet
  BOOST_TEST(t.index_file("a.warc").damage_count == 1U);
  BOOST_TEST(t.index_file("b.warc").damage_count == 0U);
  const Whole whole = open(t, "a.warc");
  BOOST_TEST(whole.block == kHead + "a whale and a fin.");
  BOOST_TEST(whole.length.value_or(0) == whole.block.size());
  BOOST_TEST(whole.damage == 0U);
  // The index has one row of it, and its text is that of the whole.
  BOOST_TEST(t.captures("b.warc").empty());
  t.drain();
  BOOST_TEST(t.find("whale").total == 1U);
  BOOST_TEST(t.captures("a.warc")[0].digest == "");  // of a part it would be wrong
}

BOOST_AUTO_TEST_CASE(a_record_ends_before_the_first_segment_that_is_missing) {
  Archive t;
  put(t.warcs / "a.warc", first("one ") + continuation(2, "two ") +
                              continuation(4, "four", total("one two threefour")));
  const auto report = t.index_file("a.warc");
  BOOST_REQUIRE(report.damage_count == 1U);
  BOOST_TEST(report.damage[0].reason.find("segment 3") != std::string::npos);
  const Whole whole = open(t, "a.warc");
  BOOST_TEST(whole.block == kHead + "one two ");
  BOOST_TEST(!whole.length.has_value());
  BOOST_TEST(whole.damage == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_that_went_or_changed_is_told_and_gives_no_other_bytes) {
  Archive t;
  put(t.warcs / "a.warc", first("one "));
  put(t.warcs / "b.warc", continuation(2, "two ", total("one two ")));
  t.index_file("a.warc");
  t.index_file("b.warc");
  BOOST_TEST(open(t, "a.warc").block == kHead + "one two ");
  put(t.warcs / "b.warc", continuation(3, "two "));
  BOOST_TEST(open(t, "a.warc").failed);
  std::filesystem::remove(t.warcs / "b.warc");
  BOOST_TEST(open(t, "a.warc").failed);
}

BOOST_AUTO_TEST_CASE(continuations_that_belong_to_nothing_are_told) {
  Archive t;
  const struct {
    const char* what;
    std::string record;
  } rows[] = {{"numbered 1", continuation(1, "x")},
              {"no number",
               "WARC/1.1\r\nWARC-Type: continuation\r\nWARC-Segment-Origin-ID: <urn:x>\r\n"
               "Content-Length: 1\r\n\r\nx\r\n\r\n"},
              {"no origin",
               "WARC/1.1\r\nWARC-Type: continuation\r\nWARC-Segment-Number: 2\r\n"
               "Content-Length: 1\r\n\r\nx\r\n\r\n"}};
  for (const auto& row : rows) {
    put(t.warcs / "x.warc", row.record);
    const auto report = t.index_file("x.warc");
    BOOST_TEST(report.damage_count == 1U, row.what);
    BOOST_TEST(report.captures == 0U, row.what);
  }
}

BOOST_AUTO_TEST_CASE(a_record_alone_that_calls_itself_the_first_is_what_it_is) {
  Archive t;
  put(t.warcs / "a.warc", first("all of it"));
  t.index_file("a.warc");
  const Whole whole = open(t, "a.warc");
  BOOST_TEST(whole.block == kHead + "all of it");
  BOOST_TEST(whole.length.value_or(0) == whole.block.size());
}
