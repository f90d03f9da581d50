#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "archiver/fetch/fetcher.h"
#include "archiver/proxy/recording_proxy.h"
#include "archiver/proxy/session_internal.h"
#include "core/http/message.h"

namespace wm::proxy {

/// A WebSocket that is passed through: what the browser says goes to the server as it is, and back,
/// until one of them ends it or a limit does.
class Relay final : public Session {
 public:
  using Clock = std::chrono::steady_clock;
  /// `connection`: what Fetcher::connect() gave. References outlive it.
  Relay(fetch::Fetcher& fetcher, const Limits& limits, std::uint64_t connection, std::string url,
        const http::RequestHead& head, std::function<void()> wake,
        std::function<void(Relay&)> at_end);
  ~Relay() override;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // The server's side.
  void connected(const Result<>& outcome);
  /// Moves what can be moved now.
  void pump();
  /// Ends it if its time is over.
  void tick(Clock::time_point now);
  bool wants_to_send() const { return connected_ && !to_server_.empty(); }
  bool wants_to_receive() const;
  std::uint64_t connection() const { return connection_; }
  const WebSocketSeen& seen() const { return seen_; }

  void feed(std::string_view bytes) override;
  void fill(std::string& out, std::size_t want) override;
  bool hungry() const override;
  bool over() const override { return over_; }
  void gone() override;
  Phase phase() const override { return Phase::kBusy; }

 private:
  void send();
  void receive();
  void end(std::string why);

  fetch::Fetcher& fetcher_;
  const Limits& limits_;
  const std::uint64_t connection_;
  const std::function<void()> wake_;
  const std::function<void(Relay&)> at_end_;
  const Clock::time_point end_at_;
  WebSocketSeen seen_;
  std::string to_server_;
  std::string to_browser_;
  bool connected_ = false;
  bool over_ = false;
};

}  // namespace wm::proxy
