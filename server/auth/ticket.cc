#include "server/auth/ticket.h"

#include <sodium.h>

#include <array>

#include "core/base/ascii.h"
#include "core/base/result.h"

namespace wm::auth {

namespace {

std::string sign(std::string_view key, std::string_view text) {
  WM_CHECK(key.size() == crypto_auth_KEYBYTES);
  std::array<unsigned char, crypto_auth_BYTES> mac;
  WM_CHECK(crypto_auth(mac.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       reinterpret_cast<const unsigned char*>(key.data())) == 0);
  return hex_encode(std::string_view(reinterpret_cast<const char*>(mac.data()), mac.size()));
}

}  // namespace

std::string Tickets::issue(SysSeconds now, std::chrono::seconds life) const {
  const std::string until = std::to_string((now + life).time_since_epoch().count());
  return until + "." + sign(key_, until);
}

bool Tickets::valid(std::string_view ticket, SysSeconds now) const {
  const std::size_t dot = ticket.find('.');
  if (dot == std::string_view::npos) return false;
  const std::string expected = sign(key_, ticket.substr(0, dot));
  const std::string_view given = ticket.substr(dot + 1);
  if (given.size() != expected.size() || sodium_memcmp(given.data(), expected.data(), expected.size()) != 0) return false;
  const auto until = parse_u64(ticket.substr(0, dot));
  return until && static_cast<std::int64_t>(*until) > now.time_since_epoch().count();
}

}  // namespace wm::auth
