#include <boost/test/unit_test.hpp>

#include "core/warc/reader.h"
#include "tests/core/warc/samples.h"

namespace {

using namespace wm;
using namespace wm::test;
using namespace wm::warc;

std::string block_of(WarcRecord& record) {
  return read_all(record.block(), 64 << 20).value();
}

BOOST_AUTO_TEST_CASE(each_record_is_read_at_its_place_in_every_kind_of_file) {
  const TempDir dir = temp_dir();
  const std::string one = warc_record("http://a.example/1", "one");
  const std::string two = warc_record("http://a.example/2", std::string(400000, 't'));
  const std::string arc = "http://a.example/3 192.0.2.1 20240203040506 text/html 5\nthree\n";
  std::string bad_crc = member(one);
  bad_crc[bad_crc.size() - 7] ^= 1;
  const std::string files[] = {
      one + two + one,
      member(one) + member(two),
      one + member(two),
      arc + arc,
      member(arc) + member(one),
      member(one) + bad_crc,
      member(two.substr(0, 100)) + member(two.substr(100)) + member(one),
      member(warc_record("http://a.example/4", "four", {}, "2")) + member(one)};
  for (const std::string& bytes : files) {
    const auto path = put(dir, "x", bytes);
    const SeenFile file = see(path);
    BOOST_REQUIRE(file.records.size() >= 2);
    const auto stored = ReadFile::open(path).value();
    for (const Seen& seen : file.records) {
      for (const std::uint64_t length : {seen.length, std::uint64_t{0}}) {
        for (const ReadLimits& limits :
             {ReadLimits{}, ReadLimits{.whole_member_bytes = 1000, .whole_decoded_bytes = 1000}}) {
          auto record = read_record_at(stored, seen.offset, length, limits);
          BOOST_REQUIRE_MESSAGE(record.has_value(), record.error().what);
          BOOST_TEST(record->target_uri() == seen.uri);
          BOOST_TEST((block_of(*record) == seen.block));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_record_outlives_the_file_handle_it_came_from) {
  const TempDir dir = temp_dir();
  const std::string large(3 << 20, 'x');
  for (const std::string& bytes :
       {warc_record("http://a.example/", large), member(warc_record("http://a.example/", large))}) {
    auto file = ReadFile::open(put(dir, "x", bytes)).value();
    auto record = read_record_at(file, 0, 0, {.whole_decoded_bytes = 1 << 20}).value();
    file.reset();
    std::filesystem::remove(dir.path() / "x");
    WarcRecord moved = std::move(record);
    BOOST_TEST((block_of(moved) == large));
  }
}

BOOST_AUTO_TEST_CASE(a_place_where_no_record_starts_is_corrupt) {
  const TempDir dir = temp_dir();
  const std::string one = member(warc_record("http://a.example/1", "one"));
  const auto file = ReadFile::open(put(dir, "x", one + one)).value();
  const std::uint64_t wrong[][2] = {
      {1, one.size()},     {1, 0},          {one.size() * 2, 10},         {one.size() * 2, 0},
      {one.size() - 1, 3}, {UINT64_MAX, 1}, {UINT64_MAX - 5, UINT64_MAX}, {5, UINT64_MAX}};
  for (const auto& [offset, length] : wrong) {
    const auto record = read_record_at(file, offset, length);
    BOOST_REQUIRE(!record.has_value());
    BOOST_TEST((record.error().code == Error::Code::kCorrupt));
  }
}

BOOST_AUTO_TEST_CASE(a_length_that_is_wrong_still_finds_the_record) {
  const TempDir dir = temp_dir();
  const std::string one = member(warc_record("http://a.example/1", "one"));
  const auto file = ReadFile::open(put(dir, "x", one + one)).value();
  for (const std::uint64_t length : {one.size() + 5, one.size() - 1, one.size() * 2}) {
    auto record = read_record_at(file, one.size(), length);
    BOOST_REQUIRE(record.has_value());
    BOOST_TEST(block_of(*record) == "one");
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_lies_about_its_size_is_read_all_the_same) {
  const TempDir dir = temp_dir();
  std::string bytes = member(warc_record("http://a.example/1", "one"));
  for (const char last : {'\x7f', '\xff', '\0'}) {
    bytes.back() = last;
    const auto file = ReadFile::open(put(dir, "x", bytes)).value();
    auto record = read_record_at(file, 0, bytes.size());
    BOOST_REQUIRE(record.has_value());
    BOOST_TEST(block_of(*record) == "one");
  }
}

}  // namespace
