#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "replay/rewrite/decoded_value.h"
#include "replay/rewrite/url_rewriter.h"

using namespace wm::rewrite;

namespace {

struct Row {
  const char* reason;
  const char* url;
  const char* expected;  ///< "" = left alone
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"absolute", "http://b.example/x", "/web/2020im_/http://b.example/x"},
    {"absolute, any case", "HTTPS://b.example/x", "/web/2020im_/HTTPS://b.example/x"},
    {"other host's FTP", "ftp://b.example/x", "/web/2020im_/ftp://b.example/x"},
    {"scheme-relative", "//b.example/x", "/web/2020im_///b.example/x"},
    {"host-relative", "/x?y", "/web/2020im_/http://a.example:8080/x?y"},
    {"blanks around it", " \n/x ", "/web/2020im_/http://a.example:8080/x"},
    {"relative", "x/y", ""},
    {"relative with dots that stay below", "../x", ""},
    {"a folder up and down", "./y/../../x", ""},
    {"dots that climb out", "../../x", "/web/2020im_/http://a.example:8080/x"},
    {"dots in disguise", "%2E%2E/x", "/web/2020im_/http://a.example:8080/x"},
    {"a backslash is a slash", "\\x", "/web/2020im_/http://a.example:8080/x"},
    {"two backslashes name a host", "\\\\b.example\\x", "/web/2020im_/http://b.example/x"},
    {"slash and backslash name a host", "/\\b.example", "/web/2020im_/http://b.example/"},
    {"a scheme without slashes is relative to it", "http:x",
     "/web/2020im_/http://a.example:8080/dir/x"},
    {"another scheme without slashes names a host", "https:b.example/x",
     "/web/2020im_/https://b.example/x"},
    {"a line end in the middle is dropped by browsers", "ht\ntp://b.example/",
     "/web/2020im_/http://b.example/"},
    {"a query alone", "?x", ""},
    {"a fragment", "#x", ""},
    {"nothing", "", ""},
    {"blanks alone", " \n", ""},
    {"a template", "{{url}}", ""},
    {"script", "javascript:alert(1)", ""},
    {"data", "data:text/html,x", ""},
    {"mail", "mailto:a@b.example", ""},
    {"blob", "blob:http://a.example/1", ""},
    {"about", "about:blank", ""},
    {"telephone", "tel:123", ""},
    {"ours already", "/web/2020im_/http://b.example/", ""},
    {"a path like ours is the page's own", "/web/1999/http://b.example/",
     "/web/2020im_/http://a.example:8080/web/1999/http://b.example/"},
};

Address address(bool relative_works = true) {
  Address address;
  address.prefix = "/web/";
  address.timestamp = "2020";
  address.document = wm::url::Url::parse("http://a.example:8080/dir/page.html?q=/a/b/c").value();
  address.relative_works = relative_works;
  return address;
}

std::string result(const UrlRewriter& urls, std::string_view url) {
  const auto change = urls.edit(url, Modifier::kImage);
  if (change.kind == UrlEdit::Kind::kLeave) return "";
  if (change.kind == UrlEdit::Kind::kReplace) return change.text;
  std::string trimmed(url);
  std::erase_if(trimmed, [](char c) { return c == '\n'; });
  while (trimmed.starts_with(' ')) trimmed.erase(0, 1);
  while (trimmed.ends_with(' ')) trimmed.pop_back();
  return change.text + trimmed;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(urls)

BOOST_DATA_TEST_CASE(a_reference_gets_its_prefix, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(result(UrlRewriter(address()), row.url) == row.expected);
}

BOOST_AUTO_TEST_CASE(where_relative_references_go_astray_they_are_made_whole) {
  const UrlRewriter urls(address(false));
  BOOST_TEST(result(urls, "x/y") == "/web/2020im_/http://a.example:8080/dir/x/y");
  BOOST_TEST(result(urls, "?x") == "/web/2020im_/http://a.example:8080/dir/page.html?x");
}

BOOST_AUTO_TEST_CASE(a_base_changes_what_references_mean) {
  UrlRewriter urls(address());
  urls.set_base("https://b.example/lib/");
  BOOST_TEST(result(urls, "/x") == "/web/2020im_/https://b.example/x");
  BOOST_TEST(result(urls, "x") == "");
  BOOST_TEST(result(urls, "../../x") == "/web/2020im_/https://b.example/x");
}

BOOST_AUTO_TEST_CASE(a_base_without_a_path_gives_relative_references_none_to_stand_on) {
  UrlRewriter urls(address());
  urls.set_base("https://b.example");
  BOOST_TEST(result(urls, "x") == "/web/2020im_/https://b.example/x");
}

BOOST_AUTO_TEST_CASE(a_prefix_with_an_origin_knows_its_own_addresses) {
  Address whole = address();
  whole.prefix = "http://replay.example/web/";
  const UrlRewriter urls(whole);
  BOOST_TEST(result(urls, "http://b.example/") ==
             "http://replay.example/web/2020im_/http://b.example/");
  BOOST_TEST(result(urls, "http://replay.example/web/1999/http://b.example/") == "");
}

BOOST_AUTO_TEST_CASE(places_in_a_decoded_value_are_found_in_the_written_one) {
  const DecodedValue value("a&quot;b&#x26;c&ampd");
  BOOST_TEST(value.text() == "a\"b&c&ampd");
  BOOST_TEST(value.written_at(0) == 0u);
  BOOST_TEST(value.written_at(1) == 1u);
  BOOST_TEST(value.written_at(2) == 7u);
  BOOST_TEST(value.written_at(3) == 8u);
  BOOST_TEST(value.written_at(4) == 14u);
  BOOST_TEST(value.written_at(value.text().size()) == 20u);
}

BOOST_AUTO_TEST_SUITE_END()
