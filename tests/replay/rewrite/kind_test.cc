#include "replay/rewrite/kind.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace wm;
using memento::Destination;
using memento::Modifier;
using rewrite::Kind;

namespace {

struct Row {
  const char* type;  ///< "" = none
  const char* modifier;
  Destination destination;
  bool told;
  const char* bytes;
  Kind expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.type << " " << row.modifier << (row.told ? " told" : "") << " " << row.bytes;
}

constexpr const char* kPage = "<!doctype html><p>x";
constexpr const char* kScript = "var a = 1;";
constexpr const char* kJson = "{\"a\": 1}";

const Row kRows[] = {
    // The type decides where nobody says more.
    {"text/html", "mp_", Destination::kPage, false, kPage, Kind::kHtml},
    {"application/xhtml+xml", "mp_", Destination::kPage, false, "<html/>", Kind::kXhtml},
    {"text/xml", "", Destination::kPage, false, "<?xml version='1.0'?><!-- x --><html xmlns='x'>",
     Kind::kXhtml},
    {"text/xml", "", Destination::kPage, false, "<rss/>", Kind::kMarkup},
    {"application/rss+xml", "", Destination::kPage, true, "<rss/>", Kind::kMarkup},
    {"image/svg+xml", "", Destination::kPage, true, "<svg/>", Kind::kMarkup},
    {"image/svg+xml", "im_", Destination::kImage, false, "<svg/>", Kind::kMarkup},
    {"image/svg+xml", "im_", Destination::kImage, true, "<svg/>", Kind::kNone},
    {"text/css", "cs_", Destination::kStyle, false, "a{}", Kind::kCss},
    {"text/javascript", "js_", Destination::kScript, false, kScript, Kind::kScript},
    {"image/png", "im_", Destination::kImage, false, "\x89PNG", Kind::kNone},
    {"application/pdf", "mp_", Destination::kPage, false, "%PDF-1.4", Kind::kNone},
    {"", "mp_", Destination::kPage, false, "<html>", Kind::kHtml},
    {"", "mp_", Destination::kPage, false, "hello", Kind::kNone},
    // Wrong types: what it is used for decides.
    {"text/html", "js_", Destination::kScript, false, kScript, Kind::kScript},
    {"text/html", "js_", Destination::kScript, false, "<!-- hide\nvar a;", Kind::kScript},
    {"text/html", "js_", Destination::kScript, true, kPage, Kind::kNone},
    {"application/json", "js_", Destination::kScript, true, kScript, Kind::kScript},
    {"application/json", "js_", Destination::kScript, true, kJson, Kind::kNone},
    {"application/octet-stream", "js_", Destination::kScript, false, kScript, Kind::kScript},
    {"text/javascript", "js_", Destination::kScript, true, "[\"a\"].map(f)", Kind::kScript},
    {"text/plain", "esm_", Destination::kScript, true, kScript, Kind::kModule},
    {"text/css", "js_", Destination::kScript, true, kScript, Kind::kScript},
    {"image/gif", "js_", Destination::kScript, true, "GIF89a", Kind::kNone},
    {"text/html", "cs_", Destination::kStyle, false, "a{}", Kind::kCss},
    {"text/plain", "cs_", Destination::kStyle, true, "a{}", Kind::kCss},
    {"text/xsl", "cs_", Destination::kStyle, true, "<xsl:stylesheet/>", Kind::kNone},
    {"application/xslt+xml", "cs_", Destination::kStyle, true, "<xsl:stylesheet/>", Kind::kMarkup},
    {"text/html", "mp_", Destination::kPage, false, kJson, Kind::kNone},
    {"text/html", "mp_", Destination::kPage, true, kJson, Kind::kHtml},
    {"text/javascript", "mp_", Destination::kPage, true, kScript, Kind::kNone},
    {"text/javascript", "mp_", Destination::kPage, false, kScript, Kind::kScript},
    // Workers, fetches.
    {"text/javascript", "wkr_", Destination::kWorker, true, kScript, Kind::kWorker},
    {"text/javascript", "wkrm_", Destination::kWorker, true, kScript, Kind::kWorkerModule},
    {"text/javascript", "wkrf_", Destination::kScript, true, kScript, Kind::kNone},
    {"text/javascript", "sw_", Destination::kServiceWorker, true, kScript, Kind::kNone},
    {"text/html", "mp_", Destination::kFetch, true, kPage, Kind::kNone},
    {"application/json", "mp_", Destination::kFetch, true, kJson, Kind::kNone},
    {"text/html", "id_", Destination::kPage, false, kPage, Kind::kNone},
    // Streams, whoever asks.
    {"application/vnd.apple.mpegurl", "mp_", Destination::kFetch, true, "#EXTM3U\n", Kind::kHls},
    {"audio/mpegurl", "oe_", Destination::kMedia, true, "#EXTM3U\n", Kind::kHls},
    {"audio/mpegurl", "oe_", Destination::kMedia, true, "http://a.example/1.mp3\n", Kind::kNone},
    {"text/plain", "mp_", Destination::kFetch, true, "#EXTM3U\n", Kind::kHls},
    {"application/dash+xml", "mp_", Destination::kFetch, true, "<?xml version='1.0'?>\n<MPD>",
     Kind::kDash},
    {"text/xml", "oe_", Destination::kMedia, false, "<MPD>", Kind::kDash},
    {"text/xml", "mp_", Destination::kFetch, true, "<other>", Kind::kNone},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(kinds)

BOOST_DATA_TEST_CASE(use_then_type_then_bytes_say_as_what_a_body_is_rewritten,
                     boost::unit_test::data::make(kRows), row) {
  const auto kind = rewrite::kind_of({.type = http::parse_media_type(row.type),
                                      .modifier = memento::modifier_of(row.modifier).value(),
                                      .destination = row.destination,
                                      .destination_told = row.told,
                                      .first_bytes = row.bytes,
                                      .scripts = rewrite::Scripts::kRewrite});
  BOOST_TEST(static_cast<int>(kind) == static_cast<int>(row.expected));
}

BOOST_AUTO_TEST_CASE(what_calls_a_function_that_was_asked_for_is_data) {
  rewrite::KindHints hints{.type = http::parse_media_type("text/javascript"),
                           .modifier = Modifier::kScript,
                           .destination = Destination::kScript,
                           .first_bytes = "f({\"a\": 1})",
                           .asks_callback = true,
                           .scripts = rewrite::Scripts::kRewrite};
  BOOST_TEST((rewrite::kind_of(hints) == Kind::kJson));
  hints.first_bytes = "f(window, 1)";
  BOOST_TEST((rewrite::kind_of(hints) == Kind::kScript));
  hints.first_bytes = "f({\"a\": 1})";
  hints.asks_callback = false;
  BOOST_TEST((rewrite::kind_of(hints) == Kind::kScript));
}

BOOST_AUTO_TEST_CASE(the_command_line_names_every_kind) {
  for (const auto name : rewrite::kKindNames)
    BOOST_TEST(rewrite::kind_named(name).has_value(), name);
  BOOST_TEST(!rewrite::kind_named("exe").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
