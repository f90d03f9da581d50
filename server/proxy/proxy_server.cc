#include "server/proxy/proxy_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <list>
#include <system_error>
#include <thread>

#include "core/base/log.h"
#include "core/base/mutex.h"
#include "server/proxy/session.h"

namespace wm::proxy {

namespace {

constexpr int kAcceptWaitMs = 200;

std::unexpected<Error> listen_error(const ProxyOptions& options) {
  return fail(Error::Code::kIo, "cannot listen for proxy clients on " + options.address + ":" +
                                    std::to_string(options.port) + ": " +
                                    std::system_category().message(errno));
}

/// Accepts on one thread; each client has a thread of its own.
class TheProxyServer final : public ProxyServer {
 public:
  TheProxyServer(int fd, std::uint16_t port, Shared shared)
      : fd_(fd),
        port_(port),
        shared_(std::move(shared)),
        acceptor_([this](const std::stop_token& stop) { accept_until(stop); }) {}

  ~TheProxyServer() override {
    acceptor_.request_stop();
    acceptor_.join();
    ::close(fd_);
    {
      const MutexLock lock(mutex_);
      for (Client& client : clients_) {
        if (client.fd >= 0) ::shutdown(client.fd, SHUT_RDWR);
      }
    }
    clients_.clear();  // joins
  }

  std::uint16_t port() const override { return port_; }

 private:
  struct Client {
    int fd = -1;  ///< -1 once it has been closed: the number may be another's by then
    std::atomic<bool> done = false;
    std::jthread thread{};
  };

  void accept_until(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      reap();
      pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, kAcceptWaitMs) <= 0) continue;
      const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (clients_.size() >= shared_.options.connections) {
        log::warning("proxy: more than {} connections; one was closed",
                     shared_.options.connections);
        ::close(fd);
        continue;
      }
      begin(fd);
    }
  }

  void begin(int fd) {
    Client& client = clients_.emplace_back();
    client.fd = ::dup(fd);  // ours to shut down; the session closes its own
    client.thread = std::jthread([this, &client, fd] {
      serve_client(fd, shared_);
      const MutexLock lock(mutex_);
      if (client.fd >= 0) ::close(std::exchange(client.fd, -1));
      client.done = true;
    });
  }

  /// The acceptor alone adds and removes.
  void reap() {
    clients_.remove_if([](const Client& client) { return client.done.load(); });
  }

  const int fd_;
  const std::uint16_t port_;
  const Shared shared_;
  Mutex mutex_;  // for the descriptors of clients_
  std::list<Client> clients_;
  std::jthread acceptor_;
};

}  // namespace

Result<std::unique_ptr<ProxyServer>> ProxyServer::start(const ProxyOptions& options,
                                                        const tls::CertificateAuthority& authority,
                                                        Gate gate, Handler handler) {
  sockaddr_in6 six{};
  sockaddr_in four{};
  const bool is_six = ::inet_pton(AF_INET6, options.address.c_str(), &six.sin6_addr) == 1;
  if (!is_six && ::inet_pton(AF_INET, options.address.c_str(), &four.sin_addr) != 1)
    return fail(Error::Code::kInvalid, options.address + " is no IP address");
  six.sin6_family = AF_INET6;
  six.sin6_port = four.sin_port = htons(options.port);
  four.sin_family = AF_INET;
  auto* address = is_six ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four);
  socklen_t size = is_six ? sizeof six : sizeof four;
  const int fd = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return listen_error(options);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, address, size) != 0 || ::listen(fd, SOMAXCONN) != 0 ||
      ::getsockname(fd, address, &size) != 0) {
    auto error = listen_error(options);
    ::close(fd);
    return error;
  }
  const std::uint16_t port = ntohs(is_six ? six.sin6_port : four.sin_port);
  return std::make_unique<TheProxyServer>(fd, port,
                                          Shared{.options = options,
                                                 .authority = authority,
                                                 .gate = std::move(gate),
                                                 .handler = std::move(handler)});
}

}  // namespace wm::proxy
