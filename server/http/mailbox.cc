#include "server/http/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "core/base/result.h"

namespace wm::server {

Mailbox::Mailbox() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  WM_CHECK(fd_ >= 0);
}

Mailbox::~Mailbox() {
  ::close(fd_);
}

bool Mailbox::post(Task task) {
  {
    MutexLock lock(mutex_);
    if (closed_) return false;
    tasks_.push_back(std::move(task));
    if (std::exchange(woken_, true))
      return true;  // one wake-up for all that is posted before the reactor comes
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written =
      ::write(fd_, &one, sizeof one);  // full counter: it is awake anyway
  return true;
}

void Mailbox::run() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd_, &count, sizeof count);
  {
    MutexLock lock(mutex_);
    running_.swap(tasks_);
    woken_ = false;
  }
  for (Task& task : running_) task();
  running_.clear();
}

void Mailbox::close() {
  std::vector<Task> dropped;  // what tasks hold must not die under the lock
  MutexLock lock(mutex_);
  closed_ = true;
  dropped.swap(tasks_);
}

}  // namespace wm::server
