#include "archiver/crawl/frontier.h"

namespace wm::crawl {

std::size_t Frontier::class_of(html::UrlRole role) noexcept {
  using enum html::UrlRole;
  switch (role) {
    case kDocument:
    case kFrame:
    case kRefresh:
      return 0;
    case kStyle:
    case kManifest:
      return 1;
    case kScript:
    case kModule:
    case kFont:
      return 2;
    default:
      return 3;
  }
}

void Frontier::push(Target target, bool front) {
  auto& queue = hosts_[host_of(target.url)].queues[class_of(target.role)];
  if (front)
    queue.push_front(std::move(target));
  else
    queue.push_back(std::move(target));
  ++waiting_;
}

Frontier::Added Frontier::add(Target target) {
  if (known_.contains(target.url)) return Added::kKnown;
  if (known_.size() >= limit_) return Added::kFull;
  known_.insert(target.url);
  push(std::move(target), false);
  return Added::kNew;
}

void Frontier::put_back(Target target) {
  push(std::move(target), true);
}

std::optional<Target> Frontier::next(const Politeness& politeness, Politeness::Time now) {
  if (waiting_ == 0 || politeness.full()) return std::nullopt;
  auto best = hosts_.end();
  std::size_t best_class = kClasses;
  // Once round, beginning after the host whose turn was last.
  auto host = hosts_.upper_bound(last_host_);
  for (std::size_t i = 0; i < hosts_.size(); ++i, ++host) {
    if (host == hosts_.end()) host = hosts_.begin();
    std::size_t first = 0;
    while (first < kClasses && host->second.queues[first].empty()) ++first;
    if (first < best_class && politeness.may_start(host->first, now)) {
      best = host;
      best_class = first;
    }
  }
  if (best == hosts_.end()) return std::nullopt;
  auto& queue = best->second.queues[best_class];
  Target target = std::move(queue.front());
  queue.pop_front();
  --waiting_;
  last_host_ = best->first;
  bool empty = true;
  for (const auto& rest : best->second.queues) empty = empty && rest.empty();
  if (empty) hosts_.erase(best);
  return target;
}

std::vector<Target> Frontier::drain() {
  std::vector<Target> all;
  for (auto& [name, host] : hosts_) {
    for (auto& queue : host.queues) {
      for (Target& target : queue) all.push_back(std::move(target));
    }
  }
  hosts_.clear();
  waiting_ = 0;
  return all;
}

}  // namespace wm::crawl
