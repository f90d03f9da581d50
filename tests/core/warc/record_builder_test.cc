#include "core/warc/record_builder.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace wm;
using namespace wm::warc;

const SysMicros kDate = *parse_w3c_date("2026-11-24T21:11:00Z");

struct Row {
  const char* reason;
  const char* given;
  const char* written;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kUris[] = {
    {"a good URI is left alone", "http://a.example/p?q=%20#f", "http://a.example/p?q=%20#f"},
    {"blanks and non-ASCII are escaped", "http://a.example/ü b", "http://a.example/%C3%BC%20b"},
    {"a percent sign that starts no escape is escaped", "http://a.example/100%/%zz",
     "http://a.example/100%25/%25zz"},
    {"line ends cannot forge a field", "http://a.example/\r\nX: y",
     "http://a.example/%0D%0AX:%20y"},
    {"brackets, quotes and pipes are escaped", "http://a.example/<\"|`^{}\\>",
     "http://a.example/%3C%22%7C%60%5E%7B%7D%5C%3E"},
    {"our own names keep the URL in them", "urn:text:http://a.example/?x=[1]",
     "urn:text:http://a.example/?x=[1]"},
};
BOOST_DATA_TEST_CASE(a_target_uri_is_made_safe_for_the_head, boost::unit_test::data::make(kUris),
                     row) {
  const NewRecord record =
      resource({.target_uri = row.given, .date = kDate}, "text/plain", "sha1:X");
  BOOST_TEST(record.fields.find("WARC-Target-URI").value() == row.written);
}

const Row kAddresses[] = {
    {"dotted quads", "192.0.2.7", "192.0.2.7"},
    {"version 6 in the form of RFC 5952", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
    {"brackets and zone are no part of it", "[fe80::1%eth0]", "fe80::1"},
    {"a mapped version 4 address is one", "::ffff:192.0.2.7", "192.0.2.7"},
    {"a host name is no address", "a.example", ""},
    {"nor is one with a port", "192.0.2.7:80", ""},
};
BOOST_DATA_TEST_CASE(an_address_is_written_in_one_form_or_not_at_all,
                     boost::unit_test::data::make(kAddresses), row) {
  const NewRecord record = response(
      {.target_uri = "http://a.example/", .date = kDate, .ip_address = row.given}, "sha1:X");
  BOOST_TEST(record.fields.find("WARC-IP-Address").value_or("") == row.written);
}

const Row kMediaTypes[] = {
    {"a plain type", "text/html", "text/html"},
    {"parameters stay", "text/html; charset=\"utf-8\"", "text/html; charset=\"utf-8\""},
    {"broken parameters go", "text/html; charset", "text/html"},
    {"quotes that do not end", "text/html; a=\"b", "text/html"},
    {"no type at all", "html", "application/octet-stream"},
    {"nothing", "", "application/octet-stream"},
    {"control characters", "text/html;\r\nX: y", "text/html"},
};
BOOST_DATA_TEST_CASE(a_content_type_that_is_no_media_type_is_not_written,
                     boost::unit_test::data::make(kMediaTypes), row) {
  const NewRecord record =
      resource({.target_uri = "http://a.example/", .date = kDate}, row.given, "sha1:X");
  BOOST_TEST(record.fields.find("Content-Type").value() == row.written);
}

BOOST_AUTO_TEST_CASE(all_records_of_an_event_carry_its_date) {
  const Event whole{.target_uri = "http://a.example/", .date = kDate};
  const Event parts{.target_uri = "http://a.example/",
                    .date = kDate + std::chrono::microseconds(250)};
  BOOST_TEST(response(whole, "sha1:X").fields.find("WARC-Date").value() == "2026-11-24T21:11:00Z");
  BOOST_TEST(response(parts, "sha1:X").fields.find("WARC-Date").value() ==
             "2026-11-24T21:11:00.000250Z");
  BOOST_TEST(request(parts, "<urn:x>").fields.find("WARC-Date").value() ==
             "2026-11-24T21:11:00.000250Z");
}

BOOST_AUTO_TEST_CASE(a_revisit_names_its_original_by_uri_and_date) {
  const Revisited original{
      .target_uri = "http://b.example/ö", .date = kDate, .record_id = "<urn:uuid:1>"};
  const Event event{.target_uri = "http://a.example/", .date = kDate};
  const NewRecord same = revisit_identical(event, "sha1:X", original);
  BOOST_TEST(same.fields.find("WARC-Profile").value() ==
             "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest");
  BOOST_TEST(same.fields.find("WARC-Refers-To-Target-URI").value() == "http://b.example/%C3%B6");
  BOOST_TEST(same.fields.find("WARC-Refers-To-Date").value() == "2026-11-24T21:11:00Z");
  BOOST_TEST(same.fields.find("WARC-Refers-To").value() == "<urn:uuid:1>");
  BOOST_TEST(same.fields.find("WARC-Truncated").value() == "length");
  const NewRecord not_modified = revisit_not_modified(event, {}, original);
  BOOST_TEST(not_modified.fields.find("WARC-Profile").value() ==
             "http://netpreserve.org/warc/1.1/revisit/server-not-modified");
  BOOST_TEST(!not_modified.fields.has("WARC-Truncated"));
  BOOST_TEST(!not_modified.fields.has("WARC-Payload-Digest"));
}

BOOST_AUTO_TEST_CASE(each_protocol_is_a_field_of_its_own) {
  const Event event{.target_uri = "https://a.example/",
                    .date = kDate,
                    .protocols = {"h2", "tls/1.3", " "},
                    .cipher_suite = "X"};
  const std::vector<std::string_view> expected = {"h2", "tls/1.3"};
  BOOST_TEST((response(event, "sha1:X").fields.all("WARC-Protocol") == expected));
}

BOOST_AUTO_TEST_CASE(ids_are_new_each_time) {
  const Event event{.target_uri = "http://a.example/", .date = kDate};
  const NewRecord one = response(event, "sha1:X");
  const NewRecord two = response(event, "sha1:X");
  BOOST_TEST(one.id != two.id);
  BOOST_TEST(one.id == one.fields.find("WARC-Record-ID").value());
}

BOOST_AUTO_TEST_CASE(warc_fields_come_back_as_they_were) {
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"via", "http://a.example/"}, {"note", "zwei: drei"}, {"empty", ""}};
  BOOST_TEST((parse_warc_fields(warc_fields(fields)) == fields));
}

BOOST_AUTO_TEST_CASE(warc_fields_values_cannot_forge_lines) {
  BOOST_TEST(warc_fields({{"a b", "x\r\ny: z"}}) == "a-b: x  y: z\r\n");
}

BOOST_AUTO_TEST_CASE(warc_fields_are_read_leniently) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"a", "1 2"}, {"b", ""}, {"c", "3"}};
  BOOST_TEST((parse_warc_fields("a: 1\n  2\r\nnothing\r\nb:\nc :3") == expected));
}

}  // namespace
