#include "server/bookmarks/reader.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "server/bookmarks/dates.h"

using namespace wm;
using namespace wm::bookmarks;

namespace {

using Tags = std::vector<std::string>;

const std::string kDoctype = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n";

Bookmark only(const std::string& bytes) {
  const auto file = read_bookmarks(bytes);
  BOOST_REQUIRE_MESSAGE(file.has_value(), file.error().what);
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), 1u);
  return file->bookmarks[0];
}

/// UTF-16 of ASCII and of what is given as code units.
std::string utf16le(std::u16string_view text) {
  std::string bytes;
  for (const char16_t c : text) {
    bytes += static_cast<char>(c & 0xff);
    bytes += static_cast<char>(c >> 8);
  }
  return bytes;
}

struct Date {
  const char* written;
  const char* means;  // "" for none
};
std::ostream& operator<<(std::ostream& out, const Date& date) {
  return out << date.written;
}

const Date kDates[] = {
    {"1616337559", "2021-03-21T14:39:19.000000Z"},
    {"1616337559.5", "2021-03-21T14:39:19.000000Z"},
    {"1616337559000", "2021-03-21T14:39:19.000000Z"},
    {"1616337559000000", "2021-03-21T14:39:19.000000Z"},
    {"1616337559000000000", "2021-03-21T14:39:19.000000Z"},
    {"13260811159000000", "2021-03-21T14:39:19.000000Z"},
    {"13260811159", "2021-03-21T14:39:19.000000Z"},
    {"20210321143919", "2021-03-21T14:39:19.000000Z"},
    {"2021-03-21T14:39:19Z", "2021-03-21T14:39:19.000000Z"},
    {"2021-03-21T16:39:19+0200", "2021-03-21T14:39:19.000000Z"},
    {"2021-03-21T16:39:19.25+02:00", "2021-03-21T14:39:19.250000Z"},
    {"2021-03-21 14:39:19", "2021-03-21T14:39:19.000000Z"},
    {"10/Oct/2000:13:55:36 +0300", "2000-10-10T10:55:36.000000Z"},
    {"Sun, 21 Mar 2021 14:39:19 GMT", "2021-03-21T14:39:19.000000Z"},
    {"0", ""},
    {"-1", ""},
    {"", ""},
    {"yesterday", ""},
    {"99999999999999999999999", ""},
    {"nan", ""},
};

struct Refused {
  const char* url;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Refused& row) {
  return out << row.url;
}

const Refused kRefused[] = {
    {"javascript:void(0)", "not a web address"}, {"place:type=6", "not a web address"},
    {"file:///etc/passwd", "not a web address"}, {"data:text/html,x", "not a web address"},
    {"chrome://bookmarks", "not a web address"}, {"", "no address"},
    {"http://", "no address that can be read"},
};

struct Other {
  const char* why;
  std::string bytes;
};
std::ostream& operator<<(std::ostream& out, const Other& row) {
  return out << row.why;
}

const Other kOthers[] = {
    {"a web page", "<!doctype html><title>x</title><a href='http://a.example/'>a</a>"},
    {"a HAR",
     R"({"log":{"version":"1.2","creator":{"name":"x"},"entries":[{"request":{"url":"http://a.example/"}}]}})"},
    {"JSON of something else", R"({"a":1})"},
    {"a table without addresses", "name,age\na,1\n"},
    {"prose", "Dear Sir or Madam, please see http://a.example/"},
    {"nothing", ""},
    {"blanks", " \n\t"},
    {"bytes", std::string("\x00\x01\xff\xfe\x80", 5)},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_time_is_read_as_programs_write_it, boost::unit_test::data::make(kDates),
                     row) {
  const auto date = parse_date(row.written);
  BOOST_TEST((date ? w3c_date_micros(*date) : "") == row.means);
}

BOOST_DATA_TEST_CASE(what_is_no_web_address_is_told_with_its_line,
                     boost::unit_test::data::make(kRefused), row) {
  const auto file = read_bookmarks(kDoctype + "<DL><p>\n<DT><A HREF=\"" + row.url +
                                   "\">x</A>\n<DT><A HREF=\"http://a.example/\">y</A>\n</DL>");
  BOOST_REQUIRE(file.has_value());
  BOOST_TEST(file->bookmarks.size() == 1u);
  BOOST_REQUIRE_EQUAL(file->skipped.size(), 1u);
  BOOST_TEST(file->skipped[0].line == 3u);
  BOOST_TEST(file->skipped[0].reason.starts_with(row.reason), file->skipped[0].reason);
}

BOOST_DATA_TEST_CASE(what_is_no_bookmark_file_is_refused, boost::unit_test::data::make(kOthers),
                     row) {
  BOOST_TEST(!format_of(row.bytes).has_value());
  const auto file = read_bookmarks(row.bytes);
  BOOST_REQUIRE(!file.has_value());
  BOOST_TEST((file.error().code == Error::Code::kUnsupported));
}

BOOST_AUTO_TEST_CASE(safari_writes_neither_dates_nor_tags) {
  const Bookmark b = only(kDoctype +
                          "<HTML><META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; "
                          "charset=UTF-8\"><Title>Bookmarks</Title><H1>Bookmarks</H1>"
                          "<DT><H3 FOLDED>Favourites</H3><DL><p><DT><A "
                          "HREF=\"https://a.example/?x=1&amp;y=2\">A &amp; B</A></DL><p></HTML>");
  BOOST_TEST(b.url == "https://a.example/?x=1&y=2");
  BOOST_TEST(b.title == "A & B");
  BOOST_TEST(b.tags == Tags{"Favourites"});
  BOOST_TEST(!b.created.has_value());
}

BOOST_AUTO_TEST_CASE(internet_explorer_begins_with_a_mark) {
  const Bookmark b = only("\xef\xbb\xbf" + kDoctype +
                          "<DL><p><DT><H3 FOLDED ADD_DATE=\"1\">x/y</H3><DL><p>\r\n<DT><A "
                          "HREF=\"http://a.example/\" ADD_DATE=\"1616337559\" LAST_VISIT=\"1\""
                          " ICON_URI=\"http://a.example/i.ico\">T</A>\r\n</DL><p></DL><p>");
  BOOST_TEST(b.tags == Tags{"x-y"}, "a slash in a folder's name makes no level");
  BOOST_TEST(b.created.has_value());
}

BOOST_AUTO_TEST_CASE(tags_are_parted_by_blanks_only_where_no_comma_is_in_the_file) {
  const std::string blanks = kDoctype +
                             "<DL><DT><A HREF=http://a.example/ ADD_DATE=\"10/Oct/2000:13:55:36 "
                             "+0300\" PRIVATE=1 TAGS=\"private secret\">x</A></DL>";
  BOOST_TEST(only(blanks).tags == (Tags{"private", "secret"}));
  const auto commas =
      read_bookmarks(kDoctype +
                     "<DT><A HREF=http://a.example/ TAGS=\"machine learning\">x</A><DT><A "
                     "HREF=http://b.example/ TAGS=\"a,b c\">x</A>");
  BOOST_TEST(commas->bookmarks.at(0).tags == Tags{"machine learning"});
  BOOST_TEST(commas->bookmarks.at(1).tags == (Tags{"a", "b c"}));
}

BOOST_AUTO_TEST_CASE(pockets_lists_tell_what_was_read) {
  const auto file = read_bookmarks(
      "<!DOCTYPE html><html><head><title>Pocket "
      "Export</title></head><body><h1>Unread</h1><ul><li><a href=\"https://a.example/\" "
      "time_added=\"1616337559\" "
      "tags=\"x,y\">A</a></li></ul><h1>Read Archive</h1><ul><li><a href=\"https://b.example/\" "
      "time_added=\"1616337560\" tags=\"\">B</a></li></ul></body></html>");
  BOOST_REQUIRE(file.has_value());
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), 2u);
  BOOST_TEST(file->bookmarks[0].unread);
  BOOST_TEST(file->bookmarks[0].tags == (Tags{"x", "y"}));
  BOOST_TEST(file->bookmarks[1].archived);
  BOOST_TEST(!file->bookmarks[1].unread);
}

BOOST_AUTO_TEST_CASE(linkding_hides_notes_and_the_archive_in_what_others_know) {
  const Bookmark b = only(kDoctype +
                          "<DT><A HREF=\"http://a.example/\" TOREAD=\"1\" "
                          "TAGS=\"x,linkding:bookmarks.archived\">T</A>\n<DD>d "
                          "[linkding-notes]**n**[/linkding-notes]\n");
  BOOST_TEST(b.archived);
  BOOST_TEST(b.unread);
  BOOST_TEST(b.tags == Tags{"x"});
  BOOST_TEST(b.description == "d");
  BOOST_TEST(b.notes == "**n**");
}

BOOST_AUTO_TEST_CASE(instapapers_folders_are_states_or_tags) {
  const auto file = read_bookmarks(
      "URL,Title,Selection,Folder,Timestamp,Tags\nhttps://a.example/"
      ",A,,Unread,1616337559,\"[\"\"x\"\",\"\"y "
      "z\"\"]\"\nhttps://b.example/,B,words,Archive,1616337559,[]\n"
      "https://c.example/,C,,Starred,1616337559,\nhttps://d.example/,D,,Cooking,1616337559,\n");
  BOOST_REQUIRE(file.has_value());
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), 4u);
  BOOST_TEST(file->bookmarks[0].unread);
  BOOST_TEST(file->bookmarks[0].tags == (Tags{"x", "y z"}));
  BOOST_TEST(file->bookmarks[1].archived);
  BOOST_TEST(file->bookmarks[1].description == "words");
  BOOST_TEST(file->bookmarks[2].favourite);
  BOOST_TEST(file->bookmarks[3].tags == Tags{"Cooking"});
}

BOOST_AUTO_TEST_CASE(raindrops_table_has_folders_notes_and_favourites) {
  const Bookmark b = only(
      "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\r\n1,T,\"a "
      "\"\"note\"\"\nof two lines\",E,https://a.example/,Dev / Tools,\"x, "
      "y\",2021-03-21T14:39:19.000Z,,,true\r\n");
  BOOST_TEST(b.notes == "a \"note\"\nof two lines");
  BOOST_TEST(b.description == "E");
  BOOST_TEST(b.tags == (Tags{"Dev/Tools", "x", "y"}));
  BOOST_TEST(b.favourite);
  BOOST_TEST(b.line == 2u);
}

BOOST_AUTO_TEST_CASE(firefox_json_has_roots_folders_and_two_kinds_of_tags) {
  const auto file = read_bookmarks(
      R"({"guid":"root________","title":"","type":"text/x-moz-place-container","root":"placesRoot","children":[
    {"guid":"menu________","title":"menu","type":"text/x-moz-place-container","root":"bookmarksMenuFolder","children":[
      {"type":"text/x-moz-place-container","title":"papers","children":[
        {"type":"text/x-moz-place","uri":"https://a.example/","title":"A","dateAdded":1616337559000000,"lastModified":1616337560000000,"tags":"x,y",
         "annos":[{"name":"bookmarkProperties/description","value":"D"}]},
        {"type":"text/x-moz-place-separator"},{"type":"text/x-moz-place","uri":"place:sort=8","title":"Most visited"}]}]},
    {"guid":"tags________","title":"tags","type":"text/x-moz-place-container","root":"tagsFolder","children":[
      {"type":"text/x-moz-place-container","title":"old","children":[{"type":"text/x-moz-place","uri":"https://a.example/"}]}]}]})");
  BOOST_REQUIRE(file.has_value());
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), 1u);
  BOOST_TEST(file->bookmarks[0].tags == (Tags{"papers", "x", "y", "old"}));
  BOOST_TEST(file->bookmarks[0].description == "D");
  BOOST_TEST(file->skipped_count == 1u);
}

BOOST_AUTO_TEST_CASE(linkwardens_collections_are_nested_and_may_turn_in_circles) {
  const auto file = read_bookmarks(R"({"name":"u","collections":[
    {"id":1,"name":"ai","parentId":null,"isPublic":true,"links":[{"url":"https://a.example/","name":"A","description":"d","tags":[{"name":"x"}],"createdAt":"2024-01-02T03:04:05.678Z"}]},
    {"id":2,"name":"papers","parentId":1,"links":[{"url":"https://b.example/","name":"B","tags":[]}]},
    {"id":3,"name":"Unorganized","links":[{"url":"https://c.example/","name":"C"},{"url":null,"name":"a PDF"}]},
    {"id":4,"name":"p","parentId":5,"links":[{"url":"https://d.example/","name":"D"}]},{"id":5,"name":"q","parentId":4,"links":[]}],
    "pinnedLinks":[{"url":"https://b.example/"}]})");
  BOOST_REQUIRE(file.has_value());
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), 4u);
  BOOST_TEST(file->bookmarks[0].tags == (Tags{"ai", "x"}));
  BOOST_TEST(file->bookmarks[0].shared);
  BOOST_TEST(file->bookmarks[1].tags == Tags{"ai/papers"});
  BOOST_TEST(file->bookmarks[1].favourite);
  BOOST_TEST(file->bookmarks[2].tags.empty());
  BOOST_TEST(file->skipped_count == 1u);
}

BOOST_AUTO_TEST_CASE(karakeeps_notes_without_an_address_are_told) {
  const auto file = read_bookmarks(
      R"({"bookmarks":[{"createdAt":1616337559,"title":"A","tags":["x","y z"],"content":{"type":"link","url":"https://a.example/"},"note":"N","archived":true},
    {"createdAt":1616337559,"title":"words","tags":[],"content":{"type":"text","text":"only words"},"note":null}]})");
  BOOST_REQUIRE(file.has_value());
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), 1u);
  BOOST_TEST(file->bookmarks[0].tags == (Tags{"x", "y z"}));
  BOOST_TEST(file->bookmarks[0].notes == "N");
  BOOST_TEST(file->bookmarks[0].archived);
  BOOST_TEST(file->skipped.at(0).reason == "no address");
}

BOOST_AUTO_TEST_CASE(pockets_own_answers_are_keyed_by_number) {
  const Bookmark b = only(
      R"({"status":1,"list":{"229279689":{"item_id":"229279689","given_url":"https://a.example/","resolved_title":"A","time_added":"1616337559","status":"1","favorite":"1",
    "excerpt":"E","tags":{"x":{"tag":"x"},"y":{"tag":"y"}}}}})");
  BOOST_TEST(b.title == "A");
  BOOST_TEST(b.archived);
  BOOST_TEST(b.favourite);
  BOOST_TEST(b.tags == (Tags{"x", "y"}));
}

BOOST_AUTO_TEST_CASE(lines_of_json_and_plain_lists_are_read) {
  const auto lines = read_bookmarks(
      "{\"url\":\"https://a.example/\",\"title\":\"A\"}\n{\"url\":\"https://b.example/"
      "\",\"tags\":[\"x\"]}\nnot json\n");
  BOOST_REQUIRE(lines.has_value());
  BOOST_TEST(lines->bookmarks.size() == 2u);
  BOOST_TEST(lines->skipped.at(0).line == 3u);
  const auto list =
      read_bookmarks("# from a tab keeper\nhttps://a.example/ | A title\n\nhttps://b.example/\n");
  BOOST_TEST(!list.has_value(), "a comment before any address tells nothing");
  const auto tabs = read_bookmarks("https://a.example/ | A title\n\n# more\nhttps://b.example/\n");
  BOOST_REQUIRE(tabs.has_value());
  BOOST_TEST(tabs->bookmarks.at(0).title == "A title");
  BOOST_TEST(tabs->bookmarks.at(1).line == 4u);
}

BOOST_AUTO_TEST_CASE(a_chinese_export_in_gb18030_is_read_with_and_without_its_name) {
  const std::string title =
      "\xd6\xd0\xb9\xfa\xbf\xc6\xd1\xa7\xd4\xba\xd1\xa7\xb1\xa8\xa3\xac\xd5\xe2\xca\xc7\xd2\xbb\xb8"
      "\xf6\xb1\xea\xcc\xe2";  // 中国科学院学报，这是一个标题
  for (const std::string& meta :
       {std::string("<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=gb2312\">\n"),
        std::string()}) {
    const Bookmark b =
        only(kDoctype + meta +
             "<TITLE>\xca\xe9\xc7\xa9</TITLE><DL><p><DT><H3>\xd1\xa7\xcf\xb0\xd7\xca\xc1\xcf</"
             "H3><DL><p><DT><A HREF=\"http://a.example/\">" +
             title + "</A></DL></DL>");
    BOOST_TEST(b.title == "中国科学院学报，这是一个标题");
    BOOST_TEST(b.tags == Tags{"学习资料"});
  }
}

BOOST_AUTO_TEST_CASE(utf16_is_read_with_and_without_a_mark) {
  const std::u16string text = u"url,title\r\nhttps://a.example/,中文标题\r\n";
  for (const std::string& bytes : {utf16le(text), "\xff\xfe" + utf16le(text)})
    BOOST_TEST(only(bytes).title == "中文标题");
}

BOOST_AUTO_TEST_CASE(an_address_saved_twice_is_one_with_the_tags_of_both) {
  const auto file = read_bookmarks("url,tags\nHTTP://A.example,x\nhttp://a.example/,y\n");
  BOOST_REQUIRE(file.has_value());
  BOOST_TEST(file->found == 2u);
  BOOST_REQUIRE_EQUAL(file->bookmarks.size(), 1u);
  BOOST_TEST(file->bookmarks[0].tags == (Tags{"x", "y"}));
  BOOST_TEST(file->skipped.at(0).reason.starts_with("the same address as at 2"));
}

BOOST_AUTO_TEST_CASE(limits_are_kept_and_told) {
  const auto few =
      read_bookmarks("url\nhttp://a.example/,\nhttp://b.example/,\n", {.bookmarks = 1});
  BOOST_TEST(!few.has_value(), "one column is no table");
  const auto cut = read_bookmarks(
      "url,title\nhttp://a.example/,\xe4\xb8\xad\xe6\x96\x87\nhttp://b.example/,\nhttp://c.example/"
      ",\n",
      {.bookmarks = 1, .text_bytes = 4});
  BOOST_REQUIRE(cut.has_value());
  BOOST_TEST(cut->bookmarks.size() == 1u);
  BOOST_TEST(cut->bookmarks[0].title == "\xe4\xb8\xad");
  BOOST_TEST(cut->skipped_count == 1u);
  BOOST_TEST((read_bookmarks(std::string(100, ' '), {.bytes = 99}).error().code ==
              Error::Code::kTooLarge));
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "[";
  BOOST_TEST((read_bookmarks(deep + "\"http").error().code == Error::Code::kTooLarge));
  BOOST_TEST(
      (read_bookmarks("[{\"url\":\"http://a.example/\"").error().code == Error::Code::kCorrupt));
}

BOOST_AUTO_TEST_CASE(folders_without_end_cost_no_more_than_others) {
  std::string nested = kDoctype;
  for (int i = 0; i < 100'000; ++i) nested += "<DT><H3>f</H3><DL>";
  nested += "<DT><A HREF=http://a.example/>x</A>";
  for (int i = 0; i < 100'000; ++i) nested += "</DL>";
  const auto file = read_bookmarks(nested + "<DT><A HREF=http://b.example/>y</A>");
  BOOST_REQUIRE(file.has_value());
  BOOST_TEST(file->bookmarks.size() == 2u);
  BOOST_TEST(file->bookmarks[1].tags.empty());
}
