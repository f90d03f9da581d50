#include "replay/fuzzy/matcher.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "core/url/surt.h"
#include "tests/indexer/cdx/cdx_test_support.h"

using namespace wm;
using fuzzy::Matcher;
using fuzzy::Rules;

namespace {

void file(test::IndexInTemp& archive, const std::string& url) {
  cdx::Capture capture;
  capture.url = url;
  capture.surt = url::surt(url);
  capture.time = Time14::parse("20200101000000").value();
  capture.file = "web/x.warc.gz";
  static std::uint64_t offset = 0;
  capture.offset = ++offset;
  archive.add({capture});
}

std::string best(const Matcher& matcher, const test::IndexInTemp& archive, const std::string& url) {
  const auto keys = matcher.keys_like(archive.index, {}, "web", url::surt(url)).value();
  return keys.empty() ? "(none)" : keys.front();
}

struct Row {
  const char* why;
  const char* captured;
  const char* asked;
  bool same;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}
const Row kRows[] = {
    {"jQuery's cache buster", "http://a.example/x?a=1&_=1580000000000",
     "http://a.example/x?a=1&_=1690000000000", true},
    {"one that only the capture has", "http://a.example/x?a=1&_=1580000000000",
     "http://a.example/x?a=1", true},
    {"one that only the request has", "http://a.example/x", "http://a.example/x?cb=12345", true},
    {"a JSONP callback", "http://a.example/x?callback=jQuery1112_158&q=1",
     "http://a.example/x?callback=jQuery9_9&q=1", true},
    {"tracking", "http://a.example/x?id=4", "http://a.example/x?utm_source=n&fbclid=Iw&id=4", true},
    {"a session id", "http://a.example/x?sid=abc123&p=1", "http://a.example/x?sid=fff&p=1", true},
    {"a time as the whole query", "http://a.example/x?1580000000", "http://a.example/x?1690000000",
     true},
    {"what matters differs", "http://a.example/x?a=1&_=1580000000000",
     "http://a.example/x?a=2&_=1580000000000", false},
    {"another path", "http://a.example/x?_=1", "http://a.example/y?_=1", false},
    {"a file's version", "http://a.example/s.css?v=3", "http://a.example/s.css?v=4", true},
    {"a page's argument", "http://a.example/s.php?v=3", "http://a.example/s.php?v=4", false},
    {"a video by its id", "http://www.youtube.com/get_video_info?video_id=abc&el=x",
     "http://www.youtube.com/get_video_info?video_id=abc&sts=1", true},
    {"another video", "http://www.youtube.com/get_video_info?video_id=abc&el=x",
     "http://www.youtube.com/get_video_info?video_id=abd&el=x", false},
    {"video data of another server",
     "https://r3---sn-x.googlevideo.com/videoplayback?id=o-A&itag=18&range=0-99&ip=1",
     "https://r9---sn-y.googlevideo.com/videoplayback?id=o-A&itag=18&range=0-99&ip=2", true},
    {"video data of another range",
     "https://r3---sn-x.googlevideo.com/videoplayback?id=o-A&itag=18&range=0-99",
     "https://r3---sn-x.googlevideo.com/videoplayback?id=o-A&itag=18&range=100-199", false}};

}  // namespace

BOOST_DATA_TEST_CASE(the_rules_that_come_with_the_program, boost::unit_test::data::make(kRows),
                     row) {
  static test::IndexInTemp archive;
  file(archive, row.captured);
  file(archive, "http://a.example/unlike?a=1");
  const auto matcher = Matcher::open("").value();
  BOOST_TEST(best(*matcher, archive, row.asked) ==
             (row.same ? url::surt(row.captured) : std::string("(none)")));
  for (const auto& key : {url::surt(row.captured)}) {
    while (const auto last = archive.index.last("web", key).value()) archive.remove(*last);
  }
}

BOOST_AUTO_TEST_CASE(every_rule_that_is_shipped_is_one) {
  std::vector<Rules::Complaint> complaints;
  const auto rules = Rules::parse(Rules::shipped(), complaints);
  BOOST_REQUIRE(rules.has_value());
  for (const auto& complaint : complaints) BOOST_ERROR(complaint.what);
  BOOST_TEST(rules->rules().size() >= 8u);
  BOOST_TEST(
      Rules::shipped() ==
      test::read_text(std::filesystem::path(std::getenv("WM_SOURCE_DIR")) / "config/fuzzy.toml"));
}

BOOST_AUTO_TEST_CASE(the_one_with_most_in_common_comes_first) {
  test::IndexInTemp archive;
  file(archive, "http://a.example/s.css?a=1&b=9&v=1");
  file(archive, "http://a.example/s.css?a=1&b=2&v=2");
  file(archive, "http://a.example/s.css?a=7&b=9&v=3");
  const auto matcher = Matcher::open("").value();
  BOOST_TEST(best(*matcher, archive, "http://a.example/s.css?a=1&b=2&v=5") ==
             "example,a)/s.css?a=1&b=2&v=2");
}

BOOST_AUTO_TEST_CASE(it_is_found_among_very_many_of_the_same_path) {
  test::IndexInTemp archive;
  for (int i = 0; i < 3000; ++i)
    file(archive, "http://a.example/x?_=" + std::to_string(i) + "&n=" + std::to_string(i));
  file(archive, "http://a.example/x?a=1&cb=5&n=77");
  const auto matcher = Matcher::open("").value();
  BOOST_TEST(best(*matcher, archive, "http://a.example/x?a=1&cb=6&n=77") ==
             "example,a)/x?a=1&cb=5&n=77");
}

BOOST_AUTO_TEST_CASE(what_may_not_be_seen_is_not_found) {
  test::IndexInTemp archive;
  file(archive, "http://a.example/x?_=1");
  std::vector<access::Rules::Complaint> complaints;
  const access::Judge judge(std::make_shared<access::Rules>(access::Rules::parse(
                                "example,a)/ - {\"access\": \"exclude\"}", complaints)),
                            SysSeconds{});
  const auto matcher = Matcher::open("").value();
  BOOST_TEST(matcher->keys_like(archive.index, judge, "web", "example,a)/x?_=2").value().empty());
}

BOOST_AUTO_TEST_CASE(a_file_of_rules_holds_as_soon_as_it_changes_and_bad_rules_are_passed_over) {
  test::IndexInTemp archive;
  file(archive, "http://a.example/x?id=1&z=2");
  const auto dir = test::temp_dir();
  const auto path = dir.path() / "fuzzy.toml";
  BOOST_TEST(!Matcher::open(path).has_value());
  BOOST_REQUIRE(replace_file(path, "[[rule]]\nkeep = [\"none\"]\n").has_value());
  const auto matcher = Matcher::open(path, std::chrono::milliseconds(0)).value();
  const std::string asked = "http://a.example/x?id=1&z=3";
  BOOST_TEST(best(*matcher, archive, asked) == "(none)");
  BOOST_REQUIRE(
      replace_file(path, "[[rule]]\nmatch = '('\n[[rule]]\nkeep = [\"id\"]\n").has_value());
  BOOST_TEST(best(*matcher, archive, asked) == "example,a)/x?id=1&z=2");
  BOOST_REQUIRE(replace_file(path, "this is no TOML").has_value());
  BOOST_TEST(best(*matcher, archive, asked) == "example,a)/x?id=1&z=2");
}

BOOST_AUTO_TEST_CASE(rules_that_are_wrong_are_told_by_line) {
  std::vector<Rules::Complaint> complaints;
  const auto rules = Rules::parse(
      "[[rule]]\nmatch = '('\n"
      "[[rule]]\nname = \"of nothing\"\n"
      "[[rule]]\nkeep = [\"a\"]\ndrop = [\"b\"]\n"
      "[[rule]]\nkeep = \"a\"\n"
      "[[rule]]\nkeep = [1]\n"
      "[[rule]]\npath = true\nother = 1\n"
      "[[rule]]\nkeep = [\"a\"]\nextensions = [\"js\"]\n"
      "[[rule]]\nkeep = [\"a\"]\nsearch = \"com,\"\n"
      "[other]\nx = 1\n",
      complaints);
  BOOST_REQUIRE(rules.has_value());
  BOOST_TEST(rules->rules().empty());
  BOOST_TEST(complaints.size() == 9u);
  BOOST_TEST(!Rules::parse("[[rule", complaints).has_value());
}
