#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wm::test {

struct SiteRequest {
  std::string method;
  std::string target;  ///< as on the request line
  std::string host;    ///< of the Host field, without port
  std::string head;    ///< all bytes of the head
};

/// What goes out, byte for byte.
struct SiteReply {
  std::string bytes;
  std::chrono::milliseconds delay{0};  ///< before the first byte
  /// What happens to the connection afterwards. kHang: nothing more comes, until the site ends or
  /// the client goes.
  enum class Then { kKeep, kClose, kHang } then = Then::kKeep;
};

/// A whole answer with Content-Length; `headers` are lines, each with its CRLF.
SiteReply reply(int status, std::string_view headers, std::string_view body);
SiteReply html(std::string_view body, std::string_view headers = "");
SiteReply redirect(int status, std::string_view location);
/// The body in chunks of `piece` bytes.
SiteReply chunked(std::string_view headers, std::string_view body, std::size_t piece);

/// A small HTTP/1.1 server on a loopback port: blocking sockets, a thread a connection, answers
/// scripted by path. What is not scripted is a 404. All methods from any thread.
class TestSite {
 public:
  using Handler = std::function<SiteReply(const SiteRequest&)>;
  /// On 127.0.0.1 or another address of 127/8.
  explicit TestSite(const std::string& address = "127.0.0.1");
  ~TestSite();
  TestSite(const TestSite&) = delete;
  TestSite& operator=(const TestSite&) = delete;

  /// `where` is "/path?query" for every host, or "host/path?query" for one.
  void on(const std::string& where, SiteReply reply);
  void on(const std::string& where, Handler handler);

  std::uint16_t port() const;
  std::string url(std::string_view path, std::string_view host = "127.0.0.1") const;
  /// For fetch::Settings::resolve: these names are this site.
  std::vector<std::string> resolve(std::initializer_list<std::string_view> hosts) const;
  std::vector<SiteRequest> requests() const;
  std::size_t requests_for(std::string_view target) const;
  std::size_t connections() const;
  std::size_t most_at_once() const;  ///< requests that were being answered at the same time

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::test
