#include "core/base/thread_pool.h"

#include <pthread.h>

#include <deque>
#include <thread>
#include <vector>

#include "core/base/mutex.h"

namespace wm {

struct ThreadPool::State {
  explicit State(std::size_t limit) : queue_limit(limit) {}
  const std::size_t queue_limit;
  mutable Mutex mutex;
  CondVar ready;
  std::deque<std::function<void()>> tasks WM_GUARDED_BY(mutex);
  bool stopping WM_GUARDED_BY(mutex) = false;
  std::vector<std::thread> threads;

  void work() {
    for (;;) {
      std::function<void()> task;
      {
        MutexLock lock(mutex);
        ready.wait_for(mutex, std::chrono::seconds(10), [this]() WM_REQUIRES(mutex) { return stopping || !tasks.empty(); });
        if (stopping) return;
        if (tasks.empty()) continue;
        task = std::move(tasks.front());
        tasks.pop_front();
      }
      task();
    }
  }
};

ThreadPool::ThreadPool(std::size_t threads, std::size_t queue_limit, const char* name)
    : state_(std::make_unique<State>(queue_limit)) {
  for (std::size_t i = 0; i < threads; ++i) {
    state_->threads.emplace_back([state = state_.get()] { state->work(); });
    pthread_setname_np(state_->threads.back().native_handle(), name);
  }
}

ThreadPool::~ThreadPool() {
  std::deque<std::function<void()>> dropped;  // tasks may own what must not die under the lock
  {
    MutexLock lock(state_->mutex);
    state_->stopping = true;
    dropped.swap(state_->tasks);
  }
  state_->ready.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

bool ThreadPool::submit(std::function<void()> task) {
  {
    MutexLock lock(state_->mutex);
    if (state_->stopping || state_->tasks.size() >= state_->queue_limit) return false;
    state_->tasks.push_back(std::move(task));
  }
  state_->ready.notify_one();
  return true;
}

std::size_t ThreadPool::waiting() const {
  MutexLock lock(state_->mutex);
  return state_->tasks.size();
}

}  // namespace wm
