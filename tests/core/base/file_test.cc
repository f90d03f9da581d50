#include "core/base/file.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm {

namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_at_any_offset) {
  const TempDir dir = test::temp_dir();
  auto file = create_file(dir.path() / "a/b/c").value();
  BOOST_TEST(file->append("hello ").has_value());
  BOOST_TEST(file->append("world").has_value());
  BOOST_TEST(file->sync().has_value());
  BOOST_TEST(file->close().has_value());

  const auto readable = ReadFile::open(dir.path() / "a/b/c").value();
  BOOST_TEST(readable->size().value() == 11u);
  auto part = file_source(readable, 6, 3);
  BOOST_TEST(read_all(*part, 100).value() == "wor");
  auto past = file_source(readable, 50);
  BOOST_TEST(read_all(*past, 100).value() == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_exists_is_never_made_again) {
  const TempDir dir = test::temp_dir();
  BOOST_TEST(create_file(dir.path() / "x").has_value());
  BOOST_TEST((create_file(dir.path() / "x").error().code == Error::Code::kConflict));
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_opened) {
  const TempDir dir = test::temp_dir();
  BOOST_TEST((ReadFile::open(dir.path()).error().code == Error::Code::kInvalid));
  BOOST_TEST((ReadFile::open(dir.path() / "none").error().code == Error::Code::kNotFound));
  BOOST_TEST((ReadFile::open("/dev/zero").error().code == Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(replacing_leaves_one_whole_file) {
  const TempDir dir = test::temp_dir();
  BOOST_TEST(replace_file(dir.path() / "f", "one").has_value());
  BOOST_TEST(replace_file(dir.path() / "f", "two").has_value());
  BOOST_TEST(read_file(dir.path() / "f", 10).value() == "two");
  BOOST_TEST((read_file(dir.path() / "f", 2).error().code == Error::Code::kTooLarge));
  BOOST_TEST(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(a_temporary_folder_goes_with_its_owner) {
  fs::path path;
  {
    const TempDir dir = test::temp_dir();
    path = dir.path();
    BOOST_TEST(replace_file(path / "x", "y").has_value());
  }
  BOOST_TEST(!fs::exists(path));
}

}  // namespace wm
