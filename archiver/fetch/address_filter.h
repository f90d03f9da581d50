#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

struct sockaddr;

namespace wm::fetch {

/// Is this the address of a public host? `length` is the size of what `address` points to.
/// Everything that IANA's special-purpose registries (RFC 6890 and later) keep from the global
/// Internet is not: loopback, private, link-local, shared, documentation, benchmarking, multicast,
/// reserved. An IPv4-mapped address is judged as its IPv4 address. Addresses that stand for an IPv4
/// one in another way (6to4, Teredo, NAT64, IPv4-compatible) are refused: what is behind them is
/// decided elsewhere. Of IPv6 only global unicast, 2000::/3, is public; families other than IPv4
/// and IPv6 are not.
///
/// Pure, any thread. It is asked for the very address a socket is about to connect to, so a name
/// that resolves differently each time gains nothing.
bool is_public_address(const sockaddr* address, std::size_t length) noexcept;

/// Is this one of `ports` at a loopback or unspecified address, which are this machine?
bool is_own_address(const sockaddr* address, std::size_t length,
                    std::span<const std::uint16_t> ports) noexcept;

/// What can be said before any name is resolved: false for "localhost", names under it, and IP
/// literals that are not public. `host` is as url::Url::host() gives it: dotted IPv4, "[…]" IPv6,
/// or a name.
bool may_be_public_host(std::string_view host) noexcept;

/// Ports that no web server has and that speak protocols a request could be mistaken for: the Fetch
/// Standard's "bad ports".
bool is_bad_port(std::uint16_t port) noexcept;

}  // namespace wm::fetch
