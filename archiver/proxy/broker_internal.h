#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "archiver/crawl/politeness.h"
#include "archiver/fetch/fetcher.h"
#include "archiver/proxy/answer_internal.h"
#include "archiver/proxy/recording_proxy.h"
#include "archiver/proxy/relay_internal.h"
#include "archiver/proxy/settings.h"

namespace wm::proxy {

/// Between sessions and the web: judges what is asked, has it fetched, feeds the answers, and tells
/// the sink what came of it. On the proxy's thread.
class Broker final : public Desk, private fetch::Observer {
 public:
  using Clock = std::chrono::steady_clock;
  /// References outlive it. `own_ports` are added to the settings' ones.
  static Result<std::unique_ptr<Broker>> create(const Settings& settings,
                                                std::shared_ptr<const fetch::TrustStore> trust,
                                                ExchangeSink& sink);
  ~Broker() override;

  std::shared_ptr<Answer> ask(Asked asked) override;
  Result<> may_tunnel(const std::string& origin) override;
  Result<std::unique_ptr<Session>> open_websocket(const std::string& url,
                                                  const http::RequestHead& head,
                                                  std::function<void()> wake) override;
  bool admit_upload(std::size_t bytes) override;
  void missed(const std::string& url, const std::string& reason) override;

  void also_fetch(fetch::Request request, std::string resource_type);
  /// A round of the loop: waits for the web, or for `also` to be readable, and deals with what
  /// came.
  void run(std::chrono::milliseconds wait, int also);
  void wake() noexcept { fetcher_->wake(); }
  void add_own_port(std::uint16_t port) { fetcher_->add_own_port(port); }
  /// Watches the sockets of WebSockets: `watch(socket, connection, send, receive)` before each
  /// wait, and relay_ready() when one has something.
  void watch_relays(const std::function<void(int, std::uint64_t, bool, bool)>& watch) const;
  void relay_ready(std::uint64_t connection);

  /// Takes no further questions.
  void end_asking() { asking_ = false; }
  bool done() const { return pending_.empty(); }
  /// Cuts everything.
  void expire();
  Activity activity() const;

 private:
  struct Pending;
  explicit Broker(const Settings& settings, ExchangeSink& sink);

  void on_interim(std::uint64_t id, const http::ResponseHead& head) override;
  void on_head(std::uint64_t id, const http::ResponseHead& head,
               const std::shared_ptr<const fetch::Spool>& body) override;
  void on_body(std::uint64_t id) override;
  void on_connected(std::uint64_t id, Result<> outcome) override;

  /// Why it may not be fetched; nullopt if it may.
  std::optional<Error> objection(const std::string& url) const;
  Pending& add(Asked asked, Asker asker);
  void start_waiting(Clock::time_point now);
  void start(Pending& pending);
  void take(fetch::Fetcher::Finished finished);
  void settle(Pending& pending);
  void tick(Clock::time_point now);
  void limit(Pending& pending, Clock::time_point now);
  void copy_whole(const Pending& pending);
  void report(Pending& pending);
  void free_slot(Pending& pending);
  void refuse_with(Answer& answer, const Error& error) const;
  Pending* by_transfer(std::uint64_t id);

  const Settings& settings_;
  ExchangeSink& sink_;
  std::unique_ptr<fetch::Fetcher> fetcher_;
  crawl::Politeness politeness_;
  std::map<std::uint64_t, std::unique_ptr<Pending>> pending_;  ///< by serial number
  std::deque<std::uint64_t> waiting_;                          ///< serials, first come first served
  std::unordered_map<std::uint64_t, Pending*> transfers_;      ///< by the Fetcher's number
  std::unordered_map<std::uint64_t, Relay*> relays_;           ///< by the Fetcher's number
  std::vector<std::pair<std::uint64_t, Result<>>> connected_;  ///< heard of within run()
  std::unordered_set<std::string> whole_;          ///< URLs asked for by GET without a range
  std::unordered_set<std::string> ended_streams_;  ///< event streams that were ended
  std::uint64_t last_serial_ = 0;
  std::size_t asked_ = 0;
  std::size_t copies_ = 0;
  std::uint64_t uploaded_ = 0;
  bool asking_ = true;
  Clock::time_point last_activity_ = Clock::now();
};

}  // namespace wm::proxy
