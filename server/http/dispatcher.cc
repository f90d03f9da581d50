#include "server/http/dispatcher.h"

#include <algorithm>
#include <utility>

namespace wm::server {

namespace {

/// After so many jobs a task goes to the end of the pool's queue: others use the pool too.
constexpr int kJobsAtATime = 32;

}  // namespace

std::size_t Dispatcher::submit(std::span<Job> jobs) {
  MutexLock lock(mutex_);
  if (jobs.empty() || stopped_ || jobs_.size() >= limit_) return 0;
  if (!wake_one() && working_ == 0) return 0;
  const std::size_t count = std::min(jobs.size(), limit_ - jobs_.size());
  for (Job& job : jobs.first(count)) jobs_.push_back(std::move(job));
  return count;
}

// The pool takes its own lock within ours, and calls nothing.
bool Dispatcher::wake_one() {
  if (asked_ > 0) return true;  // it wakes the next itself
  if (!pool_.submit([self = shared_from_this()] { self->work(); })) return false;
  ++asked_;
  return true;
}

/// The next job for a task that is at work; false: it is to end.
bool Dispatcher::next(Job& job, bool rest) {
  if (!jobs_.empty() && rest && wake_one()) return false;
  if (jobs_.empty()) return false;
  job = std::move(jobs_.front());
  jobs_.pop_front();
  if (!jobs_.empty()) wake_one();
  return true;
}

void Dispatcher::work() {
  {
    MutexLock lock(mutex_);
    --asked_;
    ++working_;
  }
  for (int done = 0;; ++done) {
    Job job;
    {
      MutexLock lock(mutex_);
      if (!next(job, done >= kJobsAtATime)) {
        --working_;
        return;
      }
    }
    job();
  }
}

void Dispatcher::stop() {
  std::deque<Job> dropped;
  MutexLock lock(mutex_);
  stopped_ = true;
  dropped.swap(jobs_);
}

}  // namespace wm::server
