#include "core/wacz/signature.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/ascii.h"
#include "core/base/digest.h"

namespace wm::wacz {

namespace {

using nlohmann::json;

constexpr std::size_t kFieldBytes = 64 << 10;

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;

std::string field_of(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_string() || it->get_ref<const std::string&>().size() > kFieldBytes) return {};
  return it->get<std::string>();
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool verifies(EVP_PKEY* key, std::string_view signature_der, std::string_view text) {
  const std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature_der), signature_der.size(), bytes_of(text), text.size()) == 1;
}

/// WebCrypto writes the two numbers one behind the other; OpenSSL wants them in ASN.1.
std::optional<std::string> in_asn1(std::string_view numbers) {
  const int half = static_cast<int>(numbers.size() / 2);
  const std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>> signature(ECDSA_SIG_new());
  std::unique_ptr<BIGNUM, FreeBy<BN_free>> r(BN_bin2bn(bytes_of(numbers), half, nullptr));
  std::unique_ptr<BIGNUM, FreeBy<BN_free>> s(BN_bin2bn(bytes_of(numbers) + half, half, nullptr));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return std::nullopt;
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

Signature invalid(std::string reason) { return {.state = Signature::State::kInvalid, .signer = {}, .reason = std::move(reason)}; }

Signature verify_anonymous(const std::string& public_key, const std::string& signature, const std::string& hash) {
  const auto der = base64_decode(public_key);
  const auto numbers = base64_decode(signature);
  if (!der || !numbers) return invalid("the public key or the signature is no base64");
  const unsigned char* at = bytes_of(*der);
  const Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der->size())));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC) return invalid("the public key is no key of an elliptic curve");
  const auto coordinate = static_cast<std::size_t>(EVP_PKEY_get_bits(key.get()) + 7) / 8;
  if (numbers->size() != 2 * coordinate) return invalid("the signature has not the length that goes with its key");
  const auto asn1 = in_asn1(*numbers);
  if (!asn1 || !verifies(key.get(), *asn1, hash)) return invalid("the signature is not of this datapackage.json, or of another key");
  return {.state = Signature::State::kValid, .signer = "key sha256:" + sha256_hex(*der), .reason = {}};
}

Signature verify_domain(const std::string& domain, const std::string& chain, const std::string& signature, const std::string& hash) {
  const Bio pem(BIO_new_mem_buf(chain.data(), static_cast<int>(chain.size())));
  const Certificate certificate(pem ? PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!certificate) return invalid("there is no certificate that can be read");
  const auto der = base64_decode(signature);
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (!der || !key || !verifies(key, *der, hash)) return invalid("the signature is not of this datapackage.json, or of another certificate");
  if (domain.empty() || X509_check_host(certificate.get(), domain.data(), domain.size(), 0, nullptr) != 1) return invalid("the certificate is not of the domain that is named");
  return {.state = Signature::State::kValid, .signer = "domain " + domain, .reason = "who vouches for the certificate, and its time stamp, were not looked at"};
}

}  // namespace

std::string_view name_of(Signature::State state) noexcept {
  switch (state) {
    case Signature::State::kUnsigned: return "unsigned";
    case Signature::State::kValid: return "valid";
    case Signature::State::kInvalid: break;
  }
  return "invalid";
}

Signature verify_signature(std::string_view digest_json, std::string_view package_json) {
  const json root = json::parse(digest_json, nullptr, false);
  if (!root.is_object()) return {};
  const auto signed_data = root.find("signedData");
  if (signed_data == root.end()) return {};
  if (!signed_data->is_object()) return invalid("signedData is no object");
  const std::string hash = "sha256:" + sha256_hex(package_json);
  if (field_of(*signed_data, "hash") != hash) return invalid("the signature is of another datapackage.json");
  const std::string signature = field_of(*signed_data, "signature");
  if (signature.empty()) return invalid("signedData holds no signature");
  if (const std::string key = field_of(*signed_data, "publicKey"); !key.empty()) return verify_anonymous(key, signature, hash);
  return verify_domain(field_of(*signed_data, "domain"), field_of(*signed_data, "domainCert"), signature, hash);
}

}  // namespace wm::wacz
