#include "tests/archiver/proxy/proxied.h"

#include <sys/wait.h>

#include <cstdio>
#include <thread>

namespace wm::test {

const tls::CertificateAuthority& proxy_authority() {
  static const auto authority = tls::CertificateAuthority::create("Waymark test").value();
  return *authority;
}

void SeenByProxy::on_exchange(fetch::Exchange exchange, const proxy::Facts& facts) {
  const std::lock_guard lock(mutex_);
  exchanges_.push_back({std::move(exchange), facts});
}

void SeenByProxy::on_missed(const std::string& url, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  missed_.emplace_back(url, reason);
}

void SeenByProxy::on_websocket(const proxy::WebSocketSeen& seen) {
  const std::lock_guard lock(mutex_);
  websockets_.push_back(seen);
}

std::vector<SeenByProxy::One> SeenByProxy::exchanges() const {
  const std::lock_guard lock(mutex_);
  return exchanges_;
}

std::vector<SeenByProxy::One> SeenByProxy::of(std::string_view url) const {
  std::vector<One> found;
  for (One& one : exchanges()) {
    if (one.exchange.url == url) found.push_back(std::move(one));
  }
  return found;
}

std::string SeenByProxy::missed(std::string_view url) const {
  const std::lock_guard lock(mutex_);
  std::string reasons;
  for (const auto& [missed, reason] : missed_) {
    if (missed == url) reasons += reason + "\n";
  }
  return reasons;
}

std::size_t SeenByProxy::missed_count() const {
  const std::lock_guard lock(mutex_);
  return missed_.size();
}

std::vector<proxy::WebSocketSeen> SeenByProxy::websockets() const {
  const std::lock_guard lock(mutex_);
  return websockets_;
}

proxy::Settings Proxied::settings_for(const TestSite& site) {
  proxy::Settings settings;
  settings.fetch.allow_private = true;
  settings.fetch.resolve = site.resolve({"a.test", "b.test"});
  return settings;
}

Proxied::Proxied(const proxy::Settings& settings) {
  proxy = proxy::RecordingProxy::create(settings,
                                        fetch::TrustStore::load(settings.fetch.ca_file).value(),
                                        proxy_authority(), seen)
              .value();
  port = proxy->listen_on_loopback().value();
}

ClientResponse Proxied::get(const std::string& url, http::Headers headers) const {
  HttpClient client = connect();
  std::string fields;
  for (const http::Header& field : headers) fields += field.name + ": " + field.value + "\r\n";
  BOOST_REQUIRE(client.send(get_request(url, fields)));
  return client.receive().value();
}

HttpClient Proxied::tunnel(const std::string& host_and_port) const {
  HttpClient client = connect();
  BOOST_REQUIRE(
      client.send("CONNECT " + host_and_port + " HTTP/1.1\r\nHost: " + host_and_port + "\r\n\r\n"));
  const auto head = client.receive_head();
  BOOST_REQUIRE(head);
  BOOST_REQUIRE(head->status == 200);
  return client;
}

void Proxied::drain(std::chrono::seconds patience) {
  proxy->drain(std::chrono::steady_clock::now() + patience);
}

Proxied::Curl Proxied::curl(const std::string& arguments) const {
  const auto ca = folder_.path() / "ca.pem";
  BOOST_REQUIRE(replace_file(ca, proxy_authority().certificate_pem()));
  const std::string command =
      "timeout 60 curl --silent --no-progress-meter --proxy http://127.0.0.1:" +
      std::to_string(port) + " --cacert " + ca.string() + " " + arguments;
  std::FILE* pipe = ::popen(command.c_str(), "re");
  BOOST_REQUIRE(pipe != nullptr);
  Curl result;
  char bytes[4096];
  std::size_t got = 0;
  while ((got = std::fread(bytes, 1, sizeof bytes, pipe)) > 0) result.out.append(bytes, got);
  const int status = ::pclose(pipe);
  result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

std::string body_of(const fetch::Exchange& exchange) {
  return read_all(*exchange.body->source(), 256 << 20).value();
}

void wait_until(const std::function<bool()>& condition, const char* what) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < until,
                          "waited in vain until " << what);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::string get_request(const std::string& url, const std::string& fields) {
  const std::size_t host = url.find("//") + 2;
  return "GET " + url + " HTTP/1.1\r\nHost: " + url.substr(host, url.find('/', host) - host) +
         "\r\n" + fields + "\r\n";
}

}  // namespace wm::test
