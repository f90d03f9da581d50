#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "replay/replay.h"
#include "server/auth/ticket.h"
#include "server/http/message.h"

namespace wm::app {

/// The replay origin as the HTTP server sees it: mementos and nothing else, no API, no app cookies. Where replay is private, a ticket from
/// the app (/_ticket/<ticket>/<memento path>) becomes an HttpOnly cookie; without it the answer is 401.
class ReplayOrigin {
 public:
  struct Options {
    bool private_replay = false;
    bool loopback_only = true;  ///< other host names are refused: no log-in protects what is archived
    std::string replay_url;     ///< a host name that is ours too
    std::chrono::seconds ticket_life{43200};
    bool one_port = false;  ///< the app listens at the same address: see mounted()
  };
  ReplayOrigin(const replay::Replay& replay, const auth::Tickets& tickets, Options options)
      : replay_(replay), tickets_(tickets), options_(options) {}

  /// How archived pages' error pages reach the app; before the first request.
  void set_app(std::string app_url, std::uint16_t app_port);
  server::Response handle(const server::Request& request) const;

  /// With one port for both, mementos are seen at /_replay/<ticket>/<memento path>: the ticket in the path lets in what an opaque origin
  /// asks for, which never has a cookie, and keeps every other site's pages out. `let_in`: may whoever asks see mementos without one?
  static bool is_mounted(const server::Request& request);
  /// A memento's address beside the app's own: programs get it, a browser that goes there is sent to the mounted one.
  static bool names_memento(const server::Request& request);
  server::Response mounted(const server::Request& request, bool let_in) const;

 private:
  server::Response replayed(const server::Request& request, std::string_view target, std::string_view mount) const;
  server::Response take_ticket(const server::Request& request) const;
  /// 401: a page that leads to the app, which opens `target` here with a new ticket.
  server::Response refusal(const server::Request& request, std::string_view target) const;
  std::string app_origin(const server::Request& request) const;

  const replay::Replay& replay_;
  const auth::Tickets& tickets_;
  const Options options_;
  std::string app_url_;
  std::uint16_t app_port_ = 0;
};

}  // namespace wm::app
