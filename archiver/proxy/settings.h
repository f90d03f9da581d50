#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "archiver/fetch/settings.h"

namespace wm::proxy {

/// What the browser may have of us at most. All of it is chosen by pages, so all of it has a limit.
struct Limits {
  std::size_t connections = 256;          ///< of the browser at a time; the longest idle one goes
  std::size_t streams = 128;              ///< requests at a time on one HTTP/2 connection
  std::size_t requests = 10000;           ///< in all, one proxy's life long
  std::size_t head_bytes = 64 << 10;      ///< of a request
  std::size_t head_fields = 256;          ///< of a request
  std::uint64_t upload_bytes = 32 << 20;  ///< body of a request
  std::uint64_t uploads_bytes = 256ull << 20;  ///< bodies of all requests together
  std::size_t event_streams = 8;            ///< at a time; further ones end with their first events
  std::chrono::seconds event_stream{5};     ///< then an event stream is ended
  std::size_t websockets = 8;               ///< at a time; further ones are refused
  std::chrono::seconds websocket{30};       ///< then a WebSocket is ended
  std::uint64_t websocket_bytes = 8 << 20;  ///< both directions together
  /// A response that the browser has left is still received up to this size, as the page may want
  /// it at replay.
  std::uint64_t abandoned_bytes = 100ull << 20;
  std::size_t range_copies = 32;          ///< own requests for the whole of what came in ranges
  std::chrono::seconds head_timeout{20};  ///< a request head, a handshake must be whole by then
  std::chrono::seconds idle_connection{120};
};

struct Settings {
  /// Limits and manners towards the web. `user_agent`, `accept_language` and `extra_headers` are
  /// for the proxy's own requests (also_fetch()); the browser's say what the browser said. Cookies
  /// are the browser's affair.
  fetch::Settings fetch;
  Limits limits;
  /// Asked for every URL before anything goes out; a reason refuses it (blocklists: the browser is
  /// answered 403). May be empty. Called on the proxy's thread.
  std::function<std::optional<std::string>(std::string_view url)> refuse;
};

}  // namespace wm::proxy
