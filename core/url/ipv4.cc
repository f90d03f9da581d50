// URL Standard 3.5, "IPv4 parser", and 3.6, "IPv4 serializer".
#include <vector>

#include "core/base/ascii.h"
#include "core/url/host_internal.h"

namespace wm::url {
namespace {

/// The IPv4 number parser. Values that do not fit saturate: the caller only asks whether they are
/// too large.
std::optional<std::uint64_t> parse_number(std::string_view input) {
  // 1. If input is the empty string, then return failure.
  if (input.empty()) return std::nullopt;
  // 3.-5. A prefix sets the radix.
  unsigned radix = 10;
  if (input.size() >= 2 && input[0] == '0' && (input[1] == 'x' || input[1] == 'X')) {
    input.remove_prefix(2);
    radix = 16;
  } else if (input.size() >= 2 && input[0] == '0') {
    input.remove_prefix(1);
    radix = 8;
  }
  // 6. If input is the empty string, then return (0, true): "0x" is zero.
  // 7. If input contains a code point that is not a radix-R digit, then return failure.
  constexpr std::uint64_t kSaturated = std::uint64_t{1} << 40;
  std::uint64_t value = 0;
  for (char c : input) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= radix) return std::nullopt;
    value = std::min(value * radix + static_cast<unsigned>(digit), kSaturated);
  }
  return value;
}

bool all_digits(std::string_view text) {
  for (char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
}

}  // namespace

bool ends_in_a_number(std::string_view host) {
  // 1.-2. Strictly split on '.'; a last empty part is removed, if it is not the only one.
  if (host.ends_with('.')) {
    host.remove_suffix(1);
    if (host.empty()) return false;
  }
  // 3. Let last be the last item in parts.
  const std::string_view last = host.substr(host.rfind('.') + 1);
  // 4. If last is non-empty and contains only ASCII digits, then return true.
  if (!last.empty() && all_digits(last)) return true;
  // 5. If parsing last as an IPv4 number does not return failure, then return true.
  return parse_number(last).has_value();
}

std::optional<std::uint32_t> parse_ipv4(std::string_view host) {
  // 1.-3. Split on '.'; a last empty part is removed.
  if (host.ends_with('.') && host.size() > 1) host.remove_suffix(1);
  std::array<std::uint64_t, 4> numbers{};
  std::size_t count = 0;
  for (std::size_t from = 0; from <= host.size();) {
    const std::size_t dot = std::min(host.find('.', from), host.size());
    // 4. If parts's size is greater than 4, failure.
    if (count == numbers.size()) return std::nullopt;
    // 6. For each part of parts: parse it; failure is failure.
    const auto number = parse_number(host.substr(from, dot - from));
    if (!number) return std::nullopt;
    numbers[count++] = *number;
    from = dot + 1;
  }
  // 8. If any but the last item in numbers is greater than 255, failure.
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (numbers[i] > 255) return std::nullopt;
  }
  // 9. If the last item is greater than or equal to 256^(5 - size), failure.
  if (numbers[count - 1] >= std::uint64_t{1} << (8 * (5 - count))) return std::nullopt;
  // 10.-13. ipv4 is the last item, plus each other one times 256^(3 - its index).
  std::uint64_t address = numbers[count - 1];
  for (std::size_t i = 0; i + 1 < count; ++i) address += numbers[i] << (8 * (3 - i));
  return static_cast<std::uint32_t>(address);
}

std::string ipv4_text(std::uint32_t address) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string((address >> shift) & 255);
    if (shift > 0) out += '.';
  }
  return out;
}

}  // namespace wm::url
