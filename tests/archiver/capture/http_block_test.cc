#include "archiver/capture/http_block.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

#include "core/http/parser.h"

using namespace wm;

BOOST_AUTO_TEST_SUITE(http_block)

namespace {

fetch::Exchange exchange_of(std::string head, std::string_view body,
                            fetch::Truncated truncated = fetch::Truncated::kNo) {
  fetch::Exchange exchange;
  exchange.url = "http://a.example/p?q";
  auto spool = std::make_shared<fetch::Spool>(1 << 20);
  BOOST_REQUIRE(spool->append(body));
  exchange.body = spool;
  exchange.truncated = truncated;
  exchange.response =
      http::parse_response_head(head, http::Mode::kLenient, http::kArchiveHeadLimits).value().head;
  exchange.response_head = std::move(head);
  return exchange;
}

struct Row {
  const char* why;
  std::string received;
  std::string stored;  ///< for a body of three bytes
  fetch::Truncated truncated = fetch::Truncated::kNo;
  friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }
};

const Row kRows[] = {
    {"nothing to change",
     "HTTP/1.1 200 Fine Weather\r\nX-MiXeD:  v \xe9\r\nX-F: 1\r\n 2\r\nContent-Length: 3\r\n\r\n",
     "HTTP/1.1 200 Fine Weather\r\nX-MiXeD:  v \xe9\r\nX-F: 1\r\n 2\r\nContent-Length: 3\r\n\r\n"},
    {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n",
     "HTTP/1.1 200 OK\r\nx-orig-transfer-encoding: chunked\r\nA: b\r\nContent-Length: 3\r\n\r\n"},
    {"chunked with a length that counts for nothing",
     "HTTP/1.1 200 OK\r\ncontent-length: 99\r\ntransfer-encoding: chunked\r\n\r\n",
     "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nx-orig-transfer-encoding: chunked\r\n\r\n"},
    {"no length", "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n"},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"},
    {"a folded length",
     "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 3\r\n 4\r\nA: b\r\n\r\n",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n\r\n"},
    {"the server's length of a body that was cut", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
     "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", fetch::Truncated::kDisconnect},
    {"chunked and cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
     "HTTP/1.1 200 OK\r\nx-orig-transfer-encoding: chunked\r\nContent-Length: 3\r\n\r\n",
     fetch::Truncated::kTime},
    {"HTTP/2", "HTTP/2 404 \r\ncontent-length: 3\r\nserver: x\r\n\r\n",
     "HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\nserver: x\r\n\r\n"},
    {"HTTP/2 with a status nobody knows", "HTTP/2 299 \r\ncontent-length: 3\r\n\r\n",
     "HTTP/1.1 299 \r\ncontent-length: 3\r\n\r\n"},
    {"no reason", "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\n",
     "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\n"},
    {"LF line ends", "HTTP/1.1 200 OK\nContent-Length: 3\nA: b\n\n",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n\r\n"},
    {"blank before the colon", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA : b\r\n\r\n",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n\r\n"},
    {"what is no field",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nno field here\r\nbad name: x\r\n\r\n",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nx-orig-malformed: no field here\r\nx-orig-malformed: "
     "bad name: x\r\n\r\n"},
    {"a folded line with nothing before it",
     "HTTP/1.1 200 OK\r\n x: y\r\nContent-Length: 3\r\n\r\n",
     "HTTP/1.1 200 OK\r\nx-orig-malformed: x: y\r\nContent-Length: 3\r\n\r\n"},
    {"a bare CR", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\rSet-Cookie: c\r\n\r\n",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b Set-Cookie: c\r\n\r\n"}};

}  // namespace

BOOST_DATA_TEST_CASE(stored_response_heads, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(archiver::stored_response_head(exchange_of(row.received, "abc", row.truncated)) ==
             row.stored);
}

BOOST_AUTO_TEST_CASE(an_answer_without_body_gets_no_length) {
  for (const char* head : {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n",
                           "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"}) {
    BOOST_TEST(archiver::stored_response_head(exchange_of(head, "")) == head);
  }
  BOOST_TEST(archiver::stored_response_head(exchange_of("HTTP/1.1 200 OK\r\n\r\n", "")) ==
             "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(stored_request_heads) {
  const auto stored = [](std::string sent) {
    auto exchange = exchange_of("HTTP/1.1 200 OK\r\n\r\n", "");
    exchange.request_head = std::move(sent);
    return archiver::stored_request_head(exchange);
  };
  BOOST_TEST(stored("GET /p?q HTTP/1.1\r\nHost: a.example\r\nAccept:\r\n\r\n") ==
             "GET /p?q HTTP/1.1\r\nHost: a.example\r\nAccept:\r\n\r\n");
  BOOST_TEST(stored("GET /p?q HTTP/2\r\nHost: a.example\r\n\r\n") ==
             "GET /p?q HTTP/1.1\r\nHost: a.example\r\n\r\n");
  BOOST_TEST(stored("GET http://a.example/p?q HTTP/1.1\r\nHost: a.example\r\nProxy-Connection: "
                    "Keep-Alive\r\nProxy-Authorization: Basic eA==\r\n\r\n") ==
             "GET /p?q HTTP/1.1\r\nHost: a.example\r\n\r\n");
  BOOST_TEST(stored("GET http://a.example HTTP/1.0\r\n\r\n") == "GET / HTTP/1.0\r\n\r\n");
  BOOST_TEST(stored("GET /p?q HTTP/1.1\r\nauthorization: Basic eA==\r\nA: b\r\n\r\n") ==
             "GET /p?q HTTP/1.1\r\nA: b\r\n\r\n");
  BOOST_TEST(stored("") == "GET /p?q HTTP/1.1\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
