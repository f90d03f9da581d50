#pragma once

#include <chrono>
#include <cstdint>

#include "archiver/proxy/conversation_internal.h"
#include "core/base/unique_fd.h"

namespace wm::proxy {

/// A socket of the browser and what is said on it. Never waits.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  /// `fd` does not block. References outlive it.
  Connection(UniqueFd fd, Desk& desk, const Limits& limits,
             const tls::CertificateAuthority& authority, std::function<void()> wake);

  int fd() const { return fd_.get(); }
  /// Takes what epoll says.
  void ready(std::uint32_t events);
  /// Sends what there is and can be sent; true if it stopped just to let others have their turn.
  bool flush();
  /// What epoll is to watch for.
  std::uint32_t interest() const;
  bool dead() const { return dead_; }
  /// Has it been quiet, or half-way through a question, for too long?
  bool overdue(Clock::time_point now) const;
  bool idle() const { return conversation_.phase() == Session::Phase::kIdle; }
  Clock::time_point moved() const { return moved_; }

  std::uint32_t watched = 0;  ///< what epoll watches for now; the loop's

 private:
  void read();
  void gone();

  UniqueFd fd_;
  const Limits& limits_;
  Conversation conversation_;
  std::string out_;
  std::size_t sent_ = 0;
  bool dead_ = false;
  Clock::time_point moved_ = Clock::now();
};

}  // namespace wm::proxy
