#pragma once

#include <condition_variable>
#include <mutex>

// clang's -Wthread-safety proves the locking; g++ sees nothing.
#if defined(__clang__)
#define WM_TS(x) __attribute__((x))
#else
#define WM_TS(x)
#endif
#define WM_GUARDED_BY(m) WM_TS(guarded_by(m))
#define WM_REQUIRES(...) WM_TS(requires_capability(__VA_ARGS__))
#define WM_EXCLUDES(...) WM_TS(locks_excluded(__VA_ARGS__))

namespace wm {

class WM_TS(capability("mutex")) Mutex {
 public:
  void lock() WM_TS(acquire_capability()) { mutex_.lock(); }
  void unlock() WM_TS(release_capability()) { mutex_.unlock(); }
  bool try_lock() WM_TS(try_acquire_capability(true)) { return mutex_.try_lock(); }

 private:
  std::mutex mutex_;
};

class WM_TS(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) WM_TS(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() WM_TS(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

/// Waits on a Mutex that the caller holds. Every wait has a timeout.
class CondVar {
 public:
  template <class Duration, class Predicate>
  bool wait_for(Mutex& mutex, Duration timeout, Predicate done) WM_REQUIRES(mutex) {
    return condition_.wait_for(mutex, timeout, done);
  }
  void notify_one() noexcept { condition_.notify_one(); }
  void notify_all() noexcept { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace wm
