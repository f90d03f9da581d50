// RFC 6455: the handshake is an HTTP/1.1 request, the rest is the two ends' affair.
#include "archiver/proxy/relay_internal.h"

#include <array>

#include "archiver/proxy/header_rules_internal.h"
#include "core/url/url.h"

namespace wm::proxy {
namespace {

constexpr std::size_t kBuffered = 256 << 10;  // one direction

/// The handshake as the server gets it.
std::string handshake(const std::string& url, const http::RequestHead& asked) {
  const auto parsed = url::Url::parse(url);
  http::RequestHead head{.method = "GET",
                         .target = parsed ? parsed->path_and_query() : "/",
                         .headers = {{"Host", std::string(asked.headers.find("Host").value_or(""))},
                                     {"Connection", "Upgrade"},
                                     {"Upgrade", "websocket"}}};
  for (const http::Header& field : fields_for_origin(asked.headers))
    head.headers.add(field.name, field.value);
  return http::serialize(head);
}

}  // namespace

Relay::Relay(fetch::Fetcher& fetcher, const Limits& limits, std::uint64_t connection,
             std::string url, const http::RequestHead& head, std::function<void()> wake,
             std::function<void(Relay&)> at_end)
    : fetcher_(fetcher),
      limits_(limits),
      connection_(connection),
      wake_(std::move(wake)),
      at_end_(std::move(at_end)),
      end_at_(Clock::now() + limits.websocket),
      to_server_(handshake(url, head)) {
  seen_.url = std::move(url);
}

Relay::~Relay() {
  end("the capture ended");
  at_end_(*this);
}

void Relay::end(std::string why) {
  if (over_) return;
  over_ = true;
  seen_.ended = std::move(why);
  fetcher_.disconnect(connection_);
  wake_();
}

void Relay::gone() {
  end("closed");
}

void Relay::connected(const Result<>& outcome) {
  if (over_) return;
  connected_ = outcome.has_value();
  if (connected_) return pump();
  to_browser_ = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  end(outcome.error().what);
}

bool Relay::hungry() const {
  return !over_ && to_server_.size() < kBuffered;
}

bool Relay::wants_to_receive() const {
  return connected_ && to_browser_.size() < kBuffered;
}

void Relay::feed(std::string_view bytes) {
  if (over_) return;
  to_server_ += bytes;
  pump();
}

void Relay::fill(std::string& out, std::size_t) {
  out += std::exchange(to_browser_, {});
  pump();  // TLS may hold bytes that no socket tells of
}

void Relay::pump() {
  if (!connected_ || over_) return;
  send();
  if (!over_) receive();
  if (!over_ && seen_.sent_bytes + seen_.received_bytes > limits_.websocket_bytes) end("bytes");
}

void Relay::send() {
  while (!to_server_.empty()) {
    const auto sent = fetcher_.send(connection_, to_server_);
    if (!sent) return end("closed");
    if (*sent == 0) return;
    seen_.sent_bytes += *sent;
    to_server_.erase(0, *sent);
  }
}

void Relay::receive() {
  std::array<char, 16 << 10> buffer;
  while (wants_to_receive()) {
    const auto got = fetcher_.receive(connection_, buffer);
    if (!got || (*got && **got == 0)) return end("closed");
    if (!*got) return;
    seen_.received_bytes += **got;
    to_browser_.append(buffer.data(), **got);
    wake_();
  }
}

void Relay::tick(Clock::time_point now) {
  if (now >= end_at_) end("time");
}

}  // namespace wm::proxy
