#pragma once

#include "core/tls/certificate_authority.h"
#include "core/tls/openssl_internal.h"

namespace wm::tls {

struct Leaf::Parts {
  Context context;
  std::string chain;
  std::chrono::system_clock::time_point expires;
};

/// Lower case, without brackets and final dot; nullopt for what can be no host name and no address.
std::optional<std::string> host_in_certificate(std::string_view host);

/// `host` as host_in_certificate() gives it.
Result<std::shared_ptr<const Leaf>> mint(const std::string& host, EVP_PKEY* leaf_key,
                                         X509* authority, EVP_PKEY* authority_key,
                                         std::chrono::seconds lifetime);

}  // namespace wm::tls
