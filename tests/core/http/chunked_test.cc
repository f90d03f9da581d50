#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/http/body.h"
#include "tests/core/http/body_bytes.h"
#include "tests/support/test_support.h"

namespace wm::http {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using test::drain;
using test::Outcome;

struct Fed {
  std::string data;
  std::size_t consumed = 0;
  bool done = false;
  bool failed = false;
  friend bool operator==(const Fed&, const Fed&) = default;
};
std::ostream& operator<<(std::ostream& out, const Fed& fed) {
  return out << '"' << fed.data << "\" " << fed.consumed << (fed.done ? " done" : "")
             << (fed.failed ? " failed" : "");
}

void feed_all(ChunkedParser& parser, std::string_view input, Fed& fed) {
  const wm::test::ExactCopy copy(input);
  std::string_view rest = copy.view();
  while (!rest.empty() && !fed.done) {
    const auto step = parser.feed(rest);
    if (!step) {
      fed.failed = true;
      BOOST_TEST(!parser.feed("0").has_value());
      return;
    }
    BOOST_REQUIRE((step->consumed > 0 || step->done));
    fed.data += step->data;
    fed.consumed += step->consumed;
    fed.done = step->done;
    rest.remove_prefix(step->consumed);
  }
}

Fed fed_whole(std::string_view input, Mode mode = Mode::kStrict) {
  ChunkedParser parser(mode);
  Fed fed;
  feed_all(parser, input, fed);
  return fed;
}

struct Row {
  const char* reason;
  std::string_view bytes;
  const char* data;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

BOOST_AUTO_TEST_SUITE(chunked_parser)

const Row kGood[] = {
    {"one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello"},
    {"two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"},
    {"nothing", "0\r\n\r\n", ""},
    {"hex in either case and leading zeros", "00a\r\n0123456789\r\nA\r\n0123456789\r\n000\r\n\r\n",
     "01234567890123456789"},
    {"extensions", "5;a=b;c=\"d\"\r\nhello\r\n5 \t;x\r\nworld\r\n0;last\r\n\r\n", "helloworld"},
    {"trailers", "5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n", "hello"},
    {"data that looks like framing", "7\r\n0\r\n\r\n5\r\r\n0\r\n\r\n", "0\r\n\r\n5\r"},
    {"sixteen digits", "0000000000000005\r\nhello\r\n0\r\n\r\n", "hello"},
};
BOOST_DATA_TEST_CASE(gives_the_data_at_every_split, boost::unit_test::data::make(kGood), row) {
  const Fed whole{row.data, row.bytes.size(), true, false};
  BOOST_TEST(fed_whole(row.bytes) == whole);
  BOOST_TEST(fed_whole(std::string(row.bytes) + "GET / HTTP/1.1") ==
             whole);  // the next request stays
  for (std::size_t cut = 1; cut < row.bytes.size(); ++cut) {
    ChunkedParser parser;
    Fed fed;
    feed_all(parser, row.bytes.substr(0, cut), fed);
    BOOST_TEST(!fed.done);
    feed_all(parser, row.bytes.substr(cut), fed);
    BOOST_TEST(fed == whole);
  }
}

const Row kBad[] = {
    {"no digits", "\r\nhello", ""},
    {"not hex", "xyz\r\n", ""},
    {"a sign", "+5\r\nhello\r\n0\r\n\r\n", ""},
    {"negative", "-5\r\nhello\r\n0\r\n\r\n", ""},
    {"0x", "0x5\r\nhello\r\n0\r\n\r\n", ""},
    {"a blank before", " 5\r\nhello\r\n0\r\n\r\n", ""},
    {"a blank after", "5 \r\nhello\r\n0\r\n\r\n", ""},
    {"seventeen digits", "00000000000000005\r\nhello\r\n0\r\n\r\n", ""},
    {"a size above 64 bits", "10000000000000000\r\n", ""},
    {"LF after the size", "5\nhello\r\n0\r\n\r\n", ""},
    {"CR alone after the size", "5\rhello\r\n0\r\n\r\n", ""},
    {"LF in an extension", "5;a\nhello\r\n0\r\n\r\n", ""},
    {"CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", ""},
    {"NUL in an extension", "5;a\0\r\nhello\r\n0\r\n\r\n"sv, ""},
    {"too much data", "5\r\nhello!\r\n0\r\n\r\n", "hello"},
    {"LF after the data", "5\r\nhello\n0\r\n\r\n", "hello"},
    {"nothing after the data", "5\r\nhello0\r\n\r\n", "hello"},
    {"LF as the end", "5\r\nhello\r\n0\r\n\n", "hello"},
    {"LF in a trailer", "0\r\nA: b\n\r\n", ""},
    {"CR in a trailer", "0\r\nA: b\rc\r\n\r\n", ""},
};
BOOST_DATA_TEST_CASE(refuses_other_framing_at_every_split, boost::unit_test::data::make(kBad),
                     row) {
  const Fed whole = fed_whole(row.bytes);
  BOOST_TEST(whole.failed);
  BOOST_TEST(whole.data == row.data);
  for (std::size_t cut = 1; cut < row.bytes.size(); ++cut) {
    ChunkedParser parser;
    Fed fed;
    feed_all(parser, row.bytes.substr(0, cut), fed);
    if (!fed.failed) feed_all(parser, row.bytes.substr(cut), fed);
    BOOST_TEST(fed.failed);
    BOOST_TEST(fed.data == row.data);
  }
}

BOOST_AUTO_TEST_CASE(takes_the_largest_size_without_wrapping) {
  ChunkedParser parser;
  const auto step = parser.feed("ffffffffffffffff\r\nabc").value();
  BOOST_TEST(step.data == "abc");
  BOOST_TEST(parser.feed(std::string(1000, 'x'))->data.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(bounds_extensions_and_trailers_by_the_data_carried) {
  const std::string extension(16 * 1024, 'e');
  BOOST_TEST(!fed_whole("5;" + extension + "\r\nhello\r\n0\r\n\r\n").failed);
  BOOST_TEST(fed_whole("5;" + extension + "e\r\nhello\r\n0\r\n\r\n").failed);
  BOOST_TEST(fed_whole("0\r\nA:" + extension + "\r\n\r\n").failed);
  std::string tiny, honest;
  for (int i = 0; i < 1000; ++i) {
    tiny += "1;" + std::string(100, 'e') + "\r\nx\r\n";
    honest +=
        "100;chunk-signature=" + std::string(64, 'a') + "\r\n" + std::string(256, 'x') + "\r\n";
  }
  BOOST_TEST(fed_whole(tiny).failed);
  BOOST_TEST(fed_whole(honest).data.size() == 256'000u);
}

BOOST_AUTO_TEST_CASE(lenient_takes_lf_and_padded_sizes) {
  BOOST_TEST(fed_whole("5\nhello\n0\n\n", Mode::kLenient).data == "hello");
  BOOST_TEST(fed_whole("5  \r\nhello\r\n0 \r\n\r\n", Mode::kLenient).done);
  BOOST_TEST(fed_whole("5;a\nhello\r\n0\nA: b\n\n", Mode::kLenient).done);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lenient_dechunking)

const Row kBodies[] = {
    {"chunked", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"},
    {"chunked with a trailer", "5\r\nhello\r\n0\r\nA: b\r\n\r\n", "hello"},
    {"chunked with LF", "5\nhello\n0\n\n", "hello"},
    {"nothing chunked", "0\r\n\r\n", ""},
    {"nothing at all", "", ""},
    {"no end after the last size", "0\r\n", ""},
    {"no last chunk", "5\r\nhello\r\n", "hello"},
    {"cut in a chunk", "5\r\nhel", "hel"},
    {"cut in a later size line", "5\r\nhello\r\n1", "hello"},
    {"junk after the end", "5\r\nhello\r\n0\r\n\r\njunk", "hello"},
    {"not chunked", "<html>chunked body</html>", "<html>chunked body</html>"},
    {"not chunked but hex first", "add more\r\n5\r\n", "add more\r\n5\r\n"},
    {"not chunked, and all hex", "cafe", "cafe"},
    {"a lone size", "ffff\r\n", "ffff\r\n"},
    {"a text that starts as an empty chunked body", "0\r\n\r\nhello", "0\r\n\r\nhello"},
    {"a negative size", "-5\r\n<html>chunked body</html>", "-5\r\n<html>chunked body</html>"},
    {"a size above 64 bits", "fffffffffffffffff\r\nhello", "fffffffffffffffff\r\nhello"},
    {"a size above the body", "ffff\r\nhello", "hello"},
    {"a size below the data", "3\r\nhello\r\n0\r\n\r\n", "hello\r\n0\r\n\r\n"},
    {"a later size that is none", "5\r\nhello\r\nzz\r\nrest", "hello\r\nzz\r\nrest"},
};
BOOST_DATA_TEST_CASE(never_loses_a_body_at_any_piece_size, boost::unit_test::data::make(kBodies),
                     row) {
  for (std::size_t piece = 1; piece <= row.bytes.size() + 1; ++piece) {
    const auto body = dechunk_leniently(
        std::make_unique<wm::test::PiecewiseSource>(std::string(row.bytes), piece));
    BOOST_TEST(drain(*body, 1 + piece % 7) == (Outcome{row.data, ""}));
  }
}

BOOST_AUTO_TEST_CASE(gives_data_before_an_error) {
  const auto body = dechunk_leniently(
      std::make_unique<wm::test::PiecewiseSource>("5\r\nhello\r\n5\r\nworld", 100, 7));
  const Outcome outcome = drain(*body);
  BOOST_TEST(outcome.bytes == "hell");
  BOOST_TEST(outcome.error == "io");
}

BOOST_AUTO_TEST_CASE(streams_large_bodies) {
  const std::string data = test::sample_text(1'000'000);
  const auto body =
      dechunk_leniently(std::make_unique<StringSource>("f4240\r\n" + data + "\r\n0\r\n\r\n"));
  BOOST_TEST((drain(*body).bytes == data));
  const auto raw = dechunk_leniently(std::make_unique<StringSource>("x" + data));
  BOOST_TEST((drain(*raw).bytes == "x" + data));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace wm::http
