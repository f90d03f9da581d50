#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/warc/reader.h"
#include "server/imports/conversion.h"
#include "tests/support/test_support.h"

using namespace wm;
namespace fs = std::filesystem;

namespace {

fs::path page(const TempDir& dir, std::string_view bytes) {
  auto file = create_file(dir.path() / "page.html").value();
  BOOST_REQUIRE(file->append(bytes).has_value());
  BOOST_REQUIRE(file->close().has_value());
  return dir.path() / "page.html";
}

struct Row {
  const char* why;
  const char* html;
  const char* url;   ///< "" for none
  const char* time;  ///< "" for none
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }
const Row kRows[] = {
    {"SingleFile", "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://a.example/x?y=1#z \n saved date: Tue Jan 02 2024 10:11:12 GMT+0100 (CET)\n-->", "https://a.example/x?y=1#z", "2024-01-02T09:11:12Z"},
    {"west of Greenwich", "<html><!--\n Page saved with SingleFile\n url: http://a.example/\n saved date: Sun Dec 31 2023 23:30:00 GMT-0800 (Pacific Standard Time) -->", "http://a.example/", "2024-01-01T07:30:00Z"},
    {"a date that is none", "<html><!--\n Page saved with SingleFile\n url: http://a.example/\n saved date: yesterday -->", "http://a.example/", ""},
    {"no date", "<html><!-- Page saved with SingleFile\r\n url: http://a.example/\r\n-->", "http://a.example/", ""},
    {"an ISO date", "<html><!--\nurl: http://a.example/\nsaved date: 2024-01-02T03:04:05Z\n-->", "http://a.example/", "2024-01-02T03:04:05Z"},
    {"browsers' own mark", "<!DOCTYPE html>\n<!-- saved from url=(0019)https://a.example/x -->\n<html>", "https://a.example/x", ""},
    {"the mark's length cuts what follows", "<!-- saved from url=(0018)https://a.example/xyz -->", "https://a.example/", ""},
    {"another comment first", "<!-- hello --><!-- saved from url=(0018)https://a.example/ -->", "https://a.example/", ""},
    {"a url: line of no saver", "<!-- see\nurl: http://a.example/\n-->", "", ""},
    {"no web address", "<!--\n Page saved with SingleFile\n url: file:///etc/passwd\n-->", "", ""},
    {"javascript", "<!-- saved from url=(0019)javascript:alert(1) -->", "", ""},
    {"a comment without end", "<!-- saved from url=(0018)https://a.example/", "https://a.example/", ""},
    {"nothing", "<html><title>x</title>", "", ""},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_saved_page_tells_where_and_when_it_was_saved, boost::unit_test::data::make(kRows), row) {
  const test::ExactCopy html(row.html);
  const auto origin = imports::origin_of_page(html.view());
  BOOST_TEST((origin ? origin->url : "") == row.url);
  BOOST_TEST((origin && origin->time ? w3c_date(std::chrono::floor<std::chrono::seconds>(*origin->time)) : "") == row.time);
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_saved_page_is_read_without_harm) {
  for (const Row& row : kRows) {
    const std::string_view html = row.html;
    for (std::size_t size = 0; size <= html.size(); ++size) (void)imports::origin_of_page(test::ExactCopy(html.substr(0, size)).view());
  }
}

BOOST_AUTO_TEST_CASE(a_page_becomes_one_resource_record_byte_for_byte) {
  const TempDir dir = test::temp_dir();
  const std::string html = std::string(kRows[0].html) + "<title>The page</title><p>Gr\xc3\xbc\xc3\x9f" "e";
  auto writer = warc::WarcWriter::create(dir.path() / "made.warc.gz", now_micros()).value();
  const auto converted = imports::page_to_warc(page(dir, html), "", *writer).value();
  BOOST_REQUIRE(writer->finish().has_value());
  BOOST_TEST(converted.captures == 1);
  BOOST_TEST(converted.pages.at(0).title == "The page");
  auto reader = warc::WarcReader::open(dir.path() / "made.warc.gz").value();
  BOOST_REQUIRE(reader.next().value().has_value());
  auto record = reader.next().value().value();
  BOOST_TEST((record.type() == warc::RecordType::kResource));
  BOOST_TEST(record.target_uri() == "https://a.example/x?y=1#z");
  BOOST_TEST(record.field("Content-Type").value() == "text/html; charset=UTF-8");
  BOOST_TEST(record.field("WARC-Date").value() == "2024-01-02T09:11:12Z");
  BOOST_TEST(read_all(record.block(), 1 << 20).value() == html);
}

BOOST_AUTO_TEST_CASE(a_page_that_does_not_tell_needs_an_address) {
  const TempDir dir = test::temp_dir();
  const fs::path file = page(dir, "<html><meta charset=big5>x");
  auto writer = warc::WarcWriter::create(dir.path() / "made.warc.gz", now_micros()).value();
  const auto refused = imports::page_to_warc(file, "", *writer);
  BOOST_TEST((refused.error().code == Error::Code::kInvalid));
  BOOST_TEST(refused.error().what.find("--url") != std::string::npos);
  BOOST_TEST((imports::page_to_warc(file, "ftp://a.example/", *writer).error().code == Error::Code::kInvalid));
  BOOST_TEST(imports::page_to_warc(file, "http://given.example", *writer).value().pages.at(0).url == "http://given.example/");
}
