#include "tests/support/test_site.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include "core/http/message.h"
#include "core/http/parser.h"

namespace wm::test {

struct TestSite::State {
  int listener = -1;
  std::uint16_t port = 0;
  std::string address;
  mutable std::mutex mutex;
  std::map<std::string, Handler> handlers;
  std::vector<SiteRequest> requests;
  std::size_t connections = 0, now = 0, most = 0;
  std::atomic<bool> ending{false};
  std::list<std::jthread> clients;
  std::jthread acceptor;

  /// False when the site ends or the peer has closed (`for_reading`) first.
  bool wait(int fd, short events, std::chrono::milliseconds time, bool* ready = nullptr) const {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!ending && std::chrono::steady_clock::now() < until) {
      pollfd one{fd, events, 0};
      const int count = ::poll(&one, 1, 10);
      if (count > 0) {
        if (ready) *ready = true;
        return true;
      }
    }
    return !ending;
  }

  void pause(std::chrono::milliseconds time) const {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!ending && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  SiteReply answer(const SiteRequest& request) {
    Handler handler;
    {
      std::lock_guard lock(mutex);
      requests.push_back(request);
      most = std::max(most, ++now);
      auto found = handlers.find(request.host + request.target);
      if (found == handlers.end()) found = handlers.find(request.target);
      if (found != handlers.end()) handler = found->second;
    }
    return handler ? handler(request)
                   : reply(404, "Content-Type: text/html\r\n", "<p>not here</p>");
  }

  bool send_all(int fd, std::string_view bytes) const {
    while (!bytes.empty()) {
      bool ready = false;
      if (!wait(fd, POLLOUT, std::chrono::seconds(30), &ready) || !ready) return false;
      const ssize_t count = ::send(fd, bytes.data(), std::min<std::size_t>(bytes.size(), 65536),
                                   MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// One request off `buffer` and the socket; false at the end of the connection.
  bool receive(int fd, std::string& buffer, SiteRequest& request) const {
    while (true) {
      if (const auto length = http::head_length(buffer)) {
        request.head = buffer.substr(0, *length);
        buffer.erase(0, *length);
        const auto head = http::parse_request_head(request.head, http::Mode::kLenient);
        if (!head) return false;
        request.method = head->head.method;
        request.target = head->head.target;
        request.host = std::string(head->head.headers.find("Host").value_or(""));
        request.host = request.host.substr(0, request.host.rfind(':'));
        return true;
      }
      bool ready = false;
      if (!wait(fd, POLLIN, std::chrono::seconds(60), &ready) || !ready) return false;
      char bytes[16384];
      const ssize_t count = ::recv(fd, bytes, sizeof bytes, 0);
      if (count <= 0) return false;
      buffer.append(bytes, static_cast<std::size_t>(count));
    }
  }

  void serve(int fd) {
    std::string buffer;
    SiteRequest request;
    while (!ending && receive(fd, buffer, request)) {
      const SiteReply reply = answer(request);
      pause(reply.delay);
      const bool sent = send_all(fd, reply.bytes);
      {
        std::lock_guard lock(mutex);
        --now;
      }
      if (reply.then == SiteReply::Then::kHang) {
        bool gone = false;
        wait(fd, POLLIN, std::chrono::hours(1), &gone);
      }
      if (!sent || reply.then != SiteReply::Then::kKeep) break;
    }
    ::shutdown(fd, SHUT_WR);
    ::close(fd);
  }

  void accept_all() {
    while (!ending) {
      bool ready = false;
      if (!wait(listener, POLLIN, std::chrono::hours(1), &ready) || !ready) return;
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      std::lock_guard lock(mutex);
      ++connections;
      clients.emplace_back([this, fd] { serve(fd); });
    }
  }
};

TestSite::TestSite(const std::string& address) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.address = address;
  state.listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in in{};
  in.sin_family = AF_INET;
  inet_pton(AF_INET, address.c_str(), &in.sin_addr);
  socklen_t size = sizeof in;
  auto* any = reinterpret_cast<sockaddr*>(&in);
  if (state.listener < 0 || ::bind(state.listener, any, size) != 0 ||
      ::listen(state.listener, 128) != 0 || ::getsockname(state.listener, any, &size) != 0) {
    std::perror("test site");
    std::abort();
  }
  state.port = ntohs(in.sin_port);
  state.acceptor = std::jthread([&state] { state.accept_all(); });
}

TestSite::~TestSite() {
  state_->ending = true;
  state_->acceptor.join();
  state_->clients.clear();
  ::close(state_->listener);
}

void TestSite::on(const std::string& where, SiteReply reply) {
  on(where, [reply = std::move(reply)](const SiteRequest&) { return reply; });
}

void TestSite::on(const std::string& where, Handler handler) {
  std::lock_guard lock(state_->mutex);
  state_->handlers[where] = std::move(handler);
}

std::uint16_t TestSite::port() const {
  return state_->port;
}

std::string TestSite::url(std::string_view path, std::string_view host) const {
  return "http://" + std::string(host) + ":" + std::to_string(port()) + std::string(path);
}

std::vector<std::string> TestSite::resolve(std::initializer_list<std::string_view> hosts) const {
  std::vector<std::string> entries;
  for (const std::string_view host : hosts) {
    entries.push_back(std::string(host) + ":" + std::to_string(port()) + ":" + state_->address);
  }
  return entries;
}

std::vector<SiteRequest> TestSite::requests() const {
  std::lock_guard lock(state_->mutex);
  return state_->requests;
}

std::size_t TestSite::requests_for(std::string_view target) const {
  const auto all = requests();
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [&](const SiteRequest& r) { return r.target == target; }));
}

std::size_t TestSite::connections() const {
  std::lock_guard lock(state_->mutex);
  return state_->connections;
}

std::size_t TestSite::most_at_once() const {
  std::lock_guard lock(state_->mutex);
  return state_->most;
}

SiteReply reply(int status, std::string_view headers, std::string_view body) {
  std::string bytes = "HTTP/1.1 " + std::to_string(status) + " " +
                      std::string(http::reason_phrase(status)) + "\r\n";
  bytes += headers;
  bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  bytes += body;
  return {.bytes = std::move(bytes)};
}

SiteReply html(std::string_view body, std::string_view headers) {
  return reply(200, "Content-Type: text/html; charset=utf-8\r\n" + std::string(headers), body);
}

SiteReply redirect(int status, std::string_view location) {
  return reply(status, "Location: " + std::string(location) + "\r\n", "");
}

SiteReply chunked(std::string_view headers, std::string_view body, std::size_t piece) {
  std::string bytes =
      "HTTP/1.1 200 OK\r\n" + std::string(headers) + "Transfer-Encoding: chunked\r\n\r\n";
  while (!body.empty()) {
    const std::string_view one = body.substr(0, piece);
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", one.size());
    bytes += size;
    bytes += one;
    bytes += "\r\n";
    body.remove_prefix(one.size());
  }
  return {.bytes = bytes + "0\r\n\r\n"};
}

}  // namespace wm::test
