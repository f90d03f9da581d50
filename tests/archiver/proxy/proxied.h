#pragma once

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "archiver/proxy/recording_proxy.h"
#include "core/tls/certificate_authority.h"
#include "tests/support/http_client.h"
#include "tests/support/test_site.h"
#include "tests/support/test_support.h"

namespace wm::test {

/// The authority of all tests' proxies.
const tls::CertificateAuthority& proxy_authority();

/// What a proxy told.
class SeenByProxy final : public proxy::ExchangeSink {
 public:
  struct One {
    fetch::Exchange exchange;
    proxy::Facts facts;
  };
  void on_exchange(fetch::Exchange exchange, const proxy::Facts& facts) override;
  void on_missed(const std::string& url, const std::string& reason) override;
  void on_websocket(const proxy::WebSocketSeen& seen) override;

  std::vector<One> exchanges() const;
  std::vector<One> of(std::string_view url) const;
  /// The reasons given for a URL, one a line.
  std::string missed(std::string_view url) const;
  std::size_t missed_count() const;
  std::vector<proxy::WebSocketSeen> websockets() const;

 private:
  mutable std::mutex mutex_;
  std::vector<One> exchanges_;
  std::vector<std::pair<std::string, std::string>> missed_;
  std::vector<proxy::WebSocketSeen> websockets_;
};

/// A proxy on a loopback port.
class Proxied {
 public:
  /// Settings under which `site` answers to "a.test" and "b.test".
  static proxy::Settings settings_for(const TestSite& site);
  explicit Proxied(const proxy::Settings& settings);
  ~Proxied() { proxy->close(); }

  HttpClient connect() const { return HttpClient::connect(port).value(); }
  /// One request of a connection of its own.
  ClientResponse get(const std::string& url, http::Headers headers = {}) const;
  /// A connection into a tunnel.
  HttpClient tunnel(const std::string& host_and_port) const;
  /// Lets the browser's part end and waits for the rest.
  void drain(std::chrono::seconds patience = std::chrono::seconds(20));

  struct Curl {
    int exit = -1;
    std::string out;
  };
  /// Debian's curl through the proxy, trusting its authority. Its arguments as a shell takes them.
  Curl curl(const std::string& arguments) const;

  SeenByProxy seen;
  std::unique_ptr<proxy::RecordingProxy> proxy;
  std::uint16_t port = 0;

 private:
  TempDir folder_ = temp_dir();
};

std::string body_of(const fetch::Exchange& exchange);
/// Waits until `condition` holds; the test ends if it does not within a generous time.
void wait_until(const std::function<bool()>& condition, const char* what);
std::string get_request(const std::string& url, const std::string& fields = "");

}  // namespace wm::test
