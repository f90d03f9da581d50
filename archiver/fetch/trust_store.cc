#include "archiver/fetch/trust_store.h"

#include <curl/curl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace wm::fetch {
namespace {
X509_STORE* as_store(void* store) {
  return static_cast<X509_STORE*>(store);
}
}  // namespace

TrustStore::TrustStore() : store_(X509_STORE_new()) {}
TrustStore::~TrustStore() {
  X509_STORE_free(as_store(store_));
}

Result<std::shared_ptr<const TrustStore>> TrustStore::load(const std::filesystem::path& extra_pem) {
  std::shared_ptr<TrustStore> trust(new TrustStore);
  X509_STORE* store = as_store(trust->store_);
  WM_CHECK(store != nullptr);
  const curl_version_info_data* version = curl_version_info(CURLVERSION_NOW);
  const char* bundle = version->cainfo;
  if (bundle == nullptr || X509_STORE_load_file(store, bundle) != 1) {
    X509_STORE_set_default_paths(store);
  }
  if (!extra_pem.empty() && X509_STORE_load_file(store, extra_pem.c_str()) != 1) {
    return fail(Error::Code::kInvalid,
                "no certificate could be read from fetch.ca_file " + extra_pem.string());
  }
  // As curl sets them: the shortest chain to something trusted will do, even if that is no root.
  X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  return trust;
}

Result<std::shared_ptr<const TrustStore>> TrustStores::get(const std::filesystem::path& extra_pem) {
  {
    MutexLock lock(mutex_);
    if (const auto found = loaded_.find(extra_pem); found != loaded_.end()) return found->second;
  }
  auto loaded = WM_TRY(TrustStore::load(extra_pem));
  MutexLock lock(mutex_);
  return loaded_.emplace(extra_pem, std::move(loaded)).first->second;
}

}  // namespace wm::fetch
