#include "archiver/fetch/address_filter.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <ostream>

using namespace wm;

BOOST_AUTO_TEST_SUITE(address_filter)

namespace {

bool is_public(const std::string& text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    return fetch::is_public_address(reinterpret_cast<sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  BOOST_REQUIRE_MESSAGE(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1, text);
  return fetch::is_public_address(reinterpret_cast<sockaddr*>(&v6), sizeof v6);
}

/// A blocked range by its edges: the last public address below, its first, its last, the first
/// public one above ("" for none).
struct Range {
  const char* why;
  const char* below;
  const char* first;
  const char* last;
  const char* above;
  friend std::ostream& operator<<(std::ostream& out, const Range& range) {
    return out << range.why;
  }
};

const Range kRanges[] = {
    {"this network", "", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
    {"private 10/8", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
    {"shared 100.64/10", "100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
    {"loopback", "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
    {"link-local", "169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
    {"private 172.16/12", "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
    {"protocol assignments", "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
    {"documentation 1", "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
    {"6to4 relays", "192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
    {"private 192.168/16", "192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
    {"benchmarking", "198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
    {"documentation 2", "198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
    {"documentation 3", "203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
    {"multicast to broadcast", "223.255.255.255", "224.0.0.0", "255.255.255.255", ""},
    {"all below global unicast", "", "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::"},
    {"protocol assignments of v6", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
    {"documentation of v6", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
    {"6to4", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
    {"newer documentation of v6", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"},
    {"all above global unicast", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
    {"mapped: private", "::ffff:9.255.255.255", "::ffff:10.0.0.0", "::ffff:10.255.255.255",
     "::ffff:11.0.0.0"},
    {"mapped: loopback", "::ffff:126.255.255.255", "::ffff:127.0.0.0", "::ffff:127.255.255.255",
     "::ffff:128.0.0.0"},
};

struct One {
  const char* address;
  bool is_public;
  friend std::ostream& operator<<(std::ostream& out, const One& one) { return out << one.address; }
};

const One kOnes[] = {{"8.8.8.8", true},
                     {"93.184.216.34", true},
                     {"2606:2800:220:1:248:1893:25c8:1946", true},
                     {"::1", false},
                     {"::", false},
                     {"::7f00:1", false},
                     {"::ffff:0.0.0.0", false},
                     {"::ffff:169.254.169.254", false},
                     {"64:ff9b::7f00:1", false},
                     {"64:ff9b::808:808", false},
                     {"64:ff9b:1::1", false},
                     {"100::1", false},
                     {"2001:0:53aa:64c:0:0:f5ff:fffe", false},
                     {"2002:7f00:1::1", false},
                     {"fc00::1", false},
                     {"fd12:3456::1", false},
                     {"fe80::1", false},
                     {"fec0::1", false},
                     {"ff02::1", false},
                     {"::ffff:8.8.8.8", true},
                     {"::fffe:8.8.8.8", false}};

}  // namespace

BOOST_DATA_TEST_CASE(a_range_is_blocked_from_edge_to_edge, boost::unit_test::data::make(kRanges),
                     range) {
  if (*range.below) BOOST_TEST(is_public(range.below));
  BOOST_TEST(!is_public(range.first));
  BOOST_TEST(!is_public(range.last));
  if (*range.above) BOOST_TEST(is_public(range.above));
}

BOOST_DATA_TEST_CASE(known_addresses_are_judged_right, boost::unit_test::data::make(kOnes), one) {
  BOOST_TEST(is_public(one.address) == one.is_public);
}

BOOST_AUTO_TEST_CASE(other_families_and_short_addresses_are_not_public) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  BOOST_TEST(!fetch::is_public_address(reinterpret_cast<sockaddr*>(&local), sizeof local));
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  inet_pton(AF_INET, "8.8.8.8", &v4.sin_addr);
  for (std::size_t length = 0; length < sizeof v4; ++length) {
    BOOST_TEST(!fetch::is_public_address(reinterpret_cast<sockaddr*>(&v4), length));
  }
  BOOST_TEST(fetch::is_public_address(reinterpret_cast<sockaddr*>(&v4), sizeof v4));
  BOOST_TEST(!fetch::is_public_address(nullptr, 0));
}

namespace {
struct Host {
  const char* host;
  bool may;
  friend std::ostream& operator<<(std::ostream& out, const Host& one) {
    return out << '"' << one.host << '"';
  }
};
const Host kHosts[] = {{"a.example", true},        {"localhost.example", true},
                       {"notlocalhost", true},     {"8.8.8.8", true},
                       {"[2606:2800::1]", true},   {"", false},
                       {"localhost", false},       {"LOCALHOST", false},
                       {"localhost.", false},      {"a.localhost", false},
                       {"127.0.0.1", false},       {"10.1.2.3", false},
                       {"169.254.169.254", false}, {"[::1]", false},
                       {"[::ffff:7f00:1]", false}, {"[::ffff:808:808]", true},
                       {"[fe80::1]", false},       {"[nonsense]", false},
                       {"0.0.0.0", false}};
}  // namespace

BOOST_DATA_TEST_CASE(a_host_that_names_its_address_is_judged_before_resolving,
                     boost::unit_test::data::make(kHosts), one) {
  BOOST_TEST(fetch::may_be_public_host(one.host) == one.may);
}

BOOST_AUTO_TEST_CASE(ports_of_other_services_are_bad) {
  constexpr std::uint16_t kBad[] = {0, 22, 25, 110, 6667, 10080},
                          kGood[] = {80, 443, 8080, 8443, 3000, 65535};
  for (const std::uint16_t port : kBad) BOOST_TEST(fetch::is_bad_port(port));
  for (const std::uint16_t port : kGood) BOOST_TEST(!fetch::is_bad_port(port));
}

BOOST_AUTO_TEST_SUITE_END()
