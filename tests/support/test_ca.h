#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;
struct x509_st;
struct ssl_ctx_st;

namespace wm::test {

/// A certificate authority made in memory, for TLS servers of tests. Many threads may call const
/// methods.
class TestCa {
 public:
  TestCa();
  ~TestCa();
  TestCa(const TestCa&) = delete;
  TestCa& operator=(const TestCa&) = delete;

  std::string certificate_pem() const;  ///< of the authority
  std::string key_pem() const;          ///< the one key that all its leaves have
  /// A leaf for a host name or IP literal, signed by the authority.
  std::string leaf_pem(std::string_view host) const;
  /// A server context with a leaf for `host`; the caller frees it with SSL_CTX_free.
  ssl_ctx_st* server_context(std::string_view host) const;

 private:
  x509_st* mint(std::string_view host) const;
  evp_pkey_st* ca_key_;
  evp_pkey_st* leaf_key_;
  x509_st* ca_;
};

}  // namespace wm::test
