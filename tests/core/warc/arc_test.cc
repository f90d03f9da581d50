#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/warc/record_start.h"
#include "tests/core/warc/samples.h"

namespace {

using namespace wm;
using namespace wm::test;
using namespace wm::warc;

struct Line {
  const char* reason;
  const char* line;
  const char* url;  ///< "" if it is no URL record line
  const char* ip;
  const char* date;
  const char* media_type;
  const char* length;
};
std::ostream& operator<<(std::ostream& out, const Line& row) {
  return out << row.reason;
}

const Line kLines[] = {
    {"version 1", "http://a.example/ 192.0.2.1 20240203040506 text/html 98", "http://a.example/",
     "192.0.2.1", "20240203040506", "text/html", "98"},
    {"blanks in the URL", "http://a.example/a b  c 192.0.2.1 20240203040506 text/html 98",
     "http://a.example/a b  c", "192.0.2.1", "20240203040506", "text/html", "98"},
    {"no media type", "http://a.example/ 192.0.2.1 20240203040506  39", "http://a.example/",
     "192.0.2.1", "20240203040506", "", "39"},
    {"a media type with blanks",
     "http://a.example/ 192.0.2.1 20240203040506 text/html; charset=x 9", "http://a.example/",
     "192.0.2.1", "20240203040506", "text/html; charset=x", "9"},
    {"address and date swapped", "http://a.example/ 20240203040506 192.0.2.1 text/html 98",
     "http://a.example/", "192.0.2.1", "20240203040506", "text/html", "98"},
    {"18 digits of date", "http://a.example/ 192.0.2.1 200009180023002953 image/gif 98",
     "http://a.example/", "192.0.2.1", "200009180023002953", "image/gif", "98"},
    {"an address of version 6", "http://a.example/ 2001:db8::1 20240203040506 text/html 98",
     "http://a.example/", "2001:db8::1", "20240203040506", "text/html", "98"},
    {"no address", "http://a.example/ None 201512000000000 text/xml 17", "http://a.example/", "",
     "201512000000000", "text/xml", "17"},
    {"a file's first line", "filedesc://x.arc 0.0.0.0 20240203040506 text/plain 76",
     "filedesc://x.arc", "0.0.0.0", "20240203040506", "text/plain", "76"},
    {"DNS", "dns:a.example 192.0.2.1 20240203040506 text/dns 56", "dns:a.example", "192.0.2.1",
     "20240203040506", "text/dns", "56"},
    {"version 2", "http://a.example/ 192.0.2.1 19961104142103 text/html 200 fac069 - 209 x.arc 202",
     "http://a.example/", "192.0.2.1", "19961104142103", "text/html", "202"},
    {"a length that is none", "http://a.example/ 192.0.2.1 20240203040506 text/html -5",
     "http://a.example/", "192.0.2.1", "20240203040506", "text/html", "-5"},
    {"prose", "Note: this is not one of them 12", "", "", "", "", ""},
    {"no scheme", "a.example 192.0.2.1 20240203040506 text/html 98", "", "", "", "", ""},
    {"no date", "http://a.example/ 192.0.2.1 yesterday text/html 98", "", "", "", "", ""},
    {"a CDX line",
     "com,example)/ 20240203040506 http://example.com/ text/html 200 ABC - - 98 0 x.warc", "", "",
     "", "", ""},
    {"a head line", "WARC-Target-URI: http://a.example/", "", "", "", "", ""},
    {"nothing", "", "", "", "", "", ""},
};
BOOST_DATA_TEST_CASE(fields_of_a_url_record_line_are_told_from_the_right,
                     boost::unit_test::data::make(kLines), row) {
  const ExactCopy copy(row.line);
  const auto line = parse_arc_line(copy.view());
  BOOST_REQUIRE(line.has_value() == (*row.url != '\0'));
  if (!line) return;
  BOOST_TEST(line->url == row.url);
  BOOST_TEST(line->ip == row.ip);
  BOOST_TEST(line->date == row.date);
  BOOST_TEST(line->media_type == row.media_type);
  BOOST_TEST(line->written_length == row.length);
}

const std::string kFile =
    "filedesc://x.arc 0.0.0.0 20240203040506 text/plain 64\n1 0 Us\nURL IP-address Archive-date "
    "Content-type Archive-length\n\n";
const std::string kPage =
    "http://a.example/1 192.0.2.1 20240203040506 text/html 22\nHTTP/1.0 200 OK\r\n\r\none\n";
const std::string kDns = "dns:a.example 192.0.2.1 20240203040507 text/dns 3\ndns\n";

BOOST_AUTO_TEST_CASE(an_arc_reads_as_a_warc_would) {
  const TempDir dir = temp_dir();
  auto reader = WarcReader::open(put(dir, "x.arc", kFile + kPage + kDns)).value();
  const auto file = reader.next().value();
  BOOST_REQUIRE(file.has_value());
  BOOST_TEST((file->type() == RecordType::kWarcinfo));
  BOOST_TEST(file->field("WARC-Filename").value() == "x.arc");
  const auto page = reader.next().value();
  BOOST_REQUIRE(page.has_value());
  BOOST_TEST(page->version == "ARC/1");
  BOOST_TEST((page->type() == RecordType::kResponse));
  BOOST_TEST(page->target_uri() == "http://a.example/1");
  BOOST_TEST((page->date() == parse_w3c_date("2024-02-03T04:05:06Z")));
  BOOST_TEST(page->field("WARC-IP-Address").value() == "192.0.2.1");
  BOOST_TEST(page->field("Content-Type").value() == "application/http;msgtype=response");
  BOOST_TEST(page->field("WARC-Identified-Payload-Type").value() == "text/html");
  BOOST_TEST(*page->block_bytes == "HTTP/1.0 200 OK\r\n\r\none");
  const auto dns = reader.next().value();
  BOOST_REQUIRE(dns.has_value());
  BOOST_TEST((dns->type() == RecordType::kResource));
  BOOST_TEST(dns->field("Content-Type").value() == "text/dns");
  BOOST_TEST(!reader.next().value().has_value());
  BOOST_TEST(reader.take_damage().empty());
}

BOOST_AUTO_TEST_CASE(arc_records_are_found_plain_in_members_and_beside_warc) {
  const std::string warc = warc_record("http://a.example/w", "warc");
  const std::string files[] = {kFile + kPage + kDns,
                               member(kFile) + member(kPage) + member(kDns),
                               member(kFile + kPage + kDns),
                               warc + kPage + kDns,
                               member(warc) + member(kPage) + member(kDns),
                               "junk\n" + kFile + kPage + kDns,
                               kFile + "junk\n" + kPage + kDns};
  for (const std::string& bytes : files) {
    const SeenFile file = see_bytes(bytes);
    BOOST_REQUIRE(file.records.size() == 3);
    BOOST_TEST(file.records[1].block == "HTTP/1.0 200 OK\r\n\r\none");
    BOOST_TEST(file.records[2].block == "dns");
  }
}

BOOST_AUTO_TEST_CASE(an_arc_length_that_is_wrong_or_none_ends_at_the_next_line) {
  for (const char* length :
       {"21", "24", "25", "5", "900", "-5", "x", "0x16", "99999999999999999999"}) {
    std::string page = kPage;
    page.replace(page.find(" 22\n"), 4, std::string(" ") + length + "\n");
    for (const std::string& bytes :
         {kFile + page + kDns, member(kFile) + member(page) + member(kDns)}) {
      const SeenFile file = see_bytes(bytes);
      BOOST_TEST_CONTEXT(length) {
        BOOST_REQUIRE(file.records.size() == 3);
        BOOST_TEST(file.records[1].block == "HTTP/1.0 200 OK\r\n\r\none");
        BOOST_TEST(!file.all_damage().empty());
        BOOST_TEST(file.records[2].block == "dns");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_arc_length_that_counts_the_separator_is_taken_at_its_word) {
  std::string page = kPage;
  page.replace(page.find(" 22\n"), 4, " 23\n");
  const SeenFile file = see_bytes(kFile + page + kDns);
  BOOST_REQUIRE(file.records.size() == 3);
  BOOST_TEST(file.records[1].block == "HTTP/1.0 200 OK\r\n\r\none\n");
  BOOST_TEST(file.all_damage().empty());
}

BOOST_AUTO_TEST_CASE(arc_dates_that_are_none_are_clamped_or_told) {
  const auto date = [](std::string_view written) {
    const TempDir dir = temp_dir();
    const auto path =
        put(dir, "x", "http://a.example/ 192.0.2.1 " + std::string(written) + " text/html 1\nx\n");
    auto reader = WarcReader::open(path).value();
    return reader.next().value().value().field("WARC-Date")
               ? std::string(
                     WarcReader::open(path).value().next().value()->field("WARC-Date").value())
               : "";
  };
  BOOST_TEST(date("20240203040506") == "2024-02-03T04:05:06Z");
  BOOST_TEST(date("200009180023002953") == "2000-09-18T00:23:00Z");
  BOOST_TEST(date("201512000000000") == "2015-12-01T00:00:00Z");
  BOOST_TEST(date("202402030405") == "2024-02-03T04:05:00Z");
  BOOST_TEST(date("beefbeefbeef") == "");
}

BOOST_AUTO_TEST_CASE(the_start_of_a_record_is_found_however_the_text_is_cut) {
  const std::string text = "junk line\r\nWARC/x\nmore\nWARC/1.1\r\nA: b\r\n";
  const std::size_t start = text.find("WARC/1.1");
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Search search;
    const ExactCopy first(text.substr(0, cut));
    auto found = find_record_start(first.view(), false, search);
    std::size_t at = found.value_or(search.looked);
    if (!found) {
      const ExactCopy rest(text.substr(at));
      const auto second = find_record_start(rest.view(), true, search);
      BOOST_REQUIRE(second.has_value());
      at += *second;
    }
    BOOST_TEST(at == start);
  }
}

struct Version {
  const char* text;
  bool good;
};
std::ostream& operator<<(std::ostream& out, const Version& row) {
  return out << row.text;
}
const Version kVersions[] = {
    {"WARC/1.1\r\n", true},    {"WARC/0.17\n", true},   {"warc/1.0 \t\r\n", true},
    {"WARC/1.0.1\r\n", true},  {"WARC/1\r\n", false},   {"WARC/1.\r\n", false},
    {"WARC/.1\r\n", false},    {"WARC/1.1", false},     {"WARC/1.1\rX\n", false},
    {"WARC/1.1 x\r\n", false}, {"WARC 1.1\r\n", false}, {"WARC/a.b\r\n", false}};
BOOST_DATA_TEST_CASE(a_version_line_is_told_from_what_is_none,
                     boost::unit_test::data::make(kVersions), row) {
  const ExactCopy copy(row.text);
  std::size_t length = 0;
  BOOST_TEST((match_version_line(copy.view(), true, length) == Match::kYes) == row.good);
  // Every start of a good one could become one.
  for (std::size_t cut = 0; row.good && cut < copy.view().size(); ++cut) {
    BOOST_TEST((match_version_line(copy.view().substr(0, cut), false, length) == Match::kNeedMore));
  }
}

}  // namespace
