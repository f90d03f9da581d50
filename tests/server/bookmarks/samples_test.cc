// Real exports of other programs, read from ../shared; the counts are those of
// corpus/imports/README.md.
#include <algorithm>
#include <set>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "server/bookmarks/reader.h"
#include "tests/support/test_support.h"

using namespace wm;
using namespace wm::bookmarks;

namespace {

struct Row {
  const char* file;
  const char* format;
  std::size_t found;
  std::size_t importable;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.file;
}

const Row kRows[] = {
    {"nbp-chromium_nested.htm", "netscape", 18, 18},
    {"nbp-firefox_nested.htm", "netscape", 24, 21},
    {"nbp-delicious.htm", "netscape", 5, 5},
    {"nbp-netscape_extended.htm", "netscape", 1, 1},
    {"linkding-timestamps_s_ms_us.html", "netscape", 3, 3},
    {"wallabag-pocket.csv", "csv", 7, 7},
    {"shiori-pocket-old.csv", "csv", 1, 1},
    {"wallabag-pinboard.json", "json", 3, 3},
    {"wallabag-omnivore.json", "json", 20, 20},
    {"wallabag-v2.json", "json", 6, 6},
    {"wallabag-chrome-bookmarks.json", "json", 1, 1},
};

BookmarkFile sample(const std::string& name) {
  const auto path = test::shared_path("corpus/imports/" + name);
  return path ? read_bookmarks(test::read_text(*path)).value() : BookmarkFile();
}

std::size_t count(const BookmarkFile& file, bool Bookmark::* state) {
  return static_cast<std::size_t>(std::count_if(file.bookmarks.begin(), file.bookmarks.end(),
                                                [&](const Bookmark& b) { return b.*state; }));
}

}  // namespace

BOOST_DATA_TEST_CASE(an_export_of_another_program_comes_in_whole,
                     boost::unit_test::data::make(kRows), row) {
  const auto path = test::shared_path(std::string("corpus/imports/") + row.file);
  if (!path) return;
  const std::string bytes = test::read_text(*path);
  BOOST_TEST(name_of(format_of(bytes.substr(0, 4096)).value()) == row.format);
  const auto file = read_bookmarks(bytes);
  BOOST_REQUIRE_MESSAGE(file.has_value(), file.error().what);
  BOOST_TEST(name_of(file->format) == row.format);
  BOOST_TEST(file->found == row.found);
  BOOST_TEST(file->bookmarks.size() == row.importable);
  BOOST_TEST(file->skipped_count == row.found - row.importable);
  for (const Bookmark& b : file->bookmarks) {
    BOOST_TEST(!b.title.empty(), b.url);
    BOOST_TEST(b.line > 0);
    BOOST_TEST(b.created.has_value(), b.url);
  }
}

BOOST_AUTO_TEST_CASE(firefox_descriptions_and_tags_are_kept_and_smart_bookmarks_are_not) {
  const BookmarkFile file = sample("nbp-firefox_nested.htm");
  if (file.bookmarks.empty()) return;
  std::set<std::string> tags;
  for (const Bookmark& b : file.bookmarks) {
    for (const std::string& tag : b.tags) {
      if (tag.find('/') == tag.npos) tags.insert(tag);
    }
  }
  BOOST_TEST(std::count_if(file.bookmarks.begin(), file.bookmarks.end(),
                           [](const Bookmark& b) { return !b.description.empty(); }) == 8);
  BOOST_TEST(tags.size() >= 90u);
  BOOST_TEST(std::all_of(file.skipped.begin(), file.skipped.end(), [](const Skipped& s) {
    return s.url.starts_with("place:") && s.line > 0 && !s.reason.empty();
  }));
}

BOOST_AUTO_TEST_CASE(three_units_of_time_are_one_instant) {
  for (const Bookmark& b : sample("linkding-timestamps_s_ms_us.html").bookmarks)
    BOOST_TEST(w3c_date_micros(b.created.value()) == "2021-03-21T14:39:19.000000Z", b.url);
}

BOOST_AUTO_TEST_CASE(a_link_in_a_description_is_text) {
  const BookmarkFile file = sample("nbp-netscape_extended.htm");
  if (file.bookmarks.empty()) return;
  BOOST_TEST(file.bookmarks[0].description.starts_with("For 10 years"));
  BOOST_TEST(file.bookmarks[0].tags.size() == 2u);
  BOOST_TEST(!file.bookmarks[0].shared);
}

BOOST_AUTO_TEST_CASE(states_of_reading_lists_are_understood) {
  const BookmarkFile omnivore = sample("wallabag-omnivore.json"),
                     wallabag = sample("wallabag-v2.json"), pocket = sample("wallabag-pocket.csv");
  if (omnivore.bookmarks.empty()) return;
  BOOST_TEST(count(omnivore, &Bookmark::archived) == 1u);
  BOOST_TEST(count(wallabag, &Bookmark::favourite) > 0u);
  BOOST_TEST(count(pocket, &Bookmark::unread) + count(pocket, &Bookmark::archived) == 7u);
  std::vector<std::size_t> sizes;
  for (const Bookmark& b : wallabag.bookmarks) sizes.push_back(b.content.size());
  BOOST_TEST(*std::max_element(sizes.begin(), sizes.end()) > 600'000u);
  BOOST_TEST(*std::min_element(sizes.begin(), sizes.end()) == 28u);
  BOOST_TEST(sample("shiori-pocket-old.csv").bookmarks.at(0).tags ==
             std::vector<std::string>{"shiori"});
}

BOOST_AUTO_TEST_CASE(pinboard_has_its_own_words) {
  const BookmarkFile file = sample("wallabag-pinboard.json");
  if (file.bookmarks.empty()) return;
  BOOST_TEST(file.bookmarks[0].title == "Complexities of an Infinite Scroller");
  BOOST_TEST(file.bookmarks[0].description.starts_with("TL;DR"));
  std::size_t assignments = 0;
  for (const Bookmark& b : file.bookmarks) assignments += b.tags.size();
  BOOST_TEST(assignments == 9u);
}

BOOST_AUTO_TEST_CASE(a_chrome_profile_counts_from_1601) {
  const BookmarkFile file = sample("wallabag-chrome-bookmarks.json");
  if (file.bookmarks.empty()) return;
  BOOST_TEST(w3c_date_micros(file.bookmarks[0].created.value()) == "2016-09-20T13:15:29.335823Z");
  BOOST_TEST(file.bookmarks[0].tags.empty(), "the browser's own roots are no folders");
}

BOOST_AUTO_TEST_CASE(folders_are_nested_tags) {
  const BookmarkFile file = sample("nbp-chromium_nested.htm");
  if (file.bookmarks.empty()) return;
  BOOST_TEST(std::any_of(file.bookmarks.begin(), file.bookmarks.end(), [](const Bookmark& b) {
    return !b.tags.empty() && b.tags[0].find('/') != std::string::npos;
  }));
}
