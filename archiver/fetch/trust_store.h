#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "core/base/mutex.h"
#include "core/base/result.h"

namespace wm::fetch {

/// The certificate authorities that servers are checked against: the system's and those of one more
/// file. Read once, since reading the system's bundle takes 20 ms, and shared by all connections of
/// all captures. Any thread.
class TrustStore {
 public:
  /// kInvalid when `extra_pem` (may be empty) holds no certificate or cannot be read.
  static Result<std::shared_ptr<const TrustStore>> load(const std::filesystem::path& extra_pem);
  ~TrustStore();
  TrustStore(const TrustStore&) = delete;
  TrustStore& operator=(const TrustStore&) = delete;

 private:
  friend class Transfer;
  TrustStore();
  void* store_;  ///< an X509_STORE
};

/// The trust stores of an engine, each loaded when it is first asked for. Any thread.
class TrustStores {
 public:
  /// For an extra file; the empty path is the system's authorities alone. As TrustStore::load().
  Result<std::shared_ptr<const TrustStore>> get(const std::filesystem::path& extra_pem);

 private:
  Mutex mutex_;
  std::map<std::filesystem::path, std::shared_ptr<const TrustStore>> loaded_ WM_GUARDED_BY(mutex_);
};

}  // namespace wm::fetch
