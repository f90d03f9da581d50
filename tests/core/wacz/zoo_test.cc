// WACZ files that other tools wrote, and broken ones with a known truth: ../shared/corpus/warc-zoo.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/wacz/wacz.h"
#include "core/warc/reader.h"
#include "tests/support/test_support.h"

using namespace wm;
using nlohmann::json;

namespace {

/// Records that an index has a line for, which is what the manifest counts in a WACZ.
std::uint64_t captures_of(wacz::WaczReader& reader) {
  const TempDir folder = test::temp_dir();
  std::uint64_t captures = 0;
  for (const wacz::Member& member : reader.members()) {
    auto file = create_file(folder.path() / member.name).value();
    BOOST_REQUIRE(reader.extract(member, [&file](std::string_view bytes) { return file->append(bytes); }).has_value());
    BOOST_REQUIRE(file->close().has_value());
    auto warc = warc::WarcReader::open(folder.path() / member.name).value();
    while (const auto record = warc.next().value()) {
      if (record->type() == warc::RecordType::kResponse || record->type() == warc::RecordType::kRevisit || record->type() == warc::RecordType::kResource) ++captures;
    }
  }
  return captures;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zoo)

BOOST_AUTO_TEST_CASE(every_wacz_gives_its_records_or_the_reason_why_not) {
  const auto zoo = test::shared_path("corpus/warc-zoo");
  if (!zoo) return;
  std::size_t files = 0;
  const json manifest = json::parse(test::read_text(*zoo / "manifest.json"));
  for (const json& one : manifest["files"]) {
    const std::string name = one["file"];
    if (!name.ends_with(".wacz")) continue;
    ++files;
    BOOST_TEST_CONTEXT(name) {
      const std::string must = one.value("must", "");
      auto reader = wacz::WaczReader::open(ReadFile::open(*zoo / name).value());
      // A bad signature is none of the reader's business; a WACZ without WARC or package file is refused.
      if (must == "reject" || name == "py-wacz/invalid_example_1.wacz") {
        BOOST_TEST((!reader && reader.error().code == Error::Code::kInvalid));
        continue;
      }
      BOOST_REQUIRE(reader.has_value());
      const std::uint64_t captures = captures_of(*reader);
      BOOST_REQUIRE(reader->check_lists().has_value());
      const auto complaints = reader->take_complaints();
      if (one.value("truth", 0) > 0) BOOST_TEST(captures == one["truth"].get<std::uint64_t>());
      BOOST_TEST(captures > 0);
      if (must == "report" || must == "never write outside" ) BOOST_TEST(!complaints.empty());
      if (one["expect"] == "ok") {
        std::size_t pages = 0;
        BOOST_REQUIRE(reader->for_each_page([&pages](const wacz::Page&) { return ++pages > 0; }).has_value());
        BOOST_TEST(pages > 0);
      }
      for (const auto& complaint : complaints) BOOST_TEST_MESSAGE(name << ": " << complaint.member << ": " << complaint.reason);
    }
  }
  BOOST_TEST(files == 18);
}

BOOST_AUTO_TEST_SUITE_END()
