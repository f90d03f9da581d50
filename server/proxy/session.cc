// One client of the proxy. RFC 9110 9.3.6 (CONNECT), RFC 9112 3.2.2 (absolute form).
#include "server/proxy/session.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/http/parser.h"
#include "core/url/url.h"
#include "server/http/connection.h"
#include "server/proxy/client_stream.h"

namespace wm::proxy {

using server::Answer;
using server::BodyStream;
using server::Connection;

namespace {

constexpr std::size_t kHeadBytes = 64 << 10;
constexpr unsigned char kTlsHandshake = 0x16;
constexpr std::string_view kConnect = "CONNECT ";

Connection::TimePoint now() {
  return std::chrono::steady_clock::now();
}

server::Response log_in_first() {
  server::Response response = server::Response::text(
      407, "This archive is private: the proxy wants a token of Waymark as password.\n");
  response.headers.set("Proxy-Authenticate", "Basic realm=\"Waymark\"");
  return response;
}

class Session {
 public:
  Session(int fd, const Shared& shared)
      : shared_(shared),
        stream_(fd, shared.options.timeout),
        connection_options_{
            .reader = {.head_bytes = kHeadBytes, .body_bytes = shared.options.body_bytes}} {}

  /// An error is the client's going away, or its nonsense: nobody else need know.
  Result<> run() {
    std::string first = WM_TRY(until([](std::string_view bytes) {
      return bytes.size() >= kConnect.size() || !kConnect.starts_with(bytes);
    }));
    if (!first.starts_with(kConnect)) return serve("http", std::move(first));
    while (!http::head_length(first) && first.size() < kHeadBytes) {
      if (WM_TRY(read_more(first)) == 0) return {};
    }
    const auto head =
        WM_TRY(http::parse_request_head(first, http::Mode::kStrict, {.bytes = kHeadBytes}));
    const auto target = parse_authority(head.head.target, 443);
    if (!target)
      return stream_.write(
          "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    if (!shared_.gate(head.head.headers.find("Proxy-Authorization").value_or(""))) {
      Answer refusal = server::make_answer(log_in_first(), {.keep_alive = false});
      return stream_.write(refusal.bytes + refusal.body);
    }
    let_in_ = true;
    WM_TRY(stream_.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    return tunnel(*target, first.substr(head.length));
  }

 private:
  /// Behind CONNECT: TLS, or HTTP in the clear (ws: addresses come so). A client that speaks before
  /// it is told to go on with is not heard: what came early could not be taken back from TLS.
  Result<> tunnel(const Authority& target, std::string early) {
    if (!early.empty())
      return fail(Error::Code::kInvalid, "a client spoke before the tunnel stood");
    char first = 0;
    if (WM_TRY(stream_.peek(first)) == 0) return {};
    if (static_cast<unsigned char>(first) != kTlsHandshake) return serve("http", "");
    const auto leaf = WM_TRY(shared_.authority.leaf_for(target.host));
    WM_TRY(stream_.start_tls(leaf->server_context()));
    return serve("https", "");
  }

  Result<> serve(std::string_view scheme, std::string bytes) {
    Connection connection(connection_options_, nullptr, now());
    connection.receive(bytes, now());
    for (;;) {
      while (auto incoming = connection.take_request()) {
        WM_TRY(answer(connection, scheme, *incoming));
        WM_TRY(flush(connection));
      }
      WM_TRY(flush(connection));
      if (connection.finished() || !connection.wants_input()) return {};
      bytes.clear();
      if (WM_TRY(read_more(bytes)) == 0) return {};
      connection.receive(bytes, now());
    }
  }

  Result<> answer(Connection& connection, std::string_view scheme,
                  const server::Incoming& incoming) {
    Answer answer = server::make_answer(respond(scheme, incoming.request), incoming.frame);
    const auto body = std::move(answer.stream);
    connection.answer(answer, now());
    while (body) {
      WM_TRY(flush(connection));
      std::string piece;
      const BodyStream::Step step = body->pull(piece);
      if (step == BodyStream::Step::kFailed) {
        log::warning("proxy: a body broke off: {}", body->error());
        return fail(Error::Code::kIo, body->error());
      }
      connection.add_body(piece, step == BodyStream::Step::kEnd, now());
      if (step == BodyStream::Step::kEnd) break;
    }
    return {};
  }

  server::Response respond(std::string_view scheme, const server::Request& request) {
    if (!let_in_ && !shared_.gate(request.header("Proxy-Authorization").value_or("")))
      return log_in_first();
    auto url = url_of(scheme, request);
    if (!url) return server::Response::text(400, "This request names no host.\n");
    return shared_.handler({.request = request, .url = std::move(*url)});
  }

  Result<> flush(Connection& connection) {
    std::array<std::string_view, 16> pieces;
    for (;;) {
      const std::size_t count = connection.output(pieces);
      if (count == 0) return {};
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < count; ++i) {
        WM_TRY(stream_.write(pieces[i]));
        bytes += pieces[i].size();
      }
      connection.sent(bytes, now());
    }
  }

  template <class Done>
  Result<std::string> until(Done done) {
    std::string bytes;
    while (!done(bytes)) {
      if (WM_TRY(read_more(bytes)) == 0) break;
    }
    return bytes;
  }

  Result<std::size_t> read_more(std::string& into) {
    const std::size_t got = WM_TRY(stream_.read(buffer_));
    into.append(buffer_.data(), got);
    return got;
  }

  const Shared& shared_;
  ClientStream stream_;
  const server::ConnectionOptions connection_options_;
  std::array<char, 16 << 10> buffer_{};
  bool let_in_ = false;
};

}  // namespace

std::optional<Authority> parse_authority(std::string_view text, std::uint16_t usual_port) {
  std::string_view host = text, port;
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto number = port.empty() ? std::optional<std::uint64_t>(usual_port) : parse_u64(port);
  const bool address6 = host.find(':') != std::string_view::npos;
  const auto url = url::Url::parse(
      "http://" + (address6 ? "[" + std::string(host) + "]" : std::string(host)) + "/");
  if (!number || *number == 0 || *number > 65535 || !url || url->host().empty() ||
      host.find_first_of("/@?#\\") != std::string_view::npos)
    return std::nullopt;
  return Authority{.host = std::string(host), .port = static_cast<std::uint16_t>(*number)};
}

std::optional<std::string> url_of(std::string_view scheme, const server::Request& request) {
  const std::uint16_t usual = scheme == "https" ? 443 : 80;
  const auto at = parse_authority(request.header("Host").value_or(""), usual);
  if (!at || !request.head.target.starts_with('/')) return std::nullopt;
  std::string url(scheme);
  url += "://";
  url += at->host.find(':') == std::string::npos ? at->host : "[" + at->host + "]";
  if (at->port != usual) url += ":" + std::to_string(at->port);
  return url + request.head.target;
}

void serve_client(int fd, const Shared& shared) {
  Session session(fd, shared);
  const auto served = session.run();
  if (!served) log::debug("proxy: {}", served.error().what);
}

}  // namespace wm::proxy
