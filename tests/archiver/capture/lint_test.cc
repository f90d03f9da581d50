// Last of this program, as it judges what the other cases wrote.
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "tests/archiver/capture/captured.h"

BOOST_AUTO_TEST_SUITE(lint)

BOOST_AUTO_TEST_CASE(every_warc_written_here_passes_the_strict_lint) {
  const auto tool = wm::test::shared_path("tools/warc_lint.py");
  if (!tool) return;
  const std::string folder = wm::test::written_warcs().string();
  if (std::filesystem::is_empty(folder)) return;
  const std::string command =
      "python3 '" + tool->string() + "' '" + folder + "'/*.warc.gz >'" + folder + "/report' 2>&1";
  const int code = std::system(command.c_str());
  BOOST_TEST(code == 0, wm::test::read_text(folder + "/report"));
}

BOOST_AUTO_TEST_SUITE_END()
