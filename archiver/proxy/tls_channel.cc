#include "archiver/proxy/tls_channel_internal.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>

namespace wm::proxy {
namespace {

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, FreeBy<SSL_free>>;

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x02h2\x08http/1.1";
  unsigned char* out = nullptr;
  const int found =
      SSL_select_next_proto(&out, size, kOurs, sizeof kOurs - 1, offered, offered_size);
  *chosen = out;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/// What all connections share; the certificate is each connection's own. Resumption is off: it
/// saves nothing on loopback, and its tickets would outlive a capture.
Context shared_context() {
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context) return context;
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(),
                      SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  return context;
}

bool show_leaf(SSL* ssl, SSL_CTX* leaf) {
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(leaf, &chain);
  return SSL_use_cert_and_key(ssl, SSL_CTX_get0_certificate(leaf), SSL_CTX_get0_privatekey(leaf),
                              chain, 1) == 1;
}

}  // namespace

struct TlsChannel::Parts {
  Ssl ssl;
  BIO* in;   ///< the SSL's
  BIO* out;  ///< the SSL's
};

TlsChannel::TlsChannel(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TlsChannel::~TlsChannel() = default;

Result<std::unique_ptr<TlsChannel>> TlsChannel::create(const tls::Leaf& leaf) {
  static const Context context = shared_context();
  auto parts = std::make_unique<Parts>();
  if (context) parts->ssl.reset(SSL_new(context.get()));
  parts->in = BIO_new(BIO_s_mem());
  parts->out = BIO_new(BIO_s_mem());
  if (!parts->ssl || parts->in == nullptr || parts->out == nullptr ||
      !show_leaf(parts->ssl.get(), leaf.server_context())) {
    BIO_free(parts->in);
    BIO_free(parts->out);
    ERR_clear_error();
    return fail(Error::Code::kIo, "OpenSSL cannot set up a connection of the browser");
  }
  SSL_set_bio(parts->ssl.get(), parts->in, parts->out);
  SSL_set_accept_state(parts->ssl.get());
  return std::unique_ptr<TlsChannel>(new TlsChannel(std::move(parts)));
}

Result<> TlsChannel::feed(std::string_view records, std::string& plain) {
  ERR_clear_error();
  BIO_write(parts_->in, records.data(), static_cast<int>(records.size()));
  SSL* ssl = parts_->ssl.get();
  std::array<char, 16 << 10> buffer;
  while (true) {
    // SSL_read does the handshake too.
    const int got = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()));
    if (got > 0) {
      plain.append(buffer.data(), static_cast<std::size_t>(got));
      continue;
    }
    const int why = SSL_get_error(ssl, got);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {};
    if (why == SSL_ERROR_ZERO_RETURN) {
      closed_ = true;
      return {};
    }
    ERR_clear_error();
    return fail(Error::Code::kInvalid, "the browser broke TLS off");
  }
}

Result<> TlsChannel::send(std::string_view plain) {
  while (!plain.empty()) {
    const auto piece = std::min<std::size_t>(plain.size(), 16 << 10);
    const int sent = SSL_write(parts_->ssl.get(), plain.data(), static_cast<int>(piece));
    if (sent <= 0) {
      ERR_clear_error();
      return fail(Error::Code::kIo, "OpenSSL does not take what is to be sent");
    }
    plain.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

void TlsChannel::take(std::string& records) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(parts_->out, &bytes);
  if (size > 0) records.append(bytes, static_cast<std::size_t>(size));
  BIO_reset(parts_->out);
}

bool TlsChannel::established() const {
  return SSL_is_init_finished(parts_->ssl.get()) == 1;
}

bool TlsChannel::speaks_http2() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(parts_->ssl.get(), &name, &size);
  return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
}

}  // namespace wm::proxy
