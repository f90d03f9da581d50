#include "server/app/housekeeper.h"

#include <pthread.h>

namespace wm::app {

using namespace std::chrono_literals;

Result<std::uint64_t> empty_old_trash(links::LinkStore& links, SysMicros now, std::chrono::milliseconds after) {
  if (after.count() == 0) return 0;
  links::Listing oldest{.states = {links::State::kTrashed}, .sort = links::Sort::kModified, .direction = links::Direction::kAscending, .limit = 200};
  std::uint64_t removed = 0;
  for (;;) {
    const links::LinkPage page = WM_TRY(links.page(oldest));
    for (const links::Link& link : page.links) {
      if (!link.deleted || now - *link.deleted < after) return removed;
      WM_TRY(links.remove(link.id));
      ++removed;
    }
    if (page.links.empty()) return removed;
  }
}

Housekeeper::Housekeeper(std::function<void()> work)
    : thread_([this, work = std::move(work)] {
        for (;;) {
          work();
          MutexLock lock(mutex_);
          if (ended_.wait_for(mutex_, 1h, [this]() WM_REQUIRES(mutex_) { return ending_; })) return;
        }
      }) {
  pthread_setname_np(thread_.native_handle(), "wm-housekeeper");
}

Housekeeper::~Housekeeper() {
  {
    MutexLock lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
}

}  // namespace wm::app
