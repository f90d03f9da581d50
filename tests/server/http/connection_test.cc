#include "server/http/connection.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

using namespace wm;
using namespace wm::server;
using namespace std::chrono_literals;

namespace {

struct Row {
  const char* reason;
  std::string input;
  std::string
      expected;  ///< "METHOD target [body]" a line for each request; "-> status" for a refusal
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

std::string get(std::string_view headers, std::string_view line = "GET / HTTP/1.1") {
  return std::string(line) + "\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}

const Connection::TimePoint kStart{};

/// A connection that answers each request with its own text; everything it writes is in `written`.
struct Driven {
  explicit Driven(ConnectionOptions wanted = {}, ByteBudget* budget = nullptr)
      : options(wanted), connection(options, budget, kStart) {}

  void feed(std::string_view bytes) {
    const test::ExactCopy copy(bytes);
    connection.receive(copy.view(), now);
    run();
  }
  void run() {
    for (;;) {
      drain();
      auto incoming = connection.take_request();
      if (!incoming) break;
      const Request& request = incoming->request;
      seen += request.head.method + " " + request.head.target +
              (request.body.empty() ? "" : " " + request.body) + "\n";
      Answer answer = make_answer(Response::text(200, "ok"), incoming->frame);
      connection.answer(answer, now);
    }
  }
  void drain() {
    std::string_view pieces[4];
    while (const std::size_t count = connection.output(pieces)) {
      std::size_t size = 0;
      for (std::size_t i = 0; i < count; ++i) {
        written += pieces[i];
        size += pieces[i].size();
      }
      connection.sent(size, now);
    }
  }
  /// What was seen, and the status of a refusal if the connection ended with one.
  std::string outcome() const {
    const std::size_t last = written.rfind("HTTP/1.1 ");
    if (last == std::string::npos) return seen;
    const std::string status = written.substr(last + 9, 3);
    return status == "200" || status == "100" ? seen : seen + "-> " + status;
  }

  const ConnectionOptions options;
  Connection connection;
  Connection::TimePoint now = kStart;
  std::string seen;
  std::string written;
};

ConnectionOptions small_limits() {
  ConnectionOptions options;
  options.reader = {.head_bytes = 300, .body_bytes = 10};
  return options;
}

const Row kRows[] = {
    {"a plain request", get(""), "GET /\n"},
    {"a line end left over before the request", "\r\n\r\n" + get(""), "GET /\n"},
    {"HTTP/1.0 needs no Host", "GET /a HTTP/1.0\r\n\r\n", "GET /a\n"},
    {"two requests in a row", get("") + get("", "GET /2 HTTP/1.1"), "GET /\nGET /2\n"},
    {"a body by its length", get("Content-Length: 3\r\n", "POST / HTTP/1.1") + "abc" + get(""),
     "POST / abc\nGET /\n"},
    {"a body in chunks",
     get("Transfer-Encoding: chunked\r\n", "PUT /c HTTP/1.1") +
         "2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: x\r\n\r\n" + get(""),
     "PUT /c abc\nGET /\n"},
    {"an empty chunked body", get("Transfer-Encoding: chunked\r\n", "PUT / HTTP/1.1") + "0\r\n\r\n",
     "PUT /\n"},
    {"a body of just the limit", get("Content-Length: 10\r\n", "POST / HTTP/1.1") + "0123456789",
     "POST / 0123456789\n"},
    {"a length over the limit", get("Content-Length: 11\r\n", "POST / HTTP/1.1"), "-> 413"},
    {"a length that is no number", get("Content-Length: 1x\r\n", "POST / HTTP/1.1"), "-> 400"},
    {"a length beyond 64 bits", get("Content-Length: 99999999999999999999\r\n", "POST / HTTP/1.1"),
     "-> 400"},
    {"a negative length", get("Content-Length: -1\r\n", "POST / HTTP/1.1"), "-> 400"},
    {"chunks over the limit",
     get("Transfer-Encoding: chunked\r\n", "PUT / HTTP/1.1") + "b\r\n01234567890\r\n0\r\n\r\n",
     "-> 413"},
    {"chunks that are none", get("Transfer-Encoding: chunked\r\n", "PUT / HTTP/1.1") + "zz\r\n",
     "-> 400"},
    {"two lengths", get("Content-Length: 1\r\nContent-Length: 1\r\n", "POST / HTTP/1.1") + "a",
     "-> 400"},
    {"length and chunks: smuggling",
     get("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.1"), "-> 400"},
    {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "-> 400"},
    {"another transfer coding", get("Transfer-Encoding: gzip, chunked\r\n", "POST / HTTP/1.1"),
     "-> 501"},
    {"no Host", "GET / HTTP/1.1\r\n\r\n", "-> 400"},
    {"two Hosts", get("Host: other\r\n"), "-> 400"},
    {"a method nobody knows", get("", "BREW / HTTP/1.1"), "-> 501"},
    {"CONNECT", get("", "CONNECT a:1 HTTP/1.1"), "-> 501"},
    {"another version", get("", "GET / HTTP/2.0"), "-> 505"},
    {"no HTTP at all", "hello\r\n\r\n", "-> 400"},
    {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\n\n", 9), "-> 400"},
    {"bare LF line ends", "GET / HTTP/1.1\nHost: h\n\n", "-> 400"},
    {"a blank before the colon", get("X : y\r\n"), "-> 400"},
    {"a folded line", get("X: y\r\n z\r\n"), "-> 400"},
    {"an address over the limit", "GET /" + std::string(400, 'a'), "-> 414"},
    {"fields over the limit", get("X: " + std::string(400, 'a')), "-> 431"},
    {"fields over the limit without an end", "GET / HTTP/1.1\r\nX: " + std::string(400, 'a'),
     "-> 431"},
    {"an expectation nobody knows",
     get("Expect: 200-ok\r\nContent-Length: 1\r\n", "POST / HTTP/1.1"), "-> 417"},
    {"absolute form", get("", "GET http://other:80/a?b HTTP/1.1"), "GET /a?b\n"},
    {"absolute form without a path", get("", "GET http://other?b HTTP/1.1"), "GET /?b\n"},
    {"absolute form without a host", get("", "GET http:///a HTTP/1.1"), "-> 400"},
    {"absolute form of another scheme", get("", "GET ftp://other/a HTTP/1.1"), "-> 400"},
    {"the whole server", get("", "OPTIONS * HTTP/1.1"), "OPTIONS *\n"},
    {"close ends it, whatever follows", get("Connection: close\r\n") + get("", "GET /2 HTTP/1.1"),
     "GET /\n"},
    {"HTTP/1.0 ends it", "GET / HTTP/1.0\r\n\r\n" + get("", "GET /2 HTTP/1.1"), "GET /\n"},
    {"HTTP/1.0 kept alive",
     "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("", "GET /2 HTTP/1.1"),
     "GET /\nGET /2\n"},
    {"a refusal after a good one", get("") + "bad\r\n\r\n" + get(""), "GET /\n-> 400"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(connections)

BOOST_DATA_TEST_CASE(requests_of_bytes, boost::unit_test::data::make(kRows), row) {
  Driven driven(small_limits());
  driven.feed(row.input);
  BOOST_TEST(driven.outcome() == row.expected);
}

BOOST_DATA_TEST_CASE(every_split_of_the_bytes_gives_the_same, boost::unit_test::data::make(kRows),
                     row) {
  for (std::size_t at = 0; at <= row.input.size(); ++at) {
    Driven driven(small_limits());
    driven.feed(std::string_view(row.input).substr(0, at));
    driven.feed(std::string_view(row.input).substr(at));
    BOOST_TEST(driven.outcome() == row.expected, "split at " << at << ": " << driven.outcome());
  }
}

BOOST_DATA_TEST_CASE(bytes_one_by_one_give_the_same, boost::unit_test::data::make(kRows), row) {
  Driven driven(small_limits());
  for (const char c : row.input) driven.feed({&c, 1});
  BOOST_TEST(driven.outcome() == row.expected);
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_is_told_to_continue_once) {
  Driven driven;
  driven.feed(get("Expect: 100-continue\r\nContent-Length: 3\r\n", "POST / HTTP/1.1"));
  BOOST_TEST(driven.written == "HTTP/1.1 100 Continue\r\n\r\n");
  driven.feed("a");
  driven.feed("bc");
  BOOST_TEST(driven.seen == "POST / abc\n");
  BOOST_TEST(driven.written.find("100 Continue", 20) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_wait_is_not_told_to_continue) {
  Driven driven;
  driven.feed(get("Expect: 100-continue\r\nContent-Length: 3\r\n", "POST / HTTP/1.1") + "abc");
  BOOST_TEST(driven.written.starts_with("HTTP/1.1 200 OK"));
}

BOOST_AUTO_TEST_CASE(a_body_too_large_is_refused_before_it_is_sent) {
  Driven driven(small_limits());
  driven.feed(get("Expect: 100-continue\r\nContent-Length: 11\r\n", "POST / HTTP/1.1"));
  BOOST_TEST(driven.written.starts_with("HTTP/1.1 413 "));
  BOOST_TEST(driven.written.find("Connection: close") != std::string::npos);
  BOOST_TEST(driven.written.find("{\"error\":{\"code\":\"too_large\"") != std::string::npos);
  BOOST_TEST(driven.connection.finished());
}

BOOST_AUTO_TEST_CASE(the_next_request_waits_until_the_one_before_is_answered) {
  Driven driven;
  driven.connection.receive(get("") + get("", "GET /2 HTTP/1.1"), kStart);
  auto first = driven.connection.take_request();
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(!driven.connection.take_request().has_value());
  Answer answer = make_answer(Response::text(200, "1"), first->frame);
  driven.connection.answer(answer, kStart);
  BOOST_TEST(driven.connection.take_request().value().request.head.target == "/2");
}

BOOST_AUTO_TEST_CASE(a_client_that_sends_on_is_not_read_without_end) {
  Driven driven;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += get("");
  driven.connection.receive(get(""), kStart);
  BOOST_REQUIRE(driven.connection.take_request().has_value());
  std::size_t fed = 0;
  while (driven.connection.wants_input() && fed < many.size() * 100) {
    driven.connection.receive(many, kStart);
    fed += many.size();
  }
  BOOST_TEST(fed <= Connection::kReadAhead + many.size());
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_gets_no_more_answers) {
  Driven driven;
  std::string many;
  for (int i = 0; i < 100; ++i) many += get("");
  driven.connection.receive(many, kStart);
  int answered = 0;
  while (auto incoming = driven.connection.take_request()) {
    Answer answer = make_answer(Response::text(200, std::string(5000, 'x')), incoming->frame);
    driven.connection.answer(answer, kStart);
    ++answered;
  }
  BOOST_TEST(answered < 20);
  driven.run();
  BOOST_TEST(driven.seen.size() == 6u * static_cast<std::size_t>(100 - answered));
}

BOOST_AUTO_TEST_CASE(a_half_closed_client_gets_all_its_answers_and_then_the_end) {
  Driven driven;
  driven.connection.receive(get("") + get("", "GET /2 HTTP/1.1"), kStart);
  driven.connection.receive_end();
  BOOST_TEST(!driven.connection.finished());
  driven.run();
  BOOST_TEST(driven.seen == "GET /\nGET /2\n");
  BOOST_TEST(driven.connection.finished());
  BOOST_TEST(!driven.connection.was_cut());
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_within_a_request_gets_nothing) {
  Driven driven;
  driven.connection.receive("GET / HT", kStart);
  driven.connection.receive_end();
  BOOST_TEST(driven.connection.finished());
  BOOST_TEST(driven.connection.queued() == 0u);
}

BOOST_AUTO_TEST_CASE(an_open_body_asks_for_more_only_while_there_is_room) {
  Driven driven;
  driven.connection.receive(get(""), kStart);
  auto incoming = driven.connection.take_request();
  Response response;
  response.stream = std::make_unique<test::PiecewiseSource>(std::string(1 << 20, 'x'), 100000);
  Answer answer = make_answer(std::move(response), incoming.value().frame);
  BOOST_TEST((answer.framing == Framing::kChunked));
  driven.connection.answer(answer, kStart);
  BOOST_TEST(driven.connection.body_open());
  while (driven.connection.wants_body())
    driven.connection.add_body(std::string(10000, 'y'), false, kStart);
  BOOST_TEST(driven.connection.queued() < Connection::kOutputLimit + 20000);
  driven.drain();
  BOOST_TEST(driven.connection.wants_body());
  driven.connection.add_body("z", true, kStart);
  driven.drain();
  BOOST_TEST(driven.written.ends_with("1\r\nz\r\n0\r\n\r\n"));
  BOOST_TEST(driven.connection.idle());
}

BOOST_AUTO_TEST_CASE(a_cut_body_has_no_end_and_the_connection_none_either) {
  Driven driven;
  driven.connection.receive(get(""), kStart);
  auto incoming = driven.connection.take_request();
  Response response;
  response.stream = std::make_unique<test::PiecewiseSource>(std::string(1 << 20, 'x'), 100000);
  Answer answer = make_answer(std::move(response), incoming.value().frame);
  driven.connection.answer(answer, kStart);
  driven.drain();
  driven.connection.cut();
  driven.connection.add_body("late", true, kStart);
  driven.drain();
  BOOST_TEST(driven.connection.finished());
  BOOST_TEST(!driven.connection.needs_reset());
  BOOST_TEST(!driven.written.ends_with("0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_slow_head_gets_408_and_the_close) {
  Driven driven;
  driven.connection.receive("GET / HTTP/1.1\r\n", kStart);
  for (auto t = kStart; t < kStart + 15s; t += 1s) {  // a byte each second is no progress
    driven.connection.receive("x", t);
    driven.connection.check_time(t);
    BOOST_TEST(!driven.connection.finished());
  }
  driven.connection.check_time(kStart + 15s + 1ms);
  driven.drain();
  BOOST_TEST(driven.written.starts_with("HTTP/1.1 408 "));
  BOOST_TEST(driven.connection.finished());
}

BOOST_AUTO_TEST_CASE(a_slow_head_after_a_kept_alive_request_gets_408_as_well) {
  Driven driven;
  driven.feed(get(""));
  driven.now = kStart + 50s;
  driven.written.clear();
  driven.feed("GE");
  driven.connection.check_time(kStart + 64s);
  BOOST_TEST(!driven.connection.finished());
  driven.connection.check_time(kStart + 66s);
  driven.drain();
  BOOST_TEST(driven.written.starts_with("HTTP/1.1 408 "));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_closes_without_a_word) {
  Driven driven;
  driven.feed(get(""));
  driven.written.clear();
  driven.connection.check_time(kStart + 60s);
  BOOST_TEST(!driven.connection.finished());
  driven.connection.check_time(kStart + 61s);
  BOOST_TEST(driven.connection.finished());
  BOOST_TEST(driven.written == "");
}

BOOST_AUTO_TEST_CASE(stray_line_ends_do_not_keep_a_connection) {
  Driven driven;
  for (auto t = kStart; t < kStart + 60s; t += 10s) driven.connection.receive("\r\n", t);
  driven.connection.check_time(kStart + 61s);
  BOOST_TEST(driven.connection.finished());
}

BOOST_AUTO_TEST_CASE(a_body_that_stops_gets_408) {
  Driven driven;
  driven.connection.receive(get("Content-Length: 5000000\r\n", "POST / HTTP/1.1") + "abc", kStart);
  driven.connection.receive("d", kStart + 59s);
  driven.connection.check_time(kStart + 60s);
  BOOST_TEST(driven.connection.queued() == 0u);
  driven.connection.check_time(kStart + 59s + 61s);
  driven.drain();
  BOOST_TEST(driven.written.starts_with("HTTP/1.1 408 "));
}

BOOST_AUTO_TEST_CASE(a_body_that_trickles_gets_408) {
  Driven driven;
  driven.connection.receive(get("Content-Length: 5000000\r\n", "POST / HTTP/1.1"), kStart);
  auto t = kStart;
  for (; driven.connection.queued() == 0 && t < kStart + 600s; t += 1s) {
    driven.connection.receive("x", t);
    driven.connection.check_time(t);
  }
  BOOST_TEST((t > kStart + 60s && t < kStart + 65s));
}

BOOST_AUTO_TEST_CASE(a_running_handler_has_all_the_time_it_needs) {
  Driven driven;
  driven.connection.receive(get(""), kStart);
  auto incoming = driven.connection.take_request();
  driven.connection.check_time(kStart + 24h);
  BOOST_TEST(!driven.connection.finished());
  Answer answer = make_answer(Response::text(200, "late"), incoming.value().frame);
  driven.connection.answer(answer, kStart + 24h);
  driven.connection.check_time(kStart + 24h);
  BOOST_TEST(!driven.connection.finished());
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_for_too_long_is_cut_off) {
  Driven driven;
  driven.connection.receive(get(""), kStart);
  auto incoming = driven.connection.take_request();
  Answer answer =
      make_answer(Response::text(200, std::string(100000, 'x')), incoming.value().frame);
  driven.connection.answer(answer, kStart);
  driven.connection.sent(1000, kStart + 50s);
  driven.connection.check_time(kStart + 100s);
  BOOST_TEST(!driven.connection.finished());
  driven.connection.check_time(kStart + 111s);
  BOOST_TEST(driven.connection.was_cut());
}

BOOST_AUTO_TEST_CASE(bodies_of_all_connections_share_one_budget) {
  ByteBudget budget(1000);
  const std::string post =
      get("Content-Length: 700\r\n", "POST / HTTP/1.1") + std::string(700, 'x');
  ConnectionOptions options;
  Connection first(options, &budget, kStart);
  first.receive(post, kStart);
  Driven second({}, &budget);
  second.feed(post);
  BOOST_TEST(second.outcome() == "-> 503");
  BOOST_REQUIRE(first.take_request().has_value());  // taken and gone: its bytes are free
  Driven third({}, &budget);
  third.feed(post);
  BOOST_TEST(third.outcome() == "POST / " + std::string(700, 'x') + "\n");
}

BOOST_AUTO_TEST_SUITE_END()
