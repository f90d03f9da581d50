#include "archiver/crawl/politeness.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::crawl {

bool Politeness::may_start(const std::string& host, Time now) const {
  if (full()) return false;
  const auto found = hosts_.find(host);
  if (found == hosts_.end()) return true;
  const Host& known = found->second;
  return now >= known.paused_until && (known.multiplexed || known.active < per_host_);
}

void Politeness::started(const std::string& host) {
  ++active_;
  ++hosts_[host].active;
}

void Politeness::finished(const std::string& host) {
  Host& known = hosts_[host];
  WM_CHECK(active_ > 0 && known.active > 0);
  --active_;
  --known.active;
}

void Politeness::allow_more(const std::string& host) {
  hosts_[host].multiplexed = true;
}

void Politeness::pause(const std::string& host, Time until) {
  Host& known = hosts_[host];
  known.paused_until = std::max(known.paused_until, until);
}

std::optional<Politeness::Time> Politeness::next_end(Time now) const {
  std::optional<Time> soonest;
  for (const auto& [name, host] : hosts_) {
    if (host.paused_until > now && (!soonest || host.paused_until < *soonest))
      soonest = host.paused_until;
  }
  return soonest;
}

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == url.npos) return std::string(url);
  const std::size_t end = std::min(url.find_first_of("/?#", scheme + 3), url.size());
  const std::string_view authority = url.substr(scheme + 3, end - scheme - 3);
  const std::size_t at = authority.rfind('@');
  return std::string(url.substr(0, scheme + 3)) +
         std::string(at == authority.npos ? authority : authority.substr(at + 1));
}

std::optional<std::chrono::seconds> retry_after(const http::Headers& headers,
                                                std::chrono::sys_seconds now) {
  const auto value = headers.find("Retry-After");
  if (!value) return std::nullopt;
  constexpr std::uint64_t kYear = 366ull * 24 * 3600;
  if (const auto seconds = parse_u64(trim(*value)))
    return std::chrono::seconds(std::min(*seconds, kYear));
  const auto date = parse_http_date(trim(*value));
  if (!date) return std::nullopt;
  return std::max(std::chrono::seconds(0), std::chrono::seconds(*date - now));
}

std::string referrer_for(std::string_view from, std::string_view to) {
  const std::string from_host = host_of(from);
  if (from_host == host_of(to)) return std::string(from.substr(0, from.find('#')));
  if (istarts_with(from, "https:") && istarts_with(to, "http:")) return {};
  return from_host + "/";
}

}  // namespace wm::crawl
