#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace wm {

/// A fixed number of threads over a bounded queue of tasks. submit() from any thread.
class ThreadPool {
 public:
  ThreadPool(std::size_t threads, std::size_t queue_limit, const char* name);
  /// Waits for running tasks; drops what still waits.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// False when the queue is full: the caller answers 503 or tries later. A task that throws ends the process.
  [[nodiscard]] bool submit(std::function<void()> task);
  std::size_t waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm
