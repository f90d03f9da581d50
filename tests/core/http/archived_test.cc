// HTTP messages of the odd archives in ../shared: each block of a file's first record, by what a
// reader must make of it.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/base/ascii.h"
#include "core/http/body.h"
#include "tests/core/http/body_bytes.h"
#include "tests/support/test_support.h"

namespace wm::http {
namespace {

using namespace std::string_literals;

/// The block of an uncompressed file's first record.
std::string first_block(const std::string& file) {
  const auto head =
      parse_fields(std::string_view(file).substr(file.find('\n') + 1), Mode::kStrict).value();
  const auto length = parse_u64(head.head.find("Content-Length").value()).value();
  return file.substr(file.find('\n') + 1 + head.length, length);
}

/// Little-endian with a byte order mark.
std::string utf16(std::string_view ascii) {
  std::string bytes = "\xff\xfe";
  for (const char c : ascii) bytes += {c, '\0'};
  return bytes;
}

struct Row {
  const char* file;
  int status;         ///< 0: no head at all
  std::string body;   ///< decoded
  const char* error;  ///< how it ends
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.file;
}

const std::string kChunkedPage = "<html>chunked body</html>";
const std::string kPage = "<html><title>t</title>hello</html>";

const Row kRows[] = {
    {"http_chunked_ok", 200, kChunkedPage + "more", ""},
    {"http_chunked_and_cl", 200, kChunkedPage, ""},
    {"http_chunked_huge", 200, kChunkedPage, ""},
    {"http_chunked_negative", 200, "-5\r\n" + kChunkedPage, ""},
    {"http_chunked_overflow", 200, "1" + std::string(40, '0') + "\r\n" + kChunkedPage, ""},
    {"http_chunked_oversize", 200, kChunkedPage, ""},
    {"http_cl_mismatch", 200, kPage, ""},
    {"http_continue_100", 200, kPage, ""},
    {"http_early_hints_103", 200, kPage, ""},
    {"http_lf_http", 200, kPage, ""},
    {"http_no_colon", 200, kPage, ""},
    {"http_no_headers", 0, kChunkedPage, ""},
    {"http_non_utf8_http", 200, kPage, ""},
    {"http_gzip_double", 200, kChunkedPage, ""},
    {"http_gzip_trunc", 200, kChunkedPage, "corrupt"},
    {"http_unknown_ce", 200, kChunkedPage, ""},
    {"http_utf16_body", 200, utf16("<html>utf16</html>"), ""},
};

BOOST_AUTO_TEST_SUITE(archived_messages)

BOOST_DATA_TEST_CASE(give_their_body, boost::unit_test::data::make(kRows), row) {
  const auto path =
      wm::test::shared_path("corpus/warc-zoo/synthetic/" + std::string(row.file) + ".warc");
  if (!path) return;
  const std::string block = first_block(wm::test::read_text(*path));
  const auto parsed = parse_archived_response_head(block);
  BOOST_REQUIRE(parsed.has_value() == (row.status != 0));
  const Headers headers = parsed ? parsed->head.headers : Headers{};
  if (parsed) BOOST_TEST(parsed->head.status == row.status);
  const std::string stored = block.substr(parsed ? parsed->length : 0);
  for (const std::size_t piece : {1u, 7u, 100'000u}) {
    const auto body =
        decoded_body(std::make_unique<wm::test::PiecewiseSource>(stored, piece), headers);
    BOOST_TEST(test::drain(*body) == (test::Outcome{row.body, row.error}));
  }
}

BOOST_AUTO_TEST_CASE(are_bounded_when_they_are_bombs) {
  const auto path = wm::test::shared_path("corpus/warc-zoo/synthetic/bomb_content_encoding.warc");
  if (!path) return;
  const std::string block = first_block(wm::test::read_text(*path));
  const auto parsed = parse_archived_response_head(block).value();
  const auto body = decoded_body(std::make_unique<StringSource>(block.substr(parsed.length)),
                                 parsed.head.headers, {.ratio = 200});
  const test::Outcome outcome = test::drain(*body, 1 << 16);
  BOOST_TEST(outcome.error == "too_large");
  BOOST_TEST(outcome.bytes.size() < 64u << 20);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace wm::http
