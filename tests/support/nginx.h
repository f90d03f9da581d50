#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/file.h"
#include "tests/support/test_ca.h"

namespace wm::test {

/// Debian's nginx with HTTP/2 over TLS and plain HTTP on free loopback ports, serving a folder;
/// ended with the object.
class Nginx {
 public:
  /// nullopt with a message where nginx is not installed. `root` must outlive it; `host` is the
  /// name its certificate has.
  static std::unique_ptr<Nginx> start(const std::filesystem::path& root, const std::string& host);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::uint16_t tls_port() const { return tls_port_; }
  std::uint16_t plain_port() const { return plain_port_; }
  std::filesystem::path ca_file() const { return folder_.path() / "ca.pem"; }

 private:
  explicit Nginx(TempDir folder) : folder_(std::move(folder)) {}
  void write_files(const std::filesystem::path& root, const std::string& host);
  bool spawn();
  void stop();

  TempDir folder_;
  std::uint16_t tls_port_ = 0;
  std::uint16_t plain_port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace wm::test
