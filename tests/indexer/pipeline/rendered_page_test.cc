#include <boost/test/unit_test.hpp>

#include "tests/indexer/pipeline/pipeline_test_support.h"

using namespace wm;
using namespace wm::test;

namespace {

constexpr const char* kUrl = "http://example.com/app";
constexpr const char* kShell =
    "<title>Loading</title><div id=app></div><script src=/app.js></script>";

/// A WARC as the browser engine writes it, of a page with this HTML.
void write_rendered(const std::filesystem::path& path, std::string_view html) {
  WarcBuilder warc(path);
  warc.response("http://example.com/", "2020", "HTTP/1.1 200 OK\r\nContent-Type: text/html",
                "<script>location = '/app'</script>");
  warc.html(kUrl, "2020", html);
  warc.resource("urn:text:http://example.com/app", "2020", "text/plain; charset=utf-8",
                "Water birds\nthe purple flamingo sleeps here");
  warc.resource("urn:dom:http://example.com/app", "2020", "text/html; charset=utf-8",
                "<html lang=en><title>The birds</title><h1>Water birds</h1><p>the purple flamingo "
                "sleeps here");
  warc.resource("urn:pageinfo:http://example.com/app", "2020", "application/json", "{}");
  warc.finish();
}

}  // namespace

BOOST_AUTO_TEST_CASE(
    a_page_that_scripts_built_is_found_by_what_was_shown_and_under_its_final_title) {
  Archive t;
  t.links.add(1, "");
  write_rendered(t.warcs / "a.warc.gz", kShell);
  t.index_file("a.warc.gz", {.link_id = 1, .seed_url = "http://example.com/"});
  t.drain();
  const auto found = t.find("purple flamingo");
  BOOST_REQUIRE(found.total == 1u);
  BOOST_TEST(found.results[0].url == kUrl);
  BOOST_TEST(found.results[0].title == "The birds");
  BOOST_TEST(t.find("loading").total == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_with_text_of_its_own_keeps_it) {
  Archive t;
  t.links.add(1, "");
  write_rendered(t.warcs / "a.warc.gz",
                 "<title>Loading</title><p>many words that stand in the page as it came, about the "
                 "stilt and the curlew and other birds of the shore</p>");
  t.index_file("a.warc.gz", {.link_id = 1, .seed_url = "http://example.com/"});
  t.drain();
  BOOST_TEST(t.find("curlew").total == 1u);
  BOOST_TEST(t.find("title:birds").total == 1u);
}

BOOST_AUTO_TEST_CASE(the_final_tree_of_an_imported_page_is_no_page_of_its_own) {
  Archive t;
  write_rendered(t.warcs / "a.warc.gz", kShell);
  // The two pages, and the text of the second one.
  BOOST_TEST(t.index_file("a.warc.gz").pages == 3u);
}
