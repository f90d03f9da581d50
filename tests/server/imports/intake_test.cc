#include "server/imports/intake.h"

#include <boost/test/unit_test.hpp>

#include <thread>

#include "tests/support/test_support.h"

using namespace wm;
namespace fs = std::filesystem;

namespace {

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  fs::path warcs = dir.path() / "warcs";
  imports::Intake intake{*store, warcs};

  fs::path file(const std::string& name, std::string_view bytes) {
    const fs::path path = dir.path() / "from" / name;
    auto made = create_file(path).value();
    BOOST_REQUIRE(made->append(bytes).has_value());
    BOOST_REQUIRE(made->close().has_value());
    return path;
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(warcs)) count += entry.is_regular_file() || entry.is_symlink() ? 1u : 0u;
    return count;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(intake, Fixture)

BOOST_AUTO_TEST_CASE(a_copy_is_the_file_and_the_same_content_twice_is_one) {
  const auto first = intake.copy(file("a.warc", "content"), "web", {}, {}).value();
  BOOST_TEST(!first.known);
  BOOST_TEST(first.relative == "web/imported/ed7002b439e9-a.warc");
  BOOST_TEST(test::read_text(warcs / first.relative) == "content");
  const auto again = intake.copy(file("b.warc", "content"), "web", {}, {}).value();
  BOOST_TEST(again.known);
  BOOST_TEST(again.relative == first.relative);
  BOOST_TEST(files() == 1);
  BOOST_TEST(!intake.copy(file("c.warc", "content"), "other", {}, {}).value().known);
}

BOOST_AUTO_TEST_CASE(a_link_leaves_the_file_where_it_is) {
  const fs::path from = file("a.warc", "content");
  const auto held = intake.link(from, "web", {}, {}).value();
  BOOST_TEST(held.relative == "web/linked/ed7002b439e9-a.warc");
  BOOST_TEST(fs::is_symlink(warcs / held.relative));
  BOOST_TEST(fs::read_symlink(warcs / held.relative) == fs::canonical(from));
  BOOST_TEST(intake.link(from, "web", {}, {}).value().known);
  BOOST_TEST(intake.copy(from, "web", {}, {}).value().known);
  BOOST_TEST(files() == 1);
  // The file went away and came back elsewhere: the link is made anew.
  fs::rename(from, from.string() + ".moved");
  const auto moved = intake.link(from.string() + ".moved", "web", {}, {}).value();
  BOOST_TEST(!moved.known);
  BOOST_TEST(test::read_text(warcs / moved.relative) == "content");
}

BOOST_AUTO_TEST_CASE(what_was_removed_is_taken_in_again) {
  const fs::path from = file("a.warc", "content");
  const auto first = intake.copy(from, "web", {}, {}).value();
  fs::remove(warcs / first.relative);
  BOOST_TEST(!intake.copy(from, "web", {}, {}).value().known);
  BOOST_TEST(test::read_text(warcs / first.relative) == "content");
}

BOOST_AUTO_TEST_CASE(names_cannot_lead_out_hide_or_look_unfinished) {
  const std::pair<const char*, const char*> rows[] = {{"a.warc.gz", "a.warc.gz"}, {"a b;c.warc", "a_b_c.warc"}, {"..", "import"}, {".hidden", "hidden"}, {"x.warc.gz.open", "x.warc.gz"},
                                                      {"x.open.open", "x"}, {"\xe5\x9b\xbe.warc", "___.warc"}, {"dir/..\\x", "_x"}};
  for (const auto& [from, expected] : rows) {
    const std::string name = imports::safe_name(from);
    BOOST_TEST(name == expected);
    BOOST_TEST((name.front() != '.' && name.find('/') == std::string::npos && name.find('\\') == std::string::npos));
  }
  BOOST_TEST(imports::safe_name(std::string(1000, 'x') + ".warc.gz").size() == 150);
  BOOST_TEST(imports::safe_name(std::string(1000, 'x') + ".warc.gz").ends_with(".warc.gz"));
}

BOOST_AUTO_TEST_CASE(told_to_stop_it_leaves_nothing_behind) {
  std::stop_source stop;
  stop.request_stop();
  BOOST_TEST((intake.copy(file("a.warc", "content"), "web", stop.get_token(), {}).error().code == Error::Code::kBusy));
  BOOST_TEST((intake.copy(dir.path() / "none", "web", {}, {}).error().code == Error::Code::kNotFound));
  BOOST_TEST(files() == 0);
}

BOOST_AUTO_TEST_CASE(many_at_once_keep_one_content_once) {
  std::vector<fs::path> from;
  for (int i = 0; i < 8; ++i) from.push_back(file("f" + std::to_string(i) + ".warc", std::string(100000, 'x')));
  std::vector<bool> known(from.size());
  std::vector<std::jthread> threads;
  Mutex mutex;
  for (std::size_t i = 0; i < from.size(); ++i) {
    threads.emplace_back([&, i] {
      const bool was = intake.copy(from[i], "web", {}, {}).value().known;
      const MutexLock lock(mutex);
      known[i] = was;
    });
  }
  threads.clear();
  BOOST_TEST(std::count(known.begin(), known.end(), false) == 1);
  BOOST_TEST(files() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
