#pragma once

#include <optional>
#include <string>

#include "server/auth/accounts.h"
#include "server/http/router.h"

namespace wm::app {

/// Does the request name a loopback host, or the one of `configured_url`? Any other name is DNS rebinding where no log-in stands between.
bool names_our_host(const server::Request& request, std::string_view configured_url);

/// Who may do what, decided before any handler runs.
///
/// Without passwords everybody who reaches the loopback address is the owner, so a request must name a loopback host (a foreign name is a
/// DNS rebinding attack). A state change must come from our own pages or from a program: Origin and Sec-Fetch-Site tell, since archived
/// pages on the replay port are the same site. Bearer tokens are exempt: no browser sends them by itself.
class Gate {
 public:
  struct Options {
    bool passwords = false;
    std::string app_url;      ///< "" = the request's own host
    std::string local_token;  ///< of the command line, admin
  };
  Gate(const auth::Accounts& accounts, Options options) : accounts_(accounts), options_(std::move(options)) {}
  std::optional<server::Response> check(const server::Request& request, server::Permission permission) const;

 private:
  bool comes_from_us(const server::Request& request) const;
  Result<std::optional<auth::Scope>> scope_of(const server::Request& request, bool& by_token) const;

  const auth::Accounts& accounts_;
  const Options options_;
};

}  // namespace wm::app
