#include "indexer/pipeline/index_warc.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/indexer/pipeline/pipeline_test_support.h"

using namespace wm;
using test::Archive;
using test::must;
using test::WarcBuilder;

namespace {

std::string times14(int i) {
  return Time14(Time14::parse("20200101000000")->time() + std::chrono::seconds(i)).text();
}

/// A file with some of everything.
void write_site(const std::filesystem::path& path) {
  WarcBuilder warc(path);
  const auto first = warc.html("http://example.com/", "20200102030405",
                               "<title>Home</title><p>welcome words</p><iframe src=frame>");
  warc.request("http://example.com/", "20200102030405", first,
               "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
  warc.html("http://example.com/frame", "20200102030406", "<p>frame words");
  warc.response("http://example.com/old", "20200102030406",
                "HTTP/1.1 301 Moved\r\nLocation: new?x=1#f\r\nContent-Type: text/html", "moved");
  warc.response("http://example.com/a.png", "20200102030407",
                "HTTP/1.1 200 OK\r\nContent-Type: image/png", "\x89PNG");
  warc.response("http://example.com/none", "20200102030407",
                "HTTP/1.1 404 Not Found\r\nContent-Type: text/html", "nothing here");
  warc.revisit("http://example.com/again", "20210102030405", "<p>frame words",
               "http://example.com/frame", "20200102030406");
  warc.resource("file:///x.txt", "20200102030408", "text/plain; charset=utf-8", "a plain resource");
  warc.metadata("http://example.com/", "20200102030405", "application/warc-fields", "via: x\r\n");
  warc.metadata("urn:pageinfo:x", "20200102030405", "application/json", "{}");
  warc.finish();
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_kind_of_capture_is_filed_with_what_its_record_says) {
  Archive t;
  write_site(t.warcs / "web/a.warc.gz");
  const auto report = t.index_file("web/a.warc.gz");
  BOOST_TEST(report.records == 11u);  // the warcinfo too
  BOOST_TEST(report.captures == 8u);
  BOOST_TEST(report.skipped == 3u);
  BOOST_TEST(report.damage_count == 0u);
  BOOST_TEST(report.new_captures_offsets.size() == 8u);
  const auto home = t.index.first("web", "com,example)/").value().value();
  BOOST_TEST(home.url == "http://example.com/");
  BOOST_TEST(home.mime == "text/html");
  BOOST_TEST(home.status.value() == 200);
  BOOST_TEST(home.time.text() == "20200102030405");
  BOOST_TEST(home.digest ==
             sha1_digest("<title>Home</title><p>welcome words</p><iframe src=frame>"));
  BOOST_TEST(home.file == "web/a.warc.gz");
  BOOST_TEST(home.offset > 0u);
  BOOST_TEST(home.length > 100u);
  BOOST_TEST(!home.method.has_value());
  BOOST_TEST(t.index.first("web", "com,example)/old").value()->redirect.value() ==
             "http://example.com/new?x=1#f");
  const auto again = t.index.first("web", "com,example)/again").value().value();
  BOOST_TEST(again.mime == "warc/revisit");
  BOOST_TEST(again.refers_to_uri.value() == "http://example.com/frame");
  BOOST_TEST(again.refers_to_time.value().text() == "20200102030406");
  BOOST_TEST(again.digest == sha1_digest("<p>frame words"));
  BOOST_TEST(t.index.by_digest("web", again.digest).value()->url == "http://example.com/frame");
  const auto all = t.captures("web/a.warc.gz");
  BOOST_REQUIRE(all.size() == 8u);
  for (std::size_t i = 1; i < all.size(); ++i)
    BOOST_TEST(all[i - 1].offset + all[i - 1].length <= all[i].offset);
  BOOST_TEST(all[6].mime == "text/plain");
  BOOST_TEST(!all[6].status.has_value());
  BOOST_TEST(all[7].url == "urn:pageinfo:x");
}

BOOST_AUTO_TEST_CASE(indexing_twice_changes_nothing) {
  Archive t;
  write_site(t.warcs / "a.warc.gz");
  t.index_file("a.warc.gz");
  const std::string once = t.everything();
  const auto again = t.index_file("a.warc.gz");
  BOOST_TEST(again.captures == 0u);
  BOOST_TEST(again.new_captures_offsets.empty());
  BOOST_TEST(t.everything() == once);
}

BOOST_AUTO_TEST_CASE(another_file_of_the_same_name_replaces_what_the_first_had_at_its_places) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/one", "2020", "x");
    warc.finish();
  }
  t.index_file("a.warc.gz");
  std::filesystem::remove(t.warcs / "a.warc.gz");
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/two", "2020", "x");
    warc.finish();
  }
  t.index_file("a.warc.gz");
  BOOST_TEST(!t.index.first("web", "com,example)/one").value().has_value());
  BOOST_TEST(t.index.first("web", "com,example)/two").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_request_that_is_no_get_tells_captures_of_one_url_apart) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    const auto post =
        "POST /f HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
        "3\r\n\r\n";
    const auto one = warc.html("http://example.com/f", "2020", "one");
    warc.request("http://example.com/f", "2020", one, std::string(post) + "a=1");
    const auto two = warc.html("http://example.com/f", "2021", "two");
    warc.request("http://example.com/f", "2021", two, std::string(post) + "a=2");
    const auto get = warc.html("http://example.com/f", "2022", "three");
    warc.request("http://example.com/f", "2022", get, "GET /f HTTP/1.1\r\n\r\n");
    // Before its response, without a word about it, as some writers do.
    warc.request("http://example.com/g", "2023", "", "PUT /g HTTP/1.1\r\n\r\n");
    warc.html("http://example.com/g", "2023", "four");
    // Of another exchange.
    warc.request("http://example.com/other", "2023", "<urn:uuid:1>",
                 "POST /other HTTP/1.1\r\n\r\n");
    warc.html("http://example.com/h", "2023", "five");
    warc.finish();
  }
  t.index_file("a.warc.gz");
  BOOST_TEST(t.index.first("web", "com,example)/f?__wb_method=post&a=1").value()->method.value() ==
             "POST");
  BOOST_TEST(t.index.first("web", "com,example)/f?__wb_method=post&a=1").value()->url ==
             "http://example.com/f");
  BOOST_TEST(t.index.first("web", "com,example)/f?__wb_method=post&a=2").value()->time.text() ==
             "20210101000000");
  BOOST_TEST(t.index.last("web", "com,example)/f").value()->time.text() == "20220101000000");
  BOOST_TEST(t.index.first("web", "com,example)/g?__wb_method=put").value().has_value());
  BOOST_TEST(!t.index.first("web", "com,example)/h").value()->method.has_value());
}

BOOST_AUTO_TEST_CASE(a_stopped_import_goes_on_where_it_was_and_ends_the_same) {
  std::string whole;
  const auto write = [](const std::filesystem::path& path) {
    WarcBuilder warc(path);
    for (int i = 0; i < 60; ++i) {
      const std::string url = "http://example.com/" + std::to_string(i);
      const auto id = warc.html(url, times14(i), "page " + std::to_string(i));
      warc.request(url, times14(i), id,
                   i % 3 == 0 ? "POST / HTTP/1.1\r\n\r\nx" : "GET / HTTP/1.1\r\n\r\n");
    }
    warc.finish();
  };
  Archive expected;
  write(expected.warcs / "a.warc.gz");
  expected.index_file("a.warc.gz");
  for (const int stop_after : {1, 2, 7, 30, 119}) {
    Archive t;
    std::filesystem::create_directories(t.warcs);
    std::filesystem::copy_file(expected.warcs / "a.warc.gz", t.warcs / "a.warc.gz");
    int runs = 0;
    for (bool done = false; !done; ++runs) {
      // Stopped after some records more each time: the stop is asked for while the reader reports
      // its place.
      std::stop_source stop;
      int left = stop_after * (runs + 1);  // what was done before is passed over, record by record
      const auto report = pipeline::index_warc(*t.store, t.warcs, "a.warc.gz",
                                               {.seed_url = {}, .progress_bytes = 0},
                                               stop.get_token(), [&](std::uint64_t, std::uint64_t) {
                                                 if (--left == 0) stop.request_stop();
                                               });
      BOOST_REQUIRE(report.has_value());
      done = !stop.stop_requested();
      BOOST_REQUIRE(runs < 200);
    }
    BOOST_TEST((t.captures("a.warc.gz") == expected.captures("a.warc.gz")));
    BOOST_TEST(runs > 1);
    BOOST_TEST(t.outbox() == expected.outbox());
  }
}

BOOST_AUTO_TEST_CASE(bad_records_are_told_with_their_place_and_end_nothing) {
  Archive t;
  std::filesystem::create_directories(t.warcs);
  std::ofstream out(t.warcs / "a.warc", std::ios::binary);
  const auto record = [&](const std::string& fields, const std::string& block) {
    out << "WARC/1.0\r\n"
        << fields << "Content-Length: " << block.size() << "\r\n\r\n"
        << block << "\r\n\r\n";
  };
  const std::string http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx";
  record(
      "WARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\nWARC-Date: "
      "2020-01-01T00:00:00Z\r\nContent-Type: application/http\r\n",
      http);
  record(
      "WARC-Type: response\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: "
      "application/http\r\n",
      http);
  record(
      "WARC-Type: response\r\nWARC-Target-URI: http://a.example/2\r\nWARC-Date: "
      "yesterday\r\nContent-Type: application/http\r\n",
      http);
  record(
      "WARC-Type: response\r\nWARC-Target-URI: http://a.example/3\r\nWARC-Date: "
      "2020-01-01T00:00:00Z\r\nContent-Type: application/http\r\n",
      "no http at all");
  record(
      "WARC-Type: nonsense\r\nWARC-Target-URI: http://a.example/4\r\nWARC-Date: "
      "2020-01-01T00:00:00Z\r\n",
      "");
  out << "junk that is no record\r\n\r\n";
  record(
      "WARC-Type: response\r\nWARC-Target-URI: <http://a.example/5>\r\nWARC-Date: "
      "2020-01-01T00:00:00Z\r\nContent-Type: application/http\r\n",
      http);
  out.close();
  const auto report = t.index_file("a.warc");
  BOOST_TEST(report.captures == 3u);
  BOOST_TEST(report.damage_count >= 3u);
  BOOST_TEST(report.damage.size() == report.damage_count);
  BOOST_TEST(t.index.first("web", "example,a)/5").value().has_value());
  const auto odd = t.index.first("web", "example,a)/3").value().value();
  BOOST_TEST(!odd.status.has_value());
  BOOST_TEST(odd.digest == sha1_digest("no http at all"));
  BOOST_TEST(t.index.first("web", "example,a)/1").value()->digest == sha1_digest("x"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_an_error_and_leaves_nothing) {
  Archive t;
  const auto report = pipeline::index_warc(*t.store, t.warcs, "none.warc.gz", {});
  BOOST_TEST((report.error().code == Error::Code::kNotFound));
  BOOST_TEST(t.outbox() == 0u);
}

BOOST_AUTO_TEST_CASE(every_archive_of_the_zoo_is_got_over) {
  const auto root = test::shared_path("corpus/warc-zoo");
  if (!root) return;
  Archive t;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*root)) {
    const std::string name = entry.path().filename().string();
    const bool archive = name.find(".warc") != name.npos || name.find(".arc") != name.npos;
    if (!entry.is_regular_file() || !archive || name.find(".cdx") != name.npos ||
        entry.file_size() > 2 << 20)
      continue;
    const auto report = pipeline::index_warc(
        *t.store, *root, std::filesystem::relative(entry.path(), *root).string(), {});
    BOOST_TEST_CONTEXT(name) BOOST_TEST(report.has_value());
    ++files;
  }
  BOOST_TEST(files > 150u);
  const auto count = t.outbox();
  BOOST_TEST(count > 50u);
  std::uint64_t done = 0;
  while (const auto some = must(pipeline::drain_outbox(*t.store, *t.writer, *root, t.links, 200)))
    done += some;
  BOOST_TEST(done == count);
  BOOST_TEST(t.outbox() == 0u);
}
