#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/mutex.h"
#include "core/base/time14.h"
#include "replay/replay.h"
#include "server/proxy/proxy_server.h"

namespace wm::proxy {

/// The web as it was: answers a browser that goes through the proxy with captures, unrewritten,
/// under their own addresses. The time is that of the request's Accept-Datetime, else the one
/// chosen at http://waymark.invalid/ (for all clients, until the end of the program), else the
/// setting's, else now. What is not archived is a 404: there is no live web behind it. Methods from
/// many threads.
class PastWeb {
 public:
  struct Options {
    std::string collection = "web";
    std::optional<Time14> time;
    std::string replay_origin;  ///< as it goes into Link and Content-Location
    std::string certificate_pem;
  };
  /// `replay` outlives it.
  PastWeb(const replay::Replay& replay, Options options);
  server::Response handle(const ProxiedRequest& asked);

 private:
  server::Response control(const ProxiedRequest& asked);
  server::Response control_page(std::string_view note) const;
  server::Response choose_time(const ProxiedRequest& asked);
  std::optional<Time14> chosen() const WM_EXCLUDES(mutex_);

  const replay::Replay& replay_;
  const Options options_;
  const std::string
      form_key_;  ///< proves that the form was ours: archived pages can post, but not read it
  mutable Mutex mutex_;
  std::optional<Time14> time_ WM_GUARDED_BY(mutex_);
};

}  // namespace wm::proxy
