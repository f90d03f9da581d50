#include "server/auth/accounts.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/random.h"

namespace wm::auth {

using namespace std::chrono_literals;
using nlohmann::json;
using store::Batch;
using store::Family;

namespace {

constexpr auto kSessionLife = std::chrono::hours(24 * 30);
constexpr unsigned kFreeFailures = 5;
constexpr std::size_t kFailuresKept = 10000;

// Keys of the users family: 'u' name → user; 's' sha256(session) → session; 't' sha256(token) → token.
std::string user_key(std::string_view name) { return "u" + std::string(name); }
std::string secret_key(char kind, std::string_view secret) { return kind + sha256_hex(secret); }

std::string new_secret() { return base32_encode(random_bytes(30)); }  // 30 bytes: no padding

std::string hash_password(std::string_view password) {
  WM_CHECK(sodium_init() >= 0);
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  WM_CHECK(crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0);
  hash.resize(hash.find('\0'));
  return hash;
}

bool verify_password(const std::string& hash, std::string_view password) {
  WM_CHECK(sodium_init() >= 0);
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '@'; });
}

std::int64_t micros_now() { return now_micros().time_since_epoch().count(); }

Result<json> parse(const std::string& stored) {
  json value = json::parse(stored, nullptr, false);
  if (value.is_discarded() || !value.is_object()) return fail(Error::Code::kCorrupt, "a row of the users family cannot be read");
  return value;
}

}  // namespace

std::string_view name_of(Scope scope) noexcept {
  switch (scope) {
    case Scope::kRead: return "read";
    case Scope::kWrite: return "write";
    case Scope::kAdmin: return "admin";
  }
  return "";
}

std::optional<Scope> scope_of(std::string_view name) noexcept {
  for (const Scope scope : {Scope::kRead, Scope::kWrite, Scope::kAdmin}) {
    if (name == name_of(scope)) return scope;
  }
  return std::nullopt;
}

Result<> Accounts::add_user(std::string_view name, std::string_view password) {
  if (!is_name(name)) return fail(Error::Code::kInvalid, "a user name is 1 to 64 letters, digits and . _ - @");
  if (password.size() < 8 || password.size() > 1024) return fail(Error::Code::kInvalid, "a password has 8 to 1024 bytes");
  if (WM_TRY(store_.get(Family::kUsers, user_key(name)))) return fail(Error::Code::kConflict, "there is a user " + std::string(name) + " already");
  Batch batch;
  batch.put(Family::kUsers, user_key(name), json{{"v", 1}, {"password", hash_password(password)}, {"scope", "admin"}, {"created", micros_now()}}.dump());
  return store_.write(std::move(batch));
}

Result<std::vector<User>> Accounts::users() const {
  std::vector<User> users;
  auto cursor = store_.cursor(Family::kUsers);
  for (cursor.seek("u"); cursor.valid() && cursor.key().front() == 'u'; cursor.next()) {
    const json row = WM_TRY(parse(std::string(cursor.value())));
    users.push_back({std::string(cursor.key().substr(1)), SysMicros(std::chrono::microseconds(row.value("created", std::int64_t{0})))});
  }
  WM_TRY(cursor.status());
  return users;
}

Result<std::string> Accounts::log_in(std::string_view name, std::string_view password, std::string_view address) {
  const std::string by_name = "n" + std::string(name.substr(0, 64)), by_address = "a" + std::string(address);
  if (!may_try(by_name) || !may_try(by_address)) return fail(Error::Code::kBusy, "too many failed log-ins; wait and try again");
  const auto stored = is_name(name) ? WM_TRY(store_.get(Family::kUsers, user_key(name))) : std::nullopt;
  // An unknown name costs the same work, so that time does not tell which names exist.
  static const std::string nobody = hash_password("nobody has this password");
  const std::string hash = stored ? WM_TRY(parse(*stored)).value("password", nobody) : nobody;
  if (!verify_password(hash, password) || !stored) {
    failed(by_name);
    failed(by_address);
    return fail(Error::Code::kDenied, "wrong name or password");
  }
  {
    MutexLock lock(mutex_);
    failures_.erase(by_name);
    failures_.erase(by_address);
  }
  const std::string secret = new_secret();
  Batch batch;
  const auto until = now_micros() + kSessionLife;
  batch.put(Family::kUsers, secret_key('s', secret), json{{"v", 1}, {"user", std::string(name)}, {"until", until.time_since_epoch().count()}}.dump());
  WM_TRY(store_.write(std::move(batch)));
  return secret;
}

Result<> Accounts::log_out(std::string_view session) {
  Batch batch;
  batch.erase(Family::kUsers, secret_key('s', session));
  return store_.write(std::move(batch));
}

Result<std::string> Accounts::create_token(std::string_view user, std::string_view label, Scope scope) {
  if (!WM_TRY(store_.get(Family::kUsers, user_key(user)))) return fail(Error::Code::kNotFound, "there is no user " + std::string(user));
  if (label.size() > 200) return fail(Error::Code::kInvalid, "a token's label has at most 200 bytes");
  const std::string secret = "wm_" + new_secret();
  Batch batch;
  batch.put(Family::kUsers, secret_key('t', secret),
            json{{"v", 1}, {"user", std::string(user)}, {"label", valid_utf8(label)}, {"scope", std::string(name_of(scope))}, {"created", micros_now()}}.dump());
  WM_TRY(store_.write(std::move(batch)));
  return secret;
}

Result<std::optional<Caller>> Accounts::caller_of_session(std::string_view session) const {
  const auto stored = WM_TRY(store_.get(Family::kUsers, secret_key('s', session)));
  if (!stored) return std::optional<Caller>();
  const json row = WM_TRY(parse(*stored));
  if (row.value("until", std::int64_t{0}) < micros_now()) return std::optional<Caller>();
  return std::optional<Caller>(Caller{.user = row.value("user", ""), .scope = Scope::kAdmin});
}

Result<std::optional<Caller>> Accounts::caller_of_token(std::string_view token) const {
  const auto stored = WM_TRY(store_.get(Family::kUsers, secret_key('t', token)));
  if (!stored) return std::optional<Caller>();
  const json row = WM_TRY(parse(*stored));
  const auto scope = scope_of(row.value("scope", ""));
  if (!scope) return std::optional<Caller>();
  return std::optional<Caller>(Caller{.user = row.value("user", ""), .scope = *scope});
}

bool Accounts::may_try(const std::string& key) {
  MutexLock lock(mutex_);
  const auto found = failures_.find(key);
  return found == failures_.end() || found->second.until <= std::chrono::steady_clock::now();
}

void Accounts::failed(const std::string& key) {
  MutexLock lock(mutex_);
  if (failures_.size() > kFailuresKept) failures_.clear();  // an attacker with many addresses must not fill the memory
  Failures& failures = failures_[key];
  if (++failures.count > kFreeFailures) failures.until = std::chrono::steady_clock::now() + 1s * (1 << std::min(failures.count - kFreeFailures, 6u));  // a minute at most: nobody is locked out for long
}

}  // namespace wm::auth
