#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "archiver/proxy/recording_proxy.h"
#include "core/base/mutex.h"

namespace wm::browser {

/// What the proxy saw, on its way from the proxy's thread to the capture's.
class SeenQueue final : public proxy::ExchangeSink {
 public:
  struct Seen {
    fetch::Exchange exchange;
    proxy::Facts facts;
  };
  struct Missed {
    std::string url;
    std::string reason;
  };
  static constexpr std::size_t kMissedAtMost = 5000;

  void on_exchange(fetch::Exchange exchange, const proxy::Facts& facts) override;
  void on_missed(const std::string& url, const std::string& reason) override;
  void on_websocket(const proxy::WebSocketSeen& seen) override;

  /// The oldest exchange; nullopt if none waits.
  std::optional<Seen> next();
  std::vector<Missed> take_missed();
  std::vector<proxy::WebSocketSeen> take_websockets();

 private:
  Mutex mutex_;
  std::deque<Seen> seen_ WM_GUARDED_BY(mutex_);
  std::vector<Missed> missed_ WM_GUARDED_BY(mutex_);
  std::vector<proxy::WebSocketSeen> websockets_ WM_GUARDED_BY(mutex_);
};

}  // namespace wm::browser
