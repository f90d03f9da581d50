#include "server/archive/export.h"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/wacz/wacz.h"
#include "core/warc/reader.h"
#include "core/warc/writer.h"
#include "indexer/pipeline/index_warc.h"
#include "tests/support/test_support.h"

namespace wm::archive {

namespace {

using nlohmann::json;

/// Two snapshots of one link, the second with a picture that is a revisit of the first's; and an imported plain WARC in another collection.
struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  std::filesystem::path warcs = dir.path() / "warcs";
  links::LinkStore links{*store, nullptr};
  cdx::CdxIndex cdx{*store};
  std::unique_ptr<search::SearchWriter> search_writer = search::SearchWriter::open(dir.path() / "search").value();
  std::unique_ptr<search::SearchIndex> search = search::SearchIndex::open(dir.path() / "search").value();
  Exporter exporter{{.cdx = cdx, .links = links, .search = *search, .warcs = warcs}, dir.path() / "keys" / "wacz.pem"};
  std::uint64_t link = 0;

  static SysMicros at(std::string_view time14) { return SysMicros(Time14::parse(time14)->time()); }

  static void write(warc::WarcWriter& writer, const std::string& url, SysMicros date, const std::string& type, const std::string& body) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    const warc::Event event{.target_uri = url, .date = date};
    const auto response = warc::response(event, sha1_digest(body));
    BOOST_REQUIRE(writer.write(response, {head, body}));
    BOOST_REQUIRE(writer.write(warc::request(event, response.id), {"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"}));
  }

  static void write_revisit(warc::WarcWriter& writer, const std::string& url, SysMicros date, SysMicros original, const std::string& body) {
    const warc::Event event{.target_uri = url, .date = date};
    BOOST_REQUIRE(writer.write(warc::revisit_identical(event, sha1_digest(body), {.target_uri = url, .date = original}), {"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"}));
  }

  void take_up(const std::string& file, const std::string& collection, std::string_view time, std::uint64_t link_id) {
    BOOST_REQUIRE(pipeline::index_warc(*store, warcs, file, {.collection = collection, .link_id = link_id, .seed_url = link_id != 0 ? "http://example.org/" : ""}));
    if (link_id == 0) return;
    links::Snapshot snapshot;
    snapshot.link_id = link_id;
    snapshot.time = *Time14::parse(time);
    snapshot.url = "http://example.org/";
    snapshot.warc = file;
    BOOST_REQUIRE(links.add_snapshot(snapshot, {.title = "Herons", .description = ""}));
  }

  Fixture() {
    link = links.add({.url = "http://example.org/", .title = "", .notes = "", .tags = {"birds", "读书"}, .engine = "auto"}).value().link.id;
    auto first = warc::WarcWriter::create(warcs / "web/1.warc.gz", at("20260101000000")).value();
    write(*first, "http://example.org/", at("20260101000000"), "text/html", "<title>Old</title><p>grey heron");
    write(*first, "http://example.org/a.png", at("20260101000001"), "image/png", "picture");
    BOOST_REQUIRE(first->finish());
    auto second = warc::WarcWriter::create(warcs / "web/2.warc.gz", at("20260201000000")).value();
    write(*second, "http://example.org/", at("20260201000000"), "text/html", "<title>New</title><p>white heron");
    write_revisit(*second, "http://example.org/a.png", at("20260201000001"), at("20260101000001"), "picture");
    BOOST_REQUIRE(second->finish());
    const std::string block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Plain</title>", plain =
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:11111111-1111-4111-8111-111111111111>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
        "WARC-Target-URI: http://plain.example/\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
    BOOST_REQUIRE(create_file(warcs / "old/3.warc").value()->append(plain));
    take_up("web/1.warc.gz", "web", "20260101000000", link);
    take_up("web/2.warc.gz", "web", "20260201000000", link);
    take_up("old/3.warc", "old", "", 0);
  }

  std::string exported(Selection selection, Format format, ExportRequest::Sign sign = ExportRequest::Sign::kNo) const {
    const auto source = exporter.open({.selection = std::move(selection), .format = format, .file_name = "x.warc.gz", .title = "T", .sign = sign}).value();
    return read_all(*source, 1 << 24).value();
  }

  std::filesystem::path saved(std::string_view bytes) const {
    BOOST_REQUIRE(replace_file(dir.path() / "out", bytes));
    return dir.path() / "out";
  }

  std::vector<std::string> records_of(const std::filesystem::path& path) const {
    std::vector<std::string> records;
    auto reader = warc::WarcReader::open(path).value();
    while (auto record = reader.next().value()) {
      records.push_back(std::string(warc::name_of(record->type())) + " " + record->target_uri());
      BOOST_TEST(record->own_member);
      BOOST_TEST(reader.finish_record().value().damage.empty());
    }
    BOOST_TEST(reader.take_damage().empty());
    return records;
  }
};

std::vector<std::string_view> lines_of(std::string_view text) {
  auto lines = split(text, '\n');
  BOOST_TEST(lines.back().empty());
  lines.pop_back();
  return lines;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exports, Fixture)

BOOST_AUTO_TEST_CASE(a_warc_of_a_link_holds_each_record_once_as_it_was_behind_a_warcinfo_of_its_own) {
  const std::string warc = exported(OfLink{link}, Format::kWarc);
  const std::vector<std::string> expected = {"warcinfo ", "response http://example.org/", "request http://example.org/", "response http://example.org/a.png", "request http://example.org/a.png",
                                             "response http://example.org/", "request http://example.org/", "revisit http://example.org/a.png"};
  BOOST_TEST(records_of(saved(warc)) == expected, boost::test_tools::per_element());
  // Byte for byte: all of the first file but its warcinfo lies in it.
  const std::string original = test::read_text(warcs / "web/1.warc.gz");
  const auto first = cdx.first("web", "org,example)/").value().value();
  BOOST_TEST(warc.find(original.substr(first.offset)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(revisits_bring_their_originals_though_those_were_not_asked_for) {
  links::LinkStore other(*store, nullptr);
  const auto second = other.add({.url = "http://other.example/", .title = "", .notes = "", .tags = {}, .engine = "auto"}).value().link;
  auto writer = warc::WarcWriter::create(warcs / "web/4.warc.gz", at("20260301000000")).value();
  write_revisit(*writer, "http://example.org/a.png", at("20260301000000"), at("20260101000001"), "picture");
  BOOST_REQUIRE(writer->finish());
  take_up("web/4.warc.gz", "web", "20260301000000", second.id);
  const std::vector<std::string> expected = {"warcinfo ", "response http://example.org/a.png", "request http://example.org/a.png", "revisit http://example.org/a.png"};
  BOOST_TEST(records_of(saved(exported(OfLink{second.id}, Format::kWarc))) == expected, boost::test_tools::per_element());
  BOOST_TEST(lines_of(exported(OfLink{second.id}, Format::kCdxj)).size() == 1u, "but the index lists what was asked for");
}

BOOST_AUTO_TEST_CASE(a_plain_warc_becomes_members) {
  const auto records = records_of(saved(exported(OfCollection{"old"}, Format::kWarc)));
  BOOST_TEST(records == (std::vector<std::string>{"warcinfo ", "response http://plain.example/"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lines_are_sorted_and_say_where_records_lie) {
  const std::string cdxj = exported(OfCollection{"web"}, Format::kCdxj), cdx11 = exported(OfCollection{"web"}, Format::kCdx11);
  const auto lines = lines_of(cdxj);
  BOOST_TEST(lines.size() == 4u);
  BOOST_TEST(std::is_sorted(lines.begin(), lines.end()));
  for (const auto line : lines) {
    const auto capture = cdx::from_cdxj(line).value();
    BOOST_TEST(cdx.at(capture.file, capture.offset).value().has_value());
  }
  BOOST_TEST(lines_of(cdx11).front() == " CDX N b a m s k r M S V g");
  BOOST_TEST(lines_of(cdx11).size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_wacz_is_whole_and_lists_the_pages_with_text_and_tags) {
  const auto path = saved(exported(OfLink{link}, Format::kWacz, ExportRequest::Sign::kYes));
  auto reader = wacz::WaczReader::open(ReadFile::open(path).value()).value();
  BOOST_TEST(reader.package().version == "1.1.1");
  BOOST_TEST(reader.members().size() == 1u);
  std::vector<wacz::Page> pages;
  BOOST_REQUIRE(reader.for_each_page([&](const wacz::Page& page) {
    pages.push_back(page);
    return true;
  }));
  BOOST_REQUIRE(reader.check_lists());
  std::string warc;
  BOOST_REQUIRE(reader.extract(reader.members()[0], [&](std::string_view piece) -> Result<> {
    warc += piece;
    return {};
  }));
  for (const auto& complaint : reader.take_complaints()) BOOST_ERROR(complaint.member + ": " + complaint.reason);
  BOOST_REQUIRE(pages.size() == 2u);
  BOOST_TEST(pages[0].url == "http://example.org/");
  BOOST_TEST((pages[0].time == at("20260101000000")));
  BOOST_TEST(pages[0].title == "Herons");
  BOOST_TEST(pages[0].text.find("grey heron") != std::string::npos);
  BOOST_TEST(pages[1].text.find("white heron") != std::string::npos);
  BOOST_TEST(records_of(saved(warc)).size() == 8u);
}

BOOST_AUTO_TEST_CASE(a_record_that_cannot_be_read_does_not_end_the_export) {
  std::string bytes = test::read_text(warcs / "web/1.warc.gz");
  const auto page = cdx.first("web", "org,example)/").value().value();
  bytes[page.offset] = 'x';
  BOOST_REQUIRE(replace_file(warcs / "web/1.warc.gz", bytes));
  BOOST_TEST(records_of(saved(exported(OfLink{link}, Format::kWarc))).size() == 6u);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_exported) {
  for (const Selection& selection : {Selection(OfLink{99}), Selection(OfCollection{"none"}), Selection(OfQuery{"flamingo"})}) {
    const auto source = exporter.open({.selection = selection, .format = Format::kWarc});
    BOOST_REQUIRE(!source);
    BOOST_TEST((source.error().code == Error::Code::kNotFound));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::archive
