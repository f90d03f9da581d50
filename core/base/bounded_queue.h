#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "core/base/mutex.h"

namespace wm {

/// A queue between threads that holds at most `limit` values. All methods from any thread.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t limit) : limit_(limit) {}

  /// Waits for room; false when closed or after `timeout`.
  template <class Duration>
  bool push(T value, Duration timeout) {
    {
      MutexLock lock(mutex_);
      const bool room = not_full_.wait_for(mutex_, timeout, [this]() WM_REQUIRES(mutex_) {
        return closed_ || values_.size() < limit_;
      });
      if (!room || closed_) return false;
      values_.push_back(std::move(value));
    }
    not_empty_.notify_one();
    return true;
  }

  /// Waits for a value; nullopt after `timeout`, or when closed and empty.
  template <class Duration>
  std::optional<T> pop(Duration timeout) {
    std::optional<T> value;
    {
      MutexLock lock(mutex_);
      not_empty_.wait_for(mutex_, timeout, [this]() WM_REQUIRES(mutex_) { return closed_ || !values_.empty(); });
      if (values_.empty()) return std::nullopt;
      value.emplace(std::move(values_.front()));
      values_.pop_front();
    }
    not_full_.notify_one();
    return value;
  }

  /// No value goes in any more; what is in comes out.
  void close() {
    {
      MutexLock lock(mutex_);
      closed_ = true;
    }
    not_empty_.notify_all();
    not_full_.notify_all();
  }

  bool closed() const {
    MutexLock lock(mutex_);
    return closed_;
  }

 private:
  const std::size_t limit_;
  mutable Mutex mutex_;
  CondVar not_empty_;
  CondVar not_full_;
  std::deque<T> values_ WM_GUARDED_BY(mutex_);
  bool closed_ WM_GUARDED_BY(mutex_) = false;
};

}  // namespace wm
