#pragma once

#include <filesystem>
#include <memory>

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

}  // namespace wm::fetch
