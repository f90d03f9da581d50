#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "archiver/fetch/spool.h"
#include "core/base/time14.h"
#include "core/http/message.h"

namespace wm::fetch {

/// Why a body is not whole, in the words of WARC-Truncated.
enum class Truncated { kNo, kLength, kTime, kDisconnect };

/// "length", "time", "disconnect"; "" for kNo.
std::string_view name_of(Truncated truncated) noexcept;

/// One HTTP request and its answer as they were on the wire: what every engine hands to the
/// recorder.
struct Exchange {
  std::string url;  ///< as asked, without fragment and user info
  std::string method = "GET";
  SysMicros started{};  ///< when the request was made ready
  std::chrono::microseconds duration{0};
  std::string request_head;  ///< bytes sent with the empty line; for HTTP/2 the text form with
                             ///< "HTTP/2" in its first line
  std::shared_ptr<const Spool> request_body;  ///< null: none
  std::string response_head;  ///< bytes of the final head with its empty line, interim (1xx) heads
                              ///< left out; "HTTP/2 200 " for HTTP/2
  http::ResponseHead response;        ///< the same, read leniently
  std::shared_ptr<const Spool> body;  ///< transfer coding undone, content coding as received; never
                                      ///< null. Shared with readers
  std::string payload_digest;         ///< "sha1:…" over the body
  Truncated truncated = Truncated::kNo;
  std::string ip_address;              ///< of the server, RFC 5952; "" when a proxy hides it
  std::vector<std::string> protocols;  ///< "h2", "tls/1.3": as WARC-Protocol has them
  std::string cipher_suite;            ///< IANA name; "" without TLS
};

}  // namespace wm::fetch
