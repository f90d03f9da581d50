// URL Standard 3.5, "IPv6 parser", and 3.6, "IPv6 serializer". The numbers are the standard's.
#include "core/base/ascii.h"
#include "core/url/host_internal.h"

namespace wm::url {
namespace {

class Ipv6Parser {
 public:
  explicit Ipv6Parser(std::string_view text) : text_(text) {}
  std::optional<Ipv6> parse();

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char c() const { return text_[at_]; }
  bool dotted_part();
  bool pieces();

  std::string_view text_;
  std::size_t at_ = 0;
  Ipv6 address_{};
  std::size_t piece_ = 0;
  std::optional<std::size_t> compress_;
};

/// 6.5: the last two pieces written as an IPv4 address. at_ is on its first digit.
bool Ipv6Parser::dotted_part() {
  if (piece_ > 6) return false;             // 6.5.3
  for (int numbers_seen = 0; !at_end();) {  // 6.5.5
    if (numbers_seen > 0) {                 // 6.5.5.2
      if (c() != '.' || numbers_seen >= 4) return false;
      ++at_;
    }
    if (at_end() || !is_digit(c())) return false;  // 6.5.5.3
    unsigned value = 0;
    for (bool first = true; !at_end() && is_digit(c()); first = false, ++at_) {  // 6.5.5.4
      if (!first && value == 0) return false;                                    // a leading zero
      value = value * 10 + static_cast<unsigned>(c() - '0');
      if (value > 255) return false;
    }
    address_[piece_] = static_cast<std::uint16_t>(address_[piece_] * 0x100u + value);  // 6.5.5.5
    ++numbers_seen;
    if (numbers_seen == 2 || numbers_seen == 4) ++piece_;  // 6.5.5.7
    if (at_end() && numbers_seen != 4) return false;       // 6.5.6
  }
  return true;
}

bool Ipv6Parser::pieces() {
  while (!at_end()) {               // 6.
    if (piece_ == 8) return false;  // 6.1
    if (c() == ':') {               // 6.2
      if (compress_) return false;
      ++at_;
      compress_ = ++piece_;
      continue;
    }
    unsigned value = 0;  // 6.3
    std::size_t length = 0;
    for (; length < 4 && !at_end() && hex_value(c()) >= 0; ++length, ++at_) {  // 6.4
      value = value * 16 + static_cast<unsigned>(hex_value(c()));
    }
    if (!at_end() && c() == '.') {  // 6.5
      if (length == 0) return false;
      at_ -= length;
      return dotted_part();
    }
    if (!at_end() && c() == ':') {  // 6.6
      ++at_;
      if (at_end()) return false;
    } else if (!at_end()) {
      return false;  // 6.7
    }
    address_[piece_++] = static_cast<std::uint16_t>(value);  // 6.8, 6.9
  }
  return true;
}

std::optional<Ipv6> Ipv6Parser::parse() {
  if (!at_end() && c() == ':') {  // 5.
    if (at_ + 1 >= text_.size() || text_[at_ + 1] != ':') return std::nullopt;
    at_ += 2;
    compress_ = ++piece_;
  }
  if (!pieces()) return std::nullopt;
  if (compress_) {  // 7.
    std::size_t swaps = piece_ - *compress_;
    for (std::size_t to = 7; to != 0 && swaps > 0; --to, --swaps) {
      std::swap(address_[to], address_[*compress_ + swaps - 1]);
    }
  } else if (piece_ != 8) {  // 8.
    return std::nullopt;
  }
  return address_;
}

}  // namespace

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  return Ipv6Parser(text).parse();
}

std::string ipv6_text(const Ipv6& address) {
  // "Find the IPv6 address compressed piece index": the first longest run of two or more zero
  // pieces.
  std::size_t run_at = 8, run_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && address[end] == 0) ++end;
    if (end - i > run_length) run_at = i, run_length = end - i;
    if (end > i) i = end - 1;
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == run_at) {
      out += i == 0 ? "::" : ":";
      i += run_length - 1;
      continue;
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = (unsigned{address[i]} >> shift) & 15u;
      started = started || digit != 0 || shift == 0;
      if (started) out += kHex[digit];
    }
    if (i != 7) out += ':';
  }
  return out;
}

}  // namespace wm::url
