#include "replay/cdxserver/listing.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

#include "core/base/digest.h"
#include "core/url/surt.h"
#include "core/url/url.h"
#include "replay/memento/timemap.h"
#include "tests/indexer/cdx/cdx_test_support.h"

using namespace wm;
using cdxserver::Dialect;

namespace {

cdx::Capture capture(const std::string& url, const std::string& time, const std::string& payload,
                     int status = 200, const std::string& mime = "text/html") {
  static std::uint64_t offset = 0;
  cdx::Capture made;
  made.surt = url::surt(url);
  made.time = Time14::parse_padded(time, Time14::Pad::kEarliest).value();
  made.url = url;
  made.mime = mime;
  made.status = status;
  made.digest = sha1_digest(payload);
  made.file = "web/x.warc.gz";
  made.offset = offset += 100;
  made.length = 90;
  return made;
}

/// Second after second.
std::vector<cdx::Capture> copies(const cdx::Capture& first, std::size_t count) {
  std::vector<cdx::Capture> all(count, first);
  for (std::size_t i = 0; i < count; ++i) {
    all[i].time = Time14(first.time.time() + std::chrono::seconds(i));
    all[i].offset = i;
  }
  return all;
}

struct Server {
  test::IndexInTemp archive;
  access::Judge judge;
  std::uint64_t scan_limit = 100'000;

  void fill() {
    archive.add({capture("http://a.example/", "2010", "one"),
                 capture("http://a.example/", "20110101", "one"),
                 capture("http://a.example/", "20110601", "two", 404),
                 capture("https://a.example/", "2013", "three"),
                 capture("http://a.example/p.png", "2012", "png", 200, "image/png"),
                 capture("http://a.example/p/q", "2012", "q"),
                 capture("http://sub.a.example/", "2012", "sub"),
                 capture("http://b.example/", "2012", "b")});
  }
  Result<std::string> ask(Dialect dialect, std::string_view query) const {
    auto listing =
        cdxserver::list_captures(archive.index, judge,
                                 {.dialect = dialect,
                                  .at = {.origin = "http://r.example", .collection = "web"},
                                  .query = query,
                                  .scan_limit = scan_limit});
    if (!listing) return std::unexpected(listing.error());
    return read_all(*listing->stream, 64 << 20);
  }
  std::string get(Dialect dialect, std::string_view query) const {
    const auto text = ask(dialect, query);
    BOOST_REQUIRE(text.has_value());
    return *text;
  }
  /// The time of each row, as years or more.
  std::string times(Dialect dialect, const std::string& query) const {
    std::string text = get(dialect, query + "&fl=timestamp&output=text");
    std::string times;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      if (!times.empty()) times += ' ';
      std::string time = text.substr(at, text.find('\n', at) - at);
      while (time.size() > 4 && time.ends_with("01")) time.resize(time.size() - 2);
      if (time.ends_with("000000")) time.resize(time.size() - 6);
      while (time.size() > 4 && time.ends_with("01")) time.resize(time.size() - 2);
      times += time;
    }
    return times;
  }
};

struct Row {
  Dialect dialect;
  const char* query;
  const char* times;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << static_cast<int>(row.dialect) << " " << row.query;
}
constexpr auto kP = Dialect::kPywb;
constexpr auto kI = Dialect::kInternetArchive;
constexpr auto kO = Dialect::kOutback;
const Row kRows[] = {
    {kP, "url=http://a.example/", "2010 2011 201106 2013"},
    {kP, "url=a.example", "2010 2011 201106 2013"},
    {kP, "url=https://www.A.example:443/#f", "2010 2011 201106 2013"},
    {kP, "url=a.example&from=2011&to=2011", "2011 201106"},
    {kP, "url=a.example&from_ts=2012", "2013"},
    {kP, "url=a.example&sort=reverse", "2013 201106 2011 2010"},
    {kP, "url=a.example&reverse=1&limit=1", "2013"},
    {kP, "url=a.example&closest=2012", "201106 2011 2013 2010"},
    {kP, "url=a.example&closest=201201&limit=2", "201106 2011"},
    {kP, "url=a.example&closest=2012&from=2013", "2013"},
    {kP, "url=a.example&limit=2", "2010 2011"},
    {kP, "url=a.example&limit=2&offset=1", "2011 201106"},
    {kP, "url=a.example&filter=status:40", "201106"},
    {kP, "url=a.example&filter=!status:40", "2010 2011 2013"},
    {kP, "url=a.example&filter==status:40", ""},
    {kP, "url=a.example&filter==status:404", "201106"},
    {kP, "url=a.example&filter=~status:4", "201106"},
    {kP, "url=a.example&filter=~status:04", ""},
    {kP, "url=a.example&filter=!~url:https", "2010 2011 201106"},
    {kP, "url=a.example&filter=404", "201106"},
    {kP, "url=a.example&collapseTime=4", "2010 2011 201106 2013"},
    {kP, "url=a.example&collapseTime=4&filter=!status:404", "2010 2011 2013"},
    {kP, "url=a.example/*", "2010 2011 201106 2013 2012 2012"},
    {kP, "url=*.a.example", "2010 2011 201106 2013 2012 2012 2012"},
    {kP, "url=a.example&matchType=host&filter==mime:image/png", "2012"},
    {kP, "url=none.example", ""},
    {kI, "url=a.example&filter=statuscode:200", "2010 2011 2013"},
    {kI, "url=a.example&filter=statuscode:20", ""},
    {kI, "url=a.example&filter=statuscode:2..", "2010 2011 2013"},
    {kI, "url=a.example&filter=!statuscode:200", "201106"},
    {kI, "url=a.example&filter=~original:https", "2013"},
    {kI, "url=a.example&filter=~!original:https", "2010 2011 201106"},
    {kI, "url=a.example&filter=4:404", "201106"},
    {kI, "url=a.example&filter=statuscode:200&filter=!original:https.*", "2010 2011"},
    {kI, "url=a.example&collapse=digest", "2010 201106 2013"},
    {kI, "url=a.example&collapse=timestamp:4", "2010 2011 2013"},
    {kI, "url=a.example/*&collapse=urlkey", "2010 2012 2012"},
    {kI, "url=a.example/*&collapse=urlkey&limit=2&offset=1", "2012 2012"},
    {kI, "url=a.example&limit=-1", "2013"},
    {kI, "url=a.example&limit=-2", "201106 2013"},
    {kI, "url=a.example&limit=-20", "2010 2011 201106 2013"},
    {kI, "url=a.example&limit=-2&filter=statuscode:200", "2011 2013"},
    {kI, "url=a.example&limit=-2&collapse=timestamp:4", "2011 2013"},
    {kI, "url=a.example&limit=-3&collapse=digest", "2010 201106 2013"},
    {kI, "url=a.example&fastLatest=true", "2013"},
    {kI, "url=a.example&fastLatest=true&limit=-2", "201106 2013"},
    {kI, "url=a.example&sort=closest&closest=2012", "201106 2011 2013 2010"},
    {kI, "url=a.example&closest=2012", "2010 2011 201106 2013"},
    {kI, "url=a.example&page=0", "2010 2011 201106 2013"},
    {kI, "url=a.example&gzip=false&limit=1", "2010"},
    {kI, "url=a.example&collection=other", ""},
    {kO, "url=http://a.example/", "2010 2011 201106 2013"},
    {kO, "urlkey=example,a)/", "2010 2011 201106 2013"},
    {kO, "url=a.example&sort=closest&closest=20111231&limit=1", "201106"},
    {kO, "url=a.example&sort=reverse&limit=1", "2013"},
    {kO, "url=a.example&filter=!status:404&collapse=digest", "2010 2013"},
    {kO, "url=a.example&collapseToLast=timestamp:4", "2010 201106 2013"},
    {kO, "url=a.example/&matchType=prefix&filter=mimetype:image/.*", "2012"}};

}  // namespace

BOOST_DATA_TEST_CASE(rows_of_a_query, boost::unit_test::data::make(kRows), row) {
  static const Server server = [] {
    Server filled;
    filled.fill();
    return filled;
  }();
  BOOST_TEST(server.times(row.dialect, row.query) == row.times);
}

BOOST_AUTO_TEST_CASE(pywb_answers_in_cdxj_json_text_and_links) {
  Server server;
  server.archive.add({capture("http://a.example/\"", "2010", "one")});
  const auto surt = url::surt("http://a.example/\"");
  const std::string digest = sha1_digest("one").substr(5);
  const std::string tail = "\", \"mime\": \"text/html\", \"status\": \"200\", \"digest\": \"" +
                           digest + "\", \"length\": \"90\", \"offset\": \"";
  const std::string query = "url=http://a.example/%22";
  BOOST_TEST(server.get(kP, query).starts_with(
      surt + " 20100101000000 {\"url\": \"http://a.example/\\\"" + tail));
  BOOST_TEST(server.get(kP, query).ends_with("\"filename\": \"web/x.warc.gz\"}\n"));
  BOOST_TEST(
      server.get(kP, query + "&output=json")
          .starts_with("{\"urlkey\": " + memento::json_string(surt) +
                       ", \"timestamp\": \"20100101000000\", \"url\": \"http://a.example/\\\"" +
                       tail));
  BOOST_TEST(server.get(kP, query + "&output=json&fl=url,status,redirect") ==
             "{\"url\": \"http://a.example/\\\"\", \"status\": \"200\"}\n");
  BOOST_TEST(server.get(kP, query + "&output=text&fields=timestamp,redirect,mimetype") ==
             "20100101000000 - text/html\n");
  BOOST_TEST(server.get(kP, query + "&output=link") ==
             "<http://r.example/web/20100101000000/http://a.example/%22>; rel=\"memento\"; "
             "datetime=\"Fri, 01 Jan 2010 00:00:00 GMT\"; collection=\"web\"\n");
  BOOST_TEST(server.get(kP, "url=none.example").empty());
}

BOOST_AUTO_TEST_CASE(the_internet_archive_answers_in_text_and_arrays_with_a_header) {
  Server server;
  server.archive.add({capture("http://a.example/x y", "2010", "one")});
  const std::string digest = sha1_digest("one").substr(5);
  BOOST_TEST(server.get(kI, "url=http://a.example/x%20y") ==
             "example,a)/x%20y 20100101000000 http://a.example/x%20y text/html 200 " + digest +
                 " 90\n");
  BOOST_TEST(server.get(kI, "url=http://a.example/x%20y&output=json") ==
             "[[\"urlkey\",\"timestamp\",\"original\",\"mimetype\",\"statuscode\",\"digest\","
             "\"length\"],\n"
             "[\"example,a)/x%20y\",\"20100101000000\",\"http://a.example/x "
             "y\",\"text/html\",\"200\",\"" +
                 digest + "\",\"90\"]]\n");
  BOOST_TEST(server.get(kI, "url=http://a.example/x%20y&output=json&fl=timestamp,redirect") ==
             "[[\"timestamp\",\"redirect\"],\n[\"20100101000000\",\"-\"]]\n");
  BOOST_TEST(server.get(kI, "url=none.example&output=json") == "[]\n");
  BOOST_TEST(server.get(kI, "url=none.example").empty());
}

BOOST_AUTO_TEST_CASE(outbackcdx_answers_in_eleven_fields_arrays_and_objects) {
  Server server;
  auto one = capture("http://a.example/", "2010", "one", 301);
  one.redirect = "http://a.example/x";
  server.archive.add({one});
  const std::string digest = one.digest.substr(5);
  const std::string place = std::to_string(one.offset);
  BOOST_TEST(server.get(kO, "url=a.example") ==
             "example,a)/ 20100101000000 http://a.example/ text/html 301 " + digest +
                 " http://a.example/x - 90 " + place + " web/x.warc.gz\n");
  BOOST_TEST(server.get(kO, "url=a.example&output=json&fl=urlkey,timestamp,statuscode,offset") ==
             "[[\"example,a)/\",20100101000000,301," + place + "]]\n");
  BOOST_TEST(server.get(kO, "url=a.example&output=jsondict&fl=timestamp,redirecturl") ==
             "[{\"timestamp\": 20100101000000, \"redirecturl\": \"http://a.example/x\"}]\n");
  BOOST_TEST(server.get(kO, "url=none.example&output=json") == "[]\n");
}

BOOST_AUTO_TEST_CASE(outbackcdx_answers_openwayback_in_xml) {
  Server server;
  server.fill();
  const std::string text =
      server.get(kO, "q=type:urlquery+url:http%253A%252F%252Fa.example%252F+limit:2");
  BOOST_TEST(
      text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wayback>\n<results>\n"));
  BOOST_TEST(text.find("<capturedate>20100101000000</capturedate>") != std::string::npos);
  BOOST_TEST(text.find("<httpresponsecode>200</httpresponsecode>") != std::string::npos);
  BOOST_TEST(text.find("20130101000000</capturedate>") == std::string::npos);
  BOOST_TEST(text.find("<numreturned>2</numreturned><numresults>4</numresults>") !=
             std::string::npos);
  const std::string prefix =
      server.get(kO, "q=type:prefixquery+url:http%253A%252F%252Fa.example%252F");
  BOOST_TEST(prefix.find("<urlkey>example,a)/</urlkey><originalurl>https://a.example/</originalurl>"
                         "<numversions>3</numversions><numcaptures>4</numcaptures>"
                         "<firstcapturets>20100101000000</firstcapturets>"
                         "<lastcapturets>20130101000000</lastcapturets>") != std::string::npos);
  BOOST_TEST(prefix.find("<numresults>3</numresults>") != std::string::npos);
  BOOST_TEST(server.get(kO, "q=type:urlquery+url:none.example").find("Resource Not In Archive") !=
             std::string::npos);
  BOOST_TEST(server.get(kO, "q=type:other+url:a.example").find("Unsupported query type") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_resume_key_goes_on_where_the_last_answer_ended) {
  Server server;
  for (int i = 0; i < 10; ++i)  // in one second: the time alone could not tell them apart
    server.archive.add({capture("http://a.example/?q=%2520", "2010", "p" + std::to_string(i / 2))});
  server.archive.add({capture("http://a.example/?r", "2010", "r")});
  for (const char* more : {"", "&collapse=digest"}) {
    const std::string query = std::string("url=a.example*&fl=urlkey,digest,offset") + more;
    const std::string whole = server.get(kI, query);
    std::string joined;
    std::string key;
    int requests = 0;
    do {
      // Given once as it stands in the answer, once escaped anew as programs do.
      const std::string given = requests % 2 == 0 ? key : url::percent_encode_component(key);
      std::string text = server.get(
          kI, query + "&limit=3&showResumeKey=true" + (key.empty() ? "" : "&resumeKey=" + given));
      const auto blank = text.find("\n\n");
      key = blank == text.npos ? std::string() : text.substr(blank + 2, text.size() - blank - 3);
      joined += text.substr(0, blank == text.npos ? text.size() : blank + 1);
    } while (!key.empty() && ++requests < 20);
    BOOST_TEST(joined == whole, more);
    BOOST_TEST(requests == (*more == 0 ? 3 : 1));
  }
  const std::string json =
      server.get(kI, "url=a.example*&fl=offset&output=json&limit=1&showResumeKey=true");
  BOOST_TEST(json.find("\"],\n[],\n[\"example%2Ca%29%2F%3Fq%3D") != std::string::npos);
  BOOST_TEST(json.ends_with("\"]]\n"));
  BOOST_TEST(server.get(kI, "url=a.example*&limit=50&showResumeKey=true").find("\n\n") ==
             std::string::npos);
  BOOST_TEST(!server.ask(kI, "url=a.example*&resumeKey=nonsense").has_value());
}

BOOST_AUTO_TEST_CASE(duplicates_and_groups_are_counted) {
  Server server;
  server.fill();
  BOOST_TEST(server.get(kI, "url=a.example&fl=timestamp&showDupeCount=true") ==
             "20100101000000 0\n20110101000000 1\n20110601000000 0\n20130101000000 0\n");
  BOOST_TEST(server.get(kI,
                        "url=a.example&fl=timestamp&collapse=timestamp:4&showSkipCount=true&"
                        "lastSkipTimestamp=true&showGroupCount=true&showUniqCount=true") ==
             "20100101000000 0 1 20100101000000 1\n20110101000000 1 2 20110601000000 2\n"
             "20130101000000 0 1 20130101000000 1\n");
}

BOOST_AUTO_TEST_CASE(revisits_are_resolved_by_their_digest) {
  Server server;
  const auto original = capture("http://a.example/", "2010", "one");
  server.archive.add({original});
  auto revisit = capture("http://a.example/", "2011", "one");
  revisit.mime = "warc/revisit";
  revisit.status.reset();
  server.archive.add({revisit});
  BOOST_TEST(server.get(kI, "url=a.example&fl=mimetype,statuscode") ==
             "text/html 200\nwarc/revisit -\n");
  BOOST_TEST(server.get(kP,
                        "url=a.example&resolveRevisits=true&output=text&"
                        "fl=mime,status,orig.offset,orig.filename") ==
             "text/html 200 - -\ntext/html 200 " + std::to_string(original.offset) +
                 " web/x.warc.gz\n");
}

BOOST_AUTO_TEST_CASE(pages_hold_blocks_of_rows_and_add_up_to_the_whole) {
  Server server;
  const auto one = capture("http://a.example/", "2010", "x");
  server.archive.add(copies(one, 7000));
  const std::string query = "url=a.example&fl=offset&pageSize=1";
  BOOST_TEST(server.get(kI, query + "&showNumPages=true") == "3\n");
  BOOST_TEST(server.get(kP, query + "&showNumPages=true") ==
             "{\"pages\": 3, \"pageSize\": 1, \"blocks\": 3}\n");
  BOOST_TEST(server.get(kI, "url=none.example&showNumPages=true") == "1\n");
  std::string joined;
  for (const char* page : {"0", "1", "2"}) joined += server.get(kI, query + "&page=" + page);
  BOOST_TEST((joined == server.get(kI, query)));
  const auto beyond = server.ask(kI, query + "&page=9");
  BOOST_REQUIRE(!beyond.has_value());
  BOOST_TEST(beyond.error().what == "Page 9 invalid: First Page is 0, Last Page is 2");
}

BOOST_AUTO_TEST_CASE(what_access_rules_hide_is_listed_nowhere_and_what_they_block_says_so) {
  Server server;
  server.fill();
  std::vector<access::Rules::Complaint> complaints;
  server.judge = access::Judge(std::make_shared<access::Rules>(access::Rules::parse(
                                   "example,a)/p - {\"access\": \"exclude\"}\n"
                                   "example,a,sub)/ - {\"access\": \"block\"}\n",
                                   complaints)),
                               SysSeconds{});
  BOOST_TEST(server.times(kI, "url=a.example/*") == "2010 2011 201106 2013");
  BOOST_TEST(server.get(kO, "q=type:prefixquery+url:a.example").find("p.png") == std::string::npos);
  BOOST_TEST(server.get(kP, "url=sub.a.example").find("\"access\": \"block\"") !=
             std::string::npos);
  BOOST_TEST(server.get(kP, "url=b.example").find("access") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_query_that_reads_too_much_is_refused_before_it_is_answered) {
  Server server;
  server.fill();
  server.scan_limit = 3;
  const auto refused = server.ask(kI, "url=*.example&filter=original:nothing");
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == Error::Code::kTooLarge));
  BOOST_TEST(server.times(kI, "url=*.example&limit=3") == "2010 2011 201106");
}

BOOST_AUTO_TEST_CASE(a_url_with_very_many_captures_answers_as_quickly_as_any_other) {
  Server server;
  const auto first = capture("http://a.example/", "2010", "x");
  server.archive.add(copies(first, 5'000));
  server.archive.add({capture("http://b.example/", "2010", "x")});
  for (const char* query :
       {"url=a.example", "url=a.example&sort=reverse", "url=a.example&closest=20100101003000",
        "url=a.example&limit=-1", "url=*.example&collapse=urlkey"}) {
    const auto start = std::chrono::steady_clock::now();
    auto listing = cdxserver::list_captures(
        server.archive.index, {},
        {.dialect = kI, .at = {.origin = "", .collection = "web"}, .query = query});
    BOOST_REQUIRE(listing.has_value());
    std::string row(100, '\0');
    BOOST_TEST(listing->stream->read(row).value() > 0u);
    // The figure is for an optimised build; here it shows that nobody reads them all first.
    BOOST_TEST(((std::chrono::steady_clock::now() - start) < std::chrono::milliseconds(500)),
               query);
  }
  const std::string all = server.get(kI, "url=a.example&fl=offset");
  BOOST_TEST(std::count(all.begin(), all.end(), '\n') == 5'000);
}
