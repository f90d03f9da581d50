// Bodies whose header lies about how they are coded, or in which letters.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "replay/replay.h"
#include "tests/replay/archive.h"

using namespace wm;

namespace {

// The page below, coded.
const std::string kGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xb3\x49\x54\xc8\x28\x4a\x4d\xb3\x55\xd2"
    "\xaf\x50\xb2\x4b\x54\xc8\xc9\xcc\xcb\x56\x28\xc9\x57\x28\xce\xcf\x4d\x2d\xcf\x48"
    "\x2d\x4a\xd5\x51\xc0\x22\x68\xa3\x9f\x68\x07\x00\xc3\x59\xcc\x4f\x39\x00\x00\x00",
    60);
const std::string kZlib(
    "\x78\x9c\xb3\x49\x54\xc8\x28\x4a\x4d\xb3\x55\xd2\xaf\x50\xb2\x4b\x54\xc8\xc9\xcc"
    "\xcb\x56\x28\xc9\x57\x28\xce\xcf\x4d\x2d\xcf\x48\x2d\x4a\xd5\x51\xc0\x22\x68\xa3"
    "\x9f\x68\x07\x00\x22\xa5\x13\x61",
    48);
const std::string kRaw(
    "\xb3\x49\x54\xc8\x28\x4a\x4d\xb3\x55\xd2\xaf\x50\xb2\x4b\x54\xc8\xc9\xcc\xcb\x56"
    "\x28\xc9\x57\x28\xce\xcf\x4d\x2d\xcf\x48\x2d\x4a\xd5\x51\xc0\x22\x68\xa3\x9f\x68"
    "\x07\x00",
    42);
const std::string kBr(
    "\x1b\x38\x00\xc8\x8c\x94\xaa\xdb\x63\x84\x4a\x6f\x9f\xb0\x39\x3c\x2d\x52\xd6\xf6"
    "\x06\x94\x71\xc0\x3e\xd2\x35\xf1\xd7\x03\xd6\xa0\x14\xf0\x68\xe4\x06\xfb\xca\xce"
    "\x99\xf8\x80\x02",
    44);
const std::string kBoth(
    "\x8b\x1d\x80\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xb3\x49\x54\xc8\x28\x4a\x4d"
    "\xb3\x55\xd2\xaf\x50\xb2\x4b\x54\xc8\xc9\xcc\xcb\x56\x28\xc9\x57\x28\xce\xcf\x4d"
    "\x2d\xcf\x48\x2d\x4a\xd5\x51\xc0\x22\x68\xa3\x9f\x68\x07\x00\xc3\x59\xcc\x4f\x39"
    "\x00\x00\x00\x03",
    64);
const std::string kZstd(
    "\x28\xb5\x2f\xfd\x04\x58\x75\x01\x00\x64\x02\x3c\x61\x20\x68\x72\x65\x66\x3d\x22"
    "\x2f\x78\x22\x3e\x61\x20\x6c\x69\x6e\x6b\x20\x74\x6f\x20\x73\x6f\x6d\x65\x77\x68"
    "\x65\x72\x65\x2c\x20\x3c\x2f\x61\x3e\x01\x00\xc2\x64\x3e\x01\xb0\x81\x79\x99",
    59);
const std::string kPlain = "<a href=\"/x\">a link to somewhere, a link to somewhere</a>";
const std::string kShown =
    "<a href=\"/web/20200101000000/http://a.example/x\">a link to somewhere, a link to "
    "somewhere</a>";

struct Row {
  const char* reason;
  const char* coding;
  const std::string& body;
  const std::string& shown;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"gzip", "gzip", kGzip, kShown},
    {"an old name of it", "x-gzip", kGzip, kShown},
    {"deflate with its header", "deflate", kZlib, kShown},
    {"deflate without", "deflate", kRaw, kShown},
    {"Brotli", "br", kBr, kShown},
    {"Zstandard", "zstd", kZstd, kShown},
    {"two, one in the other", "gzip, br", kBoth, kShown},
    {"in capitals", "GZIP", kGzip, kShown},
    {"none at all", "identity", kPlain, kShown},
    {"gzip is a lie", "gzip", kPlain, kShown},
    {"Brotli is a lie", "br", kPlain, kShown},
    {"Zstandard is a lie", "zstd", kPlain, kShown},
    {"nobody knows it", "made-up", kPlain, kPlain},
};

struct Charset {
  const char* reason;
  const char* type;
  std::string body;
  const char* told;
  std::string shown;
};
std::ostream& operator<<(std::ostream& out, const Charset& row) {
  return out << row.reason;
}

const Charset kCharsets[] = {
    {"the header says", "text/html; charset=windows-1251", "\xcf\xf0",
     "text/html; charset=windows-1251", "\xcf\xf0"},
    {"the header says nonsense, the page knows", "text/html; charset=none",
     "<meta charset=koi8-r>\xd0", "text/html; charset=KOI8-R", "<meta charset=koi8-r>\xd0"},
    {"a meta of old", "text/html",
     "<meta http-equiv=content-type content='text/html; charset=shift_jis'>\x83",
     "text/html; charset=Shift_JIS",
     "<meta http-equiv=content-type content='text/html; charset=shift_jis'>\x83"},
    {"latin-1 is windows-1252", "text/html", "<meta charset=iso-8859-1>\x80",
     "text/html; charset=windows-1252", "<meta charset=iso-8859-1>\x80"},
    {"a byte order mark", "text/html", "\xef\xbb\xbf<p>\xe4\xbd\xa0", "text/html; charset=UTF-8",
     "\xef\xbb\xbf<p>\xe4\xbd\xa0"},
    {"UTF-16 by the header", "text/html; charset=utf-16le", std::string("<\0p\0>\0\x60\x4f", 8),
     "text/html; charset=UTF-8", "<p>\xe4\xbd\xa0"},
    {"bytes that are not what the header says", "text/html; charset=utf-8", "<p>\xff\xfe\xe9",
     "text/html; charset=utf-8", "<p>\xff\xfe\xe9"},
};

replay::ReplayResponse shown(const test::Archive& archive, const std::string& url) {
  const replay::Replay replay(archive.index(), archive.root(), {});
  replay::ReplayRequest request;
  request.method = "GET";
  request.target = "/web/20200101000000/" + url;
  request.headers.add("Host", "replay.example:8081");
  return replay.handle(request);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(encodings)

BOOST_DATA_TEST_CASE(a_page_is_rewritten_however_it_is_coded, boost::unit_test::data::make(kRows),
                     row) {
  test::Archive archive;
  archive.add(
      {.url = "http://a.example/",
       .time = "20200101000000",
       .head = std::string("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: ") +
               row.coding + "\r\n\r\n",
       .body = row.body});
  archive.finish();
  const auto response = shown(archive, "http://a.example/");
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body == row.shown);
  if (&row.shown == &kShown) BOOST_TEST(!response.headers.has("Content-Encoding"));
}

BOOST_DATA_TEST_CASE(the_letters_of_a_page_are_told_and_never_changed,
                     boost::unit_test::data::make(kCharsets), row) {
  test::Archive archive;
  archive.add({.url = "http://a.example/",
               .time = "20200101000000",
               .head = std::string("HTTP/1.1 200 OK\r\nContent-Type: ") + row.type + "\r\n\r\n",
               .body = row.body});
  archive.finish();
  const auto response = shown(archive, "http://a.example/");
  BOOST_TEST(response.headers.find("Content-Type").value_or("") == row.told);
  BOOST_TEST(response.body == row.shown);
}

BOOST_AUTO_TEST_SUITE_END()
