#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct ssl_ctx_st;

namespace wm::tls {

/// A server certificate for one host, ready to be shown to clients. Immutable, for many threads.
class Leaf {
 public:
  struct Parts;
  explicit Leaf(std::unique_ptr<Parts> parts) noexcept;
  ~Leaf();
  Leaf(const Leaf&) = delete;
  Leaf& operator=(const Leaf&) = delete;

  /// An SSL_CTX for TLS 1.2 and later that sends leaf and authority and speaks http/1.1 (ALPN).
  /// SSL_new() takes a reference of its own, so a connection may outlive the Leaf. Not to be
  /// changed: every connection to the host shares it.
  ssl_ctx_st* server_context() const noexcept;
  /// The leaf, then the authority.
  std::string chain_pem() const;
  std::chrono::system_clock::time_point expires() const noexcept;

 private:
  std::unique_ptr<Parts> parts_;
};

/// A certificate authority of our own: it vouches for any host to clients that were told to trust
/// it, so that Waymark can stand between a browser and https addresses. Whoever has its key can do
/// the same to them: keep it in memory, or in a file of its owner alone.
///
/// EC P-256 throughout (widely known, a mint takes about 0.1 ms). All leaves share one key that
/// lives as long as the object. const methods may be called from many threads. Source: RFC 5280
/// (4.2.1.1-4.2.1.9), RFC 6125.
class CertificateAuthority {
 public:
  struct Options {
    std::chrono::seconds lifetime = std::chrono::hours(24 * 3650);
    std::chrono::seconds leaf_lifetime = std::chrono::hours(24 * 30);
    std::size_t cached_leaves = 1000;  ///< the least recently used go first
  };

  /// A new one with a random serial number; its name is what a user sees in the list of trusted
  /// authorities.
  static Result<std::unique_ptr<CertificateAuthority>> create(std::string_view common_name,
                                                              Options options);
  static Result<std::unique_ptr<CertificateAuthority>> create(std::string_view common_name);
  /// From certificate and private key in PEM, in any order. kCorrupt: not both, or they do not
  /// belong together, or no authority; kInvalid: expired.
  static Result<std::unique_ptr<CertificateAuthority>> load(std::string_view pem, Options options);
  static Result<std::unique_ptr<CertificateAuthority>> load(std::string_view pem);
  /// What the file holds; where there is none a new one, stored there with mode 0600.
  static Result<std::unique_ptr<CertificateAuthority>> open(const std::filesystem::path& path,
                                                            std::string_view common_name);

  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  /// A certificate for a host name, an IPv4 address, or an IPv6 address with or without brackets;
  /// case and a final dot do not matter. The same object for the same host while it is cached and
  /// not about to expire. kInvalid for what is no host.
  Result<std::shared_ptr<const Leaf>> leaf_for(std::string_view host) const;

  std::string certificate_pem() const;
  /// Certificate and private key, for load(). Secret.
  std::string secret_pem() const;
  /// base64 of the SHA-256 of the public key, as Chromium's --ignore-certificate-errors-spki-list
  /// wants it.
  std::string spki_sha256_base64() const;

 private:
  struct State;
  explicit CertificateAuthority(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace wm::tls
