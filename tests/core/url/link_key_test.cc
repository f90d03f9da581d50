#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "core/url/surt.h"

namespace wm::url {

struct PairRow {
  const char* why;
  const char* a;
  const char* b;
};
std::ostream& operator<<(std::ostream& out, const PairRow& row) {
  return out << row.why << ": " << row.a;
}

const PairRow kSame[] = {
    {"case of the host", "https://Example.COM/A", "https://example.com/A"},
    {"www", "https://www.example.com/", "https://example.com/"},
    {"http and https", "http://example.com/", "https://example.com/"},
    {"default port", "https://example.com:443/a", "https://example.com/a"},
    {"fragment", "https://example.com/a#part", "https://example.com/a"},
    {"trailing slash", "https://example.com/a/", "https://example.com/a"},
    {"root", "https://example.com", "https://example.com/"},
    {"a dot after the host", "https://example.com./", "https://example.com/"},
    {"order of arguments", "https://example.com/?b=2&a=1", "https://example.com/?a=1&b=2"},
    {"utm_*", "https://example.com/a?utm_source=x&UTM_medium=y&id=1", "https://example.com/a?id=1"},
    {"click ids",
     "https://example.com/a?fbclid=1&gclid=2&msclkid=3&yclid=4&igshid=5&mc_eid=6&_ga=7",
     "https://example.com/a"},
    {"empty query", "https://example.com/a?", "https://example.com/a"},
    {"empty arguments", "https://example.com/a?&&x=1&", "https://example.com/a?x=1"},
    {"escapes of what needs none", "https://example.com/%7Ea%2d", "https://example.com/~a-"},
    {"case of escapes", "https://example.com/%c3%a9", "https://example.com/\xc3\xa9"},
    {"dot segments", "https://example.com/a/../b", "https://example.com/b"},
    {"blanks around it", "  https://example.com/a\n", "https://example.com/a"},
    {"no scheme", "example.com/a", "https://example.com/a"},
    {"no scheme but a port", "example.com:8080/a", "http://example.com:8080/a"},
    {"user info", "https://me@example.com/a", "https://example.com/a"},
};
BOOST_DATA_TEST_CASE(these_are_one_link, boost::unit_test::data::make(kSame), row) {
  BOOST_TEST(link_key(row.a) == link_key(row.b));
}

const PairRow kDifferent[] = {
    {"case of the path", "https://example.com/A", "https://example.com/a"},
    {"value of an argument", "https://example.com/?v=A", "https://example.com/?v=a"},
    {"port", "https://example.com:8443/", "https://example.com/"},
    {"another host", "https://a.example.com/", "https://example.com/"},
    {"an escaped slash", "https://example.com/a%2Fb", "https://example.com/a/b"},
    {"an escaped separator", "https://example.com/?a=1%26b=2", "https://example.com/?a=1&b=2"},
    {"session ids are not for us to drop", "https://example.com/?sid=1", "https://example.com/"},
    {"a page of a script-made site", "https://example.com/#/inbox", "https://example.com/#/sent"},
    {"and in the older form", "https://example.com/#!a", "https://example.com/"},
    {"names that only begin alike", "https://example.com/?utmost=1", "https://example.com/"},
    {"www as the name itself", "https://www.com/", "https://com/"},
    {"scheme", "ftp://example.com/", "https://example.com/"},
};
BOOST_DATA_TEST_CASE(these_are_two_links, boost::unit_test::data::make(kDifferent), row) {
  BOOST_TEST(link_key(row.a) != link_key(row.b));
}

BOOST_AUTO_TEST_CASE(what_is_no_url_has_a_key_too) {
  BOOST_TEST(link_key(" http://a b/ ") == "http://a%20b/");
  BOOST_TEST(link_key("") == "");
  BOOST_TEST(link_key("mailto:a@b#x") == "mailto:a@b");
}

}  // namespace wm::url
