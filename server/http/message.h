#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/source.h"
#include "core/http/message.h"

namespace wm::server {

/// A request as it came: the head is untouched, the body complete (up to the server's limit) and
/// de-chunked. Of an absolute-form target ("GET http://host/path") the server keeps the path and
/// query, and its host replaces Host (RFC 9112 3.2.2).
struct Request {
  http::RequestHead head;
  std::string body;
  std::string peer_address;  ///< "127.0.0.1:51234", "[::1]:51234"; behind a proxy: that proxy's
                             ///< (see forwarded.h)
  bool peer_is_loopback = false;

  std::string_view method() const { return head.method; }
  std::string_view path() const;   ///< raw target up to '?'
  std::string_view query() const;  ///< raw, after '?'
  /// The first value of a query parameter, decoded.
  std::optional<std::string> parameter(std::string_view name) const;
  /// All values of a query parameter in order, decoded.
  std::vector<std::string> parameters(std::string_view name) const;
  std::optional<std::string_view> header(std::string_view name) const {
    return head.headers.find(name);
  }
  /// Every cookie of that name as sent; quotes around the values are taken off. Another port or a longer path of the same host can plant one
  /// before ours, so whoever looks for a secret tries each.
  std::vector<std::string_view> cookies(std::string_view name) const;
};

/// A body whose bytes come when they come (server-sent events): answered without holding a thread.
class AsyncStream {
 public:
  virtual ~AsyncStream() = default;
  enum class State {
    kWaiting,  ///< nothing more now: `wake` will be called
    kEnd,      ///< the body ends after what was appended
  };
  /// Called once, before the first take(). `wake` may be called from any thread, at any time, also
  /// when this object is gone.
  virtual void start(std::function<void()> wake) = 0;
  /// Appends what there is, about `limit_bytes` at most (it is called again when there is room). On
  /// a reactor thread: never waits.
  virtual State take(std::string& out, std::size_t limit_bytes) = 0;
  /// Bytes that change nothing and show that the peer is there; asked for when nothing was sent for
  /// ListenOptions::heartbeat.
  virtual std::string heartbeat() { return {}; }
};

/// What a handler answers. Content-Length, Date, Connection and the framing are the server's; for
/// HEAD the body is dropped and its length kept. A Source is pulled on the request pool, a little
/// ahead of what the client takes. When it fails before its first byte, the client gets a 500;
/// later, the connection is cut so that the client sees the body is torn.
struct Response {
  int status = 200;
  http::Headers headers{};
  std::string body{};
  std::unique_ptr<Source> stream{};              ///< instead of body
  std::optional<std::uint64_t> stream_length{};  ///< known: Content-Length; unknown: chunked
  std::unique_ptr<AsyncStream> events{};         ///< instead of body and stream

  static Response text(int status, std::string_view text);
  static Response html(int status, std::string body);
  static Response json(int status, std::string body);
  static Response redirect(int status, std::string_view location);
};

/// Called on the request pool, from many threads at once. What it throws becomes a 500 and a line
/// in the log.
using Handler = std::function<Response(const Request&)>;

/// Percent-decoding; what is no escape stays as it is, and '+' stays '+'.
std::string percent_decode(std::string_view text);

}  // namespace wm::server
