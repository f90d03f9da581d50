#include "core/base/serial_executor.h"

#include <pthread.h>

#include <thread>

namespace wm {

struct SerialExecutor::State {
  explicit State(std::size_t limit) : tasks(limit) {}
  BoundedQueue<std::function<void()>> tasks;
  std::thread thread;

  void work() {
    for (;;) {
      auto task = tasks.pop(std::chrono::seconds(10));
      if (task) {
        (*task)();
      } else if (tasks.closed()) {
        return;
      }
    }
  }
};

SerialExecutor::SerialExecutor(std::size_t queue_limit, const char* name) : state_(std::make_unique<State>(queue_limit)) {
  state_->thread = std::thread([state = state_.get()] { state->work(); });
  pthread_setname_np(state_->thread.native_handle(), name);
}

SerialExecutor::~SerialExecutor() {
  state_->tasks.close();
  state_->thread.join();
}

bool SerialExecutor::submit(std::function<void()> task, std::chrono::milliseconds timeout) {
  return state_->tasks.push(std::move(task), timeout);
}

}  // namespace wm
