#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "archiver/proxy/answer_internal.h"
#include "archiver/proxy/session_internal.h"
#include "archiver/proxy/settings.h"
#include "archiver/proxy/tls_channel_internal.h"
#include "core/tls/certificate_authority.h"

namespace wm::proxy {

/// All that is said on one connection of the browser, from its first byte: HTTP/1.1 to the proxy,
/// and after CONNECT whatever the next byte shows (0x16: TLS, and in it HTTP/2 or HTTP/1.1; else
/// HTTP/1.1 or a WebSocket in the clear). Without I/O.
class Conversation {
 public:
  /// References outlive it.
  Conversation(Desk& desk, const Limits& limits, const tls::CertificateAuthority& authority,
               std::function<void()> wake);

  void feed(std::string_view bytes);
  void fill(std::string& out, std::size_t want);
  bool hungry() const { return !over_ && (!session_ || session_->hungry()); }
  bool over() const { return over_ || (session_ && session_->over()); }
  void gone();
  /// kIncoming also while a tunnel's first bytes or its handshake are awaited.
  Session::Phase phase() const { return session_ ? session_->phase() : Session::Phase::kIncoming; }

 private:
  void feed_tls(std::string_view bytes);
  void start_tunnel(std::string_view bytes);
  void start_in_tls();
  void go_on();

  Desk& desk_;
  const Limits& limits_;
  const tls::CertificateAuthority& authority_;
  const std::function<void()> wake_;
  std::string tunnel_;  ///< "host:port" once CONNECT named it
  std::unique_ptr<TlsChannel> tls_;
  std::unique_ptr<Session> session_;  ///< null between CONNECT and the tunnel's first bytes
  std::string carry_;                 ///< what a session that is gone had to say, to be sent first
  std::string before_tls_;            ///< the same, in the clear
  bool over_ = false;
};

}  // namespace wm::proxy
