#include "archiver/browser/seen_queue.h"

namespace wm::browser {

void SeenQueue::on_exchange(fetch::Exchange exchange, const proxy::Facts& facts) {
  MutexLock lock(mutex_);
  seen_.push_back({std::move(exchange), facts});
}

void SeenQueue::on_missed(const std::string& url, const std::string& reason) {
  MutexLock lock(mutex_);
  if (missed_.size() < kMissedAtMost) missed_.push_back({url, reason});
}

void SeenQueue::on_websocket(const proxy::WebSocketSeen& seen) {
  MutexLock lock(mutex_);
  if (websockets_.size() < kMissedAtMost) websockets_.push_back(seen);
}

std::optional<SeenQueue::Seen> SeenQueue::next() {
  MutexLock lock(mutex_);
  if (seen_.empty()) return std::nullopt;
  std::optional<Seen> first = std::move(seen_.front());
  seen_.pop_front();
  return first;
}

std::vector<SeenQueue::Missed> SeenQueue::take_missed() {
  MutexLock lock(mutex_);
  return std::exchange(missed_, {});
}

std::vector<proxy::WebSocketSeen> SeenQueue::take_websockets() {
  MutexLock lock(mutex_);
  return std::exchange(websockets_, {});
}

}  // namespace wm::browser
