#pragma once

#include <atomic>
#include <memory>
#include <span>

#include "server/http/answer.h"
#include "server/http/connection.h"
#include "server/http/dispatcher.h"
#include "server/http/server.h"

namespace wm::server {

/// What all reactors of one server share, with the jobs that work for them: options, the handler,
/// counters. Any thread.
class Service {
 public:
  Service(const ListenOptions& options, ThreadPool& pool, Handler handler);

  /// Calls the handler; what it throws becomes a 500.
  Answer serve(Incoming& incoming) noexcept;
  /// 503 with Retry-After for a request that nobody has time for.
  Answer busy(const AnswerFrame& frame);
  bool submit(Dispatcher::Job job) { return dispatcher_->submit({&job, 1}) == 1; }
  /// The first of `jobs`, as many as there is room for; how many that were.
  std::size_t submit_all(std::span<Dispatcher::Job> jobs) { return dispatcher_->submit(jobs); }

  const ListenOptions& options() const { return options_; }
  const ConnectionOptions& connection_options() const { return connection_options_; }
  ByteBudget& budget() { return budget_; }

  /// Counts a connection; false when it is one too many (it is counted all the same).
  bool connection_opened();
  void connection_closed();
  std::size_t connections() const { return connections_.load(); }
  /// Waits until there is none.
  bool wait_for_none(std::chrono::milliseconds timeout);

  void drain() { draining_.store(true); }
  bool draining() const { return draining_.load(); }
  void stop();
  bool stopped() const { return stopped_.load(); }

 private:
  Response call(const Request& request);

  const ListenOptions options_;
  const ConnectionOptions connection_options_;
  const Handler handler_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  ByteBudget budget_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> draining_{false};
  std::atomic<bool> stopped_{false};
  Mutex mutex_;  // for none_ alone
  CondVar none_;
};

}  // namespace wm::server
