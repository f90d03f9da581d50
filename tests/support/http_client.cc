#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/ascii.h"
#include "core/http/body.h"
#include "core/http/parser.h"

namespace wm::test {

namespace {

std::unexpected<Error> io_error(const char* what) {
  return fail(Error::Code::kIo, std::string(what) + ": " + std::strerror(errno));
}

Result<std::pair<sockaddr_storage, socklen_t>> socket_address(std::string_view address,
                                                              std::uint16_t port) {
  const std::string text(address);
  sockaddr_storage storage{};
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    std::memcpy(&storage, &v4, sizeof v4);
    return std::pair(storage, static_cast<socklen_t>(sizeof v4));
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) != 1)
    return fail(Error::Code::kInvalid, "not an address: " + text);
  std::memcpy(&storage, &v6, sizeof v6);
  return std::pair(storage, static_cast<socklen_t>(sizeof v6));
}

bool has_body(const http::ResponseHead& head) {
  return head.status >= 200 && head.status != 204 && head.status != 304;
}

}  // namespace

Result<HttpClient> HttpClient::connect(std::uint16_t port, std::string_view address,
                                       std::chrono::milliseconds timeout) {
  const auto [storage, size] = WM_TRY(socket_address(address, port));
  const int fd = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return io_error("socket");
  HttpClient client(fd, timeout);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&storage), size) != 0)
    return io_error("connect");
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return client;
}

HttpClient::~HttpClient() {
  close();
}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), timeout_(other.timeout_), in_(std::move(other.in_)) {}

void HttpClient::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void HttpClient::abort() {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close();
}

void HttpClient::shutdown_write() {
  ::shutdown(fd_, SHUT_WR);
}

Result<> HttpClient::wait_for(short events) {
  pollfd waiting{.fd = fd_, .events = events, .revents = 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(timeout_.count()));
  if (ready < 0 && errno != EINTR) return io_error("poll");
  if (ready == 0) return fail(Error::Code::kTimeout, "the server did not move");
  return {};
}

Result<> HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      WM_TRY(wait_for(POLLOUT));
    } else if (errno != EINTR) {
      return io_error("send");
    }
  }
  return {};
}

/// More bytes into in_; false at the end of the connection.
Result<bool> HttpClient::fill() {
  char buffer[64 * 1024];
  for (;;) {
    WM_TRY(wait_for(POLLIN));
    const ssize_t count = ::recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count > 0) in_.append(buffer, static_cast<std::size_t>(count));
    if (count >= 0) return count > 0;
    if (errno != EINTR && errno != EAGAIN) return io_error("recv");
  }
}

Result<std::string> HttpClient::receive_some() {
  if (in_.empty()) static_cast<void>(WM_TRY(fill()));
  return std::exchange(in_, {});
}

Result<std::string> HttpClient::receive_all() {
  while (WM_TRY(fill())) {
  }
  return std::exchange(in_, {});
}

Result<std::string> HttpClient::receive_until(std::string_view text) {
  for (;;) {
    const std::size_t at = in_.find(text);
    if (at != std::string::npos) {
      std::string taken = in_.substr(0, at + text.size());
      in_.erase(0, taken.size());
      return taken;
    }
    if (!WM_TRY(fill())) return fail(Error::Code::kNotFound, "the connection ended after: " + in_);
  }
}

Result<http::ResponseHead> HttpClient::receive_head() {
  std::optional<std::size_t> length;
  while (!(length = http::head_length(in_))) {
    if (!WM_TRY(fill())) {
      return fail(in_.empty() ? Error::Code::kNotFound : Error::Code::kInvalid,
                  "the connection ended within a head: " + in_);
    }
  }
  auto parsed = WM_TRY(
      http::parse_response_head(std::string_view(in_).substr(0, *length), http::Mode::kStrict));
  in_.erase(0, *length);
  return std::move(parsed.head);
}

Result<ClientResponse> HttpClient::receive(Body body) {
  ClientResponse response{.head = WM_TRY(receive_head())};
  if (body == Body::kNo || !has_body(response.head)) return response;
  if (response.head.headers.has_token("Transfer-Encoding", "chunked")) {
    WM_TRY(read_chunks(response));
  } else if (const auto length = response.head.headers.find("Content-Length")) {
    WM_TRY(read_length(response, parse_u64(*length).value_or(0)));
  } else {
    response.body = WM_TRY(receive_all());
  }
  return response;
}

Result<> HttpClient::read_length(ClientResponse& response, std::uint64_t length) {
  while (in_.size() < length) {
    const auto more = fill();
    if (!more && more.error().code == Error::Code::kTimeout) return std::unexpected(more.error());
    if (!more || !*more) break;
  }
  response.complete = in_.size() >= length;
  response.body = in_.substr(0, length);
  in_.erase(0, response.body.size());
  return {};
}

Result<> HttpClient::read_chunks(ClientResponse& response) {
  http::ChunkedParser parser;
  for (;;) {
    std::size_t used = 0;
    while (used < in_.size()) {
      const auto step = WM_TRY(parser.feed(std::string_view(in_).substr(used)));
      used += step.consumed;
      response.body += step.data;
      if (!step.done) continue;
      in_.erase(0, used);
      return {};
    }
    in_.clear();
    const auto more = fill();
    if (!more && more.error().code == Error::Code::kTimeout) return std::unexpected(more.error());
    if (!more || !*more) {
      response.complete = false;
      return {};
    }
  }
}

Result<ClientResponse> HttpClient::request(std::string_view method, std::string_view target,
                                           const http::Headers& headers, std::string_view body) {
  http::RequestHead head{
      .method = std::string(method), .target = std::string(target), .headers = headers};
  if (!headers.has("Host")) head.headers.add("Host", "localhost");
  if (!body.empty()) head.headers.add("Content-Length", std::to_string(body.size()));
  WM_TRY(send(http::serialize(head) + std::string(body)));
  return receive(method == "HEAD" ? Body::kNo : Body::kYes);
}

Result<ClientResponse> http_request(std::uint16_t port, std::string_view method,
                                    std::string_view target, const http::Headers& headers,
                                    std::string_view body) {
  auto client = WM_TRY(HttpClient::connect(port));
  return client.request(method, target, headers, body);
}

Result<ClientResponse> http_get(std::uint16_t port, std::string_view target,
                                const http::Headers& headers) {
  return http_request(port, "GET", target, headers);
}

}  // namespace wm::test
