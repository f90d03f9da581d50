#include "server/http/client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/log.h"
#include "server/http/status.h"

namespace wm::server {

namespace {

using Clock = std::chrono::steady_clock;

/// What one client may move in one turn before the others have theirs.
constexpr std::size_t kTurnBytes = 1 << 20;
/// A closed half is kept open for reading so long, so that the last answer is not lost to a reset
/// (RFC 9112 9.6).
constexpr auto kLinger = std::chrono::milliseconds(2000);
constexpr auto kLingerAtStop = std::chrono::milliseconds(200);
constexpr std::size_t kLingerBytes = 16 << 20;
/// Unsent bytes the kernel takes from one client: without it a stalled download holds megabytes
/// there.
constexpr int kUnsentInKernel = 128 * 1024;

/// One buffer a thread: sockets are read one after the other.
std::span<char> read_buffer() {
  thread_local const auto buffer = std::make_unique<std::array<char, 64 * 1024>>();
  return *buffer;
}

bool is_loopback(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  const unsigned char* bytes = v6.sin6_addr.s6_addr;
  return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
         (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && bytes[12] == 127);
}

std::string text_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    return fmt::format("{}:{}", text, ntohs(v4.sin_port));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  const auto port = ntohs(v6.sin6_port);
  constexpr std::string_view kMapped = "::ffff:";  // IPv4 at a dual-stack listener
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
    return fmt::format("{}:{}", std::string_view(text).substr(kMapped.size()), port);
  return fmt::format("[{}]:{}", text, port);
}

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

}  // namespace

Client::Client(int fd, ClientOwner& owner, std::shared_ptr<Service> service,
               std::shared_ptr<Mailbox> mailbox)
    : fd_(fd),
      owner_(owner),
      service_(std::move(service)),
      mailbox_(std::move(mailbox)),
      connection_(service_->connection_options(), &service_->budget(), Clock::now()) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    peer_address_ = text_of(address);
    peer_is_loopback_ = is_loopback(address);
  }
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  ::setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentInKernel, sizeof kUnsentInKernel);
}

Client::~Client() {
  drop_stream();
}

/// A Source may close files: that is the pool's work if it has room.
void Client::drop_stream() {
  events_.reset();
  if (stream_ && !pulling_ &&
      service_->submit([stream = std::exchange(stream_, nullptr)]() mutable { stream.reset(); }))
    return;
  stream_.reset();
}

void Client::leave() {
  if (std::exchange(gone_, true)) return;
  drop_stream();
  owner_.changed(*this);
}

void Client::on_ready(bool readable) {
  readable_ = readable_ || readable;
  pump();
}

void Client::on_tick(TimePoint now) {
  if (lingering_) {
    if (now > linger_until_) leave();
    return;
  }
  const std::size_t queued = connection_.queued();
  connection_.check_time(now);
  if (events_ && connection_.wants_body() && now - body_at_ > service_->options().heartbeat) {
    connection_.add_body(events_->heartbeat(), false, now);
    body_at_ = now;
  }
  // Stalled clients are left in peace: a try to write to each at every tick is work.
  const bool pull_was_refused = stream_ && !pulling_ && connection_.wants_body();
  if (connection_.queued() != queued || connection_.finished() || pull_was_refused) pump();
}

void Client::close_soon() {
  if (connection_.idle()) return leave();
  connection_.close_soon();
  if (events_) connection_.cut();
  pump();
}

void Client::turn_away() {
  connection_.receive("GET / HTTP/1.0\r\n\r\n", Clock::now());
  if (!connection_.take_request()) return leave();
  Answer answer = service_->busy({.http10 = true, .keep_alive = false});
  connection_.answer(answer, Clock::now());
  pump();
}

/// Goes on with whatever can go on, until the socket or the pool has to act.
void Client::pump() {
  const TimePoint now = Clock::now();
  for (bool more = true; more && !gone_ && !lingering_;) {
    const bool may_read = read_input(now);
    if (auto incoming = connection_.take_request()) dispatch(std::move(*incoming));
    take_events(now);
    const bool full = !connection_.wants_body();
    write_output(now);
    pull_body();
    if (connection_.finished()) finish(now);
    more = connection_.has_request() || (may_read && readable_ && connection_.wants_input()) ||
           (events_ && full && connection_.wants_body());
  }
  if (lingering_ && !gone_) discard_input();
}

/// False when it has had its turn.
bool Client::read_input(TimePoint now) {
  const std::span<char> buffer = read_buffer();
  std::size_t turn = 0;
  while (readable_ && connection_.wants_input() && !gone_) {
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
      connection_.receive({buffer.data(), static_cast<std::size_t>(count)}, now);
      turn += static_cast<std::size_t>(count);
      if (turn <= kTurnBytes) continue;
      go_on_later();
      return false;
    }
    if (count < 0 && errno == EINTR) continue;
    readable_ = false;
    if (count == 0) {
      connection_.receive_end();
      if (events_) leave();  // who listens for events does not close its half and go on listening
    } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
      leave();
    }
  }
  return true;
}

void Client::watch_writes() {
  if (std::exchange(wants_writable_, true)) return;
  owner_.changed(*this);
}

void Client::go_on_later() {
  mailbox_->post([weak = weak_from_this()] {
    if (const auto client = weak.lock()) client->pump();
  });
}

void Client::dispatch(Incoming incoming) {
  incoming.request.peer_address = peer_address_;
  incoming.request.peer_is_loopback = peer_is_loopback_;
  frame_ = incoming.frame;
  auto job = [weak = weak_from_this(), service = service_, mailbox = mailbox_,
              request = std::move(incoming)]() mutable {
    if (service->stopped() || (weak.expired() && is_safe(request.request.method()))) return;
    Answer answer = service->serve(request);
    mailbox->post([weak = std::move(weak), ready = std::move(answer)]() mutable {
      if (const auto client = weak.lock()) client->on_answer(std::move(ready));
    });
  };
  owner_.enqueue(*this, std::move(job));
}

void Client::turned_down() {
  if (gone_) return;
  Answer answer = service_->busy(frame_);
  connection_.answer(answer, Clock::now());
  pump();
}

void Client::on_answer(Answer answer) {
  if (gone_) return;
  const TimePoint now = Clock::now();
  connection_.answer(answer, now);
  stream_ = std::move(answer.stream);
  if (answer.events && connection_.input_ended()) return leave();
  if (answer.events) start_events(std::move(answer.events));
  pump();
}

void Client::pull_body() {
  if (!stream_ || pulling_ || !connection_.wants_body()) return;
  // If the pool has no room, the next tick asks again.
  pulling_ =
      service_->submit([weak = weak_from_this(), mailbox = mailbox_, stream = stream_]() mutable {
        if (weak.expired()) return;
        std::string piece;
        BodyStream::Step step = BodyStream::Step::kFailed;
        try {
          step = stream->pull(piece);
          if (step == BodyStream::Step::kFailed)
            log::error("a body was cut off: {}", stream->error());
        } catch (const std::exception& error) {
          log::error("a body was cut off: {}", error.what());
        }
        stream.reset();
        mailbox->post([weak = std::move(weak), bytes = std::move(piece), step]() {
          if (const auto client = weak.lock()) client->on_piece(bytes, step);
        });
      });
}

void Client::on_piece(const std::string& piece, BodyStream::Step step) {
  pulling_ = false;
  if (gone_) return;
  if (step == BodyStream::Step::kFailed) {
    connection_.cut();
  } else {
    connection_.add_body(piece, step == BodyStream::Step::kEnd, Clock::now());
  }
  if (!connection_.body_open()) drop_stream();
  pump();
}

void Client::start_events(std::unique_ptr<AsyncStream> events) {
  events_ = std::move(events);
  body_at_ = Clock::now();
  woken_ = std::make_shared<std::atomic<bool>>(false);
  events_->start([weak = weak_from_this(), mailbox = mailbox_, woken = woken_] {
    if (woken->exchange(true)) return;  // told already
    mailbox->post([weak, woken] {
      woken->store(false);
      if (const auto client = weak.lock()) client->pump();
    });
  });
}

void Client::take_events(TimePoint now) {
  while (events_ && connection_.wants_body()) {
    std::string bytes;
    const AsyncStream::State state = events_->take(bytes, Connection::kOutputLimit);
    const bool last = state == AsyncStream::State::kEnd;
    if (bytes.empty() && !last) return;
    connection_.add_body(bytes, last, now);
    body_at_ = now;
    if (last) events_.reset();
  }
}

void Client::write_output(TimePoint now) {
  std::array<std::string_view, 8> pieces;
  std::array<iovec, 8> vectors{};
  std::size_t turn = 0;
  while (connection_.queued() > 0 && !gone_) {
    if (turn > kTurnBytes) return go_on_later();
    const std::size_t count = connection_.output(pieces);
    for (std::size_t i = 0; i < count; ++i)
      vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      connection_.sent(static_cast<std::size_t>(sent), now);
      turn += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return watch_writes();
    } else if (errno != EINTR) {
      leave();
    }
  }
}

void Client::finish(TimePoint now) {
  if (connection_.was_cut() || connection_.input_ended()) {
    if (connection_.needs_reset()) {
      const linger reset{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    return leave();
  }
  ::shutdown(fd_, SHUT_WR);
  lingering_ = true;
  readable_ = true;
  linger_until_ = now + (service_->draining() ? kLingerAtStop : kLinger);
}

void Client::discard_input() {
  const std::span<char> buffer = read_buffer();
  std::size_t turn = 0;
  while (readable_) {
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
      turn += static_cast<std::size_t>(count);
      discarded_ += static_cast<std::size_t>(count);
      if (discarded_ > kLingerBytes) return leave();
      if (turn > kTurnBytes) return go_on_later();
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      readable_ = false;
      if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) leave();
    }
  }
}

}  // namespace wm::server
