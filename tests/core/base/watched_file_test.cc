#include "core/base/watched_file.h"

#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "tests/support/test_support.h"

using namespace wm;

BOOST_AUTO_TEST_CASE(a_watched_file_is_read_anew_when_it_has_changed) {
  const auto dir = test::temp_dir();
  const auto path = dir.path() / "rules";
  BOOST_REQUIRE(replace_file(path, "one").has_value());
  int reads = 0;
  const WatchedFile<std::string> file(
      path, 100,
      [&reads](std::string_view content) {
        ++reads;
        return std::string(content);
      },
      std::chrono::milliseconds(0));
  const auto first = file.get();
  BOOST_TEST(*first == "one");
  BOOST_TEST(*file.get() == "one");
  BOOST_TEST(reads == 1);
  BOOST_REQUIRE(replace_file(path, "two").has_value());
  BOOST_TEST(*file.get() == "two");
  BOOST_TEST(*first == "one");
}

BOOST_AUTO_TEST_CASE(a_watched_file_that_is_gone_or_too_large_keeps_what_it_said) {
  const auto dir = test::temp_dir();
  const auto path = dir.path() / "rules";
  const WatchedFile<std::string> file(
      path, 10, [](std::string_view content) { return std::string(content); },
      std::chrono::milliseconds(0));
  BOOST_TEST(!file.get());
  BOOST_TEST(!file.reload().has_value());
  BOOST_REQUIRE(replace_file(path, "here").has_value());
  BOOST_TEST(*file.get() == "here");
  BOOST_REQUIRE(replace_file(path, "far too much of it").has_value());
  BOOST_TEST(*file.get() == "here");
  std::filesystem::remove(path);
  BOOST_TEST(*file.get() == "here");
}

BOOST_AUTO_TEST_CASE(a_watched_file_is_not_looked_at_for_every_reader) {
  const auto dir = test::temp_dir();
  const auto path = dir.path() / "rules";
  BOOST_REQUIRE(replace_file(path, "one").has_value());
  const WatchedFile<std::string> file(
      path, 100, [](std::string_view content) { return std::string(content); },
      std::chrono::hours(1));
  BOOST_TEST(*file.get() == "one");
  BOOST_REQUIRE(replace_file(path, "two").has_value());
  BOOST_TEST(*file.get() == "one");
  BOOST_REQUIRE(file.reload().has_value());
  BOOST_TEST(*file.get() == "two");
}
