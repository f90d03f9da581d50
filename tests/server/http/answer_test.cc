#include "server/http/answer.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/http/parser.h"
#include "server/http/status.h"
#include "tests/support/test_support.h"

using namespace wm;
using namespace wm::server;

namespace {

http::ResponseHead head_of(const Answer& answer) {
  return http::parse_response_head(answer.bytes, http::Mode::kStrict).value().head;
}
std::string body_of(const Answer& answer) {
  return answer.bytes.substr(*http::head_length(answer.bytes)) + answer.body;
}

Response with_source(std::string bytes, std::optional<std::uint64_t> length = {},
                     std::optional<std::size_t> fail_after = {}) {
  Response response;
  response.stream = std::make_unique<test::PiecewiseSource>(std::move(bytes), 1000, fail_after);
  response.stream_length = length;
  return response;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(answers)

BOOST_AUTO_TEST_CASE(length_date_and_framing_are_the_servers) {
  Response response = Response::text(200, "hello");
  for (const char* name :
       {"Content-Length", "date", "Transfer-Encoding", "CONNECTION", "keep-alive"})
    response.headers.add(name, "x");
  const auto head = head_of(make_answer(std::move(response), {}));
  BOOST_TEST(head.headers.find("Content-Length").value() == "5");
  BOOST_TEST(head.headers.all("Date").size() == 1u);
  BOOST_TEST(!head.headers.has("Transfer-Encoding"));
  BOOST_TEST(!head.headers.has("Connection"));
  BOOST_TEST(!head.headers.has("Keep-Alive"));
}

BOOST_AUTO_TEST_CASE(no_header_value_can_start_a_line_of_its_own) {
  Response response = Response::redirect(302, "/a\r\nSet-Cookie: evil=1\r\n\r\n<script>");
  const Answer answer = make_answer(std::move(response), {});
  BOOST_TEST(!head_of(answer).headers.has("Set-Cookie"));
  BOOST_TEST(body_of(answer) == "");
}

BOOST_AUTO_TEST_CASE(statuses_without_a_body_have_none) {
  for (const int status : {204, 304}) {
    Response response = Response::text(status, "text");
    const Answer answer = make_answer(std::move(response), {});
    BOOST_TEST(body_of(answer) == "");
    BOOST_TEST(head_of(answer).headers.has("Content-Length") == (status == 304));
  }
}

BOOST_AUTO_TEST_CASE(a_status_that_is_none_becomes_a_500) {
  for (const int status : {0, -1, 101, 199, 1000})
    BOOST_TEST(head_of(make_answer(Response::text(status, ""), {})).status == 500);
}

BOOST_AUTO_TEST_CASE(http10_is_told_that_it_is_kept_alive) {
  BOOST_TEST(head_of(make_answer(Response::text(200, ""), {.http10 = true}))
                 .headers.find("Connection")
                 .value() == "keep-alive");
  BOOST_TEST(head_of(make_answer(Response::text(200, ""), {.http10 = true, .keep_alive = false}))
                 .headers.find("Connection")
                 .value() == "close");
}

BOOST_AUTO_TEST_CASE(a_short_stream_of_unknown_length_gets_one) {
  const Answer answer = make_answer(with_source(std::string(5000, 'a')), {});
  BOOST_TEST(head_of(answer).headers.find("Content-Length").value() == "5000");
  BOOST_TEST(body_of(answer) == std::string(5000, 'a'));
  BOOST_TEST(!answer.stream);
}

BOOST_AUTO_TEST_CASE(a_long_stream_goes_on_in_chunks_and_in_http10_up_to_the_close) {
  Answer chunked = make_answer(with_source(std::string(100000, 'a')), {});
  BOOST_TEST(head_of(chunked).headers.find("Transfer-Encoding").value() == "chunked");
  BOOST_TEST(chunked.keep_alive);
  std::string rest;
  BOOST_TEST((chunked.stream->pull(rest) == BodyStream::Step::kEnd));
  BOOST_TEST(rest.size() == 100000 - BodyStream::kPieceBytes);

  const Answer old = make_answer(with_source(std::string(100000, 'a')), {.http10 = true});
  BOOST_TEST(!head_of(old).headers.has("Transfer-Encoding"));
  BOOST_TEST(head_of(old).headers.find("Connection").value() == "close");
  BOOST_TEST(!old.keep_alive);
  BOOST_TEST((old.framing == Framing::kUntilClose));
}

BOOST_AUTO_TEST_CASE(a_stream_gives_just_its_length) {
  const Answer longer = make_answer(with_source(std::string(5000, 'a'), 3000), {});
  BOOST_TEST(body_of(longer) == std::string(3000, 'a'));
  Answer shorter = make_answer(with_source(std::string(80000, 'a'), 90000), {});
  BOOST_TEST(head_of(shorter).headers.find("Content-Length").value() == "90000");
  std::string rest;
  BOOST_TEST((shorter.stream->pull(rest) == BodyStream::Step::kFailed));
}

BOOST_AUTO_TEST_CASE(a_stream_that_fails_before_its_first_byte_is_a_500) {
  const Answer answer = make_answer(with_source("abc", {}, 0), {});
  BOOST_TEST(head_of(answer).status == 500);
  BOOST_TEST(!answer.stream);
  BOOST_TEST(answer.keep_alive);
  const Answer empty_but_promised = make_answer(with_source("", 5), {});
  BOOST_TEST(head_of(empty_but_promised).status == 500);
}

BOOST_AUTO_TEST_CASE(a_stream_that_fails_later_is_never_ended) {
  Answer answer = make_answer(with_source(std::string(5000, 'a'), {}, 2000), {});
  BOOST_TEST(head_of(answer).status == 200);
  BOOST_REQUIRE(answer.stream);
  std::string rest;
  BOOST_TEST((answer.stream->pull(rest) == BodyStream::Step::kFailed));
  BOOST_TEST(answer.stream->error() != "");
}

BOOST_AUTO_TEST_CASE(head_alone_keeps_what_the_length_would_be) {
  BOOST_TEST(head_of(make_answer(Response::text(200, "12345"), {.head_only = true}))
                 .headers.find("Content-Length")
                 .value() == "5");
  const Answer stream = make_answer(with_source("x", 77), {.head_only = true});
  BOOST_TEST(head_of(stream).headers.find("Content-Length").value() == "77");
  BOOST_TEST(!stream.stream);
  BOOST_TEST(
      !head_of(make_answer(with_source("x"), {.head_only = true})).headers.has("Content-Length"));
}

BOOST_AUTO_TEST_CASE(large_bodies_are_moved_behind_the_head_and_not_copied) {
  Response response = Response::text(200, std::string(1 << 20, 'x'));
  const char* const data = response.body.data();
  const Answer answer = make_answer(std::move(response), {});
  BOOST_TEST(static_cast<const void*>(answer.body.data()) == static_cast<const void*>(data));
}

BOOST_AUTO_TEST_CASE(errors_have_their_status_and_say_nothing_of_the_inside) {
  const Response response = error_response(Error{Error::Code::kNotFound, "/home/me/secret.warc"});
  BOOST_TEST(response.status == 404);
  BOOST_TEST(response.body ==
             "{\"error\":{\"code\":\"not_found\",\"message\":\"There is nothing here.\"}}\n");
  BOOST_TEST(error_response(Error{Error::Code::kBusy, ""}).headers.find("Retry-After").value() ==
             "1");
  BOOST_TEST(
      error_response(400, "x", "say \"a\\b\"\n</script>").body ==
      "{\"error\":{\"code\":\"x\",\"message\":\"say \\\"a\\\\b\\\"\\u000a\\u003c/script>\"}}\n");
}

BOOST_AUTO_TEST_CASE(json_strings_are_valid_whatever_the_bytes) {
  BOOST_TEST(json_string("\xe4\xb8\xad\xff\x7f\xe2\x80\xa8") ==
             "\"\xe4\xb8\xad\xef\xbf\xbd\\u007f\\u2028\"");
  BOOST_TEST(json_string("\xe2\x80") ==
             json_string("\xe2\x80"));  // a torn sequence at the end is read no further
}

BOOST_AUTO_TEST_SUITE_END()
