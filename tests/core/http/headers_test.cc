#include <boost/test/unit_test.hpp>

#include "core/http/headers.h"
#include "core/http/message.h"

namespace wm::http {
namespace {

Headers sample() {
  return {{"Set-Cookie", "a=1"}, {"Vary", "Accept, Cookie"}, {"set-cookie", "b=2"}, {"X", ""}};
}

BOOST_AUTO_TEST_SUITE(headers)

BOOST_AUTO_TEST_CASE(order_and_repeats_are_kept) {
  const Headers headers = sample();
  BOOST_TEST(headers.size() == 4u);
  BOOST_TEST((headers.begin() + 2)->name == "set-cookie");
  const auto cookies = headers.all("SET-COOKIE");
  BOOST_TEST(cookies.size() == 2u);
  BOOST_TEST(cookies[1] == "b=2");
  BOOST_TEST(headers.joined("Set-Cookie") == "a=1, b=2");
}

BOOST_AUTO_TEST_CASE(find_gives_the_first_whatever_its_case_and_tells_empty_from_absent) {
  const Headers headers = sample();
  BOOST_TEST(headers.find("sEt-cookie").value() == "a=1");
  BOOST_TEST(headers.find("x").value() == "");
  BOOST_TEST(!headers.find("Set-Cooki"));
  BOOST_TEST(!headers.find(""));
}

BOOST_AUTO_TEST_CASE(set_replaces_the_first_and_removes_the_others) {
  Headers headers = sample();
  headers.set("SET-COOKIE", "c=3");
  BOOST_TEST(headers.size() == 3u);
  BOOST_TEST(headers.begin()->name == "Set-Cookie");
  BOOST_TEST(headers.begin()->value == "c=3");
  headers.set("New", "1");
  BOOST_TEST((headers.end() - 1)->name == "New");
}

BOOST_AUTO_TEST_CASE(set_takes_a_view_of_the_field_it_changes) {
  Headers headers = {{"A", std::string(100, 'x')}, {"A", "y"}};
  headers.set("A", *headers.find("a"));
  BOOST_TEST(headers.size() == 1u);
  BOOST_TEST(headers.begin()->value == std::string(100, 'x'));
}

BOOST_AUTO_TEST_CASE(remove_takes_all_of_a_name_even_when_the_name_views_one) {
  Headers headers = sample();
  headers.remove(headers.begin()->name);
  BOOST_TEST(headers.size() == 2u);
  BOOST_TEST(!headers.has("Set-Cookie"));
}

BOOST_AUTO_TEST_CASE(has_token_looks_into_lists_over_all_fields) {
  const Headers headers = {{"Connection", "keep-alive , Upgrade"},
                           {"Cache-Control", R"(private="a, no-store", max-age=1)"},
                           {"connection", "close"}};
  BOOST_TEST(headers.has_token("connection", "upgrade"));
  BOOST_TEST(headers.has_token("Connection", "Close"));
  BOOST_TEST(!headers.has_token("Connection", "keep"));
  BOOST_TEST(!headers.has_token("Cache-Control", "no-store"));
  BOOST_TEST(headers.has_token("Cache-Control", "max-age=1"));
  BOOST_TEST(!headers.has_token("Absent", ""));
}

BOOST_AUTO_TEST_CASE(tokens_are_those_of_rfc_9110) {
  BOOST_TEST(is_token("Content-Type"));
  BOOST_TEST(is_token("!#$%&'*+-.^_`|~09"));
  for (const char* no : {"", "a b", "a:", "a\x7f", "\xe9", "a/b", "(a)", "\""})
    BOOST_TEST(!is_token(no));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(heads_are_written_with_crlf_and_an_empty_line) {
  const RequestHead request{"GET", "/a?b", "HTTP/1.1", {{"Host", "x"}, {"A", ""}}};
  BOOST_TEST(serialize(request) == "GET /a?b HTTP/1.1\r\nHost: x\r\nA: \r\n\r\n");
  const ResponseHead response{"HTTP/1.1", 404, "Not Found", {{"X", "caf\xe9"}}};
  BOOST_TEST(serialize(response) == "HTTP/1.1 404 Not Found\r\nX: caf\xe9\r\n\r\n");
  BOOST_TEST(serialize(ResponseHead{"HTTP/1.1", 7, "", {}}) == "HTTP/1.1 007 \r\n\r\n");
}

BOOST_AUTO_TEST_CASE(nothing_can_forge_a_line) {
  const std::string evil = std::string("a\r\nSet-Cookie: x\n\r") + '\0' + "b";
  const std::string clean = "a  Set-Cookie: x   b";
  BOOST_TEST(serialize(ResponseHead{"HTTP/1.1", 200, evil, {{evil, evil}}}) ==
             "HTTP/1.1 200 " + clean + "\r\n" + clean + ": " + clean + "\r\n\r\n");
  BOOST_TEST(serialize(RequestHead{evil, evil, evil, {}}) ==
             clean + " " + clean + " " + clean + "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(phrases_are_those_registered) {
  BOOST_TEST(reason_phrase(100) == "Continue");
  BOOST_TEST(reason_phrase(404) == "Not Found");
  BOOST_TEST(reason_phrase(511) == "Network Authentication Required");
  for (const int none : {-1, 0, 99, 299, 418, 599, 1000}) BOOST_TEST(reason_phrase(none) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace wm::http
