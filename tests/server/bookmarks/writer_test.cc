#include "server/bookmarks/writer.h"

#include <random>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "server/bookmarks/reader.h"

using namespace wm;
using namespace wm::bookmarks;

namespace {

std::string written(Format format, const std::vector<Bookmark>& bookmarks) {
  Writer writer(format);
  std::string text = writer.begin();
  for (const Bookmark& b : bookmarks) text += writer.entry(b);
  return text + writer.end();
}

const Format kFormats[] = {Format::kNetscape, Format::kCsv, Format::kJson};

/// Text of what trips writers: quotes, separators, markup, line ends, Chinese.
std::string odd_text(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"a",     "\"", ",",    ";",  "|",    "<b>",
                                                   "&amp;", "\n", "中文", "'",  "</A>", "[",
                                                   "]",     "{",  "=1+1", "\t", "–",    "\\"};
  std::string text = "x";
  for (unsigned i = random() % 8; i > 0; --i) text += kPieces[random() % kPieces.size()];
  return text + "y";
}

Bookmark any(std::mt19937& random, int number) {
  Bookmark b{.url = "https://example.org/" + std::to_string(number) + "?a=1&b=%22"};
  b.title = odd_text(random);
  b.description = odd_text(random);
  b.notes = odd_text(random);
  for (unsigned i = random() % 4; i > 0; --i)
    b.tags.push_back("tag " + std::to_string(i) + "/标签" + std::to_string(random() % 100));
  b.created = SysMicros(std::chrono::seconds(1600000000 + number));
  if (random() % 2) b.modified = SysMicros(std::chrono::seconds(1700000000 + number));
  b.unread = random() % 2;
  b.archived = random() % 2;
  b.favourite = random() % 2;
  b.shared = random() % 2;
  return b;
}

}  // namespace

namespace std {
ostream& operator<<(ostream& out, Format format) {
  return out << name_of(format);
}
}  // namespace std

BOOST_DATA_TEST_CASE(what_goes_out_comes_back_equal, boost::unit_test::data::make(kFormats),
                     format) {
  std::mt19937 random(7);
  std::vector<Bookmark> bookmarks;
  for (int i = 0; i < 200; ++i) bookmarks.push_back(any(random, i));
  const std::string text = written(format, bookmarks);
  const auto file = read_bookmarks(text);
  BOOST_REQUIRE_MESSAGE(file.has_value(), file.error().what);
  BOOST_TEST((file->format == format));
  BOOST_TEST(file->skipped_count == 0u);
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), bookmarks.size());
  for (std::size_t i = 0; i < bookmarks.size(); ++i) {
    Bookmark read = file->bookmarks[i];
    read.line = 0;
    BOOST_TEST((read == bookmarks[i]), bookmarks[i].title + " / " + read.title + " / " +
                                           read.description + " / " + read.notes);
  }
}

BOOST_DATA_TEST_CASE(no_bookmarks_are_a_file_too, boost::unit_test::data::make(kFormats), format) {
  const auto file = read_bookmarks(written(format, {}));
  BOOST_REQUIRE_MESSAGE(file.has_value(), file.error().what);
  BOOST_TEST(file->bookmarks.empty());
}

BOOST_AUTO_TEST_CASE(one_tag_of_two_words_stays_one) {
  const Bookmark b{.url = "https://a.example/", .tags = {"machine learning"}};
  for (const Format format : kFormats)
    BOOST_TEST(read_bookmarks(written(format, {b}))->bookmarks.at(0).tags == b.tags,
               name_of(format));
}
