// IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, 8190) and the Fetch Standard,
// "port blocking".
#include "archiver/fetch/address_filter.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/ascii.h"

namespace wm::fetch {
namespace {

struct V4Range {
  std::uint32_t prefix;
  unsigned bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

constexpr V4Range kBlockedV4[] = {
    {v4(0, 0, 0, 0), 8},        // this network: Linux connects 0.0.0.0 to itself
    {v4(10, 0, 0, 0), 8},       // private
    {v4(100, 64, 0, 0), 10},    // shared, carrier-grade NAT
    {v4(127, 0, 0, 0), 8},      // loopback
    {v4(169, 254, 0, 0), 16},   // link-local, cloud metadata
    {v4(172, 16, 0, 0), 12},    // private
    {v4(192, 0, 0, 0), 24},     // protocol assignments
    {v4(192, 0, 2, 0), 24},     // documentation
    {v4(192, 88, 99, 0), 24},   // 6to4 relays
    {v4(192, 168, 0, 0), 16},   // private
    {v4(198, 18, 0, 0), 15},    // benchmarking
    {v4(198, 51, 100, 0), 24},  // documentation
    {v4(203, 0, 113, 0), 24},   // documentation
    {v4(224, 0, 0, 0), 3},      // multicast, reserved, broadcast
};

bool is_public_v4(std::uint32_t address) noexcept {
  return std::none_of(std::begin(kBlockedV4), std::end(kBlockedV4),
                      [address](const V4Range& range) {
                        return (address ^ range.prefix) >> (32 - range.bits) == 0;
                      });
}

using V6 = std::array<std::uint8_t, 16>;

struct V6Range {
  V6 prefix;
  unsigned bits;
};

// Only what lies within 2000::/3: all else is refused already.
constexpr V6Range kBlockedV6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments: Teredo, ORCHID, benchmarking
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3f, 0xff}, 20},              // documentation
};

bool has_prefix(const V6& address, const V6Range& range) noexcept {
  const unsigned whole = range.bits / 8, rest = range.bits % 8;
  if (!std::equal(address.begin(), address.begin() + whole, range.prefix.begin())) return false;
  return rest == 0 || (address[whole] ^ range.prefix[whole]) >> (8 - rest) == 0;
}

bool is_public_v6(const V6& address) noexcept {
  constexpr V6Range kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
  if (has_prefix(address, kMapped)) {
    return is_public_v4(v4(address[12], address[13], address[14], address[15]));
  }
  if (!has_prefix(address, {{0x20}, 3})) return false;
  return std::none_of(std::begin(kBlockedV6), std::end(kBlockedV6),
                      [&address](const V6Range& range) { return has_prefix(address, range); });
}

constexpr std::uint16_t kBadPorts[] = {
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,
    37,   42,   43,   53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,
    110,  111,  113,  115,  117,  119,  123,  135,  137,  139,  143,  161,  179,  389,
    427,  465,  512,  513,  514,  515,  526,  530,  531,  532,  540,  548,  554,  556,
    563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659, 4045,
    4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};

}  // namespace

bool is_own_address(const sockaddr* address, std::size_t length,
                    std::span<const std::uint16_t> ports) noexcept {
  if (address == nullptr || length < sizeof(address->sa_family)) return false;
  const auto is_one = [ports](in_port_t port) {
    return std::find(ports.begin(), ports.end(), ntohs(port)) != ports.end();
  };
  const auto is_here = [](std::uint32_t ipv4) { return (ipv4 >> 24) == 127 || (ipv4 >> 24) == 0; };
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    return is_one(in.sin_port) && is_here(ntohl(in.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6 || length < sizeof(sockaddr_in6)) return false;
  sockaddr_in6 in{};
  std::memcpy(&in, address, sizeof in);
  if (!is_one(in.sin6_port)) return false;
  if (IN6_IS_ADDR_LOOPBACK(&in.sin6_addr) || IN6_IS_ADDR_UNSPECIFIED(&in.sin6_addr)) return true;
  const auto* bytes = in.sin6_addr.s6_addr;
  return IN6_IS_ADDR_V4MAPPED(&in.sin6_addr) &&
         is_here(v4(bytes[12], bytes[13], bytes[14], bytes[15]));
}

bool is_public_address(const sockaddr* address, std::size_t length) noexcept {
  if (address == nullptr || length < sizeof(address->sa_family)) return false;
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    return is_public_v4(ntohl(in.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in{};
    std::memcpy(&in, address, sizeof in);
    V6 bytes;
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return is_public_v6(bytes);
  }
  return false;
}

bool may_be_public_host(std::string_view host) noexcept {
  if (host.empty()) return false;
  while (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
  constexpr std::string_view kLocal = "localhost";
  if (host.size() >= kLocal.size() && iequals(host.substr(host.size() - kLocal.size()), kLocal) &&
      (host.size() == kLocal.size() || host[host.size() - kLocal.size() - 1] == '.')) {
    return false;
  }
  std::array<char, INET6_ADDRSTRLEN + 1> text{};
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.size() >= text.size()) return !bracketed;
  std::copy(host.begin(), host.end(), text.begin());
  if (bracketed) {
    V6 bytes;
    return inet_pton(AF_INET6, text.data(), bytes.data()) == 1 && is_public_v6(bytes);
  }
  in_addr in{};
  return inet_pton(AF_INET, text.data(), &in) != 1 || is_public_v4(ntohl(in.s_addr));
}

bool is_bad_port(std::uint16_t port) noexcept {
  return std::binary_search(std::begin(kBadPorts), std::end(kBadPorts), port);
}

}  // namespace wm::fetch
