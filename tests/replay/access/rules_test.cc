#include "replay/access/rules.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "replay/access/control.h"
#include "tests/support/test_support.h"

using namespace wm;
using access::Access;
using access::Rules;

namespace {

Time14 at(std::string_view digits) {
  return Time14::parse_padded(digits, Time14::Pad::kEarliest).value();
}
const SysSeconds kNow = at("20260101").time();

constexpr std::string_view kFile = R"(# a comment
org,example)/open - {"access": "allow", "url": "http://example.org/open"}
org,example)/one### - {"access": "block"}
org,example)/one/deeper - {"access": "allow"}
org,example)/old - {"access": "exclude", "before": "2010"}
org,example)/new - {"access": "block", "newer": {"years": 1}}
org,example)/staff - {"access": "allow", "user": "staff"}
org,example)/free - {"access": "allow_ignore_embargo"}
org,example)/ - {"access": "exclude"}
com,private, - {"access": "block", "collection": "other"}
com,late)/free - {"access": "allow_ignore_embargo"}
com,late)/plain - {"access": "allow"}
com,late)/blocked - {"access": "block"}
com,late) - {"access": "exclude", "embargo": true, "after": "2020", "before": "2025"}
com,twice)/ - {"access": "block"}
com,twice)/ - {"access": "exclude"}
)";

struct Row {
  const char* why;
  const char* surt;
  const char* time;
  const char* collection;
  Access access;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}
const Row kRows[] = {
    {"no rule allows", "net,x)/", "2015", "web", Access::kAllow},
    {"a prefix decides", "org,example)/a", "2015", "web", Access::kExclude},
    {"the longest prefix wins", "org,example)/open/a", "2015", "web", Access::kAllow},
    {"an exact rule holds for its URL", "org,example)/one", "2015", "web", Access::kBlock},
    {"and not below it", "org,example)/one/b", "2015", "web", Access::kExclude},
    {"while a longer prefix does", "org,example)/one/deeper", "2015", "web", Access::kAllow},
    {"a date binds a rule to captures before it", "org,example)/old", "2009", "web",
     Access::kExclude},
    {"others it allows", "org,example)/old", "2010", "web", Access::kAllow},
    {"newer than a year", "org,example)/new", "20250601", "web", Access::kBlock},
    {"older than a year", "org,example)/new", "20240601", "web", Access::kAllow},
    {"users are nobody", "org,example)/staff", "2015", "web", Access::kExclude},
    {"a rule of another collection", "com,private,www)/", "2015", "web", Access::kAllow},
    {"a rule of this collection", "com,private,www)/", "2015", "other", Access::kBlock},
    {"an embargo withholds", "com,late)/x", "2022", "web", Access::kExclude},
    {"also what a rule allows", "com,late)/plain", "2022", "web", Access::kExclude},
    {"and what is blocked", "com,late)/blocked", "2022", "web", Access::kExclude},
    {"not what ignores it", "com,late)/free", "2022", "web", Access::kAllow},
    {"not before its time", "com,late)/x", "2019", "web", Access::kAllow},
    {"not after its time", "com,late)/blocked", "2025", "web", Access::kBlock},
    {"of one key the first line", "com,twice)/", "2015", "web", Access::kBlock}};

}  // namespace

BOOST_DATA_TEST_CASE(access_of_a_capture, boost::unit_test::data::make(kRows), row) {
  std::vector<Rules::Complaint> complaints;
  const Rules rules = Rules::parse(kFile, complaints);
  BOOST_TEST(complaints.empty());
  BOOST_TEST((rules.decide(row.collection, row.surt, at(row.time), kNow) == row.access));
}

BOOST_AUTO_TEST_CASE(all_urls_may_be_closed_and_some_opened) {
  std::vector<Rules::Complaint> complaints;
  const Rules rules =
      Rules::parse("*, - {\"access\": \"block\"}\ncom,a)/ - {\"access\": \"allow\"}", complaints);
  BOOST_TEST((rules.decide("web", "com,b)/", at("2020"), kNow) == Access::kBlock));
  BOOST_TEST((rules.decide("web", "com,a)/x", at("2020"), kNow) == Access::kAllow));
}

BOOST_AUTO_TEST_CASE(lines_that_are_no_rules_are_told_by_number_and_passed_over) {
  std::vector<Rules::Complaint> complaints;
  const Rules rules = Rules::parse(
      "com,a)/ - {\"access\": \"block\"}\n"
      "com,b)/ {\"access\": \"block\"}\n"
      "com,b)/ - {\"access\": \"perhaps\"}\n"
      "com,b)/ - {\"access\": 3}\n"
      "com,b)/ - [1]\n"
      "com,b)/ - {\"access\": \"block\", \"before\": \"soon\"}\n"
      "com,b)/ - {\"access\": \"block\", \"newer\": {\"hours\": 3}}\n"
      "com,b)/ - {\"access\": \"block\", \"newer\": {\"days\": -3}}\n"
      "com,b)/ - {\"access\": \"allow\", \"embargo\": true}\n"
      " - {\"access\": \"allow\"}\n"
      "com,c)/ - {\"access\": \"exclude\"}\r\n",
      complaints);
  BOOST_TEST(rules.size() == 2u);
  BOOST_REQUIRE(complaints.size() == 9u);
  for (std::size_t i = 0; i < complaints.size(); ++i) BOOST_TEST(complaints[i].line == i + 2);
  BOOST_TEST((rules.decide("web", "com,c)/", at("2020"), kNow) == Access::kExclude));
}

BOOST_AUTO_TEST_CASE(many_rules_are_as_quick_as_few) {
  std::string text;
  for (int i = 0; i < 20000; ++i)
    text += "com,h" + std::to_string(i) + ")/ - {\"access\": \"block\"}\n";
  std::vector<Rules::Complaint> complaints;
  const Rules rules = Rules::parse(text, complaints);
  for (int i = 0; i < 20000; ++i) {
    if (rules.decide("web", "com,h" + std::to_string(i) + ")/x", at("2020"), kNow) !=
        Access::kBlock)
      BOOST_ERROR(i);
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_rules_holds_as_soon_as_it_changes) {
  const auto dir = test::temp_dir();
  const auto path = dir.path() / "access.aclj";
  BOOST_TEST(!access::Control::open(path).has_value());
  BOOST_REQUIRE(replace_file(path, "com,a)/ - {\"access\": \"block\"}\n").has_value());
  const auto control = access::Control::open(path, std::chrono::milliseconds(0)).value();
  cdx::Capture capture;
  capture.surt = "com,a)/x";
  const access::Judge before = control->judge();
  BOOST_TEST((before(capture) == Access::kBlock));
  BOOST_REQUIRE(replace_file(path, "com,a)/ - {\"access\": \"exclude\"}\nnonsense\n").has_value());
  BOOST_TEST(control->judge().hides(capture));
  BOOST_TEST((before(capture) == Access::kBlock));
  BOOST_TEST((access::Control().judge()(capture) == Access::kAllow));
}
