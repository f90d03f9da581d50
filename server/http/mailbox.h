#pragma once

#include <functional>
#include <vector>

#include "core/base/mutex.h"

namespace wm::server {

/// How other threads reach a reactor: tasks and an eventfd that wakes it. Posts after close() are
/// dropped, and with them what they hold. Shared by the reactor and by whoever still works for one
/// of its clients.
class Mailbox {
 public:
  using Task = std::move_only_function<void()>;
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  int fd() const { return fd_; }
  /// Any thread. False when closed.
  bool post(Task task);
  /// The reactor: runs what was posted up to now.
  void run();
  void close();

 private:
  const int fd_;
  Mutex mutex_;
  std::vector<Task> tasks_ WM_GUARDED_BY(mutex_);
  bool woken_ WM_GUARDED_BY(mutex_) = false;
  bool closed_ WM_GUARDED_BY(mutex_) = false;
  std::vector<Task> running_;  // the reactor's; kept for its memory
};

}  // namespace wm::server
