#include "server/cli/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

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

Result<std::string> receive_all(int fd) {
  std::string all;
  std::string buffer(64 * 1024, '\0');
  for (;;) {
    pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
    const int count = ::poll(&ready, 1, kTimeoutMs);
    if (count == 0) return fail(Error::Code::kTimeout, "the running server does not answer");
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return socket_error("hear");
    if (got == 0) return all;
    all.append(buffer.data(), static_cast<std::size_t>(got));
    if (all.size() > kReplyBytes) return fail(Error::Code::kTooLarge, "the running server's answer is too large");
  }
}

class RemoteClient final : public Client {
 public:
  explicit RemoteClient(app::ServerAddress address) : address_(std::move(address)) {}

  Result<Reply> call(std::string_view method, const std::string& target, std::string body) override {
    http::RequestHead head{.method = std::string(method), .target = target, .version = "HTTP/1.1", .headers = {}};
    head.headers.add("Host", "localhost:" + std::to_string(address_.port));
    head.headers.add("Authorization", "Bearer " + address_.token);
    head.headers.add("Content-Length", std::to_string(body.size()));
    head.headers.add("Connection", "close");
    const Socket socket = WM_TRY(open_socket(address_));
    WM_TRY(send_all(socket.fd, http::serialize(head) + body));
    const std::string answer = WM_TRY(receive_all(socket.fd));
    const auto parsed = WM_TRY(http::parse_response_head(answer, http::Mode::kStrict));
    const auto stored = http::decoded_body(std::make_unique<ViewSource>(std::string_view(answer).substr(parsed.length)), parsed.head.headers);
    return Reply{.status = parsed.head.status, .body = WM_TRY(read_all(*stored, kReplyBytes))};
  }
  bool is_remote() const override { return true; }

 private:
  app::ServerAddress address_;
};

class LocalClient final : public Client {
 public:
  explicit LocalClient(std::unique_ptr<app::App> app) : app_(std::move(app)) {}
  ~LocalClient() override { app_->stop(); }

  Result<Reply> call(std::string_view method, const std::string& target, std::string body) override {
    server::Request request;
    request.head.method = std::string(method);
    request.head.target = target;
    request.head.headers.add("Host", "localhost");
    request.head.headers.add("Authorization", "Bearer " + app_->local_token());
    request.body = std::move(body);
    request.peer_address = "127.0.0.1:0";
    request.peer_is_loopback = true;
    server::Response response = app_->handle(request);
    if (response.stream) response.body = WM_TRY(read_all(*response.stream, kReplyBytes));
    return Reply{.status = response.status, .body = std::move(response.body)};
  }
  bool is_remote() const override { return false; }

 private:
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

}  // namespace wm::cli
