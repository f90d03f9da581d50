#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/time14.h"
#include "indexer/store/store.h"

namespace wm::auth {

struct User {
  std::string name;
  SysMicros created{};
};

/// What a request may do. kRead: look; kWrite: change links and start captures; kAdmin: users, tokens, imports by path.
enum class Scope { kRead = 1, kWrite = 2, kAdmin = 3 };
std::string_view name_of(Scope scope) noexcept;
std::optional<Scope> scope_of(std::string_view name) noexcept;

struct Caller {
  std::string user;
  Scope scope;
};

/// Users, sessions and API tokens over the users family; docs/formats/users.md. Passwords are argon2id (libsodium); sessions and tokens are
/// stored as SHA-256 of 32 random bytes, so the store gives nobody a way in. Methods from any thread; log_in takes some 100 ms of CPU.
class Accounts {
 public:
  explicit Accounts(store::Store& store) : store_(store) {}

  /// kConflict if the name is taken; kInvalid for a bad name or a password under 8 or over 1024 bytes.
  Result<> add_user(std::string_view name, std::string_view password);
  Result<std::vector<User>> users() const;

  /// A new session's secret for a cookie. kDenied for a wrong name or password, both after the same work; kBusy after too many failures of
  /// that name or address, for a time that doubles.
  Result<std::string> log_in(std::string_view name, std::string_view password, std::string_view address);
  Result<> log_out(std::string_view session);

  /// A token for programs; the secret is told once and never again.
  Result<std::string> create_token(std::string_view user, std::string_view label, Scope scope);

  /// Who stands behind a session or token; nullopt if nobody (any more).
  Result<std::optional<Caller>> caller_of_session(std::string_view session) const;
  Result<std::optional<Caller>> caller_of_token(std::string_view token) const;

 private:
  struct Failures {
    unsigned count = 0;
    std::chrono::steady_clock::time_point until{};
  };
  bool may_try(const std::string& key);
  void failed(const std::string& key);

  store::Store& store_;
  Mutex mutex_;
  std::map<std::string, Failures, std::less<>> failures_ WM_GUARDED_BY(mutex_);
};

}  // namespace wm::auth
