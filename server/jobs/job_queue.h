#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "indexer/store/store.h"
#include "server/jobs/job.h"

namespace wm::jobs {

struct QueueSettings {
  std::size_t workers = 4;
  std::size_t waiting_limit = 100000;
  unsigned attempts = 3;                     ///< runs of one job at most, when its error may pass (network, time-out)
  std::chrono::milliseconds retry_after{5000};  ///< doubled with each attempt
  std::size_t per_host = 1;                  ///< captures of one host at the same time
  std::chrono::milliseconds host_pause{1000};    ///< between the end of one and the start of the next capture of a host
};

/// Runs one kind of job. On a worker thread; must come back soon once `stop` is requested. `progress` takes JSON.
class Runner {
 public:
  virtual ~Runner() = default;
  /// The job's result as JSON.
  virtual Result<std::string> run(const Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) = 0;
  /// Can a later attempt go better after this error?
  virtual bool may_pass(const Error& error) const = 0;
};

/// The persisted job queue: first come, first served, save for hosts that must wait. A job is durable when add() returns; one that a
/// crash or shutdown interrupted is queued again at the next start. Methods from any thread.
class JobQueue {
 public:
  /// `changed` is told of each new state and progress, outside the lock, on the thread that caused it.
  JobQueue(store::Store& store, QueueSettings settings, std::function<void(const Job&)> changed);
  /// stop()s.
  ~JobQueue();

  void set_runner(std::string kind, Runner& runner);
  /// Takes up what earlier runs left, oldest first, and starts the workers.
  Result<> start();
  /// Interrupts running jobs (they go back to the queue) and waits for the workers.
  void stop();

  /// kBusy when too many wait. A capture of a URL that is queued already is not queued twice: gives that job.
  Result<Job> add(Job job);
  /// Queued: cancelled at once. Running: told to stop. kNotFound; kConflict when it is over.
  Result<Job> cancel(std::uint64_t id);

  Result<std::optional<Job>> get(std::uint64_t id) const;
  /// Newest first; `state` narrows.
  Result<std::vector<Job>> list(std::optional<State> state, std::size_t limit, std::size_t offset) const;
  /// The newest job of a link.
  Result<std::optional<Job>> latest_of_link(std::uint64_t link_id) const;
  /// Waits until the job is over or `timeout`; the job as it is then.
  Result<Job> wait(std::uint64_t id, std::chrono::milliseconds timeout) const;

  struct Counts {
    std::size_t queued = 0;
    std::size_t running = 0;
  };
  Counts counts() const;

 private:
  struct Active {
    Job job;
    std::string host;
    std::stop_source stop;
    bool cancelled = false;
  };
  struct HostUse {
    std::size_t running = 0;
    std::chrono::steady_clock::time_point free_at{};
  };

  void work(std::stop_token stop);
  std::shared_ptr<Active> take_next(std::chrono::milliseconds& wait) WM_REQUIRES(mutex_);
  void run(const std::shared_ptr<Active>& active);
  void finish(const std::shared_ptr<Active>& active, Result<std::string> outcome);
  Result<> persist(const Job& job);
  void told(const Job& job) const;

  store::Store& store_;
  const QueueSettings settings_;
  const std::function<void(const Job&)> changed_;
  std::map<std::string, Runner*, std::less<>> runners_;  // constant after start()

  mutable Mutex mutex_;
  mutable CondVar moved_;  // a job was added, moved on or ended
  std::map<std::uint64_t, std::shared_ptr<Active>> queued_ WM_GUARDED_BY(mutex_);
  std::map<std::uint64_t, std::shared_ptr<Active>> running_ WM_GUARDED_BY(mutex_);
  std::map<std::string, HostUse, std::less<>> hosts_ WM_GUARDED_BY(mutex_);
  bool stopping_ WM_GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> workers_;
};

}  // namespace wm::jobs
