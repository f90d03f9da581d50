#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

// URL Standard 3, "Hosts".

namespace wm::url {

enum class HostKind { kSpecial, kOpaque };

/// The host parser (3.5), then the host serialiser (3.6).
Result<std::string> parse_host(std::string_view input, HostKind kind);

/// Domain to ASCII with beStrict=false (3.3); what comes out holds no forbidden domain code point
/// and is not empty.
Result<std::string> domain_to_ascii(std::string_view domain);

/// UTS 46 ToASCII by ICU with the options the standard names; nullopt if it fails.
std::optional<std::string> uts46_to_ascii(std::string_view domain);
/// RFC 3490 ToASCII of one label, as the older tools that make SURTs do it; nullopt if it fails.
std::optional<std::string> idna2003_label_to_ascii(std::string_view label);
/// Lower case of every script (the root locale). Invalid UTF-8 becomes U+FFFD.
std::string unicode_lower(std::string_view text);

/// "Ends in a number" (3.4): then the host is an IPv4 address or nothing.
bool ends_in_a_number(std::string_view host);
/// The IPv4 parser (3.5); nullopt is failure.
std::optional<std::uint32_t> parse_ipv4(std::string_view host);
std::string ipv4_text(std::uint32_t address);

using Ipv6 = std::array<std::uint16_t, 8>;
/// The IPv6 parser (3.5), without brackets; nullopt is failure.
std::optional<Ipv6> parse_ipv6(std::string_view text);
std::string ipv6_text(const Ipv6& address);

}  // namespace wm::url
