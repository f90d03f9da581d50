#include "core/base/log.h"

#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "tests/support/test_support.h"

namespace wm {

BOOST_AUTO_TEST_CASE(a_line_cannot_be_forged_and_levels_are_kept) {
  const TempDir dir = test::temp_dir();
  BOOST_REQUIRE(log::start(log::Level::kInfo, dir.path() / "log").has_value());
  log::info("fetched {}", "http://a/\r\n2026 error forged");
  log::debug("never {}", "written");
  const std::string content = read_file(dir.path() / "log", 10000).value();
  BOOST_TEST(content.find("fetched http://a/\\x0d\\x0a2026 error forged") != std::string::npos);
  BOOST_TEST(content.find("never") == std::string::npos);
  BOOST_TEST(std::count(content.begin(), content.end(), '\n') == 1);
  BOOST_TEST(!log::start(log::Level::kInfo, "/proc/none/log").has_value());
}

}  // namespace wm
