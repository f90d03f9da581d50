#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

#include "core/http/parser.h"
#include "tests/support/test_support.h"

namespace wm::http {
namespace {

using test::ExactCopy;
using namespace std::string_literals;
using namespace std::string_view_literals;

struct Row {
  const char* reason;
  std::string_view bytes;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

auto strict(std::string_view bytes, HeadLimits limits = {}) {
  return parse_request_head(ExactCopy(bytes).view(), Mode::kStrict, limits);
}
auto lenient(std::string_view bytes, HeadLimits limits = {}) {
  return parse_response_head(ExactCopy(bytes).view(), Mode::kLenient, limits);
}

BOOST_AUTO_TEST_SUITE(head_length_of)

const Row kHeads[] = {
    {"CRLF", "GET / HTTP/1.1\r\nA: b\r\n\r\n"},
    {"LF", "HTTP/1.0 200\nA: b\n\n"},
    {"mixed", "HTTP/1.0 200\r\nA: b\n\r\n"},
    {"mixed the other way", "HTTP/1.0 200\nA: b\r\n\n"},
    {"no fields", "GET / HTTP/1.0\r\n\r\n"},
    {"empty lines first", "\r\n\r\nGET / HTTP/1.0\r\n\r\n"},
    {"a bare CR is no line end", "GET /\r\rx\r\r\n\r\n"},
};

BOOST_DATA_TEST_CASE(is_found_at_every_split_and_never_before_the_end,
                     boost::unit_test::data::make(kHeads), row) {
  const std::string whole = std::string(row.bytes) + "body\n\n";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    const ExactCopy part(std::string_view(whole).substr(0, cut));
    const auto first = head_length(part.view());
    BOOST_TEST(first.has_value() == (cut >= row.bytes.size()));
    BOOST_TEST(head_length(whole, first ? 0 : cut).value() == row.bytes.size());
  }
}

BOOST_DATA_TEST_CASE(is_found_byte_by_byte, boost::unit_test::data::make(kHeads), row) {
  for (std::size_t size = 0; size <= row.bytes.size(); ++size) {
    const auto found = head_length(row.bytes.substr(0, size), size == 0 ? 0 : size - 1);
    BOOST_TEST(found.has_value() == (size == row.bytes.size()));
  }
}

BOOST_AUTO_TEST_CASE(is_linear_over_many_calls) {
  const std::string endless =
      std::string(64 * 1024, '\n').replace(20, std::string::npos, std::string(2 << 20, 'x'));
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t size = 1; size < 200'000; ++size)
    head_length(std::string_view(endless).substr(0, size), size - 1);
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(2)));
}

BOOST_AUTO_TEST_CASE(stays_within_what_was_seen_when_seen_lies) {
  BOOST_TEST(!head_length("GET", 1000));
  BOOST_TEST(!head_length("", 1));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(strict_requests)

BOOST_AUTO_TEST_CASE(keep_the_raw_target_and_the_order_of_fields) {
  const auto parsed = strict(
                          "GET /web/2020/http://a.example//p?x=1&x=2&%C3 HTTP/1.1\r\nhost: "
                          "x\r\nB:\t b c \t\r\nA:\r\n\r\nbody")
                          .value();
  BOOST_TEST(parsed.head.method == "GET");
  BOOST_TEST(parsed.head.target == "/web/2020/http://a.example//p?x=1&x=2&%C3");
  BOOST_TEST(parsed.head.version == "HTTP/1.1");
  BOOST_TEST((parsed.head.headers == Headers{{"host", "x"}, {"B", "b c"}, {"A", ""}}));
  BOOST_TEST(
      parsed.length + 4 ==
      "GET /web/2020/http://a.example//p?x=1&x=2&%C3 HTTP/1.1\r\nhost: x\r\nB:\t b c \t\r\nA:\r\n\r\nbody"sv
          .size());
  BOOST_TEST(parsed.complete);
  BOOST_TEST(!parsed.odd);
}

const Row kTaken[] = {
    {"absolute form", "GET http://a.example/p HTTP/1.1\r\nHost: a.example\r\n\r\n"},
    {"authority form", "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"},
    {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"},
    {"a later minor version", "GET / HTTP/1.7\r\nHost: a\r\n\r\n"},
    {"one empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
    {"IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"},
    {"bytes above 0x7f in the target", "GET /\xc3\xbc HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"bytes above 0x7f in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \xff\x80\r\n\r\n"},
    {"one Content-Length",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n"},
    {"chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"},
};
BOOST_DATA_TEST_CASE(are_taken, boost::unit_test::data::make(kTaken), row) {
  const auto parsed = strict(row.bytes);
  BOOST_REQUIRE(parsed.has_value());
  BOOST_TEST(parsed->length == row.bytes.size());
}

#define HEAD "POST / HTTP/1.1\r\nHost: a\r\n"
const Row kRefused[] = {
    {"nothing", ""},
    {"two empty lines first", "\r\n\r\nGET / HTTP/1.0\r\n\r\n"},
    {"an LF first", "\nGET / HTTP/1.0\r\n\r\n"},
    {"no empty line", "GET / HTTP/1.0\r\n"},
    {"cut in a line", "GET / HT"},
    {"LF after the request line", "GET / HTTP/1.0\n\r\n"},
    {"LF after a field", HEAD "A: b\n\r\n"},
    {"LF as the empty line", HEAD "\n"},
    {"CR in the request line", "GET /\r HTTP/1.0\r\n\r\n"},
    {"CR in a value", HEAD "A: b\rc\r\n\r\n"},
    {"CR before CRLF", HEAD "A: b\r\r\n\r\n"},
    {"NUL in a value", HEAD "A: b\0c\r\n\r\n"sv},
    {"NUL in the target", "GET /\0 HTTP/1.0\r\n\r\n"sv},
    {"a control character in a value", HEAD "A: b\x01\r\n\r\n"},
    {"DEL in a value", HEAD "A: b\x7f\r\n\r\n"},
    {"blank before the colon", HEAD "Content-Length : 5\r\n\r\n"},
    {"tab before the colon", HEAD "A\t: 5\r\n\r\n"},
    {"no name", HEAD ": 5\r\n\r\n"},
    {"no colon", HEAD "garbage\r\n\r\n"},
    {"a name that is no token", HEAD "A(b): 5\r\n\r\n"},
    {"a name above ASCII", HEAD "\xc3\xa9: 5\r\n\r\n"},
    {"a folded line", HEAD "A: b\r\n c\r\n\r\n"},
    {"a blank before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"a blank in the target", "GET /a b HTTP/1.0\r\n\r\n"},
    {"a tab in the target", "GET /a\tb HTTP/1.0\r\n\r\n"},
    {"two blanks", "GET  / HTTP/1.0\r\n\r\n"},
    {"a tab for a blank", "GET\t/ HTTP/1.0\r\n\r\n"},
    {"a blank at the end", "GET / HTTP/1.0 \r\n\r\n"},
    {"no version", "GET /\r\n\r\n"},
    {"no target", "GET HTTP/1.1\r\n\r\n"},
    {"a relative target", "GET a/b HTTP/1.0\r\n\r\n"},
    {"an asterisk outside OPTIONS", "GET * HTTP/1.0\r\n\r\n"},
    {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\n"},
    {"CONNECT with a path", "CONNECT /a HTTP/1.0\r\n\r\n"},
    {"a method that is no token", "G(T / HTTP/1.0\r\n\r\n"},
    {"a lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n"},
    {"a long version", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
    {"no Host in HTTP/1.1", "GET / HTTP/1.1\r\n\r\n"},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"},
    {"a Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {"a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {"a Host with user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {"a Host that is a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
    {"conflicting Content-Length", HEAD "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"},
    {"repeated Content-Length", HEAD "Content-Length: 5\r\ncontent-length: 5\r\n\r\n"},
    {"a list of Content-Length", HEAD "Content-Length: 5, 5\r\n\r\n"},
    {"a signed Content-Length", HEAD "Content-Length: +5\r\n\r\n"},
    {"a negative Content-Length", HEAD "Content-Length: -5\r\n\r\n"},
    {"a hexadecimal Content-Length", HEAD "Content-Length: 0x5\r\n\r\n"},
    {"an empty Content-Length", HEAD "Content-Length:\r\n\r\n"},
    {"a Content-Length above 64 bits", HEAD "Content-Length: 18446744073709551616\r\n\r\n"},
    {"a fractional Content-Length", HEAD "Content-Length: 5.0\r\n\r\n"},
    {"Transfer-Encoding beside Content-Length",
     HEAD "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"Content-Length beside Transfer-Encoding",
     HEAD "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"},
    {"two Transfer-Encodings",
     HEAD "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
};
BOOST_DATA_TEST_CASE(are_refused, boost::unit_test::data::make(kRefused), row) {
  const auto parsed = strict(row.bytes);
  BOOST_REQUIRE(!parsed.has_value());
  BOOST_TEST((parsed.error().code == Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(of_what_we_do_not_speak_are_unsupported) {
  for (const char* bytes :
       {"GET / HTTP/2.0\r\n\r\n", "OPTIONS * HTTP/0.9\r\n\r\n",
        HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n", HEAD "Transfer-Encoding: identity\r\n\r\n",
        HEAD "Transfer-Encoding: xchunked\r\n\r\n"}) {
    const auto parsed = strict(bytes);
    BOOST_TEST_CONTEXT(bytes) {
      BOOST_REQUIRE(!parsed.has_value());
      BOOST_TEST((parsed.error().code == Error::Code::kUnsupported));
    }
  }
}

BOOST_AUTO_TEST_CASE(are_refused_when_cut_anywhere) {
  const std::string_view whole = HEAD "A: b\r\nContent-Length: 5\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!strict(whole.substr(0, size)).has_value());
  BOOST_TEST(strict(whole).has_value());
}

BOOST_AUTO_TEST_CASE(are_taken_at_a_limit_and_too_large_over_it) {
  const std::string_view head = HEAD "A: b\r\n\r\n";
  BOOST_TEST(strict(head, {.bytes = head.size(), .fields = 2}).has_value());
  for (const HeadLimits limits :
       {HeadLimits{head.size() - 1, 2}, HeadLimits{head.size(), 1}, HeadLimits{0, 0}}) {
    BOOST_TEST((strict(head, limits).error().code == Error::Code::kTooLarge));
  }
  BOOST_TEST(strict(std::string(head) + std::string(100'000, 'x'))
                 .has_value());  // a body is no part of the head
  BOOST_TEST((strict("GET /" + std::string(70'000, 'a') + " HTTP/1.0\r\n\r\n").error().code ==
              Error::Code::kTooLarge));
  BOOST_TEST((strict(std::string(70'000, 'a')).error().code == Error::Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(tell_their_framing) {
  const auto framing = [](std::string_view fields) {
    return request_framing(strict(HEAD + std::string(fields) + "\r\n")->head).value();
  };
  BOOST_TEST(framing("").length == 0u);
  BOOST_TEST(framing("Content-Length: 007\r\n").length == 7u);
  BOOST_TEST(framing("Transfer-Encoding: chunked\r\n").chunked);
  BOOST_TEST(!framing("Content-Length: 1\r\n").chunked);
}

BOOST_AUTO_TEST_CASE(say_where_they_are_wrong) {
  BOOST_TEST(strict(HEAD "A: b\x01\r\n\r\n").error().what.find("byte 30") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(strict_responses)

BOOST_AUTO_TEST_CASE(are_read_to_the_letter) {
  const auto parsed =
      parse_response_head("HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n", Mode::kStrict).value();
  BOOST_TEST(parsed.head.status == 404);
  BOOST_TEST(parsed.head.reason == "Not Found");
  BOOST_TEST(parse_response_head("HTTP/1.1 200 \r\n\r\n", Mode::kStrict)->head.reason == "");
  for (const char* bad :
       {"HTTP/1.1 200\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\x01K\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "ICY 200 OK\r\n\r\n"}) {
    BOOST_TEST(!parse_response_head(bad, Mode::kStrict).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lenient_responses)

struct StatusRow {
  const char* line;
  const char* version;
  int status;
  const char* reason;
  bool odd;
};
std::ostream& operator<<(std::ostream& out, const StatusRow& row) {
  return out << row.line;
}

const StatusRow kLines[] = {
    {"HTTP/1.1 200 OK", "HTTP/1.1", 200, "OK", false},
    {"HTTP/1.0 404 Not Found", "HTTP/1.0", 404, "Not Found", false},
    {"HTTP/1.1 200 ", "HTTP/1.1", 200, "", false},
    {"HTTP/1.1 200", "HTTP/1.1", 200, "", true},
    {"HTTP/2 200", "HTTP/2", 200, "", true},
    {"HTTP/2 200 ", "HTTP/2", 200, "", true},
    {"ICY 200 OK", "ICY", 200, "OK", true},
    {"HTTP/1.1 0", "HTTP/1.1", 0, "", true},
    {"HTTP/1.1 0 none", "HTTP/1.1", 0, "none", true},
    {"HTTP/1.1 2000000 OK", "HTTP/1.1", 2000000, "OK", true},
    {"HTTP/1.1 99999999999999999999 OK", "HTTP/1.1", 0, "OK", true},
    {"HTTP/1.1 OK", "HTTP/1.1", 0, "OK", true},
    {"HTTP/1.1 200OK", "HTTP/1.1", 200, "OK", true},
    {"HTTP/1.1 -1 OK", "HTTP/1.1", 0, "-1 OK", true},
    {"HTTP/1.1\t200\tOK", "HTTP/1.1", 200, "OK", true},
    {"http/1.1 200 ok", "http/1.1", 200, "ok", true},
    {"HTTP 200 OK", "HTTP", 200, "OK", true},
    {"HTTP", "HTTP", 0, "", true},
    {"\xef\xbb\xbfHTTP/1.1 200 OK", "HTTP/1.1", 200, "OK", true},
    {"HTTP/1.1 200 caf\xe9", "HTTP/1.1", 200, "caf\xe9", false},
};
BOOST_DATA_TEST_CASE(read_any_status_line, boost::unit_test::data::make(kLines), row) {
  const auto parsed = lenient(std::string(row.line) + "\r\n\r\n").value();
  BOOST_TEST(parsed.head.version == row.version);
  BOOST_TEST(parsed.head.status == row.status);
  BOOST_TEST(parsed.head.reason == row.reason);
  BOOST_TEST(parsed.odd == row.odd);
  BOOST_TEST(lenient(row.line)->head.status == row.status);  // cut off after it
}

BOOST_AUTO_TEST_CASE(fail_only_without_a_status_line) {
  for (const char* body : {"", "\r\n", "<html>HTTP/1.1 200 OK", "200 OK\r\n\r\n",
                           "ICYCLE 200\r\n\r\n", "\x1f\x8b\x08"}) {
    BOOST_TEST((lenient(body).error().code == Error::Code::kInvalid));
  }
}

BOOST_AUTO_TEST_CASE(never_fail_once_there_is_a_status_line) {
  std::string noise;
  for (int i = 0; i < 512; ++i) noise += static_cast<char>(i * 7);
  BOOST_TEST(lenient("HTTP/1.1 200 OK" + noise).has_value());
  BOOST_TEST(lenient("HTTP/1.1 200 OK\n" + noise).has_value());
}

struct FieldRow {
  const char* reason;
  std::string_view lines;
  Headers fields;
};
std::ostream& operator<<(std::ostream& out, const FieldRow& row) {
  return out << row.reason;
}

const FieldRow kFields[] = {
    {"LF line ends", "A: b\nC: d\n", {{"A", "b"}, {"C", "d"}}},
    {"folding becomes one blank", "A: b \r\n \t c\r\n\td\r\n", {{"A", "b c d"}}},
    {"folding after nothing", "A:\r\n b\r\n", {{"A", "b"}}},
    {"a folded first line is a field", " A: b\r\n", {{"A", "b"}}},
    {"no colon is left out, with what is folded onto it",
     "garbage\r\n x: y\r\nA: b\r\n",
     {{"A", "b"}}},
    {"no name is left out", ": x\r\n:status: 200\r\nA: b\r\n", {{"A", "b"}}},
    {"blanks before the colon", "A \t: b\r\n", {{"A", "b"}}},
    {"names that are no tokens", "A b(c): d\r\n", {{"A b(c)", "d"}}},
    {"any byte above 0x7f and any control is kept", "A: \xff\x80\x01\r\n", {{"A", "\xff\x80\x01"}}},
    {"NUL and CR become blanks", "A: b\0c\rd\r\r\n"sv, {{"A", "b c d"}}},
};
BOOST_DATA_TEST_CASE(keep_what_fields_hold, boost::unit_test::data::make(kFields), row) {
  const auto parsed = lenient("HTTP/1.1 200 OK\r\n" + std::string(row.lines) + "\r\nbody").value();
  BOOST_TEST((parsed.head.headers == row.fields));
  BOOST_TEST(parsed.length == 17 + row.lines.size() + 2);
  BOOST_TEST(parsed.odd);
  BOOST_TEST(parsed.complete);
}

BOOST_AUTO_TEST_CASE(give_what_a_torn_head_had) {
  const std::string_view whole = "HTTP/1.1 200 OK\r\nAbc: def\r\n\r\n";
  for (std::size_t size = 4; size < whole.size(); ++size) {
    const auto parsed = lenient(whole.substr(0, size)).value();
    BOOST_TEST(!parsed.complete);
    BOOST_TEST(parsed.odd);
    BOOST_TEST(parsed.length == size);
  }
  BOOST_TEST(lenient("HTTP/1.1 200 OK\r\nA: b\r\nC: d")->head.headers.size() == 2u);
  BOOST_TEST(lenient(whole)->complete);
}

BOOST_AUTO_TEST_CASE(are_cut_at_the_limits_instead_of_failing) {
  const std::string head = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n";
  const auto whole = lenient(head, {.bytes = head.size(), .fields = 2}).value();
  BOOST_TEST(!whole.odd);
  const auto cut = lenient(head, {.bytes = head.size() - 5, .fields = 2}).value();
  BOOST_TEST(!cut.complete);
  BOOST_TEST(cut.odd);
  BOOST_TEST(cut.length == 23u);
  BOOST_TEST(cut.head.headers.size() == 1u);
  const auto fewer = lenient(head, {.bytes = head.size(), .fields = 1}).value();
  BOOST_TEST(fewer.complete);
  BOOST_TEST(fewer.odd);
  BOOST_TEST(fewer.length == head.size());
  BOOST_TEST(fewer.head.headers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(are_linear_in_folds_and_fields) {
  std::string folds = "HTTP/1.1 200 OK\r\nA: b\r\n";
  while (folds.size() < (1 << 20) - 8) folds += " c\r\n";
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(lenient(folds + "\r\n", kArchiveHeadLimits)->head.headers.size() == 1u);
  std::string fields = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 30'000; ++i) fields += "A: b\r\n";
  BOOST_TEST(lenient(fields + "\r\n", kArchiveHeadLimits)->head.headers.size() ==
             kArchiveHeadLimits.fields);
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_CASE(pass_over_interim_heads) {
  const std::string interim =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  const std::string last = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
  const auto parsed = parse_archived_response_head(interim + last + "body").value();
  BOOST_TEST(parsed.head.status == 200);
  BOOST_TEST(parsed.length == interim.size() + last.size());
  BOOST_TEST(parse_archived_response_head(interim + "body")->head.status == 103);
  BOOST_TEST(parse_archived_response_head("HTTP/1.1 101 Switching Protocols\r\n\r\n" + last)
                 ->head.status == 101);
  BOOST_TEST(!parse_archived_response_head("body").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lenient_requests)

BOOST_AUTO_TEST_CASE(read_any_request_line) {
  const auto read = [](std::string_view bytes) {
    return parse_request_head(ExactCopy(bytes).view(), Mode::kLenient).value();
  };
  BOOST_TEST(!read("GET /a HTTP/1.1\r\n\r\n").odd);
  BOOST_TEST(read("GET /a b HTTP/1.1\r\n\r\n").head.target == "/a b");
  BOOST_TEST(read("GET /a\n\n").head.version == "HTTP/0.9");
  BOOST_TEST(read("GET  /a   HTTP/2\r\nA: b\r\n\r\n").head.version == "HTTP/2");
  BOOST_TEST(read("GET  /a   HTTP/2\r\nA: b\r\n\r\n").head.target == "/a");
  BOOST_TEST(read("GET HTTP/1.1\r\n\r\n").head.target == "");
  BOOST_TEST(read("GET /\xff HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")
                 .head.headers.size() == 2u);
  for (const char* none : {"", "\r\n\r\n", "GET", "G(T /", "<html> x"})
    BOOST_TEST(!parse_request_head(none, Mode::kLenient).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fields_alone)

BOOST_AUTO_TEST_CASE(end_at_the_empty_line_or_the_end) {
  for (const Mode mode : {Mode::kStrict, Mode::kLenient}) {
    const auto parsed = parse_fields("A: b\r\nC: d\r\n\r\nrest", mode).value();
    BOOST_TEST((parsed.head == Headers{{"A", "b"}, {"C", "d"}}));
    BOOST_TEST(parsed.length == 14u);
    BOOST_TEST(parsed.complete);
    const auto open = parse_fields("A: b\r\n", mode).value();
    BOOST_TEST(open.head.size() == 1u);
    BOOST_TEST(!open.complete);
    BOOST_TEST(parse_fields("\r\nA: b", mode)->length == 2u);
    BOOST_TEST(parse_fields("", mode)->length == 0u);
  }
  BOOST_TEST(!parse_fields("A : b\r\n", Mode::kStrict).has_value());
  BOOST_TEST(parse_fields("A : b\r\n", Mode::kLenient)->odd);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace wm::http
