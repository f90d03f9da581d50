#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

#include "core/http/media_type.h"
#include "tests/support/test_support.h"

namespace wm::http {
namespace {

using namespace std::string_literals;
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// "type/subtype;name=value…" with each value in brackets; "none" for nothing.
std::string shown(const std::optional<MediaType>& media) {
  if (!media) return "none";
  std::string text = media->essence();
  for (const auto& [name, value] : media->parameters) text += ";" + name + "=[" + value + "]";
  return text;
}

struct Row {
  const char* reason;
  std::string value;
  const char* parsed;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

BOOST_AUTO_TEST_SUITE(media_types)

const Row kValues[] = {
    {"plain", "text/html", "text/html"},
    {"lower case", "Text/HTML;Charset=UTF-8", "text/html;charset=[UTF-8]"},
    {"blanks", " \t text/html \r\n;\t charset=utf-8 \n", "text/html;charset=[utf-8]"},
    {"a blank before the equals sign is part of the name", "text/html;charset =utf-8", "text/html"},
    {"a blank after it is part of the value", "text/html;charset= utf-8",
     "text/html;charset=[ utf-8]"},
    {"quoted", "text/html;charset=\"utf-8\"", "text/html;charset=[utf-8]"},
    {"quoted with escapes", "a/b;c=\"d\\\"e\\\\f;g\"", "a/b;c=[d\"e\\f;g]"},
    {"quoted and not closed", "a/b;c=\"d\\", "a/b;c=[d\\]"},
    {"what follows a quoted value is left out", "a/b;c=\"d\"xyz;e=f", "a/b;c=[d];e=[f]"},
    {"an empty quoted value", "a/b;c=\"\"", "a/b;c=[]"},
    {"an empty value is left out", "a/b;c=;d=e", "a/b;d=[e]"},
    {"no value is left out", "a/b;c;d=e;f", "a/b;d=[e]"},
    {"empty parameters", "a/b;;;c=d;", "a/b;c=[d]"},
    {"the first of two wins", "a/b;c=d;C=e", "a/b;c=[d]"},
    {"a single quote is no quote", "a/b;charset='utf-8'", "a/b;charset=['utf-8']"},
    {"a name that is no token", "a/b;c(=d;e=f", "a/b;e=[f]"},
    {"a value with a control character", "a/b;c=d\x01;e=f", "a/b;e=[f]"},
    {"a value above ASCII is kept", "a/b;c=\xe9", "a/b;c=[\xe9]"},
    {"no slash", "text", "none"},
    {"nothing", "", "none"},
    {"no type", "/html", "none"},
    {"no subtype", "text/", "none"},
    {"no subtype but parameters", "text/;charset=utf-8", "none"},
    {"a blank in the subtype", "text/ html", "none"},
    {"two slashes", "text/html/x", "none"},
    {"a comma", "text/html,text/plain", "none"},
    {"a form feed is no blank", "\ftext/html", "none"},
    {"NUL", "text/html\0"s, "none"},
};
BOOST_DATA_TEST_CASE(are_parsed_as_the_standard_says, boost::unit_test::data::make(kValues), row) {
  BOOST_TEST(shown(parse_media_type(wm::test::ExactCopy(row.value).view())) == row.parsed);
}

BOOST_AUTO_TEST_CASE(keep_64_parameters) {
  std::string many = "a/b";
  for (int i = 0; i < 100'000; ++i) many += ";p" + std::to_string(i) + "=x";
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(parse_media_type(many)->parameters.size() == 64u);
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(2)));
}

BOOST_AUTO_TEST_CASE(give_a_parameter_by_name) {
  const auto media = parse_media_type("a/b;C=d").value();
  BOOST_TEST(media.parameter("c").value() == "d");
  BOOST_TEST(!media.parameter("x"));
}

BOOST_AUTO_TEST_CASE(know_their_kinds) {
  const auto media = [](const char* text) { return parse_media_type(text).value(); };
  BOOST_TEST(media("text/html").is_html());
  BOOST_TEST(media("application/xhtml+xml").is_html());
  BOOST_TEST(!media("text/xhtml+xml").is_html());
  for (const char* js :
       {"text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript",
        "text/javascript1.5", "text/jscript", "text/livescript", "application/x-ecmascript"}) {
    BOOST_TEST(media(js).is_javascript());
  }
  for (const char* no :
       {"text/javascript2", "application/json", "application/jscript", "text/plain"})
    BOOST_TEST(!media(no).is_javascript());
  for (const char* json : {"application/json", "text/json", "application/ld+json", "image/x+json"})
    BOOST_TEST(media(json).is_json());
  BOOST_TEST(!media("application/jsonp").is_json());
  for (const char* xml : {"text/xml", "application/xml", "image/svg+xml", "application/xhtml+xml"})
    BOOST_TEST(media(xml).is_xml());
  BOOST_TEST(!media("image/xml").is_xml());
}

struct HeadersRow {
  const char* reason;
  Headers headers;
  const char* parsed;
};
std::ostream& operator<<(std::ostream& out, const HeadersRow& row) {
  return out << row.reason;
}

const HeadersRow kHeaders[] = {
    {"none", {}, "none"},
    {"one", {{"content-type", "text/html"}}, "text/html"},
    {"the last one", {{"Content-Type", "text/plain"}, {"Content-Type", "text/html"}}, "text/html"},
    {"the last valid one", {{"Content-Type", "text/html"}, {"Content-Type", "x"}}, "text/html"},
    {"of a list", {{"Content-Type", "text/plain;charset=gbk, text/html"}}, "text/html"},
    {"an equal one takes the charset over",
     {{"Content-Type", "text/html;charset=gbk, text/html"}},
     "text/html;charset=[gbk]"},
    {"unless it has its own",
     {{"Content-Type", "text/html;charset=gbk, text/html;charset=x"}},
     "text/html;charset=[x]"},
    {"an unequal one between takes it away",
     {{"Content-Type", "text/html;charset=gbk, a/b, text/html"}},
     "text/html"},
    {"*/* is none", {{"Content-Type", "text/html, */*"}}, "text/html"},
    {"a comma in quotes",
     {{"Content-Type", "text/html;charset=\"a,b\";x=\",\\\",\""}},
     "text/html;charset=[a,b];x=[,\",]"},
    {"empty", {{"Content-Type", ""}}, "none"},
};
BOOST_DATA_TEST_CASE(are_extracted_from_headers, boost::unit_test::data::make(kHeaders), row) {
  BOOST_TEST(shown(content_type(row.headers)) == row.parsed);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(link_headers)

std::string shown_links(std::string_view value) {
  std::string text;
  for (const LinkValue& link : parse_link_header(wm::test::ExactCopy(value).view())) {
    text += "<" + link.target + ">";
    for (const auto& [name, parameter] : link.parameters) text += name + "=[" + parameter + "]";
  }
  return text;
}

const Row kLinks[] = {
    {"one", "<http://a/>; rel=\"original\"", "<http://a/>rel=[original]"},
    {"two", "<a>; rel=next,<b>;REL=prev", "<a>rel=[next]<b>rel=[prev]"},
    {"commas and semicolons in targets and quotes",
     "<a,b;c>; datetime=\"Tue, 20 Jun 2000 18:02:59 GMT\"; x=\"y;z\"",
     "<a,b;c>datetime=[Tue, 20 Jun 2000 18:02:59 GMT]x=[y;z]"},
    {"escapes", "<a>; title=\"b\\\"c\\\\d\"", "<a>title=[b\"c\\d]"},
    {"no value", "<a>; crossorigin; rel=preload", "<a>crossorigin=[]rel=[preload]"},
    {"blanks everywhere", " \t <a> ; rel = next ; x = \"y\" , <b> ", "<a>rel=[next]x=[y]<b>"},
    {"empty elements", ",, <a>,,<b>,", "<a><b>"},
    {"empty parameters", "<a>;;rel=next;", "<a>rel=[next]"},
    {"repeated parameters are kept", "<a>; rel=x; rel=y", "<a>rel=[x]rel=[y]"},
    {"junk after a link is left out", "<a> junk; rel=next, <b>", "<a><b>"},
    {"an open quote", "<a>; title=\"b, <c>", "<a>title=[b, <c>]"},
    {"an open target", "<a>, <b", "<a>"},
    {"no link", "a; rel=next", ""},
    {"nothing", "", ""},
    {"a target with blanks", "< http://a/ >", "<http://a/>"},
};
BOOST_DATA_TEST_CASE(are_parsed_as_rfc_8288_says, boost::unit_test::data::make(kLinks), row) {
  BOOST_TEST(shown_links(row.value) == row.parsed);
}

BOOST_AUTO_TEST_CASE(are_linear) {
  const auto start = std::chrono::steady_clock::now();
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "<a>;rel=b,";
  BOOST_TEST(parse_link_header(many).size() == 50'000u);
  BOOST_TEST(parse_link_header(std::string(500'000, '<')).empty());
  BOOST_TEST(parse_link_header("<a>" + std::string(500'000, ';')).size() == 1u);
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_CASE(give_the_first_of_a_parameter) {
  const auto links = parse_link_header("<a>; rel=x; rel=y");
  BOOST_TEST(links[0].parameter("rel").value() == "x");
  BOOST_TEST(!links[0].parameter("title"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(forms)

struct FormRow {
  const char* encoded;
  Pairs pairs;
};
std::ostream& operator<<(std::ostream& out, const FormRow& row) {
  return out << row.encoded;
}

const FormRow kForms[] = {
    {"", {}},
    {"&&", {}},
    {"a", {{"a", ""}}},
    {"=", {{"", ""}}},
    {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
    {"a=b=c&=d", {{"a", "b=c"}, {"", "d"}}},
    {"a+b=c+d", {{"a b", "c d"}}},
    {"a%20b=%C3%bc%2B", {{"a b", "\xc3\xbc+"}}},
    {"%=%4&a%zz=%%41", {{"%", "%4"}, {"a%zz", "%A"}}},
    {"url=http%3A%2F%2Fa%2F%3Fx%3D1%26y&t=%00",
     {{"url", "http://a/?x=1&y"}, {"t", std::string(1, '\0')}}},
};
BOOST_DATA_TEST_CASE(keep_order_and_repeats_and_decode_to_bytes,
                     boost::unit_test::data::make(kForms), row) {
  BOOST_TEST((parse_form(wm::test::ExactCopy(row.encoded).view()) == row.pairs));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace wm::http
