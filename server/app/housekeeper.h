#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "server/links/link_store.h"

namespace wm::app {

/// Removes for good what has been in the trash for longer than `after`; how many.
Result<std::uint64_t> empty_old_trash(links::LinkStore& links, SysMicros now, std::chrono::milliseconds after);

/// A thread that does `work` now and every hour until it is destroyed.
class Housekeeper {
 public:
  explicit Housekeeper(std::function<void()> work);
  ~Housekeeper();
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

 private:
  Mutex mutex_;
  CondVar ended_;
  bool ending_ WM_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace wm::app
