#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/base/result.h"
#include "replay/replay.h"
#include "server/app/settings.h"
#include "server/auth/accounts.h"

namespace wm::app {

/// Proxy mode put together: its listener, its certificate authority (made on first use), who may
/// use it, and what it answers.
class ProxyMode {
 public:
  struct Place {
    std::filesystem::path authority_file;
    std::uint16_t replay_port = 0;
    bool private_replay = false;  ///< a client then shows a token as its proxy password
  };
  /// `replay` and `accounts` outlive it.
  static Result<std::unique_ptr<ProxyMode>> start(const Settings& settings,
                                                  const replay::Replay& replay,
                                                  const auth::Accounts& accounts, Place place);
  ~ProxyMode();
  std::uint16_t port() const;

 private:
  struct Parts;
  explicit ProxyMode(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace wm::app
