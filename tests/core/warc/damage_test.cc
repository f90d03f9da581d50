// Compressed files with something wrong in them, limits, and what hostile ones cost.
#include <boost/test/unit_test.hpp>

#include <chrono>

#include "tests/core/warc/samples.h"

namespace {

using namespace wm;
using namespace wm::test;
using namespace wm::warc;

const std::string kRecords[] = {warc_record("http://a.example/0", "zero"),
                                warc_record("http://a.example/1", std::string(5000, 'x')),
                                warc_record("http://a.example/2", "two")};

std::string three_members() {
  return member(kRecords[0]) + member(kRecords[1]) + member(kRecords[2]);
}

BOOST_AUTO_TEST_CASE(a_wrong_check_sum_is_told_and_the_record_given) {
  std::string bytes = member(kRecords[0]);
  bytes[bytes.size() - 8] ^= 1;
  const SeenFile file = see_bytes(bytes + member(kRecords[2]));
  BOOST_REQUIRE(file.records.size() == 2);
  BOOST_TEST(file.records[0].block == "zero");
  BOOST_TEST(tells(file.records[0].damage, "incorrect data check"));
  BOOST_TEST(file.records[1].damage.empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_length_in_the_trailer_is_told_and_the_record_given) {
  std::string bytes = member(kRecords[0]);
  bytes[bytes.size() - 1] ^= 1;
  const SeenFile file = see_bytes(bytes + member(kRecords[2]));
  BOOST_REQUIRE(file.records.size() == 2);
  BOOST_TEST(tells(file.records[0].damage, "incorrect length check"));
}

BOOST_AUTO_TEST_CASE(one_flipped_bit_costs_at_most_its_own_record) {
  const std::string good = three_members();
  const std::size_t from = member(kRecords[0]).size();
  const std::size_t to = good.size() - member(kRecords[2]).size();
  for (std::size_t at = from; at < to; ++at) {
    for (const int bit : {0, 3, 7}) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      const SeenFile file = see_bytes(bytes);
      BOOST_TEST_CONTEXT("bit " << bit << " of byte " << at) {
        BOOST_REQUIRE(file.records.size() >= 2);
        BOOST_TEST(file.records.front().block == "zero");
        BOOST_TEST(file.records.back().block == "two");
        // Bits of a gzip header that mean nothing (time, system), and those that fill up the last
        // byte of the data.
        if (at >= from + 10 && at != to - 9) BOOST_TEST(!file.all_damage().empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_compressed_file_cut_anywhere_gives_every_whole_record) {
  const std::string good = three_members();
  const std::size_t ends[] = {member(kRecords[0]).size(), good.size() - member(kRecords[2]).size(),
                              good.size()};
  for (std::size_t cut = 0; cut <= good.size(); ++cut) {
    const SeenFile file = see_bytes(good.substr(0, cut));
    std::size_t whole = 0;
    while (whole < 3 && ends[whole] <= cut) ++whole;
    BOOST_TEST_CONTEXT("cut at " << cut) {
      BOOST_REQUIRE(file.records.size() >= whole);
      const bool at_seam =
          cut == 0 || std::find(std::begin(ends), std::end(ends), cut) != std::end(ends);
      BOOST_TEST(file.all_damage().empty() == at_seam);
    }
  }
}

BOOST_AUTO_TEST_CASE(junk_between_members_is_passed_wherever_it_looks_like_gzip) {
  const std::string junk[] = {"junk",
                              std::string("\x1f\x8b\x08\0\0\0\0\0\0\3", 10),
                              "\x1f\x8b\x08",
                              std::string(100, '\x1f'),
                              member("no record at all"),
                              member(""),
                              std::string(2000000, 'j')};
  for (const std::string& j : junk) {
    const SeenFile file = see_bytes(member(kRecords[0]) + j + member(kRecords[2]) + j);
    BOOST_TEST(file.blocks() == (std::vector<std::string>{"zero", "two"}),
               boost::test_tools::per_element());
    BOOST_TEST(!file.damage.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_kind_of_gzip_header_is_read) {
  const std::string plain = member(kRecords[0]);
  const std::string deflate = plain.substr(10);
  const auto with = [&](char flags, std::string_view extra) {
    return std::string("\x1f\x8b\x08", 3) + flags + std::string("\0\0\0\0\0\3", 6) +
           std::string(extra) + deflate;
  };
  const std::string all_flags =
      with(0x1d, std::string_view("\x08\0sl\x04\0abcdname\0comment\0", 23));
  for (const std::string& bytes :
       {with(0x04, std::string_view("\x08\0sl\x04\0abcd", 10)),
        with(0x08, std::string_view("name\0", 5)), with(0x10, std::string_view("comment\0", 8)),
        all_flags, with(0x01, "")}) {
    const SeenFile file = see_bytes(bytes + member(kRecords[2]));
    BOOST_REQUIRE(!file.records.empty());
    BOOST_TEST(file.records.front().block == "zero");
    BOOST_TEST(file.records.size() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(a_large_member_is_streamed_and_read_the_same) {
  std::string block;
  for (int i = 0; i < 300000; ++i) block += std::to_string(i) + "\n";
  const std::string bytes =
      member(kRecords[0]) + member(warc_record("http://a.example/1", block)) + member(kRecords[2]);
  const ReadLimits small{.whole_member_bytes = 128 << 10, .whole_decoded_bytes = 100000};
  for (const ReadLimits& limits : {ReadLimits{}, small}) {
    const SeenFile file = see_bytes(bytes, limits);
    BOOST_TEST(file.all_damage().empty());
    BOOST_REQUIRE(file.records.size() == 3);
    BOOST_TEST((file.records[1].block == block));
    BOOST_TEST(file.records[1].length == member(warc_record("http://a.example/1", block)).size());
  }
  // Several records in one streamed member, one with a length that lies.
  const std::string several =
      member(warc_record("http://a.example/1", block) + kRecords[0] +
             warc_record("http://a.example/3", "longer", {}, "2") + kRecords[2]);
  const SeenFile file = see_bytes(several, small);
  BOOST_TEST(file.uris() == (std::vector<std::string>{"http://a.example/1", "http://a.example/0",
                                                      "http://a.example/3", "http://a.example/2"}),
             boost::test_tools::per_element());
  // And one that is cut.
  const SeenFile cut = see_bytes(bytes.substr(0, bytes.size() / 2), small);
  BOOST_REQUIRE(cut.records.size() == 2);
  BOOST_TEST(cut.records[1].block.size() > block.size() / 10);
  BOOST_TEST(tells(cut.records[1].damage, "the file ends within a gzip member"));
  BOOST_TEST(tells(cut.records[1].damage, "are missing"));
}

BOOST_AUTO_TEST_CASE(a_block_is_cut_at_the_limit_and_the_next_record_comes) {
  const std::string bytes = kRecords[1] + kRecords[2];
  for (const std::string& file_bytes : {bytes, member(kRecords[1]) + member(kRecords[2])}) {
    const SeenFile file = see_bytes(file_bytes, {.record_bytes = 100});
    BOOST_REQUIRE(file.records.size() == 2);
    BOOST_TEST(file.records[0].block.size() == 100U);
    BOOST_TEST(tells(file.records[0].damage, "cut at the limit"));
    BOOST_TEST(file.records[1].block == "two");
  }
}

BOOST_AUTO_TEST_CASE(a_head_beyond_the_limits_is_got_over_with_what_is_needed) {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  const std::string line = "X: " + std::string(5000, 'x') + "\r\n";
  const std::string folded = "X: y\r\n" + [] {
    std::string lines;
    for (int i = 0; i < 100; ++i) lines += " " + std::string(100, 'f') + "\r\n";
    return lines;
  }();
  const ReadLimits limits{.header_bytes = 4096, .header_fields = 100};
  for (const std::string& fields : {many, line, folded}) {
    const std::string first = warc_record("http://a.example/0", "zero", fields);
    for (const std::string& bytes : {first + kRecords[2], member(first) + member(kRecords[2])}) {
      const SeenFile file = see_bytes(bytes, limits);
      BOOST_TEST(file.blocks() == (std::vector<std::string>{"zero", "two"}),
                 boost::test_tools::per_element());
      BOOST_TEST(file.uris().front() == "http://a.example/0");
      BOOST_TEST(!file.all_damage().empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_head_just_within_the_limits_is_whole) {
  std::string fields;
  for (int i = 0; i < 96; ++i) fields += "X-" + std::to_string(i) + ": y\r\n";
  BOOST_TEST(see_bytes(warc_record("http://a.example/0", "zero", fields), {.header_fields = 100})
                 .all_damage()
                 .empty());
  BOOST_TEST(!see_bytes(warc_record("http://a.example/0", "zero", fields), {.header_fields = 99})
                  .all_damage()
                  .empty());
}

BOOST_AUTO_TEST_CASE(an_endless_head_is_no_record) {
  std::string endless = "WARC/1.1\r\n";
  while (endless.size() < (4 << 20)) endless += "X-Never: ends\r\n";
  BOOST_TEST(see_bytes(endless).records.empty());
  BOOST_TEST(see_bytes(member(endless)).records.empty());
  const SeenFile file = see_bytes(member(endless) + member(kRecords[0]));
  BOOST_TEST(file.blocks() == std::vector<std::string>{"zero"}, boost::test_tools::per_element());
  BOOST_TEST(see_bytes("WARC/1.1\r\nX: " + std::string(4 << 20, 'x')).records.empty());
}

/// Files made to cost more than their size: each takes well under a second without sanitizers.
BOOST_AUTO_TEST_CASE(hostile_files_cost_no_more_than_their_size) {
  const std::string start("\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
  std::string starts;          // nothing but starts of members
  std::string stored;          // members of one stored block that begins a record and breaks off
  std::string heads, lengths;  // records that are said to reach far
  const std::string front = "WARC/1.1\r\nContent-Length: 100000000\r\n\r\nx";
  std::string block = start + std::string("\x01\x2a\x00\xd5\xff", 5) + front;
  for (int i = 0; i < 20000; ++i) {
    starts += start;
    if (i < 5000) stored += block;
    heads += "WARC/1.1\r\n";
    lengths += front + "\r\n";
  }
  const std::string bomb = member(std::string(64 << 20, '\0'));
  const auto before = std::chrono::steady_clock::now();
  for (const std::string& bytes :
       {starts, stored, heads, lengths, bomb, member(starts), member(lengths)}) {
    BOOST_TEST(see_bytes(bytes).records.size() <= 20000U);
  }
  const auto took = std::chrono::steady_clock::now() - before;
  BOOST_TEST(std::chrono::duration_cast<std::chrono::seconds>(took).count() < 60);
}

}  // namespace
