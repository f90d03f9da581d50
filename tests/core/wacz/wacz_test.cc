#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/base/digest.h"
#include "core/wacz/wacz.h"
#include "tests/core/wacz/zip_builder.h"

using namespace wm;
using test::ZipBuilder;
using wacz::WaczReader;
using Method = ZipBuilder::Method;

namespace {

const std::string kWarc = "WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n";

std::string package(std::string_view path = "archive/data.warc", std::string_view content = kWarc) {
  return R"({"profile":"data-package","wacz_version":"1.1.1","title":"T","software":"S","resources":[{"path":")" + std::string(path) + R"(","hash":"sha256:)" + sha256_hex(content) + R"("}]})";
}

ZipBuilder good() { return ZipBuilder().add("datapackage.json", package()).add("archive/data.warc", kWarc); }

std::string all_of(WaczReader& reader, std::size_t member) {
  std::string bytes;
  BOOST_REQUIRE(reader.extract(reader.members().at(member), [&bytes](std::string_view piece) -> Result<> {
    bytes += piece;
    return {};
  }).has_value());
  return bytes;
}

/// "member: reason" lines.
std::string complaints(WaczReader& reader) {
  std::string text;
  for (const auto& one : reader.take_complaints()) text += one.member + ": " + one.reason + "\n";
  return text;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(wacz_reader)

BOOST_AUTO_TEST_CASE(a_good_one_gives_its_warc_and_no_complaint) {
  const std::string bytes = good().finish();
  auto reader = WaczReader::open(test::as_file(bytes)).value();
  BOOST_REQUIRE_EQUAL(reader.members().size(), 1);
  const auto& member = reader.members()[0];
  BOOST_TEST(member.path == "archive/data.warc");
  BOOST_TEST(member.name == "data.warc");
  BOOST_TEST(bytes.substr(member.offset.value(), member.size) == kWarc);
  BOOST_TEST(all_of(reader, 0) == kWarc);
  BOOST_TEST(reader.package().title == "T");
  BOOST_TEST(reader.package().version == "1.1.1");
  BOOST_TEST(complaints(reader) == "");
}

BOOST_AUTO_TEST_CASE(a_deflated_warc_is_read_and_complained_of) {
  auto reader = WaczReader::open(test::as_file(ZipBuilder().add("datapackage.json", package()).add("archive/data.warc", kWarc, Method::kDeflated).finish())).value();
  BOOST_TEST(!reader.members()[0].offset);
  BOOST_TEST(all_of(reader, 0) == kWarc);
  BOOST_TEST(has(complaints(reader), "compressed within the zip"));
}

const struct Path {
  const char* path;
  bool safe;
} kPaths[] = {{"archive/a.warc", true}, {"a", true}, {"a..b/..c", true}, {"", false}, {"/etc/x", false}, {"..", false}, {"../x", false}, {"archive/../../x", false},
              {"archive/..", false}, {"a\\..\\b", false}, {"C:/x", false}, {"c:x", false}, {"a\nb", false}, {"a\x7f", false}, {"./a", true}, {"archive//a", true}};
std::ostream& operator<<(std::ostream& out, const Path& row) { return out << row.path; }
BOOST_DATA_TEST_CASE(paths_that_lead_out_are_not_safe, boost::unit_test::data::make(kPaths), row) { BOOST_TEST(wacz::is_safe_path(row.path) == row.safe); }

BOOST_AUTO_TEST_CASE(unsafe_and_second_entries_are_left_out_with_a_word) {
  auto reader = WaczReader::open(test::as_file(good()
                                                   .add("archive/../../evil.warc", kWarc)
                                                   .add("/etc/evil.warc", kWarc)
                                                   .add("archive\\evil.warc", kWarc)
                                                   .add("archive/data.warc", "another")
                                                   .add("archive/readme.txt", "no WARC")
                                                   .finish()))
                    .value();
  BOOST_TEST(reader.members().size() == 1);
  BOOST_TEST(all_of(reader, 0) == kWarc);
  const std::string told = complaints(reader);
  for (const char* part : {"archive/../../evil.warc: left out", "/etc/evil.warc: left out", "archive\\evil.warc: left out", "a second file of this name", "archive/readme.txt: left out: no WARC"}) {
    BOOST_TEST(has(told, part), part);
  }
}

BOOST_AUTO_TEST_CASE(names_of_members_are_file_names_and_differ) {
  ZipBuilder builder = good();
  for (const char* name : {"archive/x/data.warc", "archive/DATA.warc", "archive/\xe5\x9b\xbe 1.warc.gz", "archive/.warc", "archive/a;rm -rf.warc"}) builder.add(name, kWarc);
  const auto reader = WaczReader::open(test::as_file(builder.finish())).value();
  std::vector<std::string> names;
  for (const auto& member : reader.members()) names.push_back(member.name);
  BOOST_TEST(names == (std::vector<std::string>{"data.warc", "2-data.warc", "3-DATA.warc", "____1.warc.gz", "_warc", "a_rm_-rf.warc"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_wrong_hash_is_a_complaint_and_no_loss) {
  auto reader = WaczReader::open(test::as_file(ZipBuilder().add("datapackage.json", package("archive/data.warc", "other")).add("archive/data.warc", kWarc).finish())).value();
  BOOST_TEST(all_of(reader, 0) == kWarc);
  BOOST_TEST(has(complaints(reader), "its hash is not the one in datapackage.json"));
}

BOOST_AUTO_TEST_CASE(a_damaged_member_is_given_as_far_as_it_goes) {
  auto reader = WaczReader::open(test::as_file(ZipBuilder().add("datapackage.json", package()).add("archive/data.warc", kWarc).lie({.size = kWarc.size(), .crc32 = 5}).finish())).value();
  BOOST_TEST(all_of(reader, 0) == kWarc);
  BOOST_TEST(has(complaints(reader), "CRC"));
}

BOOST_AUTO_TEST_CASE(what_is_no_wacz_is_refused_with_the_reason) {
  const struct {
    std::string bytes;
    const char* reason;
  } rows[] = {{ZipBuilder().add("archive/data.warc", kWarc).finish(), "without datapackage.json"},
              {ZipBuilder().add("datapackage.json", package()).finish(), "without any WARC"},
              {ZipBuilder().add("datapackage.json", package()).add("data.warc", kWarc).finish(), "without any WARC"},
              {"not a zip at all", "no zip"}};
  for (const auto& row : rows) {
    const auto reader = WaczReader::open(test::as_file(row.bytes));
    BOOST_REQUIRE(!reader);
    BOOST_TEST(has(reader.error().what, row.reason), reader.error().what);
  }
}

BOOST_AUTO_TEST_CASE(a_broken_package_file_is_a_complaint) {
  auto reader = WaczReader::open(test::as_file(ZipBuilder().add("datapackage.json", "{{{").add("archive/data.warc", kWarc).finish())).value();
  BOOST_TEST(has(complaints(reader), "datapackage.json: datapackage.json is no JSON object"));
  BOOST_TEST(all_of(reader, 0) == kWarc);
}

BOOST_AUTO_TEST_CASE(a_digest_file_that_does_not_fit_is_a_complaint) {
  const std::string right = R"({"path":"datapackage.json","hash":"sha256:)" + sha256_hex(package()) + "\"";
  const struct {
    std::string text;
    const char* reason;
  } rows[] = {{right + "}", ""},
              {R"({"hash":"sha256:00"})", "has not the hash"},
              {"[]", "no JSON object"},
              {right + R"(,"signedData":{"hash":"sha256:00"}})", "signature is of another"},
              {right + R"(,"signedData":{"created":"2020-01-01T00:00:00Z","hash":"sha256:)" + sha256_hex(package()) + "\"}}", "another date"}};
  for (const auto& row : rows) {
    auto reader = WaczReader::open(test::as_file(good().add("datapackage-digest.json", row.text).finish())).value();
    const std::string told = complaints(reader);
    BOOST_TEST((*row.reason == '\0' ? told.empty() : has(told, row.reason)), row.text + " gave " + told);
  }
}

BOOST_AUTO_TEST_CASE(pages_come_once_each_with_what_is_known_of_them) {
  const std::string pages =
      "{\"format\":\"json-pages-1.0\",\"id\":\"pages\"}\n"
      "{\"url\":\"http://a.example/\",\"ts\":\"2024-02-03T04:05:06Z\",\"title\":\"A\",\"text\":\"words\"}\r\n"
      "{\"url\":\"http://a.example/\",\"ts\":\"2024-02-03T04:05:06Z\"}\n"
      "nonsense\n\n{\"title\":\"no url\"}\n{\"url\":5}\n"
      "{\"url\":\"http://b.example/\",\"ts\":1706933106000}";
  const std::string more = "{\"url\":\"http://c.example/\",\"ts\":\"20240203040506\"}\n" + std::string(2000, 'x') + "\n{\"url\":\"http://d.example/\"}";
  wacz::WaczLimits limits;
  limits.page_line_bytes = 1000;
  auto reader = WaczReader::open(test::as_file(good().add("pages/pages.jsonl", pages, Method::kDeflated).add("pages/extraPages.jsonl", more).finish()), limits).value();
  std::vector<wacz::Page> got;
  BOOST_REQUIRE(reader.for_each_page([&got](const wacz::Page& page) {
    got.push_back(page);
    return true;
  }).has_value());
  BOOST_REQUIRE_EQUAL(got.size(), 4);
  const auto at = SysMicros(std::chrono::seconds(1706933106));
  BOOST_TEST(got[0].url == "http://a.example/");
  BOOST_TEST(got[0].title == "A");
  BOOST_TEST(got[0].text == "words");
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((got[i].time == at), i);
  BOOST_TEST(!got[3].time);
  BOOST_TEST(has(complaints(reader), "1 lines are too long"));

  std::size_t taken = 0;
  BOOST_REQUIRE(reader.for_each_page([&taken](const wacz::Page&) { return ++taken < 2; }).has_value());
  BOOST_TEST(taken == 2);
}

BOOST_AUTO_TEST_CASE(a_bad_index_is_complained_of_and_not_used) {
  const struct {
    const char* index;
    const char* reason;
  } rows[] = {{"a 1 {\"offset\":\"0\",\"length\":\"10\",\"filename\":\"data.warc.gz\"}\n", ""},
              {"b 1 {\"offset\":0,\"length\":10,\"filename\":\"data.warc.gz\"}\na 1 {}\n", "1 lines of the index are out of order"},
              {"a 1 {\"offset\":3,\"length\":5,\"filename\":\"data.warc.gz\"}\n", "no record begins"},
              {"a 1 {\"offset\":99,\"length\":5,\"filename\":\"data.warc.gz\"}\n", "beyond the end"},
              {"a 1 {\"offset\":18446744073709551615,\"length\":18446744073709551615,\"filename\":\"data.warc.gz\"}\n", "beyond the end"},
              {"a 1 {\"offset\":0,\"length\":5,\"filename\":\"other.warc.gz\"}\n", "a file that is not there"},
              {"\n\n{", ""}};
  const std::string gz = "\x1f\x8b 12345678";
  for (const auto& row : rows) {
    auto reader = WaczReader::open(test::as_file(ZipBuilder()
                                                     .add("datapackage.json", package("archive/data.warc.gz", gz))
                                                     .add("archive/data.warc.gz", gz)
                                                     .add("indexes/index.cdxj", row.index)
                                                     .finish()))
                      .value();
    BOOST_REQUIRE(reader.check_lists().has_value());
    const std::string told = complaints(reader);
    BOOST_TEST((*row.reason == '\0' ? told.empty() : has(told, row.reason)), std::string(row.index) + " gave " + told);
  }
}

BOOST_AUTO_TEST_CASE(wacz_files_inside_a_wacz_are_read_in_their_place) {
  const std::string inner = good().add("pages/pages.jsonl", "{\"url\":\"http://in.example/\"}").finish();
  const std::string outer = ZipBuilder()
                                .add("datapackage.json", R"({"profile":"multi-wacz-package","resources":[{"path":"one.wacz"},{"path":"https://a.example/far.wacz"}]})")
                                .add("one.wacz", inner)
                                .add("two.wacz", inner)
                                .add("three.wacz", inner, Method::kDeflated)
                                .add("four.wacz", "no zip")
                                .finish();
  auto reader = WaczReader::open(test::as_file(outer)).value();
  BOOST_REQUIRE_EQUAL(reader.members().size(), 2);
  BOOST_TEST(reader.members()[1].path == "two.wacz/archive/data.warc");
  BOOST_TEST(reader.members()[1].name == "2-data.warc");
  BOOST_TEST(all_of(reader, 1) == kWarc);
  BOOST_TEST(outer.substr(reader.members()[1].offset.value(), kWarc.size()) == kWarc);
  std::size_t pages = 0;
  BOOST_REQUIRE(reader.for_each_page([&pages](const wacz::Page&) { return ++pages < 100; }).has_value());
  BOOST_TEST(pages == 1);
  const std::string told = complaints(reader);
  for (const char* part : {"https://a.example/far.wacz", "three.wacz: left out", "four.wacz: left out"}) BOOST_TEST(has(told, part), part);
}

BOOST_AUTO_TEST_CASE(wacz_inside_each_other_end_at_the_limit) {
  std::string bytes = good().finish();
  for (int i = 0; i < 6; ++i) bytes = good().add("in.wacz", bytes).finish();
  auto reader = WaczReader::open(test::as_file(bytes)).value();
  BOOST_TEST(reader.members().size() == 3);
  BOOST_TEST(has(complaints(reader), "too many WACZ files inside each other"));
}

BOOST_AUTO_TEST_CASE(a_torn_download_gives_what_is_there_and_says_so) {
  // As most tools write it: the package file comes last.
  ZipBuilder builder;
  builder.add("archive/data.warc", kWarc, Method::kStored, ZipBuilder::Form::kDescriptor);
  const std::size_t whole = builder.directory_at();
  const std::string bytes = builder.add("datapackage.json", package()).finish();
  for (const std::size_t size : {whole - 30, whole, whole + 10, bytes.size() - 1}) {
    auto reader = WaczReader::open(test::as_file(bytes.substr(0, size))).value();
    const std::string got = all_of(reader, 0);
    BOOST_TEST((size < whole ? kWarc.starts_with(got) && got.size() > 10 : got == kWarc), size);
    BOOST_TEST(has(complaints(reader), "no directory"), size);
  }
}

BOOST_AUTO_TEST_CASE(the_members_together_are_bounded) {
  wacz::WaczLimits limits;
  limits.decoded_bytes = kWarc.size();
  auto reader = WaczReader::open(test::as_file(good().add("archive/more.warc", kWarc).finish()), limits).value();
  BOOST_TEST(all_of(reader, 0) == kWarc);
  const auto more = reader.extract(reader.members()[1], [](std::string_view) -> Result<> { return {}; });
  BOOST_TEST((more.error().code == Error::Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(what_the_sink_fails_with_ends_the_extraction) {
  auto reader = WaczReader::open(test::as_file(good().finish())).value();
  const auto got = reader.extract(reader.members()[0], [](std::string_view) -> Result<> { return fail(Error::Code::kIo, "disk full"); });
  BOOST_TEST(got.error().what == "disk full");
}

BOOST_AUTO_TEST_SUITE_END()
