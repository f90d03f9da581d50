#include "server/proxy/proxy_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "server/proxy/session.h"

namespace wm::proxy {

using namespace std::chrono_literals;

namespace {

/// A proxy that says which address was asked for.
struct Fixture {
  std::unique_ptr<tls::CertificateAuthority> authority =
      tls::CertificateAuthority::create("test").value();
  bool open = true;
  std::unique_ptr<ProxyServer> server = make({});

  std::unique_ptr<ProxyServer> make(ProxyOptions options) {
    options.timeout = 5s;
    return ProxyServer::start(
               options, *authority,
               [this](std::string_view authorization) {
                 return open || authorization == "Basic good";
               },
               [](const ProxiedRequest& asked) {
                 return server::Response::text(
                     200, asked.request.head.method + " " + asked.url + " " + asked.request.body);
               })
        .value();
  }

  int connect(std::uint16_t port) const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval wait{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    return fd;
  }
  int connect() const { return connect(server->port()); }
};

void send_all(int fd, std::string_view bytes) {
  BOOST_REQUIRE(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
}

/// Until the client has seen `end`, or the connection has ended.
std::string read_until(int fd, std::string_view end) {
  std::string got;
  char buffer[4096];
  while (got.find(end) == std::string::npos) {
    const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
    if (count <= 0) break;
    got.append(buffer, static_cast<std::size_t>(count));
  }
  return got;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct AuthorityRow {
  const char* text;
  const char* host;  // nullptr: none
  int port;
};
std::ostream& operator<<(std::ostream& out, const AuthorityRow& row) {
  return out << row.text;
}
const AuthorityRow kAuthorities[] = {
    {"a.example:443", "a.example", 443},
    {"a.example", "a.example", 80},
    {"a.example:", "a.example", 80},
    {"[::1]:8443", "::1", 8443},
    {"[::1]", "::1", 80},
    {"a.example:0", nullptr, 0},
    {"a.example:65536", nullptr, 0},
    {"a.example:x", nullptr, 0},
    {"", nullptr, 0},
    {":443", nullptr, 0},
    {"a b:443", nullptr, 0},
    {"user@a.example:443", nullptr, 0},
    {"a.example/x:443", nullptr, 0},
    {"a.example?x", nullptr, 0},
};

}  // namespace

BOOST_DATA_TEST_CASE(hosts_are_told_from_nonsense, boost::unit_test::data::make(kAuthorities),
                     row) {
  const auto parsed = parse_authority(row.text, 80);
  BOOST_REQUIRE(parsed.has_value() == (row.host != nullptr));
  if (!parsed) return;
  BOOST_TEST(parsed->host == row.host);
  BOOST_TEST(parsed->port == row.port);
}

BOOST_FIXTURE_TEST_CASE(plain_requests_are_answered_one_after_another, Fixture) {
  const int fd = connect();
  send_all(
      fd,
      "GET http://a.example/x?y=1 HTTP/1.1\r\nHost: b.example\r\n\r\nPOST http://a.example:8000/ "
      "HTTP/1.1\r\nHost: a.example:8000\r\nContent-Length: 2\r\n\r\nhi");
  const std::string got = read_until(fd, "hi");
  BOOST_TEST(has(got, "GET http://a.example/x?y=1 "));
  BOOST_TEST(has(got, "POST http://a.example:8000/ hi"));
  ::close(fd);
}

BOOST_FIXTURE_TEST_CASE(behind_connect_it_is_the_https_server_of_any_host, Fixture) {
  const int fd = connect();
  send_all(fd, "CONNECT lake.example:443 HTTP/1.1\r\nHost: lake.example:443\r\n\r\n");
  BOOST_TEST(has(read_until(fd, "\r\n\r\n"), " 200 "));
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  const std::string pem = authority->certificate_pem();
  BIO* text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* trusted = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  BIO_free(text);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted);
  X509_free(trusted);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL* ssl = SSL_new(context);
  SSL_set1_host(ssl, "lake.example");
  SSL_set_fd(ssl, fd);
  BOOST_REQUIRE(SSL_connect(ssl) == 1);
  const std::string request = "GET /page HTTP/1.1\r\nHost: lake.example\r\n\r\n";
  BOOST_REQUIRE(SSL_write(ssl, request.data(), static_cast<int>(request.size())) > 0);
  std::string got;
  char buffer[4096];
  while (!has(got, "/page")) {
    const int count = SSL_read(ssl, buffer, sizeof buffer);
    if (count <= 0) break;
    got.append(buffer, static_cast<std::size_t>(count));
  }
  BOOST_TEST(has(got, "GET https://lake.example/page "));
  SSL_free(ssl);
  SSL_CTX_free(context);
  ::close(fd);
}

BOOST_FIXTURE_TEST_CASE(behind_connect_there_may_be_http_in_the_clear, Fixture) {
  const int fd = connect();
  send_all(fd, "CONNECT a.example:8080 HTTP/1.1\r\nHost: a.example:8080\r\n\r\n");
  read_until(fd, "\r\n\r\n");
  send_all(fd, "GET /ws HTTP/1.1\r\nHost: a.example:8080\r\nUpgrade: websocket\r\n\r\n");
  BOOST_TEST(has(read_until(fd, "/ws"), "GET http://a.example:8080/ws "));
  ::close(fd);
}

BOOST_FIXTURE_TEST_CASE(who_may_not_is_told_so_and_reaches_nothing, Fixture) {
  open = false;
  for (const std::string_view request :
       {"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"}) {
    const int fd = connect();
    send_all(fd, request);
    const std::string got = read_until(fd, "as password.\n");
    BOOST_TEST(has(got, " 407 "));
    BOOST_TEST(has(got, "Proxy-Authenticate: Basic"));
    BOOST_TEST(!has(got, "GET http"));
    ::close(fd);
  }
  const int fd = connect();
  send_all(fd,
           "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nProxy-Authorization: Basic "
           "good\r\n\r\n");
  BOOST_TEST(has(read_until(fd, "a.example/"), " 200 "));
  ::close(fd);
}

BOOST_FIXTURE_TEST_CASE(nonsense_ends_the_connection_and_nothing_else, Fixture) {
  for (const std::string& nonsense :
       {std::string("\x16\x03\x01 hello over here\r\n\r\n"),
        std::string("CONNECT nowhere HTTP/9\r\n\r\n"),
        std::string("CONNECT a b:1 HTTP/1.1\r\nHost: x\r\n\r\n"),
        std::string("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\nearly"),
        std::string(200'000, 'x')}) {
    const int fd = connect();
    ::send(fd, nonsense.data(), nonsense.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
    BOOST_TEST(!has(read_until(fd, "GET http"), "GET http"));
    ::close(fd);
  }
  const int fd = connect();
  send_all(fd, "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
  BOOST_TEST(has(read_until(fd, "a.example/"), " 200 "));
  ::close(fd);
}

BOOST_FIXTURE_TEST_CASE(one_connection_too_many_is_closed, Fixture) {
  const auto small = make({.connections = 1});
  const int first = connect(small->port());
  send_all(first, "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
  BOOST_TEST(has(read_until(first, "a.example/"), " 200 "));
  const int second = connect(small->port());
  BOOST_TEST(read_until(second, "never").empty());
  ::close(first);
  ::close(second);
}

BOOST_FIXTURE_TEST_CASE(the_end_does_not_wait_for_idle_clients, Fixture) {
  const int fd = connect();
  send_all(fd, "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
  read_until(fd, "a.example/");
  const auto began = std::chrono::steady_clock::now();
  server.reset();
  BOOST_TEST((std::chrono::steady_clock::now() - began < 4s));
  ::close(fd);
}

}  // namespace wm::proxy
