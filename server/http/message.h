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

/// A request as it came: the head is untouched, the body complete (up to the server's limit) and de-chunked.
struct Request {
  http::RequestHead head;
  std::string body;
  std::string peer_address;   ///< "127.0.0.1:51234"
  bool peer_is_loopback = false;

  std::string_view method() const { return head.method; }
  std::string_view path() const;   ///< raw target up to '?'
  std::string_view query() const;  ///< raw, after '?'
  /// The first value of a query parameter, decoded.
  std::optional<std::string> parameter(std::string_view name) const;
  std::optional<std::string_view> header(std::string_view name) const { return head.headers.find(name); }
};

/// What a handler answers. Content-Length, Date, Connection and the framing are the server's; for HEAD the body is dropped and its
/// length kept. A Source is pulled on the request pool, a little ahead of what the client takes.
struct Response {
  int status = 200;
  http::Headers headers;
  std::string body;
  std::unique_ptr<Source> stream;              ///< instead of body
  std::optional<std::uint64_t> stream_length;  ///< known: Content-Length; unknown: chunked

  static Response text(int status, std::string_view text);
  static Response html(int status, std::string body);
  static Response json(int status, std::string body);
  static Response redirect(int status, std::string_view location);
};

using Handler = std::function<Response(const Request&)>;

}  // namespace wm::server
