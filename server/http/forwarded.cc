#include "server/http/forwarded.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "core/base/ascii.h"

namespace wm::server {

namespace {

using Bytes = std::array<std::uint8_t, 16>;

/// IPv4 as an IPv4-mapped IPv6 address; brackets allowed.
std::optional<Bytes> parse_address(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    text = text.substr(1, text.size() - 2);
  const std::string copy(text);
  Bytes bytes{};
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  std::uint8_t v4[4];
  if (inet_pton(AF_INET, copy.c_str(), v4) != 1) return std::nullopt;
  bytes = {};
  bytes[10] = bytes[11] = 0xff;
  std::memcpy(&bytes[12], v4, 4);
  return bytes;
}

bool is_v4(const Bytes& bytes) {
  constexpr Bytes kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(bytes.begin(), bytes.begin() + 12, kMapped.begin());
}

bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin()))
    return false;
  const unsigned left = bits % 8;
  return left == 0 || ((a[whole] ^ b[whole]) >> (8 - left)) == 0;
}

/// "1.2.3.4:55" and "[::1]:55" without the port.
std::string_view without_port(std::string_view address) {
  if (address.starts_with('[')) {
    const std::size_t end = address.find(']');
    return end == std::string_view::npos ? address : address.substr(1, end - 1);
  }
  const std::size_t colon = address.find(':');
  if (colon == std::string_view::npos || address.find(':', colon + 1) != std::string_view::npos)
    return address;
  return address.substr(0, colon);
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
  TrustedProxies trusted;
  for (const std::string& text : networks) {
    const std::size_t slash = text.find('/');
    const auto prefix = parse_address(std::string_view(text).substr(0, slash));
    if (!prefix) return fail(Error::Code::kInvalid, "not an address or network: " + text);
    const unsigned offset = is_v4(*prefix) ? 96 : 0;
    unsigned bits = 128;
    if (slash != std::string::npos) {
      const auto given = parse_u64(std::string_view(text).substr(slash + 1));
      if (!given || *given > 128 - offset)
        return fail(Error::Code::kInvalid, "not an address or network: " + text);
      bits = static_cast<unsigned>(*given) + offset;
    }
    trusted.networks_.push_back({*prefix, bits});
  }
  return trusted;
}

bool TrustedProxies::contains(std::string_view address) const {
  const auto bytes = parse_address(address);
  return bytes && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
           return same_prefix(*bytes, network.prefix, network.bits);
         });
}

std::string client_address(const Request& request, const TrustedProxies& trusted) {
  std::string client(without_port(request.peer_address));
  if (trusted.empty() || !trusted.contains(client)) return client;
  const std::string chain = request.head.headers.joined("X-Forwarded-For");
  const auto hops = split(chain, ',');
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const std::string_view address = without_port(trim(*hop));
    if (!parse_address(address)) break;
    client = address;
    if (!trusted.contains(address)) break;
  }
  return client;
}

bool came_by_https(const Request& request, const TrustedProxies& trusted) {
  if (!trusted.contains(without_port(request.peer_address))) return false;
  const std::string chain = request.head.headers.joined("X-Forwarded-Proto");
  return iequals(trim(split(chain, ',').back()), "https");
}

}  // namespace wm::server
