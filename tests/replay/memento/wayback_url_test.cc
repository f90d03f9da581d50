#include "replay/memento/wayback_url.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

using wm::memento::Modifier;
using wm::memento::parse_wayback_url;
using wm::memento::WaybackUrl;
using Kind = WaybackUrl::Kind;

namespace {

struct Row {
  const char* reason;
  const char* target;
  Kind kind;
  const char* collection;
  const char* timestamp;
  const char* modifier;
  const char* url;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"a memento", "/web/20200102030405/http://a.example/p", Kind::kMemento, "web", "20200102030405",
     "", "http://a.example/p"},
    {"query, slashes and escapes are the URL's own",
     "/web/20200102030405/http://a.example//p%2Fq?x=1&x=2//y?z", Kind::kMemento, "web",
     "20200102030405", "", "http://a.example//p%2Fq?x=1&x=2//y?z"},
    {"a modifier", "/web/20200102030405id_/https://a.example/", Kind::kMemento, "web",
     "20200102030405", "id_", "https://a.example/"},
    {"a longer modifier", "/web/20200102030405wkrm_/https://a.example/", Kind::kMemento, "web",
     "20200102030405", "wkrm_", "https://a.example/"},
    {"an unknown modifier is taken as none", "/web/20200102030405zz_/https://a.example/",
     Kind::kMemento, "web", "20200102030405", "", "https://a.example/"},
    {"a year is padded", "/web/2020/http://a.example/", Kind::kMemento, "web", "20200101000000", "",
     "http://a.example/"},
    {"impossible days are clamped", "/web/20200231/http://a.example/", Kind::kMemento, "web",
     "20200229000000", "", "http://a.example/"},
    {"more than 14 digits are cut", "/web/20200102030405999/http://a.example/", Kind::kMemento,
     "web", "20200102030405", "", "http://a.example/"},
    {"a slash lost by a proxy", "/web/2020/http:/a.example/p", Kind::kMemento, "web",
     "20200101000000", "", "http://a.example/p"},
    {"both slashes lost", "/web/2020/https:a.example/p", Kind::kMemento, "web", "20200101000000",
     "", "https://a.example/p"},
    {"scheme-relative", "/web/2020mp_///a.example/p", Kind::kMemento, "web", "20200101000000",
     "mp_", "http://a.example/p"},
    {"no scheme", "/web/2020/a.example/p", Kind::kMemento, "web", "20200101000000", "",
     "http://a.example/p"},
    {"no scheme but a port", "/web/2020/a.example:8080/p", Kind::kMemento, "web", "20200101000000",
     "", "http://a.example:8080/p"},
    {"no path", "/web/2020/http://a.example", Kind::kMemento, "web", "20200101000000", "",
     "http://a.example/"},
    {"no path but a query", "/web/2020/http://a.example?x=/", Kind::kMemento, "web",
     "20200101000000", "", "http://a.example/?x=/"},
    {"percent-encoded as a whole", "/web/2020/http%3A%2F%2Fa.example%2Fp%3Fq", Kind::kMemento,
     "web", "20200101000000", "", "http://a.example/p?q"},
    {"a URL within a URL", "/web/2020/http://a.example/web/2010/http://b.example/", Kind::kMemento,
     "web", "20200101000000", "", "http://a.example/web/2010/http://b.example/"},
    {"a fragment is the browser's", "/web/2020/http://a.example/p#top", Kind::kMemento, "web",
     "20200101000000", "", "http://a.example/p"},
    {"another kind of URI", "/web/2020id_/urn:uuid:1", Kind::kMemento, "web", "20200101000000",
     "id_", "urn:uuid:1"},
    {"an absolute request target", "http://replay.example/web/2020/http://a.example/",
     Kind::kMemento, "web", "20200101000000", "", "http://a.example/"},
    {"a TimeGate", "/web/http://a.example/p?q", Kind::kTimeGate, "web", "", "",
     "http://a.example/p?q"},
    {"a modifier alone is the latest", "/web/id_/http://a.example/", Kind::kTimeGate, "web", "",
     "id_", "http://a.example/"},
    {"a worker's request", "/web/wkrf_/http://a.example/x", Kind::kTimeGate, "web", "", "wkrf_",
     "http://a.example/x"},
    {"all captures", "/web/*/http://a.example/p", Kind::kCalendar, "web", "", "",
     "http://a.example/p"},
    {"all captures of a year", "/web/2019*/http://a.example/p", Kind::kCalendar, "web", "", "",
     "http://a.example/p"},
    {"a span of years", "/web/2010-2012/http://a.example/p", Kind::kCalendar, "web", "", "",
     "http://a.example/p"},
    {"all below a prefix", "/web/*/http://a.example/p*", Kind::kCalendar, "web", "", "",
     "http://a.example/p"},
    {"a TimeMap", "/web/timemap/link/http://a.example/p", Kind::kTimeMap, "web", "", "",
     "http://a.example/p"},
    {"a TimeMap as some clients write it", "/web/timemap/json/*/http://a.example/p", Kind::kTimeMap,
     "web", "", "", "http://a.example/p"},
    {"another collection", "/news-2020/2020/http://a.example/", Kind::kMemento, "news-2020",
     "20200101000000", "", "http://a.example/"},
    {"a collection alone", "/web/", Kind::kHome, "web", "", "", ""},
    {"the CDX server", "/web/cdx?url=http://a.example/", Kind::kCdx, "web", "", "", ""},
    {"the Internet Archive's CDX server", "/cdx/search/cdx?url=a.example", Kind::kCdx, "web", "",
     "", ""},
    {"OutbackCDX", "/ocdx/news?url=http://a.example/", Kind::kCdx, "news", "", "", ""},
};

const char* kInvalid[] = {"",
                          "/",
                          "web/2020/http://a/",
                          "/we b/2020/http://a.example/",
                          "/../2020/http://a.example/",
                          "/web/2020/",
                          "/web/2020/http://",
                          "/web/2020/http:///",
                          "/web/timemap/xml/http://a.example/",
                          "/web/timemap/link/",
                          "/web/2020/http://[::1/",
                          "/web/2020/http://a b/",
                          "/web/*/"};

}  // namespace

BOOST_AUTO_TEST_SUITE(wayback_url)

BOOST_DATA_TEST_CASE(a_target_is_taken_apart, boost::unit_test::data::make(kRows), row) {
  const wm::test::ExactCopy copy(row.target);
  const auto parsed = parse_wayback_url(copy.view());
  BOOST_REQUIRE(parsed.has_value());
  BOOST_TEST((parsed->kind == row.kind));
  BOOST_TEST(parsed->collection == row.collection);
  BOOST_TEST(parsed->timestamp == row.timestamp);
  BOOST_TEST(name_of(parsed->modifier) == row.modifier);
  BOOST_TEST(parsed->url == row.url);
}

BOOST_DATA_TEST_CASE(what_is_no_replay_address_is_invalid, boost::unit_test::data::make(kInvalid),
                     target) {
  const auto parsed = parse_wayback_url(target);
  BOOST_REQUIRE(!parsed.has_value());
  BOOST_TEST((parsed.error().code == wm::Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(only_fourteen_digits_are_a_full_timestamp) {
  BOOST_TEST(parse_wayback_url("/web/20200102030405/http://a.example/")->full_timestamp);
  BOOST_TEST(!parse_wayback_url("/web/2020010203040/http://a.example/")->full_timestamp);
  BOOST_TEST(!parse_wayback_url("/web/20200231030405/http://a.example/")->full_timestamp);
}

BOOST_AUTO_TEST_CASE(a_url_that_was_repaired_says_so) {
  BOOST_TEST(parse_wayback_url("/web/2020/http://a.example/x")->url_as_written);
  BOOST_TEST(!parse_wayback_url("/web/2020/http://a.example")->url_as_written);
  BOOST_TEST(!parse_wayback_url("/web/2020/http:/a.example/")->url_as_written);
}

BOOST_AUTO_TEST_CASE(an_address_without_a_scheme_is_a_guess) {
  BOOST_TEST(parse_wayback_url("/web/http://a.example/")->certain);
  BOOST_TEST(parse_wayback_url("/web/2020mp_///a.example/")->certain);
  BOOST_TEST(!parse_wayback_url("/images/logo.png")->certain);
  BOOST_TEST(!parse_wayback_url("/web/2020mp_/logo.png")->certain);
}

BOOST_AUTO_TEST_CASE(a_calendar_knows_its_years_and_prefix) {
  const auto span = parse_wayback_url("/web/2010-2012/http://a.example/*").value();
  BOOST_TEST(span.from->text() == "20100101000000");
  BOOST_TEST(span.to->text() == "20121231235959");
  BOOST_TEST(span.prefix_match);
}

BOOST_AUTO_TEST_CASE(replay_paths_are_read_as_they_were_written) {
  for (const auto modifier :
       {Modifier::kNone, Modifier::kIdentity, Modifier::kModule, Modifier::kWorkerFetch}) {
    const auto path =
        wm::memento::replay_path("web", "20200102030405", modifier, "http://a.example/x?y//z");
    const auto parsed = parse_wayback_url(path).value();
    BOOST_TEST((parsed.modifier == modifier));
    BOOST_TEST(parsed.url == "http://a.example/x?y//z");
    BOOST_TEST(parsed.full_timestamp);
  }
}

BOOST_AUTO_TEST_SUITE_END()
