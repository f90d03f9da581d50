#include "tests/support/nginx.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/support/test_support.h"

namespace wm::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  in.sin_port = htons(port);
  return in;
}

/// A port that was free a moment ago; start() tries again when somebody else was faster.
std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in in = loopback(0);
  socklen_t size = sizeof in;
  auto* any = reinterpret_cast<sockaddr*>(&in);
  const bool bound = ::bind(fd, any, size) == 0 && ::getsockname(fd, any, &size) == 0;
  ::close(fd);
  return bound ? ntohs(in.sin_port) : std::uint16_t{0};
}

bool accepts(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in in = loopback(port);
  const bool connected = ::connect(fd, reinterpret_cast<sockaddr*>(&in), sizeof in) == 0;
  ::close(fd);
  return connected;
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

constexpr const char* kProgram = "/usr/sbin/nginx";

}  // namespace

std::unique_ptr<Nginx> Nginx::start(const std::filesystem::path& root, const std::string& host) {
  if (::access(kProgram, X_OK) != 0) {
    BOOST_TEST_MESSAGE("skipped: nginx is not installed");
    return nullptr;
  }
  for (int attempt = 0; attempt < 5; ++attempt) {
    std::unique_ptr<Nginx> server(new Nginx(temp_dir()));
    server->write_files(root, host);
    if (server->spawn()) return server;
  }
  BOOST_FAIL("nginx does not start");
  return nullptr;
}

void Nginx::write_files(const std::filesystem::path& root, const std::string& host) {
  const auto& folder = folder_.path();
  tls_port_ = free_port();
  plain_port_ = free_port();
  const TestCa ca;
  write_text(folder / "ca.pem", ca.certificate_pem());
  write_text(folder / "leaf.pem", ca.leaf_pem(host));
  write_text(folder / "key.pem", ca.key_pem());
  const std::string config =
      "daemon off; master_process off; worker_processes 1; pid " + (folder / "pid").string() +
      ";\n"
      "error_log " +
      (folder / "error.log").string() +
      ";\n"
      "events { worker_connections 512; }\n"
      "http {\n access_log off; sendfile on; keepalive_requests 100000;\n"
      " client_body_temp_path " +
      folder.string() + "; proxy_temp_path " + folder.string() + "; fastcgi_temp_path " +
      folder.string() + "; uwsgi_temp_path " + folder.string() + "; scgi_temp_path " +
      folder.string() +
      ";\n"
      " types { text/html html; text/css css; application/javascript js; image/png png; "
      "image/svg+xml svg; }\n"
      " gzip on; gzip_types text/css application/javascript; gzip_min_length 100;\n"
      " server {\n  listen 127.0.0.1:" +
      std::to_string(plain_port_) +
      ";\n"
      "  listen 127.0.0.1:" +
      std::to_string(tls_port_) +
      " ssl http2;\n"
      "  ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate " +
      (folder / "leaf.pem").string() + "; ssl_certificate_key " + (folder / "key.pem").string() +
      ";\n"
      "  root " +
      root.string() + ";\n }\n}\n";
  write_text(folder / "nginx.conf", config);
}

bool Nginx::spawn() {
  const std::string config = (folder_.path() / "nginx.conf").string();
  const std::string prefix = folder_.path().string();
  const std::string errors = (folder_.path() / "error.log").string();
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    const int log = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log >= 0) ::dup2(log, 2);
    if (::getppid() != parent) ::_exit(1);
    ::execl(kProgram, kProgram, "-p", prefix.c_str(), "-c", config.c_str(),
            static_cast<char*>(nullptr));
    ::_exit(127);
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < until) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return false;
    }
    if (accepts(tls_port_) && accepts(plain_port_)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  stop();
  return false;
}

void Nginx::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
}

Nginx::~Nginx() {
  stop();
}

}  // namespace wm::test
