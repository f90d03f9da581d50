#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "core/base/result.h"

struct ssl_ctx_st;

namespace wm::proxy {

/// A client's socket, plain and after start_tls() encrypted; blocking, with a timeout on each read
/// and write. One thread.
class ClientStream {
 public:
  /// Takes over the descriptor.
  ClientStream(int fd, std::chrono::milliseconds timeout);
  ~ClientStream();
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  /// The next byte, which stays there to be read; before start_tls() only. 0 when the client has
  /// ended.
  Result<std::size_t> peek(char& next);
  /// 0 when the client has ended; kTimeout, kIo.
  Result<std::size_t> read(std::span<char> into);
  Result<> write(std::string_view bytes);
  /// As the server of a handshake; `context` needs to live only until it returns.
  Result<> start_tls(ssl_ctx_st* context);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::proxy
