#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/tls/certificate_authority.h"

namespace wm::proxy {

/// The server's end of TLS over buffers: records in, plain bytes out, and back. Offers h2 and
/// http/1.1 (ALPN).
class TlsChannel {
 public:
  /// kIo when OpenSSL has no memory.
  static Result<std::unique_ptr<TlsChannel>> create(const tls::Leaf& leaf);
  ~TlsChannel();
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;

  /// Appends to `plain` what the records held. kInvalid: not TLS, or not ours; what take() still
  /// gives then is the alert.
  Result<> feed(std::string_view records, std::string& plain);
  /// kIo; only once established().
  Result<> send(std::string_view plain);
  /// Appends the records that are to go out.
  void take(std::string& records);

  bool established() const;
  /// The other end said that nothing more comes.
  bool closed() const { return closed_; }
  bool speaks_http2() const;

 private:
  struct Parts;
  explicit TlsChannel(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
  bool closed_ = false;
};

}  // namespace wm::proxy
