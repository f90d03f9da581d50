#include "core/warc/conforming.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/warc/record_builder.h"
#include "tests/core/warc/samples.h"

using namespace wm;
using namespace wm::warc;

namespace {

const Substitutes kSubstitutes{.id = "<urn:uuid:1>", .date = SysMicros(std::chrono::seconds(0))};

WarcRecord record_of(const http::Headers& fields, std::string version = "WARC/1.1") {
  WarcRecord record;
  record.version = std::move(version);
  record.fields = fields;
  record.content_length = 0;
  return record;
}

http::Headers good() {
  return {{"WARC-Type", "response"},
          {"WARC-Record-ID", "<urn:uuid:0>"},
          {"WARC-Date", "2020-01-01T00:00:00Z"},
          {"WARC-Target-URI", "http://example.com/"},
          {"WARC-Concurrent-To", "<urn:uuid:2>"},
          {"WARC-Concurrent-To", "<urn:uuid:3>"},
          {"Content-Type", "application/http; msgtype=response"},
          {"X-Mine", "kept"},
          {"Content-Length", "0"}};
}

/// What becomes of one field of an otherwise good response; "" if it is left out.
struct Row {
  const char* what;
  const char* name;
  const char* value;
  const char* becomes;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.what;
}

const Row kRows[] = {
    {"brackets around a URI", "WARC-Target-URI", "<http://a.example/>", "http://a.example/"},
    {"a blank in a URI", "WARC-Target-URI", "http://a.example/a b", "http://a.example/a%20b"},
    {"what browsers leave as it is", "WARC-Target-URI", "http://a.example/?a|b{c}^", "http://a.example/?a|b{c}^"},
    {"bytes that are no ASCII", "WARC-Target-URI", "http://a.example/\xc3\xa9",
     "http://a.example/%C3%A9"},
    {"an id without brackets", "WARC-Record-ID", "urn:uuid:7", "<urn:uuid:7>"},
    {"an id that is none", "WARC-Record-ID", "zaphod", "<urn:uuid:1>"},
    {"a date of a day", "WARC-Date", "2020-01-02", "2020-01-02T00:00:00Z"},
    {"a date in lower case", "WARC-Date", "2020-01-02t03:04:05z", "2020-01-02T03:04:05Z"},
    {"a date that is none", "WARC-Date", "blue monday", "1970-01-01T00:00:00Z"},
    {"nanoseconds", "WARC-Date", "2020-01-02T03:04:05.123456789Z",
     "2020-01-02T03:04:05.123456789Z"},
    {"a field of another type", "WARC-Filename", "x.warc", ""},
    {"a field of revisits", "WARC-Refers-To-Target-URI", "http://a.example/", ""},
    {"a host as address", "WARC-IP-Address", "a.example", ""},
    {"an address", "WARC-IP-Address", "2001:DB8::1", "2001:db8::1"},
    {"a media type that is none", "Content-Type", "gif\\image", "application/octet-stream"},
    {"a digest that is none", "WARC-Block-Digest", "sharif-1; omar", ""},
    {"a digest", "WARC-Block-Digest", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
     "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"},
    {"a segment without a number", "WARC-Segment-Number", "one", ""},
    {"an empty value", "X-Mine", "", ""},
    {"a name that is none", "WARC Date", "x", ""},
    {"control characters", "X-Mine",
     "a\x01"
     "b",
     "a b"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(conforming)

BOOST_AUTO_TEST_CASE(what_is_right_stays_as_it_is) {
  BOOST_TEST((conforming_fields(record_of(good()), kSubstitutes) == good()));
  BOOST_TEST(is_conforming(record_of(good())));
  BOOST_TEST(is_conforming(record_of(good(), "WARC/1.0")));
  BOOST_TEST(!is_conforming(record_of(good(), "WARC/0.17")));
  auto damaged = record_of(good());
  damaged.damage.push_back({0, "x"});
  BOOST_TEST(!is_conforming(damaged));
}

BOOST_DATA_TEST_CASE(what_is_wrong_is_mended_or_left_out, boost::unit_test::data::make(kRows),
                     row) {
  http::Headers fields = good();
  fields.set(row.name, row.value);
  const auto record = record_of(fields);
  const auto mended = conforming_fields(record, kSubstitutes);
  BOOST_TEST(mended.find(row.name).value_or("") == row.becomes);
  BOOST_TEST(is_conforming(record) ==
             (!std::string_view(row.value).empty() && std::string_view(row.value) == row.becomes));
  BOOST_TEST((conforming_fields(record_of(mended), kSubstitutes) == mended), "twice is once");
}

BOOST_AUTO_TEST_CASE(a_field_that_comes_twice_is_there_once) {
  http::Headers fields = good();
  fields.add("warc-date", "2021-01-01T00:00:00Z");
  const auto mended = conforming_fields(record_of(fields), kSubstitutes);
  BOOST_TEST(mended.all("WARC-Date").size() == 1U);
  BOOST_TEST(*mended.find("WARC-Date") == "2020-01-01T00:00:00Z");
  BOOST_TEST(mended.all("WARC-Concurrent-To").size() == 2U);
}

BOOST_AUTO_TEST_CASE(everything_we_build_conforms) {
  const Event event{.target_uri = "http://example.com/",
                    .date = SysMicros(std::chrono::microseconds(1500000000123456)),
                    .ip_address = "::1",
                    .protocols = {"h2", "tls/1.3"}};
  const Revisited original{
      .target_uri = "http://example.com/", .date = event.date, .record_id = "<urn:uuid:0>"};
  for (const NewRecord& made :
       {warcinfo(event.date, "x.warc.gz"), response(event, "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"),
        request(event, "<urn:uuid:0>"),
        revisit_identical(event, "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", original),
        revisit_not_modified(event, {}, original),
        resource(event, "text/plain; charset=utf-8", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"),
        metadata(event, "application/warc-fields")}) {
    BOOST_TEST(is_conforming(record_of(made.fields)), name_of(made.type));
  }
}

BOOST_AUTO_TEST_SUITE_END()
