#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "indexer/store/store.h"
#include "server/schedules/schedule.h"

namespace wm::schedules {

/// What a scheduler needs of the others.
class Archive {
 public:
  virtual ~Archive() = default;
  /// The links that are meant now, at most `most`. kNotFound: the link is no more. On the
  /// scheduler's thread, as is queue().
  virtual Result<std::vector<std::uint64_t>> links_of(Schedule::Of of, const std::string& what,
                                                      std::size_t most) = 0;
  /// Queues a capture of one; kNotFound if it is no more, kBusy if too many wait.
  virtual Result<> queue(std::uint64_t link_id) = 0;
};

/// The persisted schedules, and the thread that queues what is due. Methods from any thread.
class Scheduler {
 public:
  using Now = std::function<std::chrono::sys_seconds()>;
  /// References outlive it. `now` is for tests.
  Scheduler(store::Store& store, Archive& archive, Now now = {});
  ~Scheduler();  ///< stop()
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Reads what is stored and starts the thread.
  Result<> start();
  void stop();

  /// kInvalid: no such recurrence; kTooLarge: there are 10000 schedules.
  Result<Schedule> add(std::string_view when, Schedule::Of of, std::string_view what);
  /// kNotFound.
  Result<> remove(std::uint64_t id);
  /// Makes it due. kNotFound.
  Result<Schedule> run_now(std::uint64_t id);
  /// By id.
  std::vector<Schedule> list() const;
  std::optional<Schedule> get(std::uint64_t id) const;

  /// Queues all that is due now; what the thread does, and tests.
  void run_due();

 private:
  void work(const std::stop_token& stop);
  void run(Schedule schedule);
  Result<> persist(const Schedule& schedule);

  store::Store& store_;
  Archive& archive_;
  const Now now_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::map<std::uint64_t, Schedule> schedules_ WM_GUARDED_BY(mutex_);
  bool woken_ WM_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace wm::schedules
