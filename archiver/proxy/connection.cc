#include "archiver/proxy/connection_internal.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace wm::proxy {
namespace {

constexpr std::size_t kPiece = 64 << 10;
constexpr int kTurns = 16;  // pieces before others have their turn

}  // namespace

Connection::Connection(UniqueFd fd, Desk& desk, const Limits& limits,
                       const tls::CertificateAuthority& authority, std::function<void()> wake)
    : fd_(std::move(fd)),
      limits_(limits),
      conversation_(desk, limits, authority, std::move(wake)) {}

void Connection::gone() {
  conversation_.gone();
  dead_ = true;
}

void Connection::ready(std::uint32_t events) {
  if ((events & EPOLLIN) != 0) read();
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) gone();
  // While it is not read from, this alone tells that the browser has gone.
  if ((events & EPOLLRDHUP) != 0 && (events & EPOLLIN) == 0) gone();
}

void Connection::read() {
  std::array<char, kPiece> buffer;
  for (int turn = 0; turn < kTurns && !dead_ && conversation_.hungry(); ++turn) {
    const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got <= 0) return gone();
    moved_ = Clock::now();
    conversation_.feed({buffer.data(), static_cast<std::size_t>(got)});
  }
}

bool Connection::flush() {
  for (int turn = 0; turn < kTurns && !dead_; ++turn) {
    if (sent_ == out_.size()) {
      out_.clear();
      sent_ = 0;
      conversation_.fill(out_, kPiece);
      if (out_.empty()) {
        dead_ = conversation_.over();
        return false;
      }
    }
    const ssize_t sent = ::send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    if (sent < 0) {
      gone();
      return false;
    }
    sent_ += static_cast<std::size_t>(sent);
    moved_ = Clock::now();
  }
  return !dead_;
}

std::uint32_t Connection::interest() const {
  std::uint32_t events = EPOLLRDHUP;
  if (conversation_.hungry()) events |= EPOLLIN;
  if (sent_ < out_.size()) events |= EPOLLOUT;
  return events;
}

bool Connection::overdue(Clock::time_point now) const {
  switch (conversation_.phase()) {
    case Session::Phase::kIdle:
      return now - moved_ > limits_.idle_connection;
    case Session::Phase::kIncoming:
      return now - moved_ > limits_.head_timeout;
    case Session::Phase::kBusy:
      return false;
  }
  return false;
}

}  // namespace wm::proxy
