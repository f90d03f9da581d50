#include "tests/support/test_ca.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core/base/result.h"

namespace wm::test {
namespace {

template <class Write>
std::string pem_of(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  WM_CHECK(bio != nullptr && write(bio) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

X509* new_certificate(std::string_view name, EVP_PKEY* key) {
  X509* certificate = X509_new();
  unsigned char serial[8];
  RAND_bytes(serial, sizeof serial);
  serial[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  X509_set_version(certificate, 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 7L * 24 * 3600);
  X509_set_pubkey(certificate, key);
  // A common name holds 64 bytes at most; the alternative name is what counts.
  const std::string common(name.substr(0, 64));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common.data()),
                             static_cast<int>(common.size()), -1, 0);
  return certificate;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  WM_CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string alternative_name(std::string_view host) {
  const std::string bare(host.starts_with('[') ? host.substr(1, host.size() - 2) : host);
  unsigned char bytes[16];
  const bool ip =
      inet_pton(AF_INET, bare.c_str(), bytes) == 1 || inet_pton(AF_INET6, bare.c_str(), bytes) == 1;
  return (ip ? "IP:" : "DNS:") + bare;
}

}  // namespace

TestCa::TestCa()
    : ca_key_(EVP_EC_gen("P-256")),
      leaf_key_(EVP_EC_gen("P-256")),
      ca_(new_certificate("Test CA", ca_key_)) {
  X509_set_issuer_name(ca_, X509_get_subject_name(ca_));
  extend(ca_, ca_, NID_basic_constraints, "critical,CA:TRUE");
  extend(ca_, ca_, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(ca_, ca_, NID_subject_key_identifier, "hash");
  WM_CHECK(X509_sign(ca_, ca_key_, EVP_sha256()) > 0);
}

TestCa::~TestCa() {
  X509_free(ca_);
  EVP_PKEY_free(leaf_key_);
  EVP_PKEY_free(ca_key_);
}

std::string TestCa::certificate_pem() const {
  return pem_of([this](BIO* bio) { return PEM_write_bio_X509(bio, ca_); });
}

std::string TestCa::key_pem() const {
  return pem_of([this](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, leaf_key_, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

X509* TestCa::mint(std::string_view host) const {
  X509* leaf = new_certificate(host, leaf_key_);
  X509_set_issuer_name(leaf, X509_get_subject_name(ca_));
  extend(leaf, ca_, NID_subject_alt_name, alternative_name(host));
  extend(leaf, ca_, NID_ext_key_usage, "serverAuth");
  WM_CHECK(X509_sign(leaf, ca_key_, EVP_sha256()) > 0);
  return leaf;
}

std::string TestCa::leaf_pem(std::string_view host) const {
  X509* leaf = mint(host);
  const std::string pem = pem_of([leaf](BIO* bio) { return PEM_write_bio_X509(bio, leaf); });
  X509_free(leaf);
  return pem;
}

SSL_CTX* TestCa::server_context(std::string_view host) const {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  X509* leaf = mint(host);
  SSL_CTX_use_certificate(context, leaf);
  X509_free(leaf);
  SSL_CTX_use_PrivateKey(context, leaf_key_);
  return context;
}

}  // namespace wm::test
