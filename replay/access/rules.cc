#include "replay/access/rules.h"

#include <algorithm>
#include <functional>

namespace wm::access {

std::string_view name_of(Access access) noexcept {
  switch (access) {
    case Access::kAllow:
      return "allow";
    case Access::kBlock:
      return "block";
    case Access::kExclude:
      return "exclude";
  }
  return "exclude";
}

bool Window::holds(Time14 captured, SysSeconds now) const {
  if (before && !(captured < *before)) return false;
  if (after && captured < *after) return false;
  if (newer && captured.time() <= now - *newer) return false;
  return !older || captured.time() < now - *older;
}

void Rules::add(Rule rule) {
  const std::size_t place = rules_.size();
  if (rule.embargo) {
    embargoes_.push_back(place);
  } else {
    auto& keys = rule.exact ? exact_ : prefixes_;
    keys[rule.key].push_back(place);
    const auto at =
        std::lower_bound(lengths_.begin(), lengths_.end(), rule.key.size(), std::greater<>());
    if (!rule.exact && (at == lengths_.end() || *at != rule.key.size()))
      lengths_.insert(at, rule.key.size());
  }
  rules_.push_back(std::move(rule));
}

const Rule* Rules::first_of(const Places& places, std::string_view collection) const {
  for (const std::size_t place : places) {
    const Rule& rule = rules_[place];
    if (rule.collection.empty() || rule.collection == collection) return &rule;
  }
  return nullptr;
}

const Rule* Rules::rule_for(std::string_view collection, std::string_view surt) const {
  if (const auto it = exact_.find(surt); it != exact_.end()) {
    if (const Rule* rule = first_of(it->second, collection)) return rule;
  }
  for (const std::size_t length : lengths_) {
    if (length > surt.size()) continue;
    const auto it = prefixes_.find(surt.substr(0, length));
    if (it == prefixes_.end()) continue;
    if (const Rule* rule = first_of(it->second, collection)) return rule;
  }
  return nullptr;
}

Access Rules::embargo_on(std::string_view collection, std::string_view surt, Time14 captured,
                         SysSeconds now) const {
  Access strictest = Access::kAllow;
  for (const std::size_t place : embargoes_) {
    const Rule& rule = rules_[place];
    if (!rule.collection.empty() && rule.collection != collection) continue;
    if (rule.exact ? surt != rule.key : !surt.starts_with(rule.key)) continue;
    if (rule.window.holds(captured, now)) strictest = std::max(strictest, rule.access);
  }
  return strictest;
}

Access Rules::decide(std::string_view collection, std::string_view surt, Time14 captured,
                     SysSeconds now) const {
  if (rules_.empty()) return Access::kAllow;
  const Rule* rule = rule_for(collection, surt);
  if (rule != nullptr && !rule->window.holds(captured, now)) rule = nullptr;
  const Access access = rule == nullptr ? Access::kAllow : rule->access;
  if (access == Access::kExclude || (rule != nullptr && rule->ignore_embargo)) return access;
  return std::max(access, embargo_on(collection, surt, captured, now));
}

}  // namespace wm::access
