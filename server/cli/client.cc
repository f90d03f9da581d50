#include "server/cli/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/base/ascii.h"
#include "core/base/source.h"
#include "core/http/body.h"
#include "core/http/parser.h"
#include "server/app/app.h"
#include "server/app/data_folder.h"

namespace wm::cli {

namespace {

constexpr int kTimeoutMs = 60'000;
constexpr std::size_t kReplyBytes = 1u << 30;
constexpr std::size_t kHeadBytes = 1u << 16;

std::unexpected<Error> socket_error(const std::string& doing) {
  return fail(Error::Code::kIo, "cannot " + doing + " the running server: " + std::system_category().message(errno));
}

struct Socket {
  int fd = -1;
  Socket() = default;
  explicit Socket(int opened) : fd(opened) {}
  Socket(Socket&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd >= 0) ::close(fd);
  }
};

Result<Socket> open_socket(const app::ServerAddress& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  Socket socket(::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.fd < 0) return socket_error("reach");
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(address.port);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(address.port);
  void* into = is_v6 ? static_cast<void*>(&v6.sin6_addr) : static_cast<void*>(&v4.sin_addr);
  // A server that listens everywhere is reached by loopback.
  const std::string host = address.host == "0.0.0.0" ? "127.0.0.1" : address.host == "::" ? "::1" : address.host;
  if (::inet_pton(is_v6 ? AF_INET6 : AF_INET, host.c_str(), into) != 1) return fail(Error::Code::kInvalid, "server.json names no address: " + host);
  const auto* target = is_v6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  if (::connect(socket.fd, target, is_v6 ? sizeof v6 : sizeof v4) != 0) return socket_error("reach");
  return socket;
}

Result<> send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return socket_error("ask");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

/// What the server sends, until it closes.
class SocketSource final : public Source {
 public:
  explicit SocketSource(int fd) : fd_(fd) {}
  Result<std::size_t> read(std::span<char> into) override {
    for (;;) {
      pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
      const int count = ::poll(&ready, 1, kTimeoutMs);
      if (count == 0) return fail(Error::Code::kTimeout, "the running server does not answer");
      const ssize_t got = ::recv(fd_, into.data(), into.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return socket_error("hear");
      return static_cast<std::size_t>(got);
    }
  }

 private:
  int fd_;
};

std::unexpected<Error> broken_off() { return fail(Error::Code::kCorrupt, "the running server's answer breaks off"); }

/// The bytes after a head, as they come.
class BodyReader {
 public:
  BodyReader(SocketSource& socket, std::string first) : socket_(socket), piece_(std::move(first)) {}
  Result<> read(const http::Headers& headers, const Client::Sink& sink) {
    if (headers.has_token("Transfer-Encoding", "chunked")) return read_chunked(sink);
    const auto length = headers.find("Content-Length");
    std::optional<std::uint64_t> left = length ? parse_u64(*length) : std::nullopt;
    while (left != 0u) {
      if (piece_.empty() && !WM_TRY(fill())) return left ? broken_off() : Result<>();
      const auto part = std::string_view(piece_).substr(0, left.value_or(piece_.size()));
      WM_TRY(sink(part));
      if (left) *left -= part.size();
      piece_.clear();
    }
    return {};
  }

 private:
  Result<bool> fill() {
    piece_.resize(64 * 1024);
    piece_.resize(WM_TRY(socket_.read(piece_)));
    return !piece_.empty();
  }
  Result<> read_chunked(const Client::Sink& sink) {
    http::ChunkedParser parser;
    for (;;) {
      for (std::string_view rest = piece_; !rest.empty() && !parser.done();) {
        const auto step = WM_TRY(parser.feed(rest));
        if (!step.data.empty()) WM_TRY(sink(step.data));
        rest.remove_prefix(step.consumed);
      }
      if (parser.done()) return {};
      if (!WM_TRY(fill())) return broken_off();
    }
  }

  SocketSource& socket_;
  std::string piece_;
};

class RemoteClient final : public Client {
 public:
  explicit RemoteClient(app::ServerAddress address) : address_(std::move(address)) {}

  Result<Reply> call(std::string_view method, const std::string& target, std::string body) override {
    const Socket socket = WM_TRY(open_socket(address_));
    WM_TRY(send_all(socket.fd, http::serialize(head_of(method, target, body.size())) + body));
    Reply reply;
    WM_TRY(receive(socket.fd, reply, [&reply](std::string_view piece) -> Result<> {
      reply.body += piece;
      return reply.body.size() <= kReplyBytes ? Result<>() : fail(Error::Code::kTooLarge, "the running server's answer is too large");
    }));
    return reply;
  }
  Result<Reply> download(std::string_view method, const std::string& target, std::string body, const Sink& sink) override {
    const Socket socket = WM_TRY(open_socket(address_));
    WM_TRY(send_all(socket.fd, http::serialize(head_of(method, target, body.size())) + body));
    Reply reply;
    WM_TRY(receive(socket.fd, reply, [&](std::string_view piece) -> Result<> {
      if (reply.status < 400) return sink(piece);
      reply.body += piece.substr(0, kHeadBytes);
      return {};
    }));
    return reply;
  }
  bool is_remote() const override { return true; }

 private:
  http::RequestHead head_of(std::string_view method, const std::string& target, std::size_t length) const {
    http::RequestHead head{.method = std::string(method), .target = target, .version = "HTTP/1.1", .headers = {}};
    head.headers.add("Host", "localhost:" + std::to_string(address_.port));
    head.headers.add("Authorization", "Bearer " + address_.token);
    head.headers.add("Content-Length", std::to_string(length));
    head.headers.add("Connection", "close");
    return head;
  }
  /// Sets the status, then hands over the body.
  static Result<> receive(int fd, Reply& reply, const Sink& sink) {
    SocketSource socket(fd);
    std::string start;
    while (start.find("\r\n\r\n") == std::string::npos) {
      std::array<char, 4096> buffer{};
      const std::size_t got = WM_TRY(socket.read(buffer));
      if (got == 0 || start.size() > kHeadBytes) return broken_off();
      start.append(buffer.data(), got);
    }
    const auto parsed = WM_TRY(http::parse_response_head(start, http::Mode::kStrict));
    reply.status = parsed.head.status;
    return BodyReader(socket, start.substr(parsed.length)).read(parsed.head.headers, sink);
  }

  app::ServerAddress address_;
};

class LocalClient final : public Client {
 public:
  explicit LocalClient(std::unique_ptr<app::App> app) : app_(std::move(app)) {}
  ~LocalClient() override { app_->stop(); }

  Result<Reply> call(std::string_view method, const std::string& target, std::string body) override {
    server::Response response = app_->handle(request_for(method, target, std::move(body)));
    if (response.stream) response.body = WM_TRY(read_all(*response.stream, kReplyBytes));
    return Reply{.status = response.status, .body = std::move(response.body)};
  }
  Result<Reply> download(std::string_view method, const std::string& target, std::string body, const Sink& sink) override {
    server::Response response = app_->handle(request_for(method, target, std::move(body)));
    if (response.status >= 400 || !response.stream) return Reply{.status = response.status, .body = std::move(response.body)};
    std::string piece(64 * 1024, '\0');
    while (const std::size_t got = WM_TRY(response.stream->read(piece))) WM_TRY(sink(std::string_view(piece).substr(0, got)));
    return Reply{.status = response.status, .body = {}};
  }
  bool is_remote() const override { return false; }

 private:
  server::Request request_for(std::string_view method, const std::string& target, std::string body) const {
    server::Request request;
    request.head.method = std::string(method);
    request.head.target = target;
    request.head.headers.add("Host", "localhost");
    request.head.headers.add("Authorization", "Bearer " + app_->local_token());
    request.body = std::move(body);
    request.peer_address = "127.0.0.1:0";
    request.peer_is_loopback = true;
    return request;
  }

  std::unique_ptr<app::App> app_;
};

}  // namespace

Result<std::unique_ptr<Client>> Client::connect(const std::filesystem::path& data, const app::Settings& settings) {
  auto app = app::App::open(data, settings);
  if (app) {
    WM_TRY((*app)->start_jobs());
    return std::make_unique<LocalClient>(std::move(*app));
  }
  if (app.error().code != Error::Code::kBusy) return std::unexpected(app.error());
  auto address = app::DataFolder::running_server(data);
  if (!address) return fail(Error::Code::kBusy, app.error().what + ", which serves no commands; wait until it has ended");
  return std::make_unique<RemoteClient>(std::move(*address));
}

Result<std::unique_ptr<Client>> Client::connect_existing(const std::filesystem::path& data, const app::Settings& settings) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(data, ignored)) {
    return fail(Error::Code::kNotFound, "there is no data folder " + data.string() + "; name one with --data or WAYMARK_DATA");
  }
  return connect(data, settings);
}

}  // namespace wm::cli
