#include "tests/support/tls_front.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <list>
#include <mutex>
#include <thread>

namespace wm::test {
namespace {

sockaddr_in at_loopback(std::uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return in;
}

}  // namespace

struct TlsFront::State {
  SSL_CTX* context = nullptr;
  int listener = -1;
  std::uint16_t port = 0;
  std::uint16_t behind = 0;
  std::atomic<bool> ending{false};
  std::mutex mutex;
  std::list<std::jthread> clients;
  std::jthread acceptor;

  bool readable(int fd) const {
    pollfd one{fd, POLLIN, 0};
    return ::poll(&one, 1, 0) > 0;
  }

  void serve(int fd) {
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    const int plain = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in in = at_loopback(behind);
    if (SSL_accept(ssl) == 1 && ::connect(plain, reinterpret_cast<sockaddr*>(&in), sizeof in) == 0)
      pump(ssl, fd, plain);
    SSL_shutdown(ssl);
    SSL_free(ssl);
    ::close(plain);
    ::close(fd);
  }

  void pump(SSL* ssl, int fd, int plain) {
    char bytes[16384];
    while (!ending) {
      if (SSL_pending(ssl) > 0 || readable(fd)) {
        const int got = SSL_read(ssl, bytes, sizeof bytes);
        if (got <= 0 || ::send(plain, bytes, static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
          return;
        continue;
      }
      if (readable(plain)) {
        const ssize_t got = ::recv(plain, bytes, sizeof bytes, 0);
        if (got <= 0 || SSL_write(ssl, bytes, static_cast<int>(got)) != got) return;
        continue;
      }
      pollfd both[2] = {{fd, POLLIN, 0}, {plain, POLLIN, 0}};
      ::poll(both, 2, 20);
    }
  }

  void accept_all() {
    while (!ending) {
      pollfd one{listener, POLLIN, 0};
      if (::poll(&one, 1, 20) <= 0) continue;
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const timeval patience{.tv_sec = 10, .tv_usec = 0};
      ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      std::lock_guard lock(mutex);
      clients.emplace_back([this, fd] { serve(fd); });
    }
  }
};

TlsFront::TlsFront(const TestCa& ca, std::string_view host, std::uint16_t behind)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.context = ca.server_context(host);
  state.behind = behind;
  state.listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in in = at_loopback(0);
  socklen_t size = sizeof in;
  auto* any = reinterpret_cast<sockaddr*>(&in);
  if (::bind(state.listener, any, size) != 0 || ::listen(state.listener, 128) != 0 ||
      ::getsockname(state.listener, any, &size) != 0)
    std::abort();
  state.port = ntohs(in.sin_port);
  state.acceptor = std::jthread([&state] { state.accept_all(); });
}

TlsFront::~TlsFront() {
  state_->ending = true;
  state_->acceptor.join();
  state_->clients.clear();
  ::close(state_->listener);
  SSL_CTX_free(state_->context);
}

std::uint16_t TlsFront::port() const {
  return state_->port;
}

}  // namespace wm::test
