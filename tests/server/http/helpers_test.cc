// Request helpers, preconditions, ranges, compression, the client's address.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/http/body.h"
#include "server/http/compress.h"
#include "server/http/etag.h"
#include "server/http/forwarded.h"
#include "server/http/range.h"

using namespace wm;
using namespace wm::server;

namespace {

Request request_with(http::Headers headers, std::string method = "GET", std::string target = "/") {
  Request request;
  request.head.method = std::move(method);
  request.head.target = std::move(target);
  request.head.headers = std::move(headers);
  return request;
}

const SysSeconds kDay = *parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");

}  // namespace

BOOST_AUTO_TEST_SUITE(helpers)

BOOST_AUTO_TEST_CASE(parameters_and_cookies_are_read) {
  const Request request = request_with({{"Cookie", "a=1; b=\"x y\"; c"}, {"Cookie", "a=2;d=e=f"}},
                                       "GET", "/p?q=%E4%B8%AD+x&q=2&empty=&flag");
  BOOST_TEST(request.path() == "/p");
  BOOST_TEST(request.parameter("q").value() == "\xe4\xb8\xad x");
  BOOST_TEST(request.parameters("q").size() == 2u);
  BOOST_TEST(request.parameter("empty").value() == "");
  BOOST_TEST(request.parameter("flag").value() == "");
  BOOST_TEST(!request.parameter("none").has_value());
  BOOST_TEST(request.cookies("a").front() == "1");
  BOOST_TEST(request.cookies("b").front() == "x y");
  BOOST_TEST(request.cookies("d").front() == "e=f");
  BOOST_TEST(request.cookies("c").empty());
}

BOOST_AUTO_TEST_CASE(percent_decoding_leaves_what_is_no_escape) {
  BOOST_TEST(percent_decode("%41%4a+%2") == "AJ+%2");
  BOOST_TEST(percent_decode("%") == "%");
  BOOST_TEST(percent_decode("%%41%g1") == "%A%g1");
}

struct RangeRow {
  const char* reason;
  const char* value;
  std::uint64_t size;
  std::string expected;
};
std::ostream& operator<<(std::ostream& out, const RangeRow& row) {
  return out << row.reason;
}
const RangeRow kRanges[] = {
    {"first and last", "bytes=0-4", 10, "0+5"},
    {"one byte", "bytes=9-9", 10, "9+1"},
    {"open end", "bytes=3-", 10, "3+7"},
    {"suffix", "bytes=-3", 10, "7+3"},
    {"a suffix longer than all is all", "bytes=-30", 10, "0+10"},
    {"the end is clamped", "bytes=5-99999999999999999999999", 10, "5+5"},
    {"blanks around", "bytes= 1 - 2 ", 10, "1+2"},
    {"unit in any case", "BYTES=1-2", 10, "1+2"},
    {"at the end", "bytes=10-", 10, "416"},
    {"beyond 64 bits", "bytes=99999999999999999999999-", 10, "416"},
    {"no bytes at all", "bytes=0-", 0, "416"},
    {"an empty suffix", "bytes=-0", 10, "416"},
    {"several: the whole", "bytes=0-1,3-4", 10, "whole"},
    {"backwards", "bytes=4-3", 10, "whole"},
    {"another unit", "items=0-1", 10, "whole"},
    {"no numbers", "bytes=a-b", 10, "whole"},
    {"nothing", "bytes=", 10, "whole"},
    {"a lone dash", "bytes=-", 10, "whole"},
    {"signs", "bytes=+1-2", 10, "whole"},
};

BOOST_DATA_TEST_CASE(ranges_are_read, boost::unit_test::data::make(kRanges), row) {
  const RangeDecision decision = parse_range(row.value, row.size);
  const std::string outcome =
      decision.kind == RangeDecision::Kind::kWhole ? "whole"
      : decision.kind == RangeDecision::Kind::kUnsatisfiable
          ? "416"
          : std::to_string(decision.range.first) + "+" + std::to_string(decision.range.length);
  BOOST_TEST(outcome == row.expected);
}

BOOST_AUTO_TEST_CASE(a_ranged_response_is_whole_partial_or_416) {
  const Validators validators{.etag = ETag{.opaque = "v1"}, .modified = kDay};
  std::uint64_t opened = 0;
  const auto answer = [&](http::Headers headers, std::string method = "GET") {
    return ranged_response(
        request_with(std::move(headers), std::move(method)), Response::text(200, ""), 100,
        validators, [&](std::uint64_t, std::uint64_t length) -> Result<std::unique_ptr<Source>> {
          ++opened;
          return std::make_unique<StringSource>(std::string(length, 'x'));
        });
  };
  const Response whole = answer({});
  BOOST_TEST(whole.status == 200);
  BOOST_TEST(whole.stream_length.value() == 100u);
  BOOST_TEST(whole.headers.find("Accept-Ranges").value() == "bytes");
  BOOST_TEST(whole.headers.find("ETag").value() == "\"v1\"");
  const Response part = answer({{"Range", "bytes=10-19"}});
  BOOST_TEST(part.status == 206);
  BOOST_TEST(part.headers.find("Content-Range").value() == "bytes 10-19/100");
  BOOST_TEST(part.stream_length.value() == 10u);
  BOOST_TEST(answer({{"Range", "bytes=10-19"}, {"If-Range", "\"v1\""}}).status == 206);
  BOOST_TEST(answer({{"Range", "bytes=10-19"}, {"If-Range", "\"v2\""}}).status == 200);
  BOOST_TEST(answer({{"Range", "bytes=10-19"}, {"If-Range", "W/\"v1\""}}).status == 200);
  BOOST_TEST(answer({{"Range", "bytes=10-19"}, {"If-Range", http_date(kDay)}}).status == 206);
  BOOST_TEST(
      answer({{"Range", "bytes=10-19"}, {"If-Range", http_date(kDay + std::chrono::seconds(1))}})
          .status == 200);
  const std::uint64_t before = opened;
  const Response none = answer({{"Range", "bytes=100-"}});
  BOOST_TEST(none.status == 416);
  BOOST_TEST(none.headers.find("Content-Range").value() == "bytes */100");
  BOOST_TEST(answer({{"If-None-Match", "\"v1\""}, {"Range", "bytes=0-1"}}).status == 304);
  BOOST_TEST(answer({{"If-Match", "\"v2\""}}).status == 412);
  BOOST_TEST(answer({}, "HEAD").stream_length.value() == 100u);
  BOOST_TEST(opened == before);
}

struct ConditionRow {
  const char* reason;
  http::Headers headers;
  std::string method;
  Precondition expected;
};
std::ostream& operator<<(std::ostream& out, const ConditionRow& row) {
  return out << row.reason;
}
const ConditionRow kConditions[] = {
    {"none", {}, "GET", Precondition::kProceed},
    {"the tag it has", {{"If-None-Match", "\"a\""}}, "GET", Precondition::kNotModified},
    {"weakly the same", {{"If-None-Match", "W/\"a\""}}, "GET", Precondition::kNotModified},
    {"in a list, over two fields",
     {{"If-None-Match", "\"x\", W/\"y,\""}, {"If-None-Match", " , \"a\""}},
     "HEAD",
     Precondition::kNotModified},
    {"another tag", {{"If-None-Match", "\"b\""}}, "GET", Precondition::kProceed},
    {"any", {{"If-None-Match", "*"}}, "GET", Precondition::kNotModified},
    {"create only", {{"If-None-Match", "*"}}, "PUT", Precondition::kFailed},
    {"malformed", {{"If-None-Match", "a, \"a\""}}, "GET", Precondition::kProceed},
    {"an open quote", {{"If-None-Match", "\"a"}}, "GET", Precondition::kProceed},
    {"the tag to change", {{"If-Match", "\"b\", \"a\""}}, "PUT", Precondition::kProceed},
    {"weak is not enough to change", {{"If-Match", "W/\"a\""}}, "PUT", Precondition::kFailed},
    {"changed meanwhile", {{"If-Match", "\"b\""}}, "PUT", Precondition::kFailed},
    {"not modified since",
     {{"If-Modified-Since", http_date(kDay)}},
     "GET",
     Precondition::kNotModified},
    {"modified since",
     {{"If-Modified-Since", http_date(kDay - std::chrono::seconds(1))}},
     "GET",
     Precondition::kProceed},
    {"the tag decides before the date",
     {{"If-None-Match", "\"b\""}, {"If-Modified-Since", http_date(kDay)}},
     "GET",
     Precondition::kProceed},
    {"no date", {{"If-Modified-Since", "yesterday"}}, "GET", Precondition::kProceed},
    {"unmodified since", {{"If-Unmodified-Since", http_date(kDay)}}, "PUT", Precondition::kProceed},
    {"not unmodified since",
     {{"If-Unmodified-Since", http_date(kDay - std::chrono::seconds(1))}},
     "PUT",
     Precondition::kFailed},
};

BOOST_DATA_TEST_CASE(preconditions_are_applied, boost::unit_test::data::make(kConditions), row) {
  const Validators validators{.etag = ETag{.opaque = "a"}, .modified = kDay};
  BOOST_TEST(
      (check_preconditions(request_with(row.headers, row.method), validators) == row.expected));
}

BOOST_AUTO_TEST_CASE(gzip_is_sent_to_those_who_take_it) {
  const std::pair<const char*, bool> kRows[] = {
      {"gzip", true},
      {"br, GZIP;q=0.5", true},
      {"x-gzip", true},
      {"*", true},
      {"*;q=0.1", true},
      {"", false},
      {"br", false},
      {"gzip;q=0", false},
      {"gzip;q=0.000", false},
      {"*, gzip;q=0", false},
      {"gzip;q=x", false},
      {"gzip;q=1.000", true},
      {"gzip;q=0.3, identity;q=0.5", false},
      {"identity;q=0, gzip;q=0.1", true},
      {"gzip ; q=0.2", true},
      {",,;q=1,gzip", true},
  };
  for (const auto& [value, expected] : kRows) {
    BOOST_TEST(accepts_gzip(request_with({{"Accept-Encoding", value}})) == expected, value);
  }
}

BOOST_AUTO_TEST_CASE(text_is_compressed_and_says_so) {
  const Request taker = request_with({{"Accept-Encoding", "gzip"}});
  const auto text = [] {
    Response response = Response::text(200, std::string(5000, 'x'));
    response.headers.add("ETag", "\"v\"");
    response.headers.add("Vary", "Cookie");
    return response;
  };
  Response packed = text();
  compress(taker, packed);
  BOOST_TEST(packed.headers.find("Content-Encoding").value() == "gzip");
  BOOST_TEST(packed.headers.find("Vary").value() == "Cookie, Accept-Encoding");
  BOOST_TEST(packed.headers.find("ETag").value() == "W/\"v\"");
  auto source =
      http::decode(std::make_unique<StringSource>(packed.body), http::ContentCoding::kGzip);
  BOOST_TEST(read_all(*source, 10000).value() == std::string(5000, 'x'));

  Response plain = text();
  compress(request_with({}), plain);
  BOOST_TEST(!plain.headers.has("Content-Encoding"));
  BOOST_TEST(plain.headers.find("Vary").value() == "Cookie, Accept-Encoding");

  const auto left_alone = [&](Response response) {
    const std::string before = response.body;
    compress(taker, response);
    return response.body == before && !response.headers.has("Vary");
  };
  BOOST_TEST(left_alone(Response::text(200, std::string(kCompressAtLeast - 1, 'x'))));
  BOOST_TEST(left_alone(Response::text(206, std::string(5000, 'x'))));
  Response image{.headers = {{"Content-Type", "image/png"}}, .body = std::string(5000, 'x')};
  BOOST_TEST(left_alone(std::move(image)));
  Response coded{.headers = {{"Content-Type", "text/css"}, {"Content-Encoding", "br"}},
                 .body = std::string(5000, 'x')};
  compress(taker, coded);
  BOOST_TEST(coded.headers.find("Content-Encoding").value() == "br");
  Response kept{
      .headers = {{"Content-Type", "text/css"}, {"Cache-Control", "public, no-transform"}},
      .body = std::string(5000, 'x')};
  BOOST_TEST(left_alone(std::move(kept)));
}

BOOST_AUTO_TEST_CASE(the_clients_address_is_believed_only_from_trusted_proxies) {
  const auto trusted = TrustedProxies::parse({"127.0.0.1", "10.0.0.0/8", "fd00::/8"}).value();
  const auto from = [](std::string peer, std::string forwarded) {
    Request request =
        request_with({{"X-Forwarded-For", forwarded}, {"X-Forwarded-Proto", "https"}});
    request.peer_address = std::move(peer);
    return request;
  };
  BOOST_TEST(client_address(from("127.0.0.1:99", "1.2.3.4"), TrustedProxies()) == "127.0.0.1");
  BOOST_TEST(client_address(from("8.8.8.8:99", "1.2.3.4"), trusted) == "8.8.8.8");
  BOOST_TEST(client_address(from("127.0.0.1:99", "1.2.3.4"), trusted) == "1.2.3.4");
  BOOST_TEST(client_address(from("127.0.0.1:99", "6.6.6.6, 1.2.3.4, 10.1.1.1"), trusted) ==
             "1.2.3.4");
  BOOST_TEST(client_address(from("127.0.0.1:99", "1.2.3.4:555, [fd12::1]:80"), trusted) ==
             "1.2.3.4");
  BOOST_TEST(client_address(from("[fd00::1]:99", "2001:db8::1"), trusted) == "2001:db8::1");
  BOOST_TEST(client_address(from("127.0.0.1:99", "unknown"), trusted) == "127.0.0.1");
  BOOST_TEST(client_address(from("127.0.0.1:99", "evil, 10.1.1.1"), trusted) == "10.1.1.1");
  BOOST_TEST(came_by_https(from("127.0.0.1:99", ""), trusted));
  BOOST_TEST(!came_by_https(from("8.8.8.8:99", ""), trusted));
  BOOST_TEST(trusted.contains("::ffff:10.2.3.4"));
  BOOST_TEST(!trusted.contains("11.0.0.1"));
  BOOST_TEST(!trusted.contains("nonsense"));
  for (const char* bad :
       {"", "10.0.0.0/33", "10.0.0.0/", "localhost", "fd00::/129", "1.2.3.4/-1"}) {
    BOOST_TEST(!TrustedProxies::parse({bad}).has_value(), bad);
  }
}

BOOST_AUTO_TEST_SUITE_END()
