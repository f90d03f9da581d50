#include "server/proxy/client_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <system_error>

namespace wm::proxy {

struct ClientStream::State {
  int fd;
  SSL* ssl = nullptr;
};

namespace {

std::unexpected<Error> socket_error(std::string_view doing) {
  const int number = errno;
  const bool late = number == EAGAIN || number == EWOULDBLOCK;
  return fail(late ? Error::Code::kTimeout : Error::Code::kIo,
              "cannot " + std::string(doing) +
                  " a proxy client: " + std::system_category().message(number));
}

std::unexpected<Error> tls_error(SSL* ssl, int result, std::string_view doing) {
  if (SSL_get_error(ssl, result) == SSL_ERROR_SYSCALL && errno != 0) return socket_error(doing);
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return fail(Error::Code::kIo, "cannot " + std::string(doing) + " a proxy client by TLS: " +
                                    (reason != nullptr ? reason : "it went away"));
}

}  // namespace

ClientStream::ClientStream(int fd, std::chrono::milliseconds timeout)
    : state_(std::make_unique<State>(State{.fd = fd})) {
  const timeval wait{.tv_sec = timeout.count() / 1000, .tv_usec = (timeout.count() % 1000) * 1000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

ClientStream::~ClientStream() {
  if (state_->ssl != nullptr) {
    SSL_shutdown(state_->ssl);
    SSL_free(state_->ssl);
    ERR_clear_error();
  }
  ::close(state_->fd);
}

Result<std::size_t> ClientStream::peek(char& next) {
  const ssize_t got = ::recv(state_->fd, &next, 1, MSG_PEEK);
  if (got < 0) return socket_error("read from");
  return static_cast<std::size_t>(got);
}

Result<std::size_t> ClientStream::read(std::span<char> into) {
  if (state_->ssl == nullptr) {
    const ssize_t got = ::recv(state_->fd, into.data(), into.size(), 0);
    if (got < 0) return socket_error("read from");
    return static_cast<std::size_t>(got);
  }
  errno = 0;
  std::size_t got = 0;
  const int result = SSL_read_ex(state_->ssl, into.data(), into.size(), &got);
  if (result == 1) return got;
  if (SSL_get_error(state_->ssl, result) == SSL_ERROR_ZERO_RETURN) return std::size_t{0};
  return tls_error(state_->ssl, result, "read from");
}

Result<> ClientStream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (state_->ssl != nullptr) {
      errno = 0;
      std::size_t wrote = 0;
      const int result = SSL_write_ex(state_->ssl, bytes.data(), bytes.size(), &wrote);
      if (result != 1) return tls_error(state_->ssl, result, "write to");
      bytes.remove_prefix(wrote);
      continue;
    }
    const ssize_t wrote = ::send(state_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote < 0) return socket_error("write to");
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

Result<> ClientStream::start_tls(ssl_ctx_st* context) {
  SSL* ssl = SSL_new(context);
  if (ssl == nullptr || SSL_set_fd(ssl, state_->fd) != 1) {
    SSL_free(ssl);
    return fail(Error::Code::kIo, "cannot set up TLS for a proxy client");
  }
  state_->ssl = ssl;
  errno = 0;
  const int result = SSL_accept(ssl);
  if (result == 1) return {};
  auto error = tls_error(ssl, result, "shake hands with");
  SSL_free(std::exchange(state_->ssl, nullptr));
  return error;
}

}  // namespace wm::proxy
