#include "replay/resolve/resolver.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/replay/archive.h"

using namespace wm;
using test::Archive;

namespace {

std::string body_of(const resolve::Resolved& resolved) {
  return read_all(*resolved.body, 10 << 20).value();
}

const std::string kHtml = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Page: original\r\n\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(resolver)

BOOST_AUTO_TEST_CASE(a_response_gives_its_head_and_its_body_with_length) {
  Archive archive;
  const auto capture = archive.add(
      {.url = "http://a.example/", .time = "20200101000000", .head = kHtml, .body = "hello"});
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  const auto resolved = resolver.resolve(capture);
  BOOST_REQUIRE(resolved.has_value());
  BOOST_TEST(resolved->head.status == 200);
  BOOST_TEST(resolved->head.headers.find("X-Page").value() == "original");
  BOOST_TEST(resolved->body_length.value() == 5u);
  BOOST_TEST(body_of(*resolved) == "hello");
}

BOOST_AUTO_TEST_CASE(chunks_are_undone_and_what_only_claims_to_be_chunked_is_kept) {
  Archive archive;
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto chunked = archive.add({.url = "http://a.example/1",
                                    .time = "20200101000000",
                                    .head = head,
                                    .body = "5\r\nhello\r\n0\r\n\r\n"});
  const auto plain = archive.add(
      {.url = "http://a.example/2", .time = "20200101000000", .head = head, .body = "plain text"});
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  const auto first = resolver.resolve(chunked).value();
  BOOST_TEST(!first.body_length.has_value());
  BOOST_TEST(!first.head.headers.has("Transfer-Encoding"));
  BOOST_TEST(body_of(first) == "hello");
  BOOST_TEST(body_of(resolver.resolve(plain).value()) == "plain text");
}

BOOST_AUTO_TEST_CASE(a_revisit_has_its_own_head_and_the_originals_body) {
  for (const auto refers : {Archive::Refers::kYes, Archive::Refers::kNo}) {
    Archive archive;
    const auto original = archive.add(
        {.url = "http://a.example/", .time = "20200101000000", .head = kHtml, .body = "hello"});
    const auto revisit =
        archive.add_revisit(original, "http://b.example/copy", "20210101000000",
                            "HTTP/1.1 200 Fine\r\nX-Page: revisit\r\n\r\n", refers);
    archive.finish();
    const resolve::Resolver resolver(archive.index(), archive.root());
    const auto resolved = resolver.resolve(revisit);
    BOOST_REQUIRE(resolved.has_value());
    BOOST_TEST(resolved->head.headers.find("X-Page").value() == "revisit");
    BOOST_TEST(resolved->capture.url == "http://b.example/copy");
    BOOST_TEST(body_of(*resolved) == "hello");
  }
}

BOOST_AUTO_TEST_CASE(a_revisit_without_a_head_takes_the_originals) {
  Archive archive;
  const auto original = archive.add(
      {.url = "http://a.example/", .time = "20200101000000", .head = kHtml, .body = "hello"});
  const auto revisit = archive.add_revisit(original, "http://a.example/", "20210101000000", "",
                                           Archive::Refers::kYes);
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  BOOST_TEST(resolver.resolve(revisit).value().head.headers.find("X-Page").value() == "original");
}

BOOST_AUTO_TEST_CASE(the_originals_coding_tells_how_to_read_its_bytes) {
  Archive archive;
  const auto original = archive.add({.url = "http://a.example/",
                                     .time = "20200101000000",
                                     .head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
                                     .body = http::gzip("hello")});
  const auto revisit = archive.add_revisit(
      original, "http://a.example/", "20210101000000",
      "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n",
      Archive::Refers::kYes);
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  const auto resolved = resolver.resolve(revisit).value();
  BOOST_TEST(resolved.head.headers.joined("Content-Encoding") == "gzip");
  BOOST_TEST(!resolved.head.headers.has("Transfer-Encoding"));
}

BOOST_AUTO_TEST_CASE(an_original_with_another_payload_is_not_believed) {
  Archive archive;
  const auto wrong = archive.add({.url = "http://a.example/",
                                  .time = "20200101000000",
                                  .head = kHtml,
                                  .body = "something else"});
  const auto right = archive.add(
      {.url = "http://c.example/", .time = "20190101000000", .head = kHtml, .body = "hello"});
  auto revisit =
      archive.add_revisit(right, "http://a.example/", "20210101000000", "", Archive::Refers::kNo);
  revisit.refers_to_uri = wrong.url;
  revisit.refers_to_time = wrong.time;
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  BOOST_TEST(body_of(resolver.resolve(revisit).value()) == "hello");
}

BOOST_AUTO_TEST_CASE(a_304_is_answered_by_the_200_before_it) {
  Archive archive;
  archive.add({.url = "http://a.example/", .time = "20200101000000", .head = kHtml, .body = "old"});
  archive.add(
      {.url = "http://a.example/", .time = "20200601000000", .head = kHtml, .body = "newer"});
  const std::string head = "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n";
  const auto first =
      archive.add({.url = "http://a.example/", .time = "20210101000000", .head = head});
  const auto second =
      archive.add({.url = "http://a.example/", .time = "20210201000000", .head = head});
  const auto alone =
      archive.add({.url = "http://a.example/alone", .time = "20210201000000", .head = head});
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  const auto resolved = resolver.resolve(second).value();
  BOOST_TEST(resolved.head.status == 200);
  BOOST_TEST(resolved.capture.time.text() == "20210201000000");
  BOOST_TEST(body_of(resolved) == "newer");
  BOOST_TEST(body_of(resolver.resolve(first).value()) == "newer");
  BOOST_TEST((resolver.resolve(alone).error().code == Error::Code::kNotFound));
}

BOOST_AUTO_TEST_CASE(revisits_in_a_circle_end) {
  Archive archive;
  const auto original = archive.add(
      {.url = "http://a.example/", .time = "20200101000000", .head = kHtml, .body = "hello"});
  cdx::Capture gone = original;
  gone.digest = "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  auto one =
      archive.add_revisit(gone, "http://b.example/1", "20210101000000", "", Archive::Refers::kYes);
  auto two =
      archive.add_revisit(gone, "http://b.example/2", "20210101000000", "", Archive::Refers::kYes);
  one.refers_to_uri = two.url;
  one.refers_to_time = two.time;
  two.refers_to_uri = one.url;
  two.refers_to_time = one.time;
  archive.file(one);
  archive.file(two);
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  BOOST_TEST(!resolver.resolve(one).has_value());
}

BOOST_AUTO_TEST_CASE(a_capture_in_a_missing_file_or_at_a_wrong_offset_is_an_error) {
  Archive archive;
  auto capture = archive.add(
      {.url = "http://a.example/", .time = "20200101000000", .head = kHtml, .body = "hello"});
  archive.finish();
  const resolve::Resolver resolver(archive.index(), archive.root());
  capture.offset += 3;
  BOOST_TEST(!resolver.resolve(capture).has_value());
  capture.file = "web/none.warc.gz";
  BOOST_TEST((resolver.resolve(capture).error().code == Error::Code::kNotFound));
}

const char* kOutside[] = {"",       "/etc/passwd", "../x.warc.gz", "web/../../x",
                          "web//x", "./x",         "web/.."};

BOOST_DATA_TEST_CASE(no_path_of_the_index_leads_out_of_the_warc_folder,
                     boost::unit_test::data::make(kOutside), path) {
  const auto refused = resolve::path_below("/data/warcs", path);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == Error::Code::kDenied));
}

BOOST_AUTO_TEST_CASE(paths_below_are_joined) {
  BOOST_TEST(resolve::path_below("/data/warcs", "web/2020/a.warc.gz").value() ==
             "/data/warcs/web/2020/a.warc.gz");
  BOOST_TEST(!resolve::path_below("/data/warcs", std::string_view("a\0b", 3)).has_value());
}

BOOST_AUTO_TEST_CASE(only_so_many_files_stay_open) {
  Archive archive;
  archive.finish();
  std::filesystem::copy_file(archive.root() / test::kWarcName, archive.root() / "other.warc.gz");
  const resolve::OpenFiles files(archive.root(), 1);
  const auto first = files.open(std::string(test::kWarcName)).value();
  BOOST_TEST((files.open(std::string(test::kWarcName)).value() == first));
  const auto other = files.open("other.warc.gz").value();
  BOOST_TEST((files.open("other.warc.gz").value() == other));
  BOOST_TEST((files.open(std::string(test::kWarcName)).value() != first));
}

BOOST_AUTO_TEST_SUITE_END()
