#include "core/warc/reader.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/core/warc/samples.h"

namespace {

using namespace wm;
using namespace wm::test;
using namespace wm::warc;

const std::vector<std::string> kTwo = {"http://a.example/1", "http://a.example/2"};
const std::string kOne = warc_record("http://a.example/1", "one");
const std::string kOther = warc_record("http://a.example/2", "two");

/// Two records, the first odd in some way: both come, with these blocks, and something is told.
struct Odd {
  const char* reason;
  std::string bytes;
  std::string first_block;
  const char* told;  ///< "" when it is not worth telling
};
std::ostream& operator<<(std::ostream& out, const Odd& row) {
  return out << row.reason;
}

std::string with_lf(std::string text) {
  std::erase(text, '\r');
  return text;
}
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}
std::string sized(std::string_view length) {
  return warc_record("http://a.example/1", "one", {}, length);
}

const Odd kOdd[] = {
    {"nothing odd", kOne + kOther, "one", ""},
    {"a length too small", sized("1") + kOther, "one", "the length is given as 1"},
    {"a length too large", sized("9") + kOther, "one", "the length is given as 9"},
    {"a length off by one", sized("2") + kOther, "one", "the length is given as 2"},
    {"two lengths, the second right",
     replaced(sized("2"), "Content-Length", "Content-Length: 3\r\nContent-Length") + kOther, "one",
     "more than once"},
    {"two lengths, the first right",
     replaced(sized("3"), "Content-Length", "Content-Length: 1\r\nContent-Length") + kOther, "one",
     "more than once"},
    {"one CRLF behind the block", kOne.substr(0, kOne.size() - 2) + kOther, "one",
     "2 line-end bytes"},
    {"no CRLF behind the block", kOne.substr(0, kOne.size() - 4) + kOther, "one",
     "0 line-end bytes"},
    {"many CRLF behind the block", kOne + "\r\n\r\n\r\n" + kOther, "one", "10 line-end bytes"},
    {"more blank lines than one looks at", kOne + std::string(500, '\n') + kOther, "one",
     "line-end bytes"},
    {"LF alone", with_lf(kOne) + kOther, "one", "head lines end in LF alone"},
    {"a folded field", replaced(kOne, "http://a.example/1", "\r\n http://a.example/1") + kOther,
     "one", ""},
    {"a line without a colon", replaced(kOne, "WARC-Date", "nonsense\r\nWARC-Date") + kOther, "one",
     "without a colon"},
    {"a blank before the colon", replaced(kOne, "WARC-Target-URI:", "WARC-Target-URI :") + kOther,
     "one", "a blank around"},
    {"a field without a name", replaced(kOne, "WARC-Date", ": x\r\nWARC-Date") + kOther, "one",
     "without a name"},
    {"lower-case names, tabs, blanks",
     replaced(kOne, "WARC-Target-URI: ", "warc-target-uri:\t ") + kOther, "one", ""},
    {"brackets around the URI",
     replaced(kOne, "http://a.example/1", "<http://a.example/1>") + kOther, "one", ""},
    {"bytes that are no UTF-8",
     replaced(kOne, "WARC-Date", "X: \xe9\xff\x85\r\nWARC-Date") + kOther, "one", ""},
    {"a bare CR and a NUL in a value",
     replaced(kOne, "example/1", std::string("example/\r1\0", 11)) + kOther, "one",
     "a bare CR or NUL"},
    {"WARC/0.17", replaced(kOne, "WARC/1.1", "WARC/0.17") + kOther, "one", ""},
    {"an unknown version", replaced(kOne, "WARC/1.1", "WARC/1.2") + kOther, "one",
     "unknown version"},
    {"a version in lower case", replaced(kOne, "WARC/1.1", "warc/1.0") + kOther, "one",
     "the version line"},
    {"blanks behind the version", replaced(kOne, "WARC/1.1", "WARC/1.1 \t") + kOther, "one", ""},
    {"a segment of a larger record",
     replaced(kOne, "WARC-Date", "WARC-Segment-Number: 1\r\nWARC-Date") + kOther, "one", ""},
    {"a segment without a number",
     replaced(kOne, "WARC-Date", "WARC-Segment-Number: x\r\nWARC-Date") + kOther, "one",
     "no number"},
    {"a byte order mark first", "\xef\xbb\xbf" + kOne + kOther, "one", "byte order mark"},
    {"blank lines first", "\r\n\n\r\n" + kOne + kOther, "one", "blank lines"},
    {"junk first", "junk\r\nmore\r\n" + kOne + kOther, "one", "12 bytes that are no record"},
    {"junk between", kOne + "junk\r\n" + kOther, "one", "6 bytes that are no record"},
    {"junk behind", kOne + kOther + "junk", "one", "4 bytes that are no record"},
    {"zero bytes behind", kOne + kOther + std::string(4096, '\0'), "one", "4096 zero bytes"},
};
BOOST_DATA_TEST_CASE(odd_records_in_plain_files_are_delivered, boost::unit_test::data::make(kOdd),
                     row) {
  const SeenFile file = see_bytes(row.bytes);
  BOOST_TEST(file.uris() == kTwo, boost::test_tools::per_element());
  BOOST_REQUIRE(!file.records.empty());
  BOOST_TEST(file.records[0].block == row.first_block);
  if (*row.told == '\0') BOOST_TEST(file.all_damage().empty());
  BOOST_TEST((*row.told == '\0' || tells(file.all_damage(), row.told)));
}

BOOST_DATA_TEST_CASE(odd_records_in_gzip_members_are_delivered, boost::unit_test::data::make(kOdd),
                     row) {
  // The same oddities, each half a member of its own where there is a seam to cut at.
  const std::size_t seam = row.bytes.find(kOther);
  const SeenFile file =
      see_bytes(member(row.bytes.substr(0, seam)) + member(row.bytes.substr(seam)));
  BOOST_TEST(file.uris() == kTwo, boost::test_tools::per_element());
  BOOST_REQUIRE(!file.records.empty());
  BOOST_TEST(file.records[0].block == row.first_block);
  BOOST_TEST((*row.told == '\0' || !file.all_damage().empty()));
}

/// A record that cannot be delivered, and one behind it that must be.
const Odd kLost[] = {
    {"no Content-Length", replaced(kOne, "Content-Length: 3\r\n", ""), "",
     "without a usable Content-Length"},
    {"an empty one", sized(" "), "", "without a usable Content-Length"},
    {"a negative one", sized("-3"), "", "without a usable Content-Length"},
    {"one with a sign", sized("+3"), "", "without a usable Content-Length"},
    {"a hexadecimal one", sized("0x3"), "", "without a usable Content-Length"},
    {"one that overflows", sized("99999999999999999999999"), "", "without a usable Content-Length"},
    {"the largest there is", sized("9223372036854775807"), "", "without a usable Content-Length"},
    {"a head without its empty line", "WARC/1.1\r\nWARC-Type: response\r\n", "",
     "another record begins"},
    {"WARC/1 is no version", replaced(kOne, "WARC/1.1", "WARC/1"), "", "no record"},
    {"CR is no line end", replaced(kOne, "\r\n", "\r"), "", "no record"},
};
BOOST_DATA_TEST_CASE(a_record_that_cannot_be_told_is_skipped_and_the_next_found,
                     boost::unit_test::data::make(kLost), row) {
  const SeenFile file = see_bytes(row.bytes + kOther);
  BOOST_TEST(file.uris() == std::vector<std::string>{"http://a.example/2"},
             boost::test_tools::per_element());
  BOOST_TEST(tells(file.damage, row.told));
}

BOOST_AUTO_TEST_CASE(a_bad_length_costs_nothing_where_a_member_shows_the_end) {
  for (const char* length : {"-3", "0x3", "99999999999999999999999", "9223372036854775807", " "}) {
    const SeenFile file = see_bytes(member(sized(length)) + member(kOther));
    BOOST_TEST(file.uris() == kTwo, boost::test_tools::per_element());
    BOOST_TEST(file.records.front().block == "one");
    BOOST_TEST(tells(file.all_damage(), "no usable length"));
  }
}

BOOST_AUTO_TEST_CASE(a_warc_within_a_payload_is_payload) {
  const std::string inner = "x\r\n\r\n" + kOne + kOther;
  const std::string outer = warc_record("http://a.example/outer", inner);
  for (const std::string& bytes :
       {outer + kOne, member(outer) + member(kOne), member(outer + kOne)}) {
    const SeenFile file = see_bytes(bytes);
    BOOST_TEST(file.records.size() == 2U);
    BOOST_TEST(file.records.front().block == inner);
  }
}

BOOST_AUTO_TEST_CASE(a_torn_last_record_keeps_what_is_there) {
  const std::string torn = kOne + kOther.substr(0, kOther.size() - 6);
  for (const std::string& bytes : {torn, member(kOne) + member(torn.substr(kOne.size()))}) {
    const SeenFile file = see_bytes(bytes);
    BOOST_TEST(file.uris() == kTwo, boost::test_tools::per_element());
    BOOST_TEST(file.records.back().block == "t");
    BOOST_TEST(tells(file.records.back().damage, "cut short"));
  }
}

BOOST_AUTO_TEST_CASE(a_plain_file_cut_anywhere_gives_every_whole_record) {
  const std::string bytes = kOne + kOther;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const SeenFile file = see_bytes(bytes.substr(0, cut));
    const std::size_t whole = cut < kOne.size() - 4 ? 0 : cut < bytes.size() - 4 ? 1 : 2;
    BOOST_TEST_CONTEXT("cut at " << cut) {
      BOOST_REQUIRE(file.records.size() >= whole);
      for (std::size_t i = 0; i < whole; ++i) BOOST_TEST(file.records[i].uri == kTwo[i]);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_record_over_two_members_is_one_wherever_it_is_cut) {
  const std::string block = "a block\r\nof two lines";
  const std::string record = warc_record("http://a.example/split", block);
  for (std::size_t cut = 1; cut < record.size(); ++cut) {
    BOOST_TEST_CONTEXT("cut at " << cut) {
      const std::string first = member(record.substr(0, cut));
      const std::string second = member(record.substr(cut));
      const SeenFile file = see_bytes(member(kOne) + first + second + member(kOther));
      BOOST_REQUIRE(file.records.size() == 3);
      BOOST_TEST(file.records[1].block == block);
      BOOST_TEST(file.records[1].uri == "http://a.example/split");
      // Cut within its closing line ends, it is whole in its first member.
      if (cut < record.size() - 4)
        BOOST_TEST(file.records[1].length == first.size() + second.size());
      BOOST_TEST(file.records[2].uri == "http://a.example/2");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_whole_file_in_one_member_is_read_and_only_its_first_record_stands_alone) {
  const SeenFile file = see_bytes(member(kOne + kOther + kOne));
  BOOST_REQUIRE(file.records.size() == 3);
  BOOST_TEST(file.records[0].own_member);
  BOOST_TEST(!file.records[1].own_member);
  BOOST_TEST(!file.records[2].own_member);
  BOOST_TEST(file.records[2].offset == 0U);
  BOOST_TEST(tells(file.all_damage(), "holds more than this record"));
}

BOOST_AUTO_TEST_CASE(plain_and_compressed_records_may_stand_in_one_file) {
  const std::string gz = member(kOther);
  for (const std::string& bytes :
       {kOne + gz + kOne, gz + kOne + gz, kOne.substr(0, kOne.size() - 2) + gz}) {
    const SeenFile file = see_bytes(bytes);
    BOOST_TEST(file.records.size() >= 2U);
    for (const Seen& seen : file.records)
      BOOST_TEST(seen.block == (seen.uri == kTwo[0] ? "one" : "two"));
  }
}

BOOST_AUTO_TEST_CASE(offsets_and_lengths_are_of_the_file_as_stored) {
  const std::string gz_one = member(kOne);
  const std::string gz_two = member(kOther);
  const SeenFile gz = see_bytes(gz_one + member("") + gz_two);
  BOOST_REQUIRE(gz.records.size() == 2);
  BOOST_TEST(gz.records[0].length == gz_one.size());
  BOOST_TEST(gz.records[1].offset == gz_one.size() + member("").size());
  BOOST_TEST(gz.records[1].length == gz_two.size());
  BOOST_TEST(tells(gz.damage, "an empty gzip member"));
  // Plain: head and block, without the line ends behind them.
  const SeenFile plain = see_bytes(kOne + kOther);
  BOOST_TEST(plain.records[0].length == kOne.size() - 4);
  BOOST_TEST(plain.records[1].offset == kOne.size());
}

BOOST_AUTO_TEST_CASE(an_empty_file_and_one_of_noise_hold_no_record) {
  BOOST_TEST(see_bytes("").records.empty());
  std::string noise = "\x1f\x8b\x08";
  for (unsigned i = 0, x = 1; i < 5000; ++i)
    noise += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  BOOST_TEST(see_bytes(noise).records.empty());
  BOOST_TEST(see_bytes(noise.substr(3)).records.empty());
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_errors) {
  const TempDir dir = temp_dir();
  BOOST_TEST((WarcReader::open(dir.path() / "none").error().code == Error::Code::kNotFound));
  BOOST_TEST((WarcReader::open(dir.path()).error().code == Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(a_block_left_unread_is_passed_over) {
  const TempDir dir = temp_dir();
  const std::string large(3 << 20, 'x');
  const std::string records[] = {warc_record("http://a.example/1", large), kOther};
  for (const bool gzip : {false, true}) {
    const auto path =
        put(dir, "x", gzip ? member(records[0]) + member(records[1]) : records[0] + records[1]);
    auto reader = WarcReader::open(path, {.whole_decoded_bytes = 1 << 20}).value();
    auto first = reader.next().value();
    BOOST_REQUIRE(first.has_value());
    char some[10];
    BOOST_TEST(first->block().read(some).value() == 10U);
    BOOST_TEST(reader.next().value()->target_uri() == "http://a.example/2");
    BOOST_TEST(!reader.next().value().has_value());
    BOOST_TEST(!reader.next().value().has_value());
    BOOST_TEST(reader.position() == std::filesystem::file_size(path));
  }
}

BOOST_AUTO_TEST_CASE(the_types_of_records_are_read_in_any_case) {
  BOOST_TEST((record_type("response") == RecordType::kResponse));
  BOOST_TEST((record_type(" RESPONSE\t") == RecordType::kResponse));
  BOOST_TEST((record_type("Continuation") == RecordType::kContinuation));
  BOOST_TEST((record_type("own") == RecordType::kUnknown));
  BOOST_TEST((record_type("") == RecordType::kUnknown));
  BOOST_TEST(name_of(RecordType::kRevisit) == "revisit");
  BOOST_TEST(name_of(RecordType::kUnknown) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_date_of_any_precision_is_read_and_garbage_is_none) {
  WarcRecord record;
  const auto date = [&](const char* text) {
    record.fields.set("WARC-Date", text);
    return record.date();
  };
  BOOST_TEST(
      (date("2016-01-11T23:24:25.412030Z") == parse_w3c_date("2016-01-11T23:24:25.412030Z")));
  BOOST_TEST((date("2016") == parse_w3c_date("2016-01-01T00:00:00Z")));
  BOOST_TEST(!date("yesterday").has_value());
  BOOST_TEST(!date("").has_value());
}

}  // namespace
