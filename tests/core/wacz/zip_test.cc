#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/wacz/zip.h"
#include "tests/core/wacz/zip_builder.h"

using namespace wm;
using wacz::ZipEntry;
using wacz::ZipReader;
using Method = test::ZipBuilder::Method;
using Form = test::ZipBuilder::Form;

namespace {

Result<std::string> content(const ZipReader& zip, std::size_t index) {
  auto source = WM_TRY(zip.read(zip.entries().at(index)));
  return read_all(*source, 1 << 30);
}

std::string_view three_ways(std::size_t i) {
  static const std::string long_one(300000, 'x');
  return i == 0 ? "short" : i == 1 ? "" : std::string_view(long_one);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zip)

BOOST_AUTO_TEST_CASE(every_form_of_entry_comes_out_as_it_went_in) {
  for (const Method method : {Method::kStored, Method::kDeflated}) {
    for (const Form form : {Form::kPlain, Form::kDescriptor, Form::kZip64}) {
      test::ZipBuilder builder;
      for (std::size_t i = 0; i < 3; ++i) builder.add("f" + std::to_string(i), three_ways(i), method, form);
      const auto zip = ZipReader::open(test::as_file(builder.finish())).value();
      BOOST_REQUIRE_EQUAL(zip.entries().size(), 3);
      BOOST_TEST(zip.complaints().empty());
      for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((content(zip, i).value() == three_ways(i)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stored_entry_says_where_it_lies_in_the_file) {
  const std::string bytes = test::ZipBuilder().add("a", "first").add("b", "second").finish();
  const auto zip = ZipReader::open(test::as_file(bytes)).value();
  BOOST_TEST(bytes.substr(zip.data_offset(zip.entries()[1]).value(), 6) == "second");
}

BOOST_AUTO_TEST_CASE(bytes_before_the_zip_are_told_and_got_over) {
  const std::string bytes = test::ZipBuilder().add("a", "first", Method::kDeflated).finish();
  const auto zip = ZipReader::open(test::as_file("#!/bin/sh\n" + bytes)).value();
  BOOST_TEST(content(zip, 0).value() == "first");
  BOOST_TEST(zip.complaints().at(0) == "10 bytes before the zip");
}

BOOST_AUTO_TEST_CASE(a_zip_within_another_file_is_read_in_its_place) {
  const std::string bytes = test::ZipBuilder().add("a", "first").finish();
  const auto zip = ZipReader::open(test::as_file("0123456789" + bytes + "behind"), {}, 10, bytes.size()).value();
  BOOST_TEST(content(zip, 0).value() == "first");
  BOOST_TEST(zip.complaints().empty());
}

BOOST_AUTO_TEST_CASE(a_comment_and_an_end_record_within_it_do_not_confuse) {
  std::string bytes = test::ZipBuilder().add("a", "first").finish();
  const std::string comment = "see PK\x05\x06 here";
  bytes[bytes.size() - 2] = static_cast<char>(comment.size());
  const auto zip = ZipReader::open(test::as_file(bytes + comment)).value();
  BOOST_TEST(content(zip, 0).value() == "first");
}

BOOST_AUTO_TEST_CASE(cut_off_anywhere_it_gives_the_entries_that_are_whole) {
  for (const Form form : {Form::kPlain, Form::kDescriptor, Form::kZip64}) {
    test::ZipBuilder builder;
    builder.add("one", "the first file", Method::kStored, form);
    const std::size_t second_at = builder.directory_at();
    builder.add("two", "the second file, PK\x07\x08 and all", Method::kDeflated, form);
    const std::size_t end = builder.directory_at();
    const std::string bytes = builder.finish();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto zip = ZipReader::open(test::as_file(bytes.substr(0, size)));
      if (size < second_at) {
        BOOST_TEST((!zip || zip->entries().at(0).torn || content(*zip, 0).value() == "the first file"), size);
        continue;
      }
      BOOST_REQUIRE_MESSAGE(zip.has_value(), size);
      BOOST_TEST(zip->recovered());
      BOOST_TEST(!zip->complaints().empty());
      BOOST_TEST(content(*zip, 0).value() == "the first file");
      if (size >= end) BOOST_TEST(content(*zip, 1).value() == "the second file, PK\x07\x08 and all");
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_zip_is_refused) {
  for (const char* bytes : {"", "P", "PK", "WARC/1.1\r\n", "PK\x05\x06"}) {
    BOOST_TEST((ZipReader::open(test::as_file(bytes)).error().code == Error::Code::kCorrupt), bytes);
  }
}

BOOST_AUTO_TEST_CASE(wrong_sizes_and_sums_are_found_when_the_entry_is_read) {
  const struct {
    const char* why;
    test::ZipBuilder::Lie lie;
  } rows[] = {{"CRC", {.size = 7, .crc32 = 1}}, {"too short", {.size = 6, .crc32 = 0}}, {"too long", {.size = 8, .crc32 = 0}}};
  for (const auto& row : rows) {
    for (const Method method : {Method::kStored, Method::kDeflated}) {
      const auto zip = ZipReader::open(test::as_file(test::ZipBuilder().add("a", "content", method).lie(row.lie).finish())).value();
      const auto read = content(zip, 0);
      BOOST_TEST((!read && read.error().code == Error::Code::kCorrupt), row.why);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_local_header_of_another_name_is_not_followed) {
  std::string bytes = test::ZipBuilder().add("a", "content").finish();
  bytes[30] = 'b';
  const auto zip = ZipReader::open(test::as_file(bytes)).value();
  BOOST_TEST((content(zip, 0).error().code == Error::Code::kCorrupt));
}

BOOST_AUTO_TEST_CASE(limits_hold_at_their_edge) {
  test::ZipBuilder builder;
  builder.add("a", "1").add("bb", "2");
  const auto file = test::as_file(builder.finish());
  BOOST_TEST(ZipReader::open(file, {.entries = 2}).has_value());
  BOOST_TEST((ZipReader::open(file, {.entries = 1}).error().code == Error::Code::kTooLarge));
  BOOST_TEST((ZipReader::open(test::as_file(builder.finish(60000)), {.entries = 2}).error().code == Error::Code::kTooLarge));
  BOOST_TEST(ZipReader::open(file, {.name_bytes = 2}).value().entries().size() == 2);
  BOOST_TEST(ZipReader::open(file, {.name_bytes = 1}).value().entries().size() == 1);
  BOOST_TEST((ZipReader::open(file, {.directory_bytes = 90}).error().code == Error::Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(bombs_are_cut_by_bytes_and_by_ratio) {
  const std::string zeros(80 << 20, '\0');
  const auto file = test::as_file(test::ZipBuilder().add("bomb", zeros, Method::kDeflated).finish());
  const auto read = [&file](wacz::ZipLimits limits) {
    const auto zip = ZipReader::open(file, limits).value();
    const auto source = zip.read(zip.entries()[0]).value();
    return skip(*source, UINT64_MAX);
  };
  BOOST_TEST(read({.ratio = 2000}).value() == zeros.size());
  BOOST_TEST((read({.ratio = 200}).error().code == Error::Code::kTooLarge));
  BOOST_TEST(read({.decoded_bytes = 80 << 20, .ratio = 2000}).has_value());
  BOOST_TEST((read({.decoded_bytes = (80 << 20) - 1, .ratio = 2000}).error().code == Error::Code::kTooLarge));
}

BOOST_AUTO_TEST_SUITE_END()
