#include "archiver/browser/final_sweep.h"

#include <algorithm>
#include <optional>

#include "archiver/capture/exchange_rules.h"
#include "archiver/capture/resource_links.h"

namespace wm::browser {
namespace {

using html::UrlRole;

constexpr std::size_t kFoundAtMost = 50000;
constexpr std::size_t kMissedAtMost = 5000;

/// How an answer is to be read; nullopt if it names nothing that a browser would have left out.
std::optional<UrlRole> role_of(const std::string& resource_type) {
  if (resource_type == "document") return UrlRole::kDocument;
  if (resource_type == "iframe" || resource_type == "frame") return UrlRole::kFrame;
  if (resource_type == "stylesheet") return UrlRole::kStyle;
  if (resource_type == "manifest") return UrlRole::kManifest;
  return std::nullopt;
}

}  // namespace

FinalSweep::FinalSweep(const fetch::Settings& settings,
                       std::function<void(fetch::Request, std::string)> fetch)
    : settings_(settings),
      fetch_(std::move(fetch)),
      politeness_(std::max<std::size_t>(1, settings.parallel),
                  std::max<std::size_t>(1, settings.parallel_per_host)),
      frontier_(settings.resources) {}

void FinalSweep::miss(const std::string& url, std::string reason) {
  if (missed_.size() < kMissedAtMost) missed_.push_back({url, std::move(reason)});
}

void FinalSweep::add(crawl::Target target) {
  if (!running_) {
    if (found_.size() < kFoundAtMost) found_.push_back(std::move(target));
    return;
  }
  if (had_.contains(target.url)) return;
  const std::string url = target.url;
  const bool expected = target.expected;
  if (frontier_.add(std::move(target)) != crawl::Frontier::Added::kFull) return;
  limits_.insert("resources");
  if (expected) miss(url, "more resources than capture.resources");
}

void FinalSweep::add_links(const std::vector<crawl::Link>& links, const std::string& from,
                           std::size_t depth) {
  if (depth > settings_.depth) {
    if (!links.empty()) limits_.insert("depth");
    return;
  }
  for (const crawl::Link& link : links) {
    if (!crawl::is_requisite(link.role)) continue;
    names_icon_ = names_icon_ || link.role == UrlRole::kIcon;
    add({.url = link.url,
         .role = link.role,
         .depth = depth,
         .redirects = 0,
         .referrer = crawl::referrer_for(from, link.url),
         .tries = 0,
         .expected = true});
  }
}

void FinalSweep::read(const fetch::Exchange& exchange, const proxy::Facts& facts) {
  if (exchange.method != "GET" || facts.asker == proxy::Asker::kEngine) return;
  if (const auto role = role_of(facts.resource_type))
    add_links(archiver::requisites_of(exchange, *role).links, exchange.url, 1);
}

void FinalSweep::read_dom(std::string_view html, const std::string& url) {
  const auto base = url::Url::parse(url);
  if (!base) return;
  icon_of_ = url;
  add_links(crawl::links_of_markup(html, *base, "utf-8").links, url, 1);
}

void FinalSweep::start_waiting() {
  while (auto target = frontier_.next(politeness_, Clock::now())) {
    if (had_.contains(target->url) || active_.contains(target->url)) continue;
    fetch::Request request;
    request.url = target->url;
    if (!target->referrer.empty()) request.headers.add("Referer", target->referrer);
    politeness_.started(crawl::host_of(target->url));
    const std::string url = target->url;
    const std::string type(archiver::resource_type_of(target->role));
    active_.emplace(url, Active{std::move(*target), Clock::now()});
    fetch_(std::move(request), type);
  }
}

/// What nothing was heard of in the time that a request has, and some more, is heard of no more.
void FinalSweep::end_silent() {
  const auto oldest = Clock::now() - settings_.request_timeout - std::chrono::seconds(5);
  std::erase_if(active_, [&](const auto& entry) {
    if (entry.second.since > oldest) return false;
    politeness_.finished(crawl::host_of(entry.first));
    if (entry.second.target.expected) miss(entry.first, "no answer");
    return true;
  });
}

Result<> FinalSweep::run(Clock::time_point deadline, const std::function<Result<>()>& wait) {
  running_ = true;
  for (crawl::Target& target : std::exchange(found_, {})) add(std::move(target));
  if (!icon_of_.empty() && !names_icon_) {
    const std::string icon = crawl::host_of(icon_of_) + "/favicon.ico";
    add({.url = icon,
         .role = UrlRole::kIcon,
         .depth = 1,
         .redirects = 0,
         .referrer = crawl::referrer_for(icon_of_, icon),
         .tries = 0,
         .expected = false});
  }
  while (true) {
    start_waiting();
    if (active_.empty() && frontier_.waiting() == 0) return {};
    if (Clock::now() >= deadline) break;
    WM_TRY(wait());
    end_silent();
  }
  limits_.insert("time");
  for (const crawl::Target& target : frontier_.drain()) {
    if (target.expected) miss(target.url, "the time of the capture was over");
  }
  return {};
}

void FinalSweep::heard(const fetch::Exchange& exchange, const proxy::Facts& facts) {
  if (exchange.method != "GET") return;
  had_.insert(exchange.url);
  auto node = active_.extract(exchange.url);
  if (node.empty()) {
    read(exchange, facts);
    return;
  }
  politeness_.finished(crawl::host_of(exchange.url));
  if (std::ranges::find(exchange.protocols, "h2") != exchange.protocols.end())
    politeness_.allow_more(crawl::host_of(exchange.url));
  finish(node.mapped().target, exchange);
}

void FinalSweep::finish(const crawl::Target& target, const fetch::Exchange& exchange) {
  if (exchange.truncated != fetch::Truncated::kNo)
    miss(exchange.url, "cut off: " + std::string(fetch::name_of(exchange.truncated)));
  if (archiver::is_redirect(exchange)) {
    const auto next = archiver::redirect_target(exchange);
    if (!next || target.redirects >= settings_.redirects) return;
    crawl::Target again = target;
    again.url = *next;
    again.referrer = crawl::referrer_for(exchange.url, *next);
    ++again.redirects;
    add(std::move(again));
    return;
  }
  const int status = exchange.response.status;
  if (target.expected && (status == 429 || status >= 500))
    miss(exchange.url, "the server answered " + std::to_string(status));
  add_links(archiver::requisites_of(exchange, target.role).links, exchange.url, target.depth + 1);
}

bool FinalSweep::missed(const std::string& url, const std::string& reason) {
  auto node = active_.extract(url);
  if (node.empty()) return false;
  had_.insert(url);
  politeness_.finished(crawl::host_of(url));
  if (node.mapped().target.expected) miss(url, reason);
  return true;
}

}  // namespace wm::browser
