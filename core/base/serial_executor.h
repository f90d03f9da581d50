#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <type_traits>

#include "core/base/bounded_queue.h"
#include "core/base/result.h"

namespace wm {

/// One thread that runs tasks in the order they were submitted: what only one thread may touch lives behind it, without a lock.
/// submit() and run() from any thread but its own.
class SerialExecutor {
 public:
  SerialExecutor(std::size_t queue_limit, const char* name);
  /// Runs what was submitted, then ends.
  ~SerialExecutor();
  SerialExecutor(const SerialExecutor&) = delete;
  SerialExecutor& operator=(const SerialExecutor&) = delete;

  /// Waits up to `timeout` for room in the queue; false if there was none.
  [[nodiscard]] bool submit(std::function<void()> task, std::chrono::milliseconds timeout = std::chrono::seconds(30));

  /// Runs `f` there and waits for what it returns, a Result; kBusy when the queue has no room for too long.
  template <class F>
  auto run(F f) -> std::invoke_result_t<F> {
    using R = std::invoke_result_t<F>;
    auto promise = std::make_shared<std::promise<R>>();
    auto future = promise->get_future();
    if (!submit([promise, f = std::move(f)]() mutable { promise->set_value(f()); })) {
      return fail(Error::Code::kBusy, "too many writes are waiting; try again");
    }
    return future.get();
  }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm
