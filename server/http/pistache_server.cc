// The only file that knows Pistache. Of it we use the listener, the reactor and the transport's
// book-keeping of peers; never its parser, asyncWrite or flush
// (docs/decisions/0501-own-transport.md tells what those do).
#include <netinet/in.h>
#include <pistache/listener.h>
#include <pistache/peer.h>
#include <pistache/transport.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <csignal>
#include <unordered_map>
#include <vector>

#include "core/base/log.h"
#include "server/http/client.h"
#include "server/http/server.h"
#include "server/http/service.h"

#if defined(__SANITIZE_THREAD__)
// Debian's library is not instrumented: of the queue between its threads ThreadSanitizer sees
// neither the lock nor the fence.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libpistache.so\ncalled_from_lib:libpistache.so\n";
}
#endif

namespace wm::server {

namespace {

using Pistache::Polling::NotifyOn;

constexpr auto kTick = std::chrono::milliseconds(100);
constexpr int kBacklog = 1024;
constexpr auto kDestructorGrace = std::chrono::seconds(5);
/// Connections above the limit that are told so before they are closed; those above that are closed
/// at once.
constexpr std::size_t kTurnedAwayAtATime = 200;
/// Descriptors left to the rest of the program.
constexpr std::size_t kSpareFiles = 256;

class Transport;

/// The mailboxes of a server's reactors, known while they live.
struct Reactors {
  Mutex mutex;
  std::vector<std::pair<Transport*, std::shared_ptr<Mailbox>>> all WM_GUARDED_BY(mutex);
};

/// Tells the transport of new peers. Pistache wants one a transport.
class PeerHandler final : public Pistache::Tcp::Handler {
 public:
  std::shared_ptr<Pistache::Tcp::Handler> clone() const override {
    return std::make_shared<PeerHandler>();
  }
  void onInput(const char*, std::size_t, const std::shared_ptr<Pistache::Tcp::Peer>&) override {
  }  // the transport reads itself
  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
};

/// One reactor's clients. Every event of a client's socket is ours; Pistache's own queues go on to
/// the base.
class Transport final : public Pistache::Tcp::Transport, public ClientOwner {
 public:
  Transport(std::shared_ptr<Service> service, std::shared_ptr<Reactors> reactors)
      : Pistache::Tcp::Transport(std::make_shared<PeerHandler>()),
        service_(std::move(service)),
        reactors_(std::move(reactors)) {}

  ~Transport() override {
    mailbox_->close();
    // Its reactor is gone, and a Peer does not close its descriptor.
    for (auto& [fd, client] : clients_) {
      client->leave();
      ::close(fd);
      service_->connection_closed();
    }
    if (timer_ >= 0) ::close(timer_);
  }

  /// Pistache keeps what the factory gave as a pattern, and runs one clone per reactor.
  std::shared_ptr<Pistache::Aio::Handler> clone() const override {
    return std::make_shared<Transport>(service_, reactors_);
  }

  void registerPoller(Pistache::Polling::Epoll& poller) override {
    Pistache::Tcp::Transport::registerPoller(poller);
    timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    WM_CHECK(timer_ >= 0);
    const auto read = Pistache::Flags<NotifyOn>(NotifyOn::Read);
    poller.addFd(mailbox_->fd(), read,
                 Pistache::Polling::Tag(static_cast<std::uint64_t>(mailbox_->fd())));
    poller.addFd(timer_, read, Pistache::Polling::Tag(static_cast<std::uint64_t>(timer_)));
    MutexLock lock(reactors_->mutex);
    reactors_->all.emplace_back(this, mailbox_);
  }

  void onReady(const Pistache::Aio::FdSet& events) override {
    std::vector<Pistache::Polling::Event> others;
    for (const auto& event : events) {
      const int fd = static_cast<int>(event.getTag().value());
      if (fd == mailbox_->fd()) {
        guarded([this] { mailbox_->run(); });
      } else if (fd == timer_) {
        guarded([this] { tick(); });
      } else if (const auto found = clients_.find(fd); found != clients_.end()) {
        touch(found->second, event.isHangup(), event.isReadable());
      } else if (event.isReadable()) {  // a queue of Pistache's, or a client that has just gone
        Pistache::Polling::Event other(event.getTag());
        other.flags.setFlag(NotifyOn::Read);
        others.push_back(other);
      }
    }
    if (!others.empty()) {
      guarded([&] { Pistache::Tcp::Transport::onReady(Pistache::Aio::FdSet(std::move(others))); });
    }
    hand_over();
    settle();
  }

  /// Called before the socket is watched.
  void adopt(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    const int fd = peer->fd();
    const bool room = service_->connection_opened();
    auto client = std::make_shared<Client>(fd, *this, service_, mailbox_);
    clients_[fd] = client;
    if (service_->draining() ||
        service_->connections() > service_->options().connections + kTurnedAwayAtATime) {
      ::shutdown(fd, SHUT_RDWR);  // its first event will find it closed
    } else if (!room) {
      client->turn_away();
    }
    if (clients_.size() == 1) arm_timer(kTick);
  }

  void changed(Client& client) override { changed_.push_back(client.shared_from_this()); }
  void enqueue(Client& client, Dispatcher::Job job) override {
    waiting_.push_back(client.shared_from_this());
    jobs_.push_back(std::move(job));
  }

  void drain() {
    each([](Client& client) { client.close_soon(); });
  }
  void close_all() {
    each([](Client& client) { client.leave(); });
  }

 private:
  template <class Work>
  static void guarded(Work work) {
    try {
      work();
    } catch (const std::exception&
                 error) {  // an exception would end the reactor's thread, and so the process
      log::error("http server: {}", error.what());
    }
  }

  void touch(std::shared_ptr<Client> client, bool hangup, bool readable) {
    guarded([&] {
      if (hangup) return client->on_hangup();
      client->on_ready(readable);
    });
  }

  template <class Work>
  void each(Work work) {
    for (const auto& entry : clients_)
      guarded([&] { work(*entry.second); });  // work() removes none: settle() does
  }

  void tick() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(timer_, &count, sizeof count);
    const auto now = std::chrono::steady_clock::now();
    each([now](Client& client) { client.on_tick(now); });
  }

  /// To the pool with the requests of this turn.
  void hand_over() {
    while (!jobs_.empty()) {
      auto jobs = std::exchange(jobs_, {});
      const auto clients = std::exchange(waiting_, {});
      for (std::size_t i = service_->submit_all(jobs); i < jobs.size(); ++i) {
        guarded([&] { clients[i]->turned_down(); });  // may bring its next request
      }
    }
  }

  /// Removes who has gone, and watches for writing where that was found to be needed.
  void settle() {
    for (const auto& client : std::exchange(changed_, {})) {
      const auto found = clients_.find(client->fd());
      if (found == clients_.end() || found->second != client) continue;
      if (client->gone()) {
        remove(client->fd());
      } else {
        // Edge-triggered, so it stays on: it tells nothing until the socket was full and has room
        // again.
        guarded([&] {
          reactor()->modifyFd(key(), client->fd(),
                              NotifyOn::Read | NotifyOn::Write | NotifyOn::Shutdown,
                              Pistache::Polling::Mode::Edge);
        });
      }
    }
    if (clients_.empty() && timing_) arm_timer(std::chrono::milliseconds(0));
  }

  void remove(int fd) {
    clients_.erase(fd);
    service_->connection_closed();
    try {
      removePeer(std::shared_ptr<Pistache::Tcp::Peer>(peers.at(fd)));  // closes the descriptor
    } catch (const std::exception& error) {
      log::error("http server: {}", error.what());
      ::close(fd);
    }
  }

  void arm_timer(std::chrono::milliseconds period) {
    timing_ = period.count() > 0;
    const timespec every{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(period).count()};
    const itimerspec spec{.it_interval = every, .it_value = every};
    ::timerfd_settime(timer_, 0, &spec, nullptr);
  }

  const std::shared_ptr<Service> service_;
  const std::shared_ptr<Reactors> reactors_;
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  std::unordered_map<int, std::shared_ptr<Client>> clients_;
  int timer_ = -1;
  bool timing_ = false;
  std::vector<std::shared_ptr<Client>> changed_;
  std::vector<std::shared_ptr<Client>> waiting_;  ///< whose jobs_ these are
  std::vector<Dispatcher::Job> jobs_;
};

void PeerHandler::onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  static_cast<Transport*>(transport())->adopt(peer);
}

/// nullopt if that is no numeric address.
std::optional<Pistache::IP> parse_address(const std::string& text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1)
    return Pistache::IP(reinterpret_cast<sockaddr*>(&v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1)
    return Pistache::IP(reinterpret_cast<sockaddr*>(&v6));
  return std::nullopt;
}

/// How many connections the process may hold, after asking for as many as wanted. Out of
/// descriptors, Pistache's accept loop spins.
std::size_t connections_possible(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t needed = wanted + kTurnedAwayAtATime + kSpareFiles;
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = std::min(limit.rlim_max, needed);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur >= needed) return wanted;
  const std::size_t possible = limit.rlim_cur > 2 * (kTurnedAwayAtATime + kSpareFiles)
                                   ? limit.rlim_cur - kTurnedAwayAtATime - kSpareFiles
                                   : std::max<std::size_t>(limit.rlim_cur / 4, 1);
  log::warning("only {} connections at a time: the process may open {} files", possible,
               limit.rlim_cur);
  return possible;
}

class PistacheServer final : public HttpServer {
 public:
  explicit PistacheServer(std::shared_ptr<Service> service)
      : service_(std::move(service)),
        reactors_(std::make_shared<Reactors>()),
        listener_(std::make_unique<Pistache::Tcp::Listener>()) {}
  ~PistacheServer() override { stop(kDestructorGrace); }

  /// Throws what Pistache throws.
  void listen(const Pistache::IP& address) {
    const ListenOptions& options = service_->options();
    const auto flags = Pistache::Flags<Pistache::Tcp::Options>(Pistache::Tcp::Options::ReuseAddr) |
                       Pistache::Tcp::Options::NoDelay | Pistache::Tcp::Options::CloseOnExec;
    listener_->init(options.threads, flags, "http", kBacklog);
    listener_->setTransportFactory(
        [this] { return std::make_shared<Transport>(service_, reactors_); });
    listener_->bind(Pistache::Address(address, Pistache::Port(options.port)));
    port_ = listener_->getPort();
    listener_->runThreaded();
  }

  std::uint16_t port() const override { return port_; }
  std::size_t connections() const override { return service_->connections(); }

  void stop(std::chrono::milliseconds grace) override {
    if (!listener_) return;
    service_->drain();
    tell(&Transport::drain);
    if (!service_->wait_for_none(grace))
      log::warning("http server: {} connections cut off at stop", service_->connections());
    service_->stop();
    tell(&Transport::close_all);
    service_->wait_for_none(std::chrono::seconds(1));
    listener_.reset();  // ends and joins its threads
  }

 private:
  void tell(void (Transport::*what)()) {
    MutexLock lock(reactors_->mutex);
    for (auto& [transport, mailbox] : reactors_->all)
      mailbox->post([to = transport, what] { (to->*what)(); });
  }

  const std::shared_ptr<Service> service_;
  const std::shared_ptr<Reactors> reactors_;
  std::unique_ptr<Pistache::Tcp::Listener> listener_;
  std::uint16_t port_ = 0;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ListenOptions& options,
                                                      ThreadPool& pool, Handler handler) {
  const auto address = parse_address(options.address);
  if (!address)
    return fail(Error::Code::kInvalid, "not an IP address to listen on: " + options.address);
  if (options.threads == 0 || options.threads > 64)
    return fail(Error::Code::kInvalid, "1 to 64 reactors, please");
  std::signal(SIGPIPE,
              SIG_IGN);  // every write of ours says MSG_NOSIGNAL; those of libraries may not
  ListenOptions possible = options;
  possible.connections = connections_possible(options.connections);
  auto server = std::make_unique<PistacheServer>(
      std::make_shared<Service>(possible, pool, std::move(handler)));
  try {
    server->listen(*address);
  } catch (const std::exception& error) {
    return fail(Error::Code::kIo, "cannot listen on " + options.address + " port " +
                                      std::to_string(options.port) + ": " + error.what());
  }
  return server;
}

}  // namespace wm::server
