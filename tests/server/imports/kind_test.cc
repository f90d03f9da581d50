#include "server/imports/kind.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/http/body.h"
#include "tests/support/test_support.h"

using namespace wm;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& path, std::string_view bytes) {
  auto file = create_file(path).value();
  BOOST_REQUIRE(file->append(bytes).has_value());
  BOOST_REQUIRE(file->close().has_value());
}

struct Row {
  const char* why;
  const char* name;
  std::string bytes;
  const char* kind;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }

const std::string kWarc = "WARC/1.1\r\nWARC-Type: warcinfo\r\n";
const Row kRows[] = {
    {"a WARC by its first line, whatever it is called", "x.txt", kWarc, "warc"},
    {"in gzip", "x", http::gzip(kWarc), "warc"},
    {"behind a mark and blank lines", "x", "\xef\xbb\xbf\r\n\r\n" + kWarc, "warc"},
    {"behind junk", "x", "junk\nmore junk\n" + kWarc, "warc"},
    {"but not in the middle of a line", "x.txt", "see WARC/1.1 for that", ""},
    {"an ARC", "x", "filedesc://a.arc 0.0.0.0 20080430 text/plain 76\n", "arc"},
    {"an ARC in gzip", "x.warc.gz", http::gzip("filedesc://a.arc 0.0.0.0 20080430 text/plain 76\n"), "arc"},
    {"zstd with a dictionary", "x", std::string("\x5d\x2a\x4d\x18", 4) + "....", "warc"},
    {"a zip", "x", std::string("PK\x03\x04", 4) + "....", "wacz"},
    {"a zip with something before it", "x", "#!/bin/sh\n" + std::string("PK\x03\x04", 4) + "...." + std::string("PK\x05\x06", 4) + std::string(18, '\0'), "wacz"},
    {"HAR", "x.json", "\xef\xbb\xbf { \"log\" : {\"version\":\"1.2\"", "har"},
    {"other JSON", "x.har.json", "{\"logs\":{}}", ""},
    {"HTML by its doctype", "x.bin", "\n<!DOCTYPE HTML><p>", "html"},
    {"HTML behind a comment", "x", "<!-- saved -->\n<html>", "html"},
    {"XHTML", "x", "<?xml version=\"1.0\"?>\n<!DOCTYPE html>", "html"},
    {"HTML in UTF-16", "x", std::string("\xff\xfe<\0h\0t\0m\0l\0>\0", 14), "html"},
    {"another doctype is none", "x.html", "<!DOCTYPE nonsense>", ""},
    {"bookmarks", "x", "<!DOCTYPE NETSCAPE-Bookmark-file-1>", "bookmarks"},
    {"bookmarks as a table", "x.txt", "url,title\nhttp://a.example/,A\n", "bookmarks"},
    {"bookmarks in JSON", "x.har", R"({"bookmarks":[{"content":{"type":"link","url":"http://a.example/"}}]})", "bookmarks"},
    {"plain text is none", "x.txt", "hello", ""},
    {"an empty file is none", "x", "", ""},
    {"damage at the start is got over where the name tells", "x.warc.gz", "\x1f\x8b\x08junk", "warc"},
    {"also of an ARC", "x.arc", "junk", "arc"},
    {"a torn WACZ that lost its beginning", "x.wacz", "junk", "wacz"},
    {"gzip of something else is none", "x.gz", http::gzip("hello"), ""},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_file_is_what_its_bytes_are, boost::unit_test::data::make(kRows), row) {
  const TempDir dir = test::temp_dir();
  put(dir.path() / row.name, row.bytes);
  const auto kind = imports::kind_of(dir.path() / row.name).value();
  BOOST_TEST((kind ? imports::name_of(*kind) : "") == row.kind);
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_have_no_kind) {
  const TempDir dir = test::temp_dir();
  BOOST_TEST((imports::kind_of(dir.path() / "none").error().code == Error::Code::kNotFound));
  BOOST_TEST(!imports::kind_of(dir.path()));
}

BOOST_AUTO_TEST_CASE(a_folder_gives_what_it_knows_in_order_and_follows_no_links) {
  const TempDir dir = test::temp_dir();
  for (const char* name : {"b.warc", "a/z.warc", "a/y/x.warc"}) put(dir.path() / name, kWarc);
  put(dir.path() / "notes.txt", "hello");
  fs::create_directory_symlink(dir.path(), dir.path() / "a/loop");
  const auto found = imports::find_files(dir.path()).value();
  const std::vector<fs::path> expected = {dir.path() / "a/y/x.warc", dir.path() / "a/z.warc", dir.path() / "b.warc"};
  BOOST_TEST((found.files == expected));
  BOOST_TEST(found.ignored == 1);
  const auto one = imports::find_files(dir.path() / "notes.txt").value();
  BOOST_TEST(one.files.size() == 1);
}
