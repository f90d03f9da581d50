#include "core/tls/certificate_authority.h"

#include <list>
#include <optional>
#include <unordered_map>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/mutex.h"
#include "core/tls/leaf_internal.h"
#include "core/tls/openssl_internal.h"

namespace wm::tls {

namespace {

constexpr std::size_t kFileBytes = 64 << 10;
constexpr auto kCurve = "P-256";

/// The most recently used first; a host is once in the list. Its owner locks.
class LeafCache {
 public:
  explicit LeafCache(std::size_t most) : most_(most) {}

  std::shared_ptr<const Leaf> find(const std::string& host) {
    const auto at = places_.find(host);
    if (at == places_.end()) return nullptr;
    leaves_.splice(leaves_.begin(), leaves_, at->second);
    return at->second->second;
  }
  void put(const std::string& host, std::shared_ptr<const Leaf> leaf) {
    if (const auto at = places_.find(host); at != places_.end()) {
      leaves_.erase(at->second);
      places_.erase(at);
    }
    leaves_.emplace_front(host, std::move(leaf));
    places_[host] = leaves_.begin();
    while (leaves_.size() > most_) {
      places_.erase(leaves_.back().first);
      leaves_.pop_back();
    }
  }

 private:
  using Leaves = std::list<std::pair<std::string, std::shared_ptr<const Leaf>>>;
  std::size_t most_;
  Leaves leaves_;
  std::unordered_map<std::string, Leaves::iterator> places_;
};

Result<Certificate> sign_itself(std::string_view common_name, EVP_PKEY* key,
                                std::chrono::seconds lifetime) {
  Certificate made = WM_TRY(blank_certificate(common_name, key, lifetime));
  if (X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())) != 1 ||
      !extend(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !extend(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !extend(made.get(), made.get(), NID_subject_key_identifier, "hash") ||
      X509_sign(made.get(), key, EVP_sha256()) <= 0) {
    return ssl_failure("make a certificate authority");
  }
  return made;
}

/// With a quarter of its life left a leaf is replaced: a connection made with it must not meet its
/// end.
bool still_good(const Leaf& leaf, std::chrono::seconds lifetime) {
  return leaf.expires() - lifetime / 4 > std::chrono::system_clock::now();
}

}  // namespace

struct CertificateAuthority::State {
  State(Key its_key, Certificate its_certificate, Options its_options)
      : options(its_options),
        key(std::move(its_key)),
        leaf_key(EVP_EC_gen(kCurve)),
        certificate(std::move(its_certificate)),
        cache(std::max<std::size_t>(1, its_options.cached_leaves)) {}

  const Options options;
  const Key key;
  const Key leaf_key;
  const Certificate certificate;
  Mutex mutex;
  LeafCache cache WM_GUARDED_BY(mutex);
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
CertificateAuthority::~CertificateAuthority() = default;

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::create(
    std::string_view common_name) {
  return create(common_name, Options());
}

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::create(
    std::string_view common_name, Options options) {
  Key key(EVP_EC_gen(kCurve));
  if (!key) return ssl_failure("make a key");
  auto certificate = WM_TRY(sign_itself(common_name, key.get(), options.lifetime));
  auto state = std::make_unique<State>(std::move(key), std::move(certificate), options);
  if (!state->leaf_key) return ssl_failure("make a key");
  return std::unique_ptr<CertificateAuthority>(new CertificateAuthority(std::move(state)));
}

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::load(std::string_view pem) {
  return load(pem, Options());
}

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::load(std::string_view pem,
                                                                         Options options) {
  const auto size = static_cast<int>(std::min(pem.size(), kFileBytes));
  const Bio certificate_text(BIO_new_mem_buf(pem.data(), size));
  const Bio key_text(BIO_new_mem_buf(pem.data(), size));
  // Without a callback OpenSSL would ask for the password of an encrypted key at the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  Certificate certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, no_password, nullptr));
  Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_password, nullptr));
  if (!certificate || !key)
    return fail(Error::Code::kCorrupt, "no certificate and unencrypted private key in PEM");
  if (X509_check_private_key(certificate.get(), key.get()) != 1 ||
      X509_check_ca(certificate.get()) == 0) {
    return fail(Error::Code::kCorrupt,
                "the certificate is no authority's, or the private key is another's");
  }
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) {
    return fail(
        Error::Code::kInvalid,
        "the certificate authority has expired: remove its file to get a new one, and trust that");
  }
  auto state = std::make_unique<State>(std::move(key), std::move(certificate), options);
  if (!state->leaf_key) return ssl_failure("make a key");
  return std::unique_ptr<CertificateAuthority>(new CertificateAuthority(std::move(state)));
}

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::open(
    const std::filesystem::path& path, std::string_view common_name) {
  auto stored = read_file(path, kFileBytes);
  if (!stored && stored.error().code == Error::Code::kNotFound) {
    auto made = WM_TRY(create(common_name));
    WM_TRY(replace_private_file(path, made->secret_pem()));
    return made;
  }
  auto loaded = load(WM_TRY(std::move(stored)));
  if (!loaded) return fail(loaded.error().code, path.string() + ": " + loaded.error().what);
  return loaded;
}

Result<std::shared_ptr<const Leaf>> CertificateAuthority::leaf_for(std::string_view host) const {
  const auto name = host_in_certificate(host);
  if (!name)
    return fail(Error::Code::kInvalid,
                "no certificate for what is no host name: " + valid_utf8(host.substr(0, 300)));
  {
    const MutexLock lock(state_->mutex);
    auto cached = state_->cache.find(*name);
    if (cached && still_good(*cached, state_->options.leaf_lifetime)) return cached;
  }
  // Outside the lock: when two threads mint for one host at once, the later one is kept, and both
  // are good.
  auto minted = WM_TRY(mint(*name, state_->leaf_key.get(), state_->certificate.get(),
                            state_->key.get(), state_->options.leaf_lifetime));
  const MutexLock lock(state_->mutex);
  state_->cache.put(*name, minted);
  return minted;
}

std::string CertificateAuthority::certificate_pem() const {
  return pem_of(state_->certificate.get());
}
std::string CertificateAuthority::secret_pem() const {
  return certificate_pem() + pem_of(state_->key.get());
}

std::string CertificateAuthority::spki_sha256_base64() const {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(state_->certificate.get()), &der);
  WM_CHECK(size > 0);
  Digester digester(Digester::Algorithm::kSha256);
  digester.update({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return base64_encode(digester.finish());
}

}  // namespace wm::tls
