#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::tls {

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;

/// kIo with the first reason OpenSSL gives, whose queue is empty afterwards.
std::unexpected<Error> ssl_failure(std::string_view doing);

std::string pem_of(X509* certificate);
std::string pem_of(EVP_PKEY* key);

/// What is common to an authority and a leaf: version 3, random serial number, valid from a day ago
/// (clocks differ).
Result<Certificate> blank_certificate(std::string_view common_name, EVP_PKEY* key,
                                      std::chrono::seconds lifetime);
/// Adds one extension in OpenSSL's configuration syntax: for constant values alone, never for what
/// a client named.
bool extend(X509* certificate, X509* issuer, int nid, const char* value);

}  // namespace wm::tls
