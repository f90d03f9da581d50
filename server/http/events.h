#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "server/http/message.h"

namespace wm::server {

/// Server-sent events (HTML Living Standard, "Server-sent events"): one channel, many subscribers,
/// none of which holds a thread. All methods from any thread. Subscriptions may outlive the
/// channel; they end with it.
class EventChannel {
 public:
  struct Limits {
    std::size_t replay = 200;  ///< events kept for those who come back with Last-Event-ID
    std::size_t replay_bytes = 1 << 20;
    std::size_t queue_bytes =
        256 *
        1024;  ///< a subscriber with more unread is dropped; it comes back and asks for the rest
    std::size_t subscribers = 500;  ///< more get a 503
  };

  EventChannel() : EventChannel(Limits{}) {}
  explicit EventChannel(Limits limits);
  ~EventChannel() { close(); }
  EventChannel(const EventChannel&) = delete;
  EventChannel& operator=(const EventChannel&) = delete;

  /// Sends an event to every subscriber. Line ends within `data` are kept as the format can; those
  /// in the other two become blanks. Without an `id` the event gets one that no other run of the
  /// program uses.
  void publish(std::string_view event, std::string_view data, std::string_view id = {});

  /// Answers a request with this channel. Last-Event-ID (or the query parameter last_event_id) is
  /// followed by what was missed; if that is no longer known, by an event "reset": the client
  /// should read everything anew.
  Response subscribe(const Request& request);

  /// Ends every subscription; later ones get a 503.
  void close();
  std::size_t subscribers() const;

 private:
  struct State;
  class Subscription;
  std::shared_ptr<State> state_;  ///< shared with the subscriptions, which the connections own
};

}  // namespace wm::server
