// URL Standard 3.5, "Host parsing".
#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/host_internal.h"
#include "core/url/percent_encode_internal.h"
#include "core/url/url.h"

namespace wm::url {
namespace {

/// "A forbidden host code point is …".
bool is_forbidden_host(char c) {
  constexpr std::string_view kForbidden("\0\t\n\r #/:<>?@[\\]^|", 17);
  return kForbidden.find(c) != std::string_view::npos;
}

/// "A forbidden domain code point is a forbidden host code point, a C0 control, U+0025 (%), or
/// U+007F DELETE."
bool is_forbidden_domain(char c) {
  return is_forbidden_host(c) || static_cast<unsigned char>(c) < 0x20 || c == '%' || c == 0x7f;
}

/// The opaque-host parser.
Result<std::string> parse_opaque_host(std::string_view input) {
  // 1. If input contains a forbidden host code point, failure.
  if (std::any_of(input.begin(), input.end(), is_forbidden_host)) {
    return fail(Error::Code::kInvalid, "a host holds a forbidden character");
  }
  // 4. UTF-8 percent-encode input using the C0 control percent-encode set.
  std::string out;
  append_encoded(out, input, kC0ControlSet);
  return out;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

Result<std::string> domain_to_ascii(std::string_view domain) {
  std::string result;
  if (is_ascii(domain)) {
    // A domain in ASCII is lowercased, no more: names whose Punycode is broken exist and resolve.
    result = to_lower(domain);
  } else {
    // Unicode ToASCII; a failure value is failure.
    auto ascii = uts46_to_ascii(domain);
    if (!ascii) return fail(Error::Code::kInvalid, "a host is no valid internationalised name");
    result = *std::move(ascii);
  }
  // With beStrict false, the empty string and forbidden domain code points are failure.
  if (result.empty()) return fail(Error::Code::kInvalid, "a host is empty");
  if (std::any_of(result.begin(), result.end(), is_forbidden_domain)) {
    return fail(Error::Code::kInvalid, "a host holds a forbidden character");
  }
  return result;
}

Result<std::string> parse_host(std::string_view input, HostKind kind) {
  // 1. If input starts with U+005B ([): an IPv6 address up to the last character, which is U+005D
  // (]).
  if (input.starts_with('[')) {
    if (!input.ends_with(']')) return fail(Error::Code::kInvalid, "an IPv6 address is not closed");
    const auto address = parse_ipv6(input.substr(1, input.size() - 2));
    if (!address) return fail(Error::Code::kInvalid, "an IPv6 address is malformed");
    return "[" + ipv6_text(*address) + "]";
  }
  // 2. If isOpaque is true, then return the result of opaque-host parsing input.
  if (kind == HostKind::kOpaque) return parse_opaque_host(input);
  // 4. UTF-8 decode without BOM the percent-decoding of input. (Bytes that are no UTF-8 become
  // U+FFFD, which IDNA refuses.)
  const bool encoded = input.find('%') != std::string_view::npos;
  const std::string decoded = encoded ? percent_decode(input) : std::string();
  // 5.-6. Domain to ASCII.
  auto ascii = WM_TRY(domain_to_ascii(encoded ? std::string_view(decoded) : input));
  // 8. If asciiDomain ends in a number, then return the result of IPv4 parsing it.
  if (ends_in_a_number(ascii)) {
    const auto address = parse_ipv4(ascii);
    if (!address) return fail(Error::Code::kInvalid, "an IPv4 address is malformed");
    return ipv4_text(*address);
  }
  return ascii;
}

}  // namespace wm::url
