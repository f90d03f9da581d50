#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace wm::test {

/// A connection of a test server, plain or TLS, read and written by one thread. Everything ends
/// soon after `ending` is set.
class Stream {
 public:
  Stream(int fd, const std::atomic<bool>& ending);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool start_tls(ssl_ctx_st* context);
  /// A whole HTTP head; what came after it stays in `buffer`. nullopt at the end of the connection.
  std::optional<std::string> read_head(std::string& buffer);
  bool write_all(std::string_view bytes);

 private:
  long read_some(char* into, std::size_t size);
  int fd_;
  ssl_st* ssl_ = nullptr;
  const std::atomic<bool>& ending_;
};

/// Listens on a free port of 127.0.0.1; ends the program if it cannot.
class Listener {
 public:
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  std::uint16_t port() const { return port_; }
  /// The next connection; nullptr once end() was called.
  std::unique_ptr<Stream> accept();
  void end() { ending_ = true; }

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_{false};
};

}  // namespace wm::test
