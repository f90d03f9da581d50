#include "tests/support/test_stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "core/http/parser.h"

namespace wm::test {
namespace {
constexpr int kTickMs = 20;

void set_timeout(int fd, int option, long seconds, long micros) {
  const timeval time{.tv_sec = seconds, .tv_usec = micros};
  ::setsockopt(fd, SOL_SOCKET, option, &time, sizeof time);
}
}  // namespace

Stream::Stream(int fd, const std::atomic<bool>& ending) : fd_(fd), ending_(ending) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  set_timeout(fd_, SO_RCVTIMEO, 0, kTickMs * 1000);
  set_timeout(fd_, SO_SNDTIMEO, 10, 0);
}

Stream::~Stream() {
  if (ssl_ != nullptr) {
    SSL_shutdown(ssl_);
    SSL_free(ssl_);
  }
  ::close(fd_);
}

bool Stream::start_tls(SSL_CTX* context) {
  ssl_ = SSL_new(context);
  if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_) != 1) return false;
  while (!ending_) {
    ERR_clear_error();
    const int done = SSL_accept(ssl_);
    if (done == 1) return true;
    if (SSL_get_error(ssl_, done) != SSL_ERROR_WANT_READ) return false;
  }
  return false;
}

long Stream::read_some(char* into, std::size_t size) {
  while (!ending_) {
    if (ssl_ != nullptr) {
      ERR_clear_error();
      const int count = SSL_read(ssl_, into, static_cast<int>(size));
      if (count > 0) return count;
      if (SSL_get_error(ssl_, count) != SSL_ERROR_WANT_READ) return 0;
    } else {
      const ssize_t count = ::recv(fd_, into, size, 0);
      if (count >= 0) return count;
      if (errno != EAGAIN && errno != EINTR) return 0;
    }
  }
  return 0;
}

std::optional<std::string> Stream::read_head(std::string& buffer) {
  while (true) {
    if (const auto length = http::head_length(buffer)) {
      std::string head = buffer.substr(0, *length);
      buffer.erase(0, *length);
      return head;
    }
    char bytes[16384];
    const long count = read_some(bytes, sizeof bytes);
    if (count <= 0 || buffer.size() > (1 << 20)) return std::nullopt;
    buffer.append(bytes, static_cast<std::size_t>(count));
  }
}

bool Stream::write_all(std::string_view bytes) {
  while (!bytes.empty() && !ending_) {
    const std::size_t most = bytes.size() < 65536 ? bytes.size() : 65536;
    long count = 0;
    if (ssl_ != nullptr) {
      ERR_clear_error();
      count = SSL_write(ssl_, bytes.data(), static_cast<int>(most));
    } else {
      count = ::send(fd_, bytes.data(), most, MSG_NOSIGNAL);
    }
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return bytes.empty();
}

Listener::Listener() {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to connections that a client has closed
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof in;
  auto* any = reinterpret_cast<sockaddr*>(&in);
  if (fd_ < 0 || ::bind(fd_, any, size) != 0 || ::listen(fd_, 128) != 0 ||
      ::getsockname(fd_, any, &size) != 0) {
    std::perror("listener");
    std::abort();
  }
  port_ = ntohs(in.sin_port);
}

Listener::~Listener() {
  ::close(fd_);
}

std::unique_ptr<Stream> Listener::accept() {
  while (!ending_) {
    pollfd one{fd_, POLLIN, 0};
    if (::poll(&one, 1, kTickMs) <= 0) continue;
    const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) return std::make_unique<Stream>(fd, ending_);
  }
  return nullptr;
}

}  // namespace wm::test
