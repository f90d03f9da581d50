#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace wm::test {

/// Plays a WARC file as if it were the live web: an HTTP forward proxy that answers absolute-form
/// requests and CONNECT (TLS with a certificate minted for the host) from the file's response
/// records, with their stored heads and bodies re-framed by Content-Length. A URL the file does not
/// hold is a 404 with the field "X-Warc-Origin: missing". Serves from its own threads.
class WarcOrigin {
 public:
  /// Reads the file and listens on a free loopback port. Asked URLs go to `log` too, one a line, if
  /// it is not empty.
  static Result<std::unique_ptr<WarcOrigin>> start(const std::vector<std::filesystem::path>& warcs,
                                                   const std::filesystem::path& log = {});
  ~WarcOrigin();
  WarcOrigin(const WarcOrigin&) = delete;
  WarcOrigin& operator=(const WarcOrigin&) = delete;

  std::uint16_t port() const;
  std::string ca_pem() const;
  /// What the proxy answers for a URL: exactly this one, or this one by the other scheme.
  struct Held {
    std::string url;  ///< as recorded
    int status;
    std::string mime;
    std::string payload_digest;  ///< of the bytes that are played
  };
  std::optional<Held> find(std::string_view url) const;
  /// URLs of the file in its order.
  std::vector<std::string> urls() const;
  std::vector<std::string> asked() const;

 private:
  struct State;
  explicit WarcOrigin(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::test
