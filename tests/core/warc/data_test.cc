// The files of tests/data/warc (scripts/make_test_warcs): what each gives, and what is told of it.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/core/warc/samples.h"

namespace {

using namespace wm;
using namespace wm::test;

struct Row {
  const char* name;
  std::vector<int> pages;  ///< of http://a.example/<n> and in this order; 0 for another
  const char* told;        ///< "" if nothing is wrong
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name;
}

const Row kFiles[] = {
    {"good.warc.gz", {1, 2, 3}, ""},
    {"torn.warc.gz", {1, 2, 3}, "the file ends within a gzip member"},
    {"flipped.warc.gz", {1, 3}, "is broken after"},
    {"bad-crc.warc.gz", {1, 2, 3}, "incorrect data check"},
    {"junk-between.warc.gz", {1, 2, 3}, "no record, skipped"},
    {"one-member.warc.gz", {1, 2, 3}, "holds more than this record"},
    {"over-members.warc.gz", {1, 2, 3}, ""},
    {"wrong-lengths.warc", {1, 2, 3}, "the length is given as 120"},
    {"no-length.warc", {2, 3}, "without a usable Content-Length"},
    {"warc-in-payload.warc", {1, 2, 3}, ""},
    {"lf.warc", {1, 2, 3}, "end in LF alone"},
    {"old.warc", {1, 2, 3}, "the version line"},
    {"v1.arc", {0, 0}, ""},
    {"v2.arc.gz", {0, 2}, ""},
    {"mixed.warc.gz", {1, 2, 0, 2}, ""},
    {"frames.warc.zst", {1, 2, 3}, ""},
};
BOOST_DATA_TEST_CASE(each_file_gives_its_records_and_tells_its_damage,
                     boost::unit_test::data::make(kFiles), row) {
  const SeenFile file = see(data_path("warc") / row.name);
  BOOST_REQUIRE(file.records.size() == row.pages.size());
  for (std::size_t i = 0; i < row.pages.size(); ++i) {
    const std::string number = std::to_string(row.pages[i]);
    if (row.pages[i] == 0) continue;
    BOOST_TEST(file.records[i].uri == "http://a.example/" + number);
    if (file.records[i].block.size() > 20)
      BOOST_TEST(file.records[i].block.find("page " + number) != std::string::npos);
  }
  if (*row.told == '\0') BOOST_TEST(file.all_damage().empty());
  BOOST_TEST((*row.told == '\0' || tells(file.all_damage(), row.told)));
}

}  // namespace
