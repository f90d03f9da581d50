#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

#include "core/url/surt.h"

namespace wm::url {

struct VariantRow {
  const char* why;
  const char* url;
  const char* key;
};
std::ostream& operator<<(std::ostream& out, const VariantRow& row) {
  return out << row.why << ": " << row.url;
}

const VariantRow kRows[] = {
    {"ours", "http://www.e.com/A/", "com,e)/a"},
    {"with the slash, as warcio.js", "http://www.e.com/a/", "com,e)/a/"},
    {"with a slash it does not have, as filed from another link", "http://e.com/a?x",
     "com,e)/a/?x"},
    {"without decoding, as warcio.js", "http://e.com/%7Ea", "com,e)/%7ea"},
    {"with its session", "http://e.com/?sid=0123456789abcdefghijklmnopqrstuv&a",
     "com,e)/?a&sid=0123456789abcdefghijklmnopqrstuv"},
    {"%26 split, as surt-py", "http://e.com/?u=x%26b&a", "com,e)/?a&b&u=x"},
    {"IPv4 as written, as OutbackCDX", "http://10.1.2.3/", "10.1.2.3)/"},
    {"IPv6 in brackets, as warcio.js", "http://[::1]/", "[::1])/"},
    {"dots above the root resolved, as browsers", "http://e.com/../a", "com,e)/a"},
    {"a URL in a URL, as OutbackCDX", "screenshot:http://www.e.com/A", "screenshot:com,e)/a"},
    {"with a number", "youtube-dl:00001:http://e.com/", "youtube-dl:00001:com,e)/"},
    {"transclusions by their tool", "urn:transclusions:http://e.com/", "youtube-dl:com,e)/"},
    {"other schemes as they are", "urn:UUID:A", "urn:UUID:A"},
};
BOOST_DATA_TEST_CASE(keys_of_other_tools_are_among_the_variants,
                     boost::unit_test::data::make(kRows), row) {
  const auto keys = surt_variants(row.url);
  BOOST_TEST(keys.front() == surt(row.url));
  BOOST_TEST((std::find(keys.begin(), keys.end(), row.key) != keys.end()), row.key);
  BOOST_TEST(keys.size() <= 12u);
  BOOST_TEST((std::set<std::string>(keys.begin(), keys.end()).size() == keys.size()));
}

BOOST_AUTO_TEST_CASE(a_plain_url_has_few_variants) {
  BOOST_TEST(surt_variants("http://e.com/").size() == 1u);
  BOOST_TEST(surt_variants("http://e.com/a").size() == 2u);
}

struct RangeRow {
  const char* url;
  MatchType match;
  const char* first;
  const char* last;
};
std::ostream& operator<<(std::ostream& out, const RangeRow& row) {
  return out << row.url << " from " << row.first;
}
const RangeRow kRanges[] = {
    {"http://www.e.com/a/b", MatchType::kExact, "com,e)/a/b", "com,e)/a/b!"},
    {"http://e.com/a/b", MatchType::kPrefix, "com,e)/a/b", "com,e)/a/c"},
    {"http://e.com/a/", MatchType::kPrefix, "com,e)/a/", "com,e)/a0"},
    {"http://e.com/", MatchType::kPrefix, "com,e)/", "com,e)0"},
    {"http://e.com/a?x=1", MatchType::kPrefix, "com,e)/a?x=1", "com,e)/a?x=2"},
    {"http://sub.e.com/a", MatchType::kHost, "com,e,sub)/", "com,e,sub*"},
    {"e.com", MatchType::kHost, "com,e)/", "com,e*"},
    {"http://e.com/a", MatchType::kDomain, "com,e)/", "com,e-"},
    {"com", MatchType::kDomain, "com,", "com-"},
    {"http://e.com:81/a", MatchType::kHost, "com,e:81)/", "com,e:81*"},
};
BOOST_DATA_TEST_CASE(ranges_are_those_of_pywb, boost::unit_test::data::make(kRanges), row) {
  const SurtRange range = surt_range(row.url, row.match);
  BOOST_TEST(range.first == row.first);
  BOOST_TEST(range.last == row.last);
}

BOOST_AUTO_TEST_CASE(a_range_holds_what_its_match_type_says_and_no_more) {
  const auto holds = [](const SurtRange& range, std::string_view url) {
    const std::string key = surt(url);
    return range.first <= key && key < range.last;
  };
  const SurtRange exact = surt_range("http://e.com/a", MatchType::kExact);
  BOOST_TEST((holds(exact, "https://www.e.com/A/") && !holds(exact, "http://e.com/ab") &&
              !holds(exact, "http://e.com/a?b")));
  const SurtRange prefix = surt_range("http://e.com/a", MatchType::kPrefix);
  BOOST_TEST((holds(prefix, "http://e.com/ab") && holds(prefix, "http://e.com/a?b") &&
              !holds(prefix, "http://e.com/b")));
  const SurtRange host = surt_range("http://e.com/a", MatchType::kHost);
  BOOST_TEST((holds(host, "http://e.com/z") && holds(host, "http://e.com/") &&
              !holds(host, "http://x.e.com/") && !holds(host, "http://e.com.de/")));
  const SurtRange domain = surt_range("http://e.com/a", MatchType::kDomain);
  BOOST_TEST((holds(domain, "http://e.com/z") && holds(domain, "http://x.y.e.com/") &&
              !holds(domain, "http://e2.com/")));
}

}  // namespace wm::url
