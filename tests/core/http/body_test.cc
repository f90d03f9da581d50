#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/http/body.h"
#include "tests/core/http/body_bytes.h"
#include "tests/support/test_support.h"

namespace wm::http {
namespace {

using namespace std::string_literals;
using test::brotli_packed;
using test::drain;
using test::Outcome;
using test::sample_text;
using test::zlib_packed;
using test::zstd_packed;

std::string chunked(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 10) {
    const std::string_view piece = bytes.substr(at, 10);
    out += (piece.size() == 10 ? "a" : std::string(1, "0123456789"[piece.size()])) + "\r\n" +
           std::string(piece) + "\r\n";
  }
  return out + "0\r\n\r\n";
}

Outcome body_of(std::string stored, const Headers& headers, DecodeLimits limits = {}) {
  const auto body =
      decoded_body(std::make_unique<StringSource>(std::move(stored)), headers, limits);
  return drain(*body);
}

BOOST_AUTO_TEST_SUITE(codings_of_content)

BOOST_AUTO_TEST_CASE(are_given_in_order_over_all_fields) {
  const Headers headers = {{"Content-Encoding", "gzip, br"},
                           {"X", "gzip"},
                           {"content-encoding", " X-GZIP ,deflate,zstd"}};
  using enum ContentCoding;
  BOOST_TEST(
      (content_codings(headers).value() == std::vector{kGzip, kBrotli, kGzip, kDeflate, kZstd}));
  BOOST_TEST(content_codings({}).value().empty());
}

BOOST_AUTO_TEST_CASE(leave_out_what_means_none) {
  for (const char* none :
       {"", ",", "identity", "none", "UTF-8", "utf8", "binary", "8bit", "iso-8859-1", "text/html",
        "aws-chunked", "identity, utf-8", "text/html; charset=utf-8"}) {
    BOOST_TEST(content_codings({{"Content-Encoding", none}}).value().empty());
  }
}

BOOST_AUTO_TEST_CASE(name_the_first_unknown_and_stop_at_five) {
  const auto unknown = content_codings({{"Content-Encoding", "gzip, sdch, dcz"}});
  BOOST_TEST((unknown.error().code == Error::Code::kUnsupported));
  BOOST_TEST(unknown.error().what.find("sdch") != std::string::npos);
  BOOST_TEST(content_codings({{"Content-Encoding", "gzip,gzip,gzip,gzip,gzip"}}).value().size() ==
             5u);
  BOOST_TEST(!content_codings({{"Content-Encoding", "gzip,gzip,gzip,gzip,gzip,gzip"}}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(decoded_bodies)

struct Row {
  const char* reason;
  Headers headers;
  std::string (*store)(std::string_view);
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

std::string as_it_is(std::string_view bytes) {
  return std::string(bytes);
}

const Row kRows[] = {
    {"plain", {}, as_it_is},
    {"gzip", {{"Content-Encoding", "gzip"}}, [](std::string_view b) { return gzip(b); }},
    {"chunked", {{"Transfer-Encoding", "chunked"}}, chunked},
    {"chunked in another case and field",
     {{"Transfer-Encoding", "identity"}, {"transfer-encoding", "CHUNKED"}},
     chunked},
    {"chunked and gzip",
     {{"Transfer-Encoding", "chunked"}, {"Content-Encoding", "gzip"}},
     [](std::string_view b) { return chunked(gzip(b)); }},
    {"gzip as a transfer coding",
     {{"Transfer-Encoding", "gzip, chunked"}},
     [](std::string_view b) { return chunked(gzip(b)); }},
    {"stacked",
     {{"Content-Encoding", "gzip, br, zstd"}},
     [](std::string_view b) { return zstd_packed(brotli_packed(gzip(b))); }},
    {"stacked over two fields",
     {{"Content-Encoding", "deflate"}, {"Content-Encoding", "br"}},
     [](std::string_view b) { return brotli_packed(zlib_packed(b, 15)); }},
    {"gzip twice",
     {{"Content-Encoding", "gzip, gzip"}},
     [](std::string_view b) { return gzip(gzip(b)); }},
    {"gzip twice said, once done",
     {{"Content-Encoding", "gzip, gzip"}},
     [](std::string_view b) { return gzip(b); }},
    {"gzip said, not done", {{"Content-Encoding", "gzip"}}, as_it_is},
    {"br said, not done", {{"Content-Encoding", "br"}}, as_it_is},
    {"chunked said, not done", {{"Transfer-Encoding", "chunked"}}, as_it_is},
    {"chunked and gzip said, gzip done",
     {{"Transfer-Encoding", "chunked"}, {"Content-Encoding", "gzip"}},
     [](std::string_view b) { return gzip(b); }},
    {"chunked with a length beside it",
     {{"Transfer-Encoding", "chunked"}, {"Content-Length", "3"}},
     chunked},
    {"a charset for a coding", {{"Content-Encoding", "utf-8"}}, as_it_is},
    {"an unknown coding", {{"Content-Encoding", "sdch"}}, as_it_is},
    {"an unknown coding under a known one",
     {{"Content-Encoding", "sdch, gzip"}},
     [](std::string_view b) { return gzip(b); }},
    {"renamed headers of recorders say nothing",
     {{"x-orig-transfer-encoding", "chunked"}, {"x-orig-content-encoding", "br"}},
     as_it_is},
};
BOOST_DATA_TEST_CASE(are_the_bytes_of_the_entity, boost::unit_test::data::make(kRows), row) {
  const std::string text = "<html>" + sample_text(5000);
  BOOST_TEST((body_of(row.store(text), row.headers) == Outcome{text, ""}));
}

BOOST_AUTO_TEST_CASE(stay_coded_from_the_first_unknown_coding_on) {
  BOOST_TEST((body_of(gzip("hello"), {{"Content-Encoding", "gzip, sdch"}}).bytes == gzip("hello")));
}

BOOST_AUTO_TEST_CASE(are_bounded_layer_by_layer) {
  const std::string bomb = gzip(gzip(gzip(std::string(16 << 20, '\0'), 9), 9), 9);
  BOOST_TEST(bomb.size() < 1000u);
  const Outcome outcome =
      body_of(bomb, {{"Content-Encoding", "gzip, gzip, gzip"}}, {.bytes = 1 << 20});
  BOOST_TEST(outcome.error == "too_large");
  BOOST_TEST(outcome.bytes.size() == 1u << 20);
}

BOOST_AUTO_TEST_CASE(undo_five_layers_at_most) {
  std::string bytes = "hello";
  std::string codings;
  for (int i = 0; i < 200; ++i) {
    bytes = gzip(bytes);
    codings += "gzip,";
  }
  const Outcome outcome = body_of(bytes, {{"Content-Encoding", codings}});
  BOOST_TEST(outcome.error == "");
  BOOST_TEST(outcome.bytes.starts_with("\x1f\x8b"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace wm::http
