#include <openssl/err.h>

#include <array>
#include <chrono>

#include "core/base/random.h"
#include "core/tls/openssl_internal.h"

namespace wm::tls {

namespace {

constexpr std::size_t kSerialBytes = 16;
constexpr std::size_t kCommonNameBytes = 64;  // RFC 5280 appendix A, ub-common-name
constexpr long kClockSkewSeconds = 24L * 3600;

template <class Write>
std::string written(Write write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  WM_CHECK(bio && write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool set_serial(X509* certificate) {
  std::string bytes = random_bytes(kSerialBytes);
  bytes[0] =
      static_cast<char>((bytes[0] & 0x7f) | 0x40);  // positive, and never shorter than the rest
  const std::unique_ptr<BIGNUM, FreeBy<BN_free>> number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                static_cast<int>(bytes.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

}  // namespace

std::unexpected<Error> ssl_failure(std::string_view doing) {
  std::array<char, 256> reason{};
  const unsigned long code = ERR_get_error();
  if (code != 0) ERR_error_string_n(code, reason.data(), reason.size());
  ERR_clear_error();
  return fail(Error::Code::kIo, "cannot " + std::string(doing) + " with OpenSSL: " +
                                    (code != 0 ? reason.data() : "no reason given"));
}

std::string pem_of(X509* certificate) {
  return written([certificate](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
  return written([key](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Result<Certificate> blank_certificate(std::string_view common_name, EVP_PKEY* key,
                                      std::chrono::seconds lifetime) {
  Certificate made(X509_new());
  const std::string_view name = common_name.substr(0, kCommonNameBytes);
  if (!made || X509_set_version(made.get(), X509_VERSION_3) != 1 || !set_serial(made.get()) ||
      X509_gmtime_adj(X509_getm_notBefore(made.get()), -kClockSkewSeconds) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(made.get()), lifetime.count()) == nullptr ||
      X509_set_pubkey(made.get(), key) != 1 ||
      X509_NAME_add_entry_by_NID(X509_get_subject_name(made.get()), NID_commonName, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(name.data()),
                                 static_cast<int>(name.size()), -1, 0) != 1) {
    return ssl_failure("fill in a certificate");
  }
  return made;
}

bool extend(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, FreeBy<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

}  // namespace wm::tls
