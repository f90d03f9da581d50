#include "archiver/proxy/loop_internal.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/log.h"

namespace wm::proxy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{100};  // how late a limit of time is seen
constexpr std::size_t kCommands = 20000;

/// What epoll's 64 bits say: whose descriptor, and which.
enum class Whose : std::uint64_t { kListener, kConnection, kRelay };
std::uint64_t tag(Whose whose, std::uint64_t which) {
  return which << 2 | static_cast<std::uint64_t>(whose);
}

bool control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t data) {
  epoll_event event{.events = events, .data = {.u64 = data}};
  return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

}  // namespace

Loop::Loop(Settings settings, const tls::CertificateAuthority& authority, ExchangeSink& sink)
    : settings_(std::move(settings)), authority_(authority), sink_(sink) {}

Loop::~Loop() {
  stop();
}

Result<> Loop::start(std::shared_ptr<const fetch::TrustStore> trust) {
  broker_ = WM_TRY(Broker::create(settings_, std::move(trust), sink_));
  epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) return fail(Error::Code::kIo, std::string("epoll: ") + std::strerror(errno));
  thread_ = std::thread([this] { run(); });
  return {};
}

void Loop::post(std::function<void()> command) {
  {
    const MutexLock lock(mutex_);
    if (stop_ || commands_.size() >= kCommands) return;
    commands_.push_back(std::move(command));
  }
  broker_->wake();
}

void Loop::listen(UniqueFd listener, std::uint16_t own_port) {
  auto shared = std::make_shared<UniqueFd>(std::move(listener));  // a std::function is copyable
  post([this, shared, own_port] {
    if (own_port != 0) broker_->add_own_port(own_port);
    if (control(epoll_.get(), EPOLL_CTL_ADD, shared->get(), EPOLLIN,
                tag(Whose::kListener, static_cast<std::uint64_t>(shared->get())))) {
      listeners_.push_back(std::move(*shared));
    } else {
      log::error("the proxy cannot watch its listener: {}", std::strerror(errno));
    }
  });
}

void Loop::also_fetch(fetch::Request request, std::string resource_type) {
  post([this, request = std::move(request), type = std::move(resource_type)] {
    broker_->also_fetch(request, type);
  });
}

Activity Loop::activity() const {
  const MutexLock lock(mutex_);
  return activity_;
}

void Loop::drain(Clock::time_point deadline) {
  {
    const MutexLock lock(mutex_);
    commands_.push_back([this, deadline] {
      end_browser();
      drain_until_ = deadline;
    });
  }
  broker_->wake();
  const MutexLock lock(mutex_);
  while (!changed_.wait_for(mutex_, std::chrono::seconds(1),
                            [this]() WM_REQUIRES(mutex_) { return drained_ || stop_; })) {
  }
}

void Loop::stop() {
  {
    const MutexLock lock(mutex_);
    if (stop_) return;
    stop_ = true;
    changed_.notify_all();
  }
  if (!thread_.joinable()) return;
  broker_->wake();
  thread_.join();
}

void Loop::run() {
  while (!stop_) round();
  end_browser();
  broker_->expire();
  publish();
}

void Loop::round() {
  watch_relays();
  broker_->run(dirty_.empty() ? kTick : milliseconds(0), epoll_.get());
  take_events();
  take_commands();
  flush();
  const auto now = Clock::now();
  if (now >= next_check_) drop_overdue(now);
  if (drain_until_ && (broker_->done() || now >= *drain_until_)) {
    broker_->expire();
    drain_until_.reset();
    publish();
    const MutexLock lock(mutex_);
    drained_ = true;
    changed_.notify_all();
    return;
  }
  publish();
}

void Loop::take_events() {
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const std::uint64_t which = event.data.u64 >> 2;
    switch (static_cast<Whose>(event.data.u64 & 3)) {
      case Whose::kListener:
        accept_from(static_cast<int>(which));
        break;
      case Whose::kRelay:
        broker_->relay_ready(which);
        break;
      case Whose::kConnection:
        if (const auto found = connections_.find(which); found != connections_.end()) {
          found->second->ready(event.events);
          dirty_.insert(which);
        }
        break;
    }
  }
}

void Loop::take_commands() {
  std::vector<std::function<void()>> commands;
  {
    const MutexLock lock(mutex_);
    commands.swap(commands_);
  }
  for (const auto& command : commands) command();
}

void Loop::accept_from(int listener) {
  while (true) {
    UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return;  // no more, or no descriptors left: the others come when some are free
    }
    make_room();
    if (connections_.size() >= settings_.limits.connections) continue;  // all of them are busy
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::uint64_t serial = ++last_serial_;
    auto connection =
        std::make_unique<Connection>(std::move(fd), *broker_, settings_.limits, authority_,
                                     [this, serial] { dirty_.insert(serial); });
    const std::uint32_t events = connection->interest();
    connection->watched = events;
    if (control(epoll_.get(), EPOLL_CTL_ADD, connection->fd(), events,
                tag(Whose::kConnection, serial))) {
      connections_.emplace(serial, std::move(connection));
    }
  }
}

/// Closes the connection that has been idle for longest, where there are too many.
void Loop::make_room() {
  if (connections_.size() < settings_.limits.connections) return;
  auto oldest = connections_.end();
  for (auto it = connections_.begin(); it != connections_.end(); ++it) {
    if (!it->second->idle()) continue;
    if (oldest == connections_.end() || it->second->moved() < oldest->second->moved()) oldest = it;
  }
  if (oldest != connections_.end()) drop(oldest->first);
}

void Loop::flush() {
  for (const std::uint64_t serial : std::exchange(dirty_, {})) {
    const auto found = connections_.find(serial);
    if (found == connections_.end()) continue;
    Connection& connection = *found->second;
    if (connection.flush()) dirty_.insert(serial);
    if (connection.dead())
      drop(serial);
    else
      watch(serial, connection);
  }
}

void Loop::watch(std::uint64_t serial, Connection& connection) {
  const std::uint32_t events = connection.interest();
  if (std::exchange(connection.watched, events) == events) return;
  control(epoll_.get(), EPOLL_CTL_MOD, connection.fd(), events, tag(Whose::kConnection, serial));
}

void Loop::watch_relays() {
  std::map<std::uint64_t, Watched> now;
  broker_->watch_relays([&](int socket, std::uint64_t id, bool send, bool receive) {
    const std::uint32_t events = (send ? EPOLLOUT : 0u) | (receive ? EPOLLIN : 0u);
    const auto before = relays_.find(id);
    if (before == relays_.end())
      control(epoll_.get(), EPOLL_CTL_ADD, socket, events, tag(Whose::kRelay, id));
    else if (before->second.events != events)
      control(epoll_.get(), EPOLL_CTL_MOD, socket, events, tag(Whose::kRelay, id));
    now.emplace(id, Watched{socket, events});
  });
  relays_ = std::move(now);  // the others' sockets are closed, which took them out
}

void Loop::drop(std::uint64_t serial) {
  const auto node = connections_.extract(serial);
  if (!node.empty()) dirty_.erase(serial);
}

void Loop::drop_overdue(Clock::time_point now) {
  next_check_ = now + std::chrono::seconds(1);
  std::vector<std::uint64_t> overdue;
  for (const auto& [serial, connection] : connections_) {
    if (connection->overdue(now)) overdue.push_back(serial);
  }
  for (const std::uint64_t serial : overdue) drop(serial);
}

void Loop::end_browser() {
  broker_->end_asking();
  listeners_.clear();
  connections_.clear();
  dirty_.clear();
}

void Loop::publish() {
  const Activity now = broker_->activity();
  const MutexLock lock(mutex_);
  activity_ = now;
}

}  // namespace wm::proxy
