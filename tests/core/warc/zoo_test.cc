// Files that other tools wrote, broke and tripped over. They are not part of the repository.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/base/ascii.h"
#include "tests/core/warc/samples.h"

namespace {

using namespace wm;
using namespace wm::test;
using namespace wm::warc;
namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Where we give fewer records than the reader with the most, because what it gives more is none.
const std::map<std::string, const char*> kNoRecords = {
    {"chatnoir-resiliparse/block-sized-records.warc.lz4",
     "LZ4 is no compression of WARC; FastWARC's own extension"},
    {"ia-web-commons/link-extraction-test.warc",
     "jwarc counts parts of a torn page; ten records by all others, and by eye"},
    {"jhove/invalid-warcfile-fields-empty.warc",
     "warcio takes the block of the one record for an ARC record"},
    {"jhove/invalid-warcfile-fields-invalidformat.warc", "the same"},
    {"jhove/invalid-warcheaderversion-15.warc", "'WARC/WARC' and nothing else"},
    {"jhove/invalid-warcheaderversion-16.warc", "'WARC' and nothing else"},
    {"jhove/invalid-warcheaderversion-19.warc", "no version line"},
    {"jhove/invalid-warcheaderversion-20.warc", "an empty line and nothing else"},
    {"jhove/valid-warcfile-fields-continuation.warc",
     "warcio.js takes folded lines for further records"},
    {"jhove/valid-warcfile-utf8.warc", "the same"},
    {"jwat/invalid-warcfile-record-then-garbage.warc", "'The monkeys are a coming!' is no record"},
    {"ipwb/broken.warc", "warcio takes a PNG for further records"},
};

bool is_archive(const std::string& name) {
  return !name.ends_with(".wacz") && !name.ends_with(".cdx");
}

struct Counted {
  std::size_t records = 0;
  std::map<std::string, std::size_t> types;
};
Counted count(const fs::path& path) {
  Counted counted;
  auto reader = WarcReader::open(path).value();
  for (;;) {
    auto record = reader.next();
    BOOST_REQUIRE(record.has_value());
    if (!*record) return counted;
    ++counted.records;
    ++counted.types[to_lower(std::string((*record)->field("WARC-Type").value_or("")))];
  }
}

BOOST_AUTO_TEST_CASE(every_file_of_the_zoo_gives_what_is_in_it) {
  const auto zoo = shared_path("corpus/warc-zoo");
  if (!zoo) return;
  std::size_t files = 0;
  const Json manifest = Json::parse(read_text(*zoo / "manifest.json"));
  for (const Json& entry : manifest.at("files")) {
    const std::string name = entry.at("file");
    if (!is_archive(name) || !fs::exists(*zoo / name)) continue;
    ++files;
    BOOST_TEST_CONTEXT(name) {
      const Counted ours = count(*zoo / name);
      if (entry.contains("truth")) {
        BOOST_TEST(ours.records == entry.at("truth").get<std::size_t>());
        continue;
      }
      std::size_t best = 0;
      const Json readers = entry.value("readers", Json::object());
      for (const auto& [reader, result] : readers.items()) {
        if (result.contains("records") && result["records"].is_number())
          best = std::max(best, result["records"].get<std::size_t>());
      }
      BOOST_TEST((ours.records >= best) == !kNoRecords.contains(name));
      // Where all readers agree, the types must be theirs as well (of WARC: each calls ARC's
      // something else).
      if (name.find(".arc") != std::string::npos || !readers.contains("fastwarc")) continue;
      const Json& theirs = readers["fastwarc"];
      if (theirs["records"] != ours.records || theirs["records"] != readers["warcio"]["records"] ||
          !theirs.contains("types"))
        continue;
      if (theirs["types"] != readers["warcio"]["types"]) continue;
      for (const auto& [type, number] : theirs["types"].items()) {
        if (record_type(type) == RecordType::kUnknown) continue;
        const auto found = ours.types.find(to_lower(type));
        BOOST_TEST((found == ours.types.end() ? 0 : found->second) == number.get<std::size_t>(),
                   type);
      }
    }
  }
  BOOST_TEST(files > 100U);
}

BOOST_AUTO_TEST_CASE(offsets_and_lengths_are_those_of_the_expected_cdx) {
  const auto folder = shared_path("corpus/warc-zoo/cdx-writer");
  if (!folder) return;
  std::size_t rows = 0;
  for (const auto& cdx : fs::directory_iterator(*folder / "expected")) {
    std::string name = cdx.path().stem().string();  // without ".cdx"
    name = name.substr(0, name.rfind('.'));         // without ".all" or ".default"
    std::set<std::pair<std::uint64_t, std::uint64_t>> places;
    for (const Seen& seen : see(*folder / name).records) places.emplace(seen.offset, seen.length);
    std::istringstream lines(read_text(cdx.path()));
    std::string line;
    for (std::getline(lines, line); std::getline(lines, line);) {
      const auto fields = split(line, ' ');
      if (fields.size() < 11) continue;
      const auto length = parse_u64(fields[fields.size() - 3]);
      const auto offset = parse_u64(fields[fields.size() - 2]);
      BOOST_REQUIRE((length && offset));
      BOOST_TEST(places.contains({*offset, *length}),
                 name << ": no record of " << *length << " bytes at " << *offset);
      ++rows;
    }
  }
  BOOST_TEST(rows > 50U);
}

BOOST_AUTO_TEST_CASE(records_of_real_sites_are_where_the_index_of_pywb_has_them) {
  const auto sites = shared_path("corpus/real-sites");
  if (!sites) return;
  for (const auto& site : fs::directory_iterator(*sites)) {
    for (const auto& entry : fs::directory_iterator(site)) {
      if (entry.path().extension() != ".gz") continue;
      std::map<std::uint64_t, Seen> records;
      for (Seen& seen : see(entry.path()).records) records.emplace(seen.offset, std::move(seen));
      std::istringstream lines(read_text(site.path() / "pywb.cdxj"));
      const auto file = ReadFile::open(entry.path()).value();
      for (std::string line; std::getline(lines, line);) {
        const Json row = Json::parse(line.substr(line.find(" {") + 1));
        const auto offset = std::stoull(row.at("offset").get<std::string>());
        const auto length = std::stoull(row.at("length").get<std::string>());
        BOOST_REQUIRE(records.contains(offset));
        BOOST_TEST(records.at(offset).length == length);
        auto record = read_record_at(file, offset, length);
        BOOST_REQUIRE(record.has_value());
        BOOST_TEST((read_all(record->block(), 64 << 20).value() == records.at(offset).block));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_mutant_of_a_good_file_costs_more_than_the_record_it_breaks) {
  const auto good_tool = shared_path("tools/gen_good.py");
  const auto broken_tool = shared_path("tools/gen_broken.py");
  if (!good_tool || !broken_tool) return;
  const TempDir dir = temp_dir();
  const std::string good = (dir.path() / "good").string();
  const std::string broken = (dir.path() / "broken").string();
  const std::string command = "python3 " + good_tool->string() + " " + good +
                              " >/dev/null 2>&1; python3 " + broken_tool->string() + " " + good +
                              " " + broken + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) {
    BOOST_TEST_MESSAGE("skipped: the mutants cannot be made here");
    return;
  }
  const std::size_t all = see(fs::path(good) / "good.warc.gz").records.size();
  BOOST_TEST(all > 10U);
  std::size_t mutants = 0;
  for (const auto& mutant : fs::directory_iterator(broken)) {
    if (mutant.path().extension() != ".gz") continue;
    ++mutants;
    const std::string name = mutant.path().filename().string();
    // Only these two leave out a record: one is cut within its last member's head, the other was
    // made without the first.
    const bool short_of_one = name.starts_with("m42_") || name.starts_with("m49_");
    BOOST_TEST(see(mutant.path()).records.size() == all - (short_of_one ? 1 : 0), name);
  }
  BOOST_TEST(mutants == 50U);
}

}  // namespace
