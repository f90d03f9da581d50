#include "core/url/surt.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

#include "tests/support/test_support.h"

namespace wm::url {

struct SurtRow {
  const char* why;
  std::string_view url, key;
};
std::ostream& operator<<(std::ostream& out, const SurtRow& row) {
  return out << row.why << ": " << row.url;
}

const SurtRow kRows[] = {
    {"labels are reversed", "http://a.b.example/x", "example,b,a)/x"},
    {"no path is the root", "http://example.com", "com,example)/"},
    {"the fragment is no part of it", "http://example.com/#top", "com,example)/"},
    {"the scheme is no part of it", "https://example.com/", "com,example)/"},
    {"nor that of other protocols", "ftp://example.com/pub/", "com,example)/pub"},
    {"nor user and password", "http://user:p@ss@example.com/", "com,example)/"},
    {"blanks around and breaks within are dropped", " \thttp://exa\nmple.com/a\r\tb ",
     "com,example)/ab"},
    {"a blank within is escaped", "http://example.com/a b?c d", "com,example)/a%20b?c%20d"},
    {"www is dropped", "http://www.example.com/", "com,example)/"},
    {"with digits too", "http://WWW12.example.com/", "com,example)/"},
    {"once", "http://www.www.example.com/", "com,example,www)/"},
    {"and only as a whole label", "http://www-1.example.com/", "com,example,www-1)/"},
    {"even before a top domain", "http://www.com/", "com)/"},
    {"the default port is dropped", "http://example.com:80/", "com,example)/"},
    {"the default port is dropped", "https://example.com:443/", "com,example)/"},
    {"another is kept", "http://example.com:443/", "com,example:443)/"},
    {"without its zeros", "http://example.com:0080/a", "com,example)/a"},
    {"a colon alone is no port", "http://example.com:/a", "com,example)/a"},
    {"zero is no port", "http://example.com:0/a", "com,example)/a"},
    {"case does not count", "http://EXAMPLE.com/A/B?C=D", "com,example)/a/b?c=d"},
    {"a trailing slash is dropped", "http://example.com/a/", "com,example)/a"},
    {"one of them remains when there are more", "http://example.com/a//", "com,example)/a"},
    {"repeated slashes are one", "http://example.com//a///b", "com,example)/a/b"},
    {"dot segments are resolved", "http://example.com/a/./b/../c", "com,example)/a/c"},
    {"above the root they stay", "http://example.com/../a", "com,example)/../a"},
    {"also when written as escapes", "http://example.com/a/%2E%2e/b", "com,example)/b"},
    {"escapes are decoded until none is left", "http://example.com/%25%34%31/%7Ex",
     "com,example)/a/~x"},
    {"what must be escaped is, in lower case", "http://example.com/\xc3\x89%C3%89",
     "com,example)/%c3%89%c3%89"},
    {"bytes that are no UTF-8 too", "http://example.com/\xe9", "com,example)/%e9"},
    {"a lone percent sign is escaped", "http://example.com/100%", "com,example)/100%25"},
    {"an escaped # stays one", "http://example.com/a%23b?c%23", "com,example)/a%23b?c%23"},
    {"arguments are sorted by name", "http://example.com/?b=1&a=2&a=1",
     "com,example)/?a=1&a=2&b=1"},
    {"a name alone is before one with a value", "http://example.com/?a=&a&a!=1",
     "com,example)/?a&a=&a!=1"},
    {"empty arguments are first", "http://example.com/?b&&a", "com,example)/?&a&b"},
    {"an empty query is none", "http://example.com/a?", "com,example)/a"},
    {"a query of & stays", "http://example.com/a?&", "com,example)/a?&"},
    {"%26 is no separator", "http://example.com/?u=x%26b&a", "com,example)/?a&u=x%26b"},
    {"however often it is escaped", "http://example.com/?u=x%2526b&a", "com,example)/?a&u=x%26b"},
    {"in a path it is one character like others", "http://example.com/a%26b", "com,example)/a&b"},
    {"jsessionid of 32", "http://e.com/?a=1&jsessionid=0123456789abcdefghijklmnopqrstuv&b",
     "com,e)/?a=1&b"},
    {"but not of 33", "http://e.com/?jsessionid=0123456789abcdefghijklmnopqrstuvw",
     "com,e)/?jsessionid=0123456789abcdefghijklmnopqrstuvw"},
    {"phpsessid", "http://e.com/x?PHPSESSID=0123456789abcdefghijklmnopqrstuv", "com,e)/x"},
    {"sid at the end leaves its separator",
     "http://e.com/?a=1&sid=0123456789abcdefghijklmnopqrstuv", "com,e)/?&a=1"},
    {"aspsessionid", "http://e.com/?ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&z", "com,e)/?z"},
    {"cfid with cftoken", "http://e.com/?a&CFID=1&CFTOKEN=2&b", "com,e)/?a&b"},
    {"the last pair of them", "http://e.com/?cfid=1&cftoken=2&cfid=3&cftoken=4",
     "com,e)/?&cfid=1&cftoken=2"},
    {"cfid alone stays", "http://e.com/?cfid=1&b", "com,e)/?b&cfid=1"},
    {"ASP.NET ids in the path", "http://e.com/(S(abcdefghijklmnopqrstuvwx))/p.aspx",
     "com,e)/p.aspx"},
    {"several in one segment",
     "http://e.com/a/(A(abcdefghijklmnopqrstuvwx)F(abcdefghijklmnopqrstuvwx))/p.aspx?q",
     "com,e)/a/p.aspx?q"},
    {"the plain form", "http://e.com/(abcdefghijklmnopqrstuvwx)/p.aspx", "com,e)/p.aspx"},
    {"only before an aspx name", "http://e.com/(abcdefghijklmnopqrstuvwx)/.aspx",
     "com,e)/(abcdefghijklmnopqrstuvwx)/.aspx"},
    {"not before others", "http://e.com/(abcdefghijklmnopqrstuvwx)/p.html",
     "com,e)/(abcdefghijklmnopqrstuvwx)/p.html"},
    {"dots around and within a host", "http://..a...b.com../", "com,b,a)/"},
    {"a host in escapes", "http://%77%77%77.%65.com/", "com,e)/"},
    {"a host in Unicode", "http://\xc3\x89.com/", "com,xn--9ca)/"},
    {"in escaped Unicode", "http://%C3%A9.com/", "com,xn--9ca)/"},
    {"IDNA 2003 maps sharp s", "http://fa\xc3\x9f.de/", "de,fass)/"},
    {"its other dots are dots", "http://a\xe3\x80\x82\xe4\xb8\xad.cn/", "cn,xn--fiq,a)/"},
    {"what it refuses stays, escaped", "http://\xc3\xa9..\xff.com/", "com,%ff,%c3%a9)/"},
    {"an IPv4 address is reversed like a name", "http://192.168.1.2/a", "2,1,168,192)/a"},
    {"as one number", "http://3232235778/a", "2,1,168,192)/a"},
    {"modulo 2^32", "http://4294967297/", "1,0,0,0)/"},
    {"in octal", "http://0300.0250.01.02/", "2,1,168,192)/"},
    {"in short", "http://10.1/", "1,0,0,10)/"},
    {"but not out of range", "http://1.2.3.256/", "256,3,2,1)/"},
    {"IPv6 without brackets", "http://[2001:DB8::1]:81/x", "2001:db8::1:81)/x"},
    {"without a scheme", "example.com/a", "com,example)/a"},
    {"without a scheme, with a port", "example.com:8080/a", "com,example:8080)/a"},
    {"without a scheme, local", "localhost:8080/a", "localhost:8080)/a"},
    {"a scheme twice", "http://https://example.com/", "com,example)/"},
    {"too few or too many slashes", "http:/www.example.com/a", "com,example)/a"},
    {"too few or too many slashes", "http://////www.example.com/a", "com,example)/a"},
    {"with a port too", "http:///example.com:80/a", "com,example)/a"},
    {"dns keeps its name", "dns:WWW.example.com", "dns:www.example.com"},
    {"whois is as others", "whois://whois.example.org/a.example", "org,example,whois)/a.example"},
    {"urn", "urn:uuid:ABC", "urn:uuid:abc"},
    {"mailto", "mailto:A@example.com", "mailto:a@example.com"},
    {"warcinfo stays as it is", "warcinfo:/Foo.warc.gz/A", "warcinfo:/Foo.warc.gz/A"},
    {"filedesc stays as it is", "filedesc://IA-1.arc", "filedesc://IA-1.arc"},
    {"a URL in a URL", "screenshot:http://www.Example.com/a/?b&a",
     "screenshot:http://www.example.com/a?a&b"},
    {"a data URL", "data:text/plain,a b", "data:text/plain,a%20b"},
    {"nothing", "", "-"},
    {"blanks", " \t\n", "-"},
    {"no port and so no URL: kept", "http://JavaScript:go('A B')", "http://JavaScript:go('A%20B')"},
    {"a host of dots only: kept", "http://.../A", "http://.../A"},
    {"no host at all: kept", "http:///", "http:///"},
    {"a port too large: kept", "http://example.com:99999/A", "http://example.com:99999/A"},
};

BOOST_DATA_TEST_CASE(the_key_is_that_of_the_internet_archive, boost::unit_test::data::make(kRows),
                     row) {
  const test::ExactCopy url(row.url);
  BOOST_TEST(surt(url.view()) == row.key);
}

const SurtRow kCanonical[] = {
    {"scheme kept, in lower case", "HTTP://www.example.com:80/A/?b&a#f",
     "http://example.com/a?a&b"},
    {"another port", "https://example.com:8443", "https://example.com:8443/"},
    {"IPv6 keeps its brackets", "http://[::1]/", "http://[::1]/"},
    {"IPv4 in dotted form", "http://0x7f.1/", "http://0x7f.1/"},
    {"IPv4 in dotted form", "http://0177.1/", "http://127.0.0.1/"},
    {"a scheme is added", "www.example.com", "http://example.com/"},
    {"without a host", "URN:X", "urn:x"},
    {"a delimiter in a name stays escaped", "http://a%2Fb%3A%40.com/", "http://a%2fb%3a%40.com/"},
    {"a path that would read as a host", "foo:%2F/x/y", "foo:/%2fx/y"},
    {"dns with a host", "dns://a.example/b", "dns://a.example/b"},
    {"no URL", "http://a:b/ ", "http://a:b/"},
};
BOOST_DATA_TEST_CASE(the_canonical_url_is_what_the_key_is_made_from,
                     boost::unit_test::data::make(kCanonical), row) {
  BOOST_TEST(canonical_url(row.url) == row.key);
  BOOST_TEST(surt(canonical_url(row.url)) == surt(row.url));
}

BOOST_AUTO_TEST_CASE(a_key_is_one_field_of_a_cdx_line_whatever_the_input) {
  for (int c = 0; c < 256; ++c) {
    for (const char* around : {"http://a", "http://a.example/x", "http://a.example/x?y",
                               "filedesc:", "foo:", "", "http://a:b"}) {
      const std::string key = surt(around + std::string(1, static_cast<char>(c)) + "z");
      BOOST_TEST(!key.empty());
      for (char k : key)
        BOOST_TEST_REQUIRE((static_cast<unsigned char>(k) > ' ' && k != 0x7f), key);
    }
  }
}

const SurtRow kWarcioJs[] = {
    {"host, port and arguments as ours", "https://www.Example.com:8080/A?b=1&a=2",
     "com,example:8080)/a?a=2&b=1"},
    {"the trailing slash stays", "https://example.com/a/", "com,example)/a/"},
    {"session ids stay", "http://e.com/?PHPSESSID=0123456789abcdefghijklmnopqrstuv",
     "com,e)/?phpsessid=0123456789abcdefghijklmnopqrstuv"},
    {"escapes stay, in lower case", "http://e.com/%7E%C3%A9", "com,e)/%7e%c3%a9"},
    {"raw characters are escaped in upper case", "http://e.com/\xc3\x89", "com,e)/%C3%A9"},
    {"brackets stay", "http://[::1]/", "[::1])/"},
    {"www only before a lower-case name", "http://WWW.e.com/", "com,e,www)/"},
    {"dot segments are those of a browser", "http://e.com/../a", "com,e)/a"},
    {"an empty query is none", "http://e.com/?", "com,e)/"},
    {"arguments are sorted as text", "http://e.com/?a=1&a!=2", "com,e)/?a!=2&a=1"},
    {"other schemes are kept", "urn:X", "urn:X"},
    {"what does not parse is kept without www", "http://www.a:b/", "http://a:b/"},
};
BOOST_DATA_TEST_CASE(the_key_of_warcio_js_is_another, boost::unit_test::data::make(kWarcioJs),
                     row) {
  BOOST_TEST(surt_warcio_js(row.url) == row.key);
}

BOOST_AUTO_TEST_CASE(making_keys_of_hostile_input_takes_linear_time) {
  const auto start = std::chrono::steady_clock::now();
  for (const char* head : {"http://", "http://a/", "http://a/?", "http://a/x.aspx?", "foo:", ""}) {
    for (const char* text : {"%25",
                             "%",
                             "%2",
                             "25",
                             "/..",
                             "/a/..",
                             "//",
                             "&",
                             "a&",
                             "=",
                             "sid=",
                             "cfid=",
                             "cfid=1&",
                             "cfid=1&cftoken=",
                             "/(",
                             "(s(",
                             "/(abcdefghijklmnopqrstuvwx)/",
                             "/(abcdefghijklmnopqrstuvwx)/?",
                             ".aspx",
                             "\xc3\xa9",
                             "a.",
                             ".",
                             "1",
                             "http://",
                             "\t",
                             ":",
                             "@",
                             "[",
                             "ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX",
                             "sid=0123456789abcdefghijklmnopqrstuv"}) {
      std::string url = head;
      while (url.size() < 60000) url += text;
      (void)surt(url);
      (void)link_key(url);
    }
  }
  // 180 inputs of 60 kB: seconds under sanitizers; anything quadratic takes minutes.
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(20)));
}

}  // namespace wm::url
