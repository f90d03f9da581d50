#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "archiver/browser/devtools_client.h"
#include "archiver/browser/settings.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/tls/certificate_authority.h"

namespace wm::browser {

/// One capture's place in a running browser: a port of its own to reach the world by. Given back
/// with the object. One thread.
class BrowserLease {
 public:
  virtual ~BrowserLease() = default;
  virtual DevtoolsClient& client() = 0;
  /// A duplicate of the listening socket behind `port`.
  virtual Result<UniqueFd> listener() = 0;
  virtual std::uint16_t port() const = 0;  ///< on 127.0.0.1, as the browser sees it
  virtual const tls::CertificateAuthority& authority() const = 0;
  /// What the browser would say of itself, without "Headless".
  virtual const std::string& user_agent() const = 0;
  virtual bool isolated() const = 0;
  virtual bool running() const = 0;
  virtual bool ended_for_memory() const = 0;
  /// What it said last on standard error, for a message.
  virtual std::string last_words() const = 0;
  /// Something went wrong that a browser should not be trusted after: it takes no new capture.
  virtual void retire() noexcept = 0;
};

/// The browsers that captures share: one that takes new captures, up to `contexts` at a time, and
/// those that finish their last ones. It is renewed after `recycle_pages` captures and after any
/// anomaly, and ended when nobody has used it for `idle_timeout`. Any thread; leases must not
/// outlive the pool.
class BrowserPool {
 public:
  explicit BrowserPool(Settings settings);
  ~BrowserPool();
  BrowserPool(const BrowserPool&) = delete;
  BrowserPool& operator=(const BrowserPool&) = delete;

  /// Waits for a place. kBusy when stopped; kUnsupported when there is no browser; kIo when it does
  /// not start.
  Result<std::unique_ptr<BrowserLease>> take(std::stop_token stop);
  /// The process of the browser that takes captures; 0 if none runs. For tests and figures.
  pid_t pid() const;
  std::uint64_t most_memory_bytes() const;  ///< that any of its browsers had

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::browser
