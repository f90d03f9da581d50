#include <arpa/inet.h>

#include <array>
#include <optional>

#include "core/base/ascii.h"
#include "core/tls/leaf_internal.h"

namespace wm::tls {

namespace {

constexpr std::size_t kHostBytes = 253;  // RFC 1035 2.3.4, less the final dot and the root label

/// The address's bytes in network order; empty for what is none.
std::string address_bytes(const std::string& host) {
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) return {bytes.data(), 4};
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return {bytes.data(), 16};
  return {};
}

/// Built by hand: in the syntax of configuration files a name with a comma would become two.
bool name_host(X509* certificate, const std::string& host) {
  const std::string address = address_bytes(host);
  const std::string& value = address.empty() ? host : address;
  std::unique_ptr<ASN1_OCTET_STRING, FreeBy<ASN1_STRING_free>> text(
      address.empty() ? ASN1_STRING_type_new(V_ASN1_IA5STRING) : ASN1_OCTET_STRING_new());
  std::unique_ptr<GENERAL_NAME, FreeBy<GENERAL_NAME_free>> name(GENERAL_NAME_new());
  const std::unique_ptr<GENERAL_NAMES, FreeBy<GENERAL_NAMES_free>> names(GENERAL_NAMES_new());
  if (!text || !name || !names ||
      ASN1_STRING_set(text.get(), value.data(), static_cast<int>(value.size())) != 1)
    return false;
  GENERAL_NAME_set0_value(name.get(), address.empty() ? GEN_DNS : GEN_IPADD, text.release());
  if (sk_GENERAL_NAME_push(names.get(), name.get()) <= 0) return false;
  static_cast<void>(name.release());  // now the list's
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) ==
         1;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* out = nullptr;
  const int found =
      SSL_select_next_proto(&out, size, kOurs, sizeof kOurs - 1, offered, offered_size);
  *chosen = out;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

Result<Context> server_context(X509* leaf, EVP_PKEY* key, X509* authority) {
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_use_certificate(context.get(), leaf) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key) != 1 ||
      SSL_CTX_add1_chain_cert(context.get(), authority) != 1) {
    return ssl_failure("set up a TLS server");
  }
  // A browser that closes without close_notify is no error of ours, and idle connections need not
  // keep their buffers.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  return context;
}

}  // namespace

Leaf::Leaf(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
Leaf::~Leaf() = default;
ssl_ctx_st* Leaf::server_context() const noexcept {
  return parts_->context.get();
}
std::string Leaf::chain_pem() const {
  return parts_->chain;
}
std::chrono::system_clock::time_point Leaf::expires() const noexcept {
  return parts_->expires;
}

std::optional<std::string> host_in_certificate(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::string name = to_lower(host);
  if (!address_bytes(name).empty()) return name;
  if (name.ends_with('.')) name.pop_back();
  if (name.empty() || name.size() > kHostBytes || name.front() == '.' ||
      name.find("..") != std::string::npos)
    return std::nullopt;
  for (const char c : name) {
    if (!is_alnum(c) && c != '-' && c != '.' && c != '_') return std::nullopt;
  }
  return name;
}

Result<std::shared_ptr<const Leaf>> mint(const std::string& host, EVP_PKEY* leaf_key,
                                         X509* authority, EVP_PKEY* authority_key,
                                         std::chrono::seconds lifetime) {
  const auto expires = std::chrono::system_clock::now() + lifetime;
  const Certificate leaf = WM_TRY(blank_certificate(host, leaf_key, lifetime));
  if (X509_set_issuer_name(leaf.get(), X509_get_subject_name(authority)) != 1 ||
      !name_host(leaf.get(), host) ||
      !extend(leaf.get(), authority, NID_basic_constraints, "critical,CA:FALSE") ||
      !extend(leaf.get(), authority, NID_key_usage, "critical,digitalSignature") ||
      !extend(leaf.get(), authority, NID_ext_key_usage, "serverAuth") ||
      !extend(leaf.get(), authority, NID_authority_key_identifier, "keyid:always") ||
      X509_sign(leaf.get(), authority_key, EVP_sha256()) <= 0) {
    return ssl_failure("mint a certificate for " + host);
  }
  auto context = WM_TRY(server_context(leaf.get(), leaf_key, authority));
  return std::make_shared<const Leaf>(
      std::make_unique<Leaf::Parts>(Leaf::Parts{.context = std::move(context),
                                                .chain = pem_of(leaf.get()) + pem_of(authority),
                                                .expires = expires}));
}

}  // namespace wm::tls
