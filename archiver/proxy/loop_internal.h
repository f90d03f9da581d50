#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "archiver/proxy/broker_internal.h"
#include "archiver/proxy/connection_internal.h"
#include "core/base/mutex.h"

namespace wm::proxy {

/// The proxy's thread: one epoll for the browser's sockets and WebSockets, which the Fetcher's own
/// wait watches as one descriptor.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  Loop(Settings settings, const tls::CertificateAuthority& authority, ExchangeSink& sink);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// kIo; kInvalid as Fetcher::create().
  Result<> start(std::shared_ptr<const fetch::TrustStore> trust);
  /// From other threads.
  void listen(UniqueFd listener, std::uint16_t own_port);
  void also_fetch(fetch::Request request, std::string resource_type);
  Activity activity() const;
  void drain(Clock::time_point deadline);
  void stop();

 private:
  void post(std::function<void()> command);
  void run();
  void round();
  void take_events();
  void take_commands();
  void accept_from(int listener);
  void make_room();
  void flush();
  void watch(std::uint64_t serial, Connection& connection);
  void watch_relays();
  void drop(std::uint64_t serial);
  void drop_overdue(Clock::time_point now);
  void end_browser();
  void publish();

  const Settings settings_;
  const tls::CertificateAuthority& authority_;
  ExchangeSink& sink_;
  UniqueFd epoll_;
  std::unique_ptr<Broker> broker_;
  std::vector<UniqueFd> listeners_;
  std::map<std::uint64_t, std::unique_ptr<Connection>> connections_;  ///< before the broker goes
  std::set<std::uint64_t> dirty_;  ///< connections that may have something to send
  struct Watched {
    int socket;
    std::uint32_t events;
  };
  std::map<std::uint64_t, Watched> relays_;  ///< WebSockets' sockets as epoll knows them
  std::uint64_t last_serial_ = 0;
  Clock::time_point next_check_{};
  std::optional<Clock::time_point> drain_until_;

  mutable Mutex mutex_;
  CondVar changed_;
  std::vector<std::function<void()>> commands_ WM_GUARDED_BY(mutex_);
  Activity activity_ WM_GUARDED_BY(mutex_);
  bool drained_ WM_GUARDED_BY(mutex_) = false;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace wm::proxy
