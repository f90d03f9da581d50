// What other tools wrote, exported so that no validator has anything to say: ARC, zstd, plain, segments, odd heads, records held twice.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <set>

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/wacz/wacz.h"
#include "core/warc/gzip_compressor.h"
#include "core/warc/reader.h"
#include "indexer/pipeline/index_warc.h"
#include "server/archive/export.h"
#include "server/archive/members.h"
#include "server/archive/served_exports.h"
#include "server/archive/wacz_source.h"
#include "tests/support/test_support.h"

namespace wm::archive {

namespace {

const std::string kHtml = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nheron";

std::string id(unsigned number) { return "<urn:uuid:00000000-0000-4000-8000-00000000000" + std::to_string(number) + ">"; }

std::string record(std::string_view type, std::string_view fields, std::string_view block, std::string_view version = "WARC/1.1") {
  return std::string(version) + "\r\nWARC-Type: " + std::string(type) + "\r\n" + std::string(fields) + "Content-Length: " + std::to_string(block.size()) + "\r\n\r\n" + std::string(block) + "\r\n\r\n";
}
std::string response(unsigned number, std::string_view uri, std::string_view more = {}, std::string_view version = "WARC/1.1") {
  return record("response", "WARC-Record-ID: " + id(number) + "\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: " + std::string(uri) + "\r\nContent-Type: application/http;msgtype=response\r\n" + std::string(more), kHtml, version);
}
std::string gzip(std::string_view bytes) {
  warc::GzipCompressor compressor(6);
  return std::string(compressor.compress(bytes).value());
}

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  std::filesystem::path warcs = dir.path() / "warcs";
  links::LinkStore links{*store, nullptr};
  cdx::CdxIndex cdx{*store};
  std::unique_ptr<search::SearchIndex> search = search::SearchIndex::open(dir.path() / "search").value();
  Holdings holdings{.cdx = cdx, .links = links, .search = *search, .warcs = warcs};
  Exporter exporter{holdings, dir.path() / "keys" / "wacz.pem", 2};

  void take(const std::string& name, std::string_view bytes) {
    std::filesystem::create_directories(warcs);
    BOOST_REQUIRE(replace_file(warcs / name, bytes));
    BOOST_REQUIRE(pipeline::index_warc(*store, warcs, name, {.collection = "c", .seed_url = ""}));
  }
  std::filesystem::path exported(Format format, const std::string& name) const {
    const auto source = exporter.open({.selection = OfCollection{"c"}, .format = format, .file_name = name}).value();
    return saved(*source, name);
  }
  std::filesystem::path saved(Source& source, const std::string& name) const {
    BOOST_REQUIRE(replace_file(dir.path() / name, read_all(source, 1 << 26).value()));
    return dir.path() / name;
  }
  static void lint(const char* tool, const char* options, const std::filesystem::path& file) {
    const auto script = test::shared_path(std::string("tools/") + tool);
    if (!script) return;
    const std::string command = "python3 " + script->string() + " --no-warn " + options + " " + file.string() + " >" + file.string() + ".lint 2>&1";
    const int status = std::system(command.c_str());
    BOOST_TEST(status == 0, test::read_text(file.string() + ".lint"));
  }
  struct Given {
    std::string id, uri, block, digest;
  };
  std::vector<Given> records(const std::filesystem::path& path) const {
    std::vector<Given> given;
    auto reader = warc::WarcReader::open(path).value();
    while (auto one = reader.next().value()) {
      if (one->type() != warc::RecordType::kWarcinfo) given.push_back({std::string(one->id()), one->target_uri(), read_all(one->block(), 1 << 24).value(), std::string(one->field("WARC-Payload-Digest").value_or(""))});
      BOOST_TEST(reader.finish_record().value().damage.empty());
    }
    return given;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(foreign_exports, Fixture)

BOOST_AUTO_TEST_CASE(odd_heads_are_mended_and_blocks_are_not) {
  std::string lf = response(1, "http://a.example/lf");
  for (std::size_t at = 0; at < lf.find("HTTP/1.1"); ++at) {
    if (lf[at] == '\r') lf.erase(at, 1);
  }
  take("lf.warc", lf);
  take("old.warc.gz", gzip(response(2, "<http://a.example/old and odd>", "WARC-Filename: x\r\n", "WARC/0.17")));
  take("none.warc", record("response", "WARC-Date: 2020-01-02\r\nWARC-Target-URI: http://a.example/none\r\n", kHtml));
  take("two.warc.gz", gzip(response(3, "http://a.example/first") + response(4, "http://a.example/second")));
  take("blank.warc.gz", gzip("\r\n\r\n" + response(5, "http://a.example/blank")));
  take("chunked.warc", record("response", "WARC-Record-ID: " + id(6) + "\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.example/chunked\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nheron\r\n0\r\n\r\n"));
  const auto file = exported(Format::kWarc, "x.warc.gz");
  lint("warc_lint.py", "", file);
  std::set<std::string> uris;
  for (const Given& one : records(file)) {
    uris.insert(one.uri);
    BOOST_TEST(one.block.ends_with(one.uri.ends_with("chunked") ? "0\r\n\r\n" : "heron"));
    BOOST_TEST(one.digest == sha1_digest("heron"));
  }
  // "second" cannot be read alone: it is not in the index either.
  BOOST_TEST(uris == (std::set<std::string>{"http://a.example/lf", "http://a.example/old%20and%20odd", "http://a.example/none", "http://a.example/first", "http://a.example/blank", "http://a.example/chunked"}),
             boost::test_tools::per_element());
  lint("wacz_lint.py", "--complete", exported(Format::kWacz, "x.wacz"));
}

BOOST_AUTO_TEST_CASE(a_sound_record_of_a_foreign_tool_is_handed_on_byte_for_byte) {
  const std::string member = gzip(response(1, "http://a.example/", "X-Tool: theirs\r\n", "WARC/1.0"));
  take("a.warc.gz", member);
  BOOST_TEST(test::read_text(exported(Format::kWarc, "x.warc.gz")).find(member) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(arc_and_zstd_come_out_as_warc) {
  const std::string page = "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>arc";
  take("a.arc", "filedesc://a.arc 0.0.0.0 20200101000000 text/plain 76\n1 0 Tool\nURL IP-address Archive-date Content-type Archive-length\n             \n\nhttp://arc.example/ 1.2.3.4 20200101000000 text/html " +
                    std::to_string(page.size()) + "\n" + page + "\n");
  std::size_t expected = 1;
  for (const char* name : {"zstd_dict_compressed.warc.zst", "zstd_multi_frame_record.warc.zst"}) {
    const auto zst = test::shared_path(std::string("corpus/warc-zoo/synthetic/") + name);
    if (!zst) continue;
    take(name, test::read_text(*zst));
    std::size_t captures = 0;
    BOOST_REQUIRE(cdx.for_each_in_file(name, [&](const cdx::Capture&) { return ++captures > 0; }));
    BOOST_TEST(captures > 0U, name);
    if (expected == 1) expected += captures;  // the other may have the same records
  }
  const auto file = exported(Format::kWarc, "x.warc.gz");
  lint("warc_lint.py", "", file);
  const auto given = records(file);
  BOOST_TEST(std::count_if(given.begin(), given.end(), [](const Given& one) { return one.uri == "http://arc.example/"; }) == 1);
  BOOST_TEST(given.size() >= expected);
  lint("wacz_lint.py", "--complete", exported(Format::kWacz, "x.wacz"));
}

BOOST_AUTO_TEST_CASE(a_record_in_segments_is_exported_whole_and_one_that_is_not_whole_says_so) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
  const auto part = [&](unsigned number, unsigned origin, std::string_view body, std::string_view more) {
    return record("continuation", "WARC-Record-ID: " + id(number) + "\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.example/\r\nWARC-Segment-Origin-ID: " + id(origin) + "\r\n" + std::string(more), body);
  };
  const auto first = [&](unsigned number, const char* uri) {
    return record("response", "WARC-Record-ID: " + id(number) + "\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: " + uri + "\r\nContent-Type: application/http;msgtype=response\r\nWARC-Segment-Number: 1\r\n", head + "one ");
  };
  take("a.warc", first(1, "http://a.example/"));
  take("b.warc", part(2, 1, "two", "WARC-Segment-Number: 2\r\nWARC-Segment-Total-Length: " + std::to_string(head.size() + 7) + "\r\n"));
  take("c.warc", first(3, "http://a.example/torn"));
  const auto file = exported(Format::kWarc, "x.warc.gz");
  lint("warc_lint.py", "", file);
  const auto given = records(file);
  BOOST_REQUIRE(given.size() == 2U);
  BOOST_TEST(given[0].block == head + "one two");
  BOOST_TEST(given[1].block == head + "one ");
  BOOST_TEST(test::read_text(warcs / "c.warc").find("WARC-Truncated") == std::string::npos);
  BOOST_TEST(given[1].digest == sha1_digest("one "));
}

BOOST_AUTO_TEST_CASE(a_record_that_two_files_hold_comes_once_and_another_of_its_id_gets_its_own) {
  const std::string member = gzip(response(1, "http://a.example/"));
  take("a.warc.gz", member);
  take("b.warc.gz", member);
  take("c.warc.gz", gzip(response(1, "http://a.example/other")));
  const auto file = exported(Format::kWarc, "x.warc.gz");
  lint("warc_lint.py", "--lenient", file);
  const auto given = records(file);
  BOOST_REQUIRE(given.size() == 2U);
  BOOST_TEST(given[0].id == id(1));
  BOOST_TEST(given[1].uri == "http://a.example/other");
  BOOST_TEST(given[1].id != id(1));
}

BOOST_AUTO_TEST_CASE(requests_of_plain_records_come_along) {
  const std::string request = record("request", "WARC-Record-ID: " + id(2) + "\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.example/\r\nWARC-Concurrent-To: " + id(1) + "\r\nContent-Type: application/http;msgtype=request\r\n",
                                     "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
  take("a.warc", response(1, "http://a.example/") + request + response(3, "http://a.example/b"));
  const auto file = exported(Format::kWarc, "x.warc.gz");
  lint("warc_lint.py", "", file);
  const auto given = records(file);
  BOOST_REQUIRE(given.size() == 3U);
  BOOST_TEST(given[1].id == id(2));
}

BOOST_AUTO_TEST_CASE(a_large_wacz_is_rolled_over_and_its_index_is_in_blocks) {
  constexpr std::size_t kPages = 1200;  // three blocks
  std::string all;
  for (std::size_t i = 0; i < kPages; ++i) {
    const std::string uri = "http://a.example/Page/" + std::to_string(i * 7919 % kPages) + "/";
    all += gzip(record("response", "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + i) + ">\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: " + uri + "\r\nContent-Type: application/http;msgtype=response\r\n", kHtml));
  }
  take("a.warc.gz", all);
  Members members(holdings, Plan::make(holdings, OfCollection{"c"}).value());
  const auto source = wacz_source(holdings, std::move(members), {.title = "T", .created = now_micros(), .signing_key = "", .warc_bytes = 50'000, .zipnum_above = 1000});
  const auto path = saved(*source, "x.wacz");
  lint("wacz_lint.py", "--complete", path);
  auto reader = wacz::WaczReader::open(ReadFile::open(path).value()).value();
  BOOST_TEST(reader.members().size() > 2U);
  std::set<std::string> entries;
  auto zip = wacz::ZipReader::open(ReadFile::open(path).value()).value();
  for (const auto& entry : zip.entries()) {
    entries.insert(entry.name);
    if (entry.name == "indexes/index.idx") {
      const auto idx = zip.read(entry).value();
      const std::string text = read_all(*idx, 1 << 20).value();
      BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 4);
      BOOST_TEST(text.find("\ncom") == std::string::npos);
      BOOST_TEST(text.find("\nexample,a)/page/") != std::string::npos);  // of warcio.js' flavour: slashes at the end stay
    }
  }
  BOOST_TEST(entries.contains("indexes/index.cdx.gz"));
  BOOST_TEST(entries.contains("indexes/index.idx"));
  BOOST_TEST(!entries.contains("indexes/index.cdxj"));
}

BOOST_AUTO_TEST_CASE(served_exports_are_whole_or_not_there_and_go_when_they_are_old) {
  ServedExports served(dir.path() / "exports", std::chrono::seconds(3600));
  StringSource source("bytes");
  const auto one = served.keep(source, "a.wacz", {}, [](std::uint64_t) {}).value();
  BOOST_TEST(one.bytes == 5U);
  BOOST_TEST(one.id.size() == 32U);
  BOOST_TEST(test::read_text(served.folder() / one.id / "a.wacz") == "bytes");
  std::stop_source stopped;
  stopped.request_stop();
  StringSource more("bytes");
  BOOST_TEST((served.keep(more, "b.wacz", stopped.get_token(), [](std::uint64_t) {}).error().code == Error::Code::kBusy));
  BOOST_TEST(served.list().size() == 1U);
  for (const char* bad : {"", "..", "../..", "zz"}) BOOST_TEST((served.remove(bad).error().code == Error::Code::kNotFound), bad);
  std::filesystem::last_write_time(served.folder() / one.id / "a.wacz", std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  StringSource third("x");
  const auto fresh = served.keep(third, "c.wacz", {}, [](std::uint64_t) {}).value();
  BOOST_REQUIRE(served.list().size() == 1U);
  BOOST_TEST(served.list()[0].id == fresh.id);
  BOOST_TEST(served.remove(fresh.id).has_value());
  BOOST_TEST(served.list().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::archive
