#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/http/message.h"

namespace wm::test {

struct ClientResponse {
  http::ResponseHead head;
  std::string body{};    ///< de-chunked, not decoded
  bool complete = true;  ///< false: the connection ended before the body did
  int status() const { return head.status; }
  std::string header(std::string_view name) const {
    return std::string(head.headers.find(name).value_or(""));
  }
};

/// A blocking HTTP/1.1 client over one connection, plain enough to send what no client should.
/// Nothing waits longer than `timeout`. What fails ends up in the Result, so that a test can expect
/// it. One thread.
class HttpClient {
 public:
  static Result<HttpClient> connect(std::uint16_t port, std::string_view address = "127.0.0.1",
                                    std::chrono::milliseconds timeout = std::chrono::seconds(20));
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;

  /// All of it, or kTimeout, kIo.
  Result<> send(std::string_view bytes);
  /// Up to the end of the response: by its length, its last chunk, or the close of the connection.
  /// Interim responses (1xx) are given like others. kNotFound if the connection ended before a byte
  /// of it, kInvalid if it is not HTTP.
  enum class Body { kYes, kNo };
  Result<ClientResponse> receive(Body body = Body::kYes);
  /// Just the head; what follows is left for the other methods.
  Result<http::ResponseHead> receive_head();
  /// Raw bytes as they are, at least one; "" at the end of the connection.
  Result<std::string> receive_some();
  /// Everything up to the end of the connection.
  Result<std::string> receive_all();
  /// Raw bytes until they contain `text`; what was read comes back with it.
  Result<std::string> receive_until(std::string_view text);

  /// Sends a request with Host, and Content-Length if there is a body, and receives the answer. The
  /// connection stays.
  Result<ClientResponse> request(std::string_view method, std::string_view target,
                                 const http::Headers& headers = {}, std::string_view body = {});
  Result<ClientResponse> get(std::string_view target, const http::Headers& headers = {}) {
    return request("GET", target, headers);
  }

  void shutdown_write();
  void close();
  /// Closes with a reset.
  void abort();
  int fd() const { return fd_; }

 private:
  HttpClient(int fd, std::chrono::milliseconds timeout) : fd_(fd), timeout_(timeout) {}
  Result<> wait_for(short events);
  Result<bool> fill();
  Result<> read_length(ClientResponse& response, std::uint64_t length);
  Result<> read_chunks(ClientResponse& response);

  int fd_;
  std::chrono::milliseconds timeout_;
  std::string in_;
};

/// One request on a connection of its own.
Result<ClientResponse> http_request(std::uint16_t port, std::string_view method,
                                    std::string_view target, const http::Headers& headers = {},
                                    std::string_view body = {});
Result<ClientResponse> http_get(std::uint16_t port, std::string_view target,
                                const http::Headers& headers = {});

}  // namespace wm::test
