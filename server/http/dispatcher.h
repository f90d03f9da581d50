#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <span>

#include "core/base/mutex.h"
#include "core/base/thread_pool.h"

namespace wm::server {

/// Jobs of a server on the request pool. A woken thread works through what waits and wakes the next
/// one only if more does, so a burst of requests costs few wake-ups. Shared by the server and the
/// tasks it has in the pool. Any thread.
class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  using Job = std::move_only_function<void()>;
  Dispatcher(ThreadPool& pool, std::size_t limit) : pool_(pool), limit_(limit) {}

  /// Takes the first of `jobs`, as many as there is room for, and says how many: none when the pool
  /// takes nothing and nobody is at work. The others are untouched.
  [[nodiscard]] std::size_t submit(std::span<Job> jobs);
  /// Drops what waits, takes nothing more.
  void stop();

 private:
  /// One more task in the pool, unless one is on its way already.
  bool wake_one() WM_REQUIRES(mutex_);
  bool next(Job& job, bool rest) WM_REQUIRES(mutex_);
  void work();

  ThreadPool& pool_;
  const std::size_t limit_;
  Mutex mutex_;
  std::deque<Job> jobs_ WM_GUARDED_BY(mutex_);
  std::size_t asked_ WM_GUARDED_BY(mutex_) = 0;  ///< tasks in the pool that have not begun
  std::size_t working_ WM_GUARDED_BY(mutex_) = 0;
  bool stopped_ WM_GUARDED_BY(mutex_) = false;
};

}  // namespace wm::server
