#include "archiver/capture/session.h"

#include <algorithm>

#include "archiver/capture/exchange_rules.h"
#include "archiver/capture/resource_links.h"
#include "archiver/capture/warc_path.h"
#include "core/base/ascii.h"
#include "core/base/log.h"

namespace wm::archiver {
namespace {

using html::UrlRole;
using std::chrono::milliseconds;

/// How long the loop sleeps at most: a stop or a deadline is seen this soon.
constexpr milliseconds kTick{200};
/// A server that wants to be left alone for longer than this is not waited for.
constexpr std::chrono::seconds kLongestPause{30};
constexpr unsigned kTries = 2;

/// The pause a refusal asks for; nullopt if this is no refusal, or it names none.
std::optional<std::chrono::seconds> pause_asked(const fetch::Exchange& exchange) {
  if (exchange.response.status != 429 && exchange.response.status != 503) return std::nullopt;
  return crawl::retry_after(exchange.response.headers, std::chrono::floor<std::chrono::seconds>(
                                                           std::chrono::system_clock::now()));
}

const char* accept_of(UrlRole role) {
  switch (role) {
    case UrlRole::kDocument:
    case UrlRole::kFrame:
    case UrlRole::kRefresh:
      return "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    case UrlRole::kStyle:
      return "text/css,*/*;q=0.1";
    case UrlRole::kImage:
    case UrlRole::kIcon:
    case UrlRole::kMetaImage:
    case UrlRole::kLazy:
      return "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
    default:
      return "*/*";
  }
}

bool is_credential(std::string_view name) {
  return iequals(name, "Authorization") || iequals(name, "Cookie");
}

/// Resources that can name further ones as deep again as they like: a page's frames, imports of
/// imports.
bool is_nesting(UrlRole role) {
  using enum UrlRole;
  return role == kDocument || role == kFrame || role == kRefresh || role == kStyle ||
         role == kObject || role == kManifest;
}

}  // namespace

Session::Session(const std::filesystem::path& root, const PayloadLookup& lookup,
                 const CaptureRequest& request, std::stop_token stop,
                 const std::function<void(const CaptureProgress&)>& progress)
    : root_(root),
      lookup_(lookup),
      request_(request),
      settings_(request.settings),
      stop_(std::move(stop)),
      progress_(progress),
      deadline_(Clock::now() + request.settings.capture_timeout),
      politeness_(std::max<std::size_t>(1, settings_.parallel),
                  std::max<std::size_t>(1, settings_.parallel_per_host)),
      frontier_(settings_.resources) {}

Result<CaptureResult> Session::run(std::shared_ptr<const fetch::TrustStore> trust) {
  auto seed = WM_TRY(url::Url::parse(request_.url));
  seed.clear_fragment();
  fetcher_ = WM_TRY(fetch::Fetcher::create(settings_, std::move(trust)));
  const std::stop_callback wake(stop_, [this] { fetcher_->wake(); });
  WM_TRY(fetch_seed(seed));
  if (leaves_page()) return std::move(result_);
  auto recorded = open_warc(seed);
  if (recorded) recorded = record_seed();
  if (recorded) recorded = fetch_requisites();
  if (recorded) recorded = finish();
  if (!recorded) {
    if (writer_) writer_->abandon();
    return std::unexpected(std::move(recorded).error());
  }
  return std::move(result_);
}

bool Session::leaves_page() {
  const fetch::Exchange& page = chain_.back();
  if (!request_.leave || mime_of(page.response.headers) != "text/html") return false;
  const std::string html = decoded(page);
  result_.left = request_.leave({.url = page.url, .html = html}).value_or("");
  return !result_.left.empty();
}

milliseconds Session::time_left() const {
  return std::max(milliseconds(0),
                  std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now()));
}

Result<> Session::stopped() const {
  if (stop_.stop_requested()) return fail(Error::Code::kBusy, "the capture was stopped");
  return {};
}

fetch::Request Session::request_for(const std::string& url, UrlRole role,
                                    const std::string& referrer) const {
  fetch::Request request{.url = url, .method = "GET", .headers = {}, .body = {}};
  request.headers.add("Accept", accept_of(role));
  if (!referrer.empty()) request.headers.add("Referer", referrer);
  for (const http::Header& field : settings_.extra_headers) {
    if (!is_credential(field.name) || crawl::host_of(url) == seed_host_)
      request.headers.set(field.name, field.value);
  }
  return request;
}

Result<fetch::Exchange> Session::fetch_alone(fetch::Request request) {
  const std::string url = request.url;
  const std::uint64_t id = WM_TRY(fetcher_->start(std::move(request)));
  while (true) {
    WM_TRY(stopped());
    const bool late = time_left() == milliseconds(0);
    auto finished = late ? fetcher_->expire() : fetcher_->run(std::min(kTick, time_left()));
    for (auto& one : finished) {
      if (one.id == id) return std::move(one.outcome);
    }
    if (late) return fail(Error::Code::kTimeout, "the time of the capture is over: " + url);
  }
}

Result<fetch::Exchange> Session::fetch_page(const std::string& url, const std::string& referrer) {
  for (unsigned tries = 1;; ++tries) {
    auto outcome = fetch_alone(request_for(url, UrlRole::kDocument, referrer));
    if (!outcome || tries >= kTries) return outcome;
    const auto pause = pause_asked(*outcome);
    if (!pause || *pause > kLongestPause || *pause * 2 > time_left()) return outcome;
    const auto until = Clock::now() + *pause;
    while (Clock::now() < until) {
      WM_TRY(stopped());
      fetcher_->run(std::min(kTick, std::chrono::ceil<milliseconds>(until - Clock::now())));
    }
  }
}

Result<> Session::fetch_seed(const url::Url& seed) {
  seed_host_ = crawl::host_of(seed.href());
  std::string url = seed.href(), referrer;
  while (true) {
    tell(url);
    chain_.push_back(WM_TRY(fetch_page(url, referrer)));
    const fetch::Exchange& last = chain_.back();
    if (!is_redirect(last)) break;
    const auto next = redirect_target(last);
    if (!next) break;  // an answer that leads nowhere is the page, as browsers show it
    if (chain_.size() > settings_.redirects) {
      return fail(Error::Code::kInvalid, "more than " + std::to_string(settings_.redirects) +
                                             " redirects from " + request_.url);
    }
    referrer = crawl::referrer_for(last.url, *next);
    if (chain_.size() == 1) referrer.clear();  // who follows the first link comes from nowhere
    url = *next;
  }
  const fetch::Exchange& page = chain_.back();
  return check_page_is_whole(page.url, page.truncated, page.body->size(),
                             mime_of(page.response.headers));
}

Result<> Session::open_warc(const url::Url& seed) {
  const SysMicros date = chain_.front().started;
  const Time14 time(std::chrono::floor<std::chrono::seconds>(date));
  result_.warc = WM_TRY(warc_path(request_.collection, time, request_.capture_id, seed.host()));
  writer_ = WM_TRY(warc::WarcWriter::create(root_ / result_.warc, date));
  recorder_.emplace(*writer_, lookup_, request_.capture_id);
  return {};
}

Result<> Session::record_seed() {
  for (const fetch::Exchange& exchange : chain_) {
    WM_TRY(recorder_->record(exchange, "document"));
    frontier_.know(exchange.url);
  }
  const fetch::Exchange& page = chain_.back();
  if (page.truncated != fetch::Truncated::kNo)
    miss(page.url, "cut off: " + std::string(name_of(page.truncated)));
  queue_links(page, UrlRole::kDocument, 0);
  return {};
}

void Session::queue_links(const fetch::Exchange& exchange, UrlRole role, std::size_t depth) {
  const ResourceLinks found = requisites_of(exchange, role);
  for (const crawl::Link& link : found.links) {
    // Chains of modules are ordinary and deep, chains of frames are not.
    const std::size_t most = is_nesting(link.role) ? settings_.depth : settings_.depth * 4 + 1;
    if (depth + 1 > most) {
      reach("depth");
      if (!frontier_.knows(link.url)) miss(link.url, "nested deeper than fetch.depth");
      continue;
    }
    queue({.url = link.url,
           .role = link.role,
           .depth = depth + 1,
           .redirects = 0,
           .referrer = crawl::referrer_for(exchange.url, link.url),
           .tries = 0,
           .expected = true});
  }
  if (depth == 0 && found.is_page && !found.names_icon) queue_favicon(exchange);
}

void Session::queue(crawl::Target target) {
  const std::string url = target.url;
  const bool expected = target.expected;
  if (frontier_.add(std::move(target)) != crawl::Frontier::Added::kFull) return;
  reach("resources");
  if (expected) miss(url, "more resources than fetch.resources");
}

void Session::queue_favicon(const fetch::Exchange& page) {
  queue({.url = crawl::host_of(page.url) + "/favicon.ico",
         .role = UrlRole::kIcon,
         .depth = 1,
         .redirects = 0,
         .referrer = crawl::referrer_for(page.url, page.url),
         .tries = 0,
         .expected = false});
}

void Session::miss(const std::string& url, std::string reason) {
  constexpr std::size_t kTold = 5000;
  if (result_.missed.size() < kTold) result_.missed.push_back({url, std::move(reason)});
}

void Session::start_waiting() {
  while (auto target = frontier_.next(politeness_, Clock::now())) {
    const auto id = fetcher_->start(request_for(target->url, target->role, target->referrer));
    if (!id) {
      if (id.error().code == Error::Code::kTooLarge) reach("bytes");
      if (target->expected) miss(target->url, id.error().what);
      continue;
    }
    politeness_.started(crawl::host_of(target->url));
    active_.emplace(*id, std::move(*target));
  }
}

Result<> Session::fetch_requisites() {
  while (true) {
    WM_TRY(stopped());
    if (time_left() == milliseconds(0)) return end_by_time();
    start_waiting();
    if (active_.empty() && frontier_.waiting() == 0) return {};
    for (auto& finished : fetcher_->run(std::min(kTick, time_left())))
      WM_TRY(take(std::move(finished)));
  }
}

Result<> Session::end_by_time() {
  if (active_.empty() && frontier_.waiting() == 0) return {};
  reach("time");
  for (auto& finished : fetcher_->expire()) WM_TRY(take(std::move(finished)));
  for (const crawl::Target& target : frontier_.drain()) {
    if (target.expected) miss(target.url, "the time of the capture was over");
  }
  return {};
}

bool Session::try_again(crawl::Target& target, const Result<fetch::Exchange>& outcome) {
  if (++target.tries >= kTries) return false;
  if (!outcome) return outcome.error().code == Error::Code::kIo && time_left() > milliseconds(0);
  const auto pause = pause_asked(*outcome);
  if (!pause || *pause > kLongestPause || *pause >= time_left()) return false;
  politeness_.pause(crawl::host_of(target.url), Clock::now() + *pause);
  return true;
}

Result<> Session::take(fetch::Fetcher::Finished finished) {
  auto node = active_.extract(finished.id);
  if (node.empty()) return {};
  crawl::Target target = std::move(node.mapped());
  politeness_.finished(crawl::host_of(target.url));
  if (try_again(target, finished.outcome)) {
    frontier_.put_back(std::move(target));
    return {};
  }
  if (!finished.outcome) {
    log::debug("not captured: {}", finished.outcome.error().what);
    if (target.expected) miss(target.url, finished.outcome.error().what);
    return {};
  }
  return take_exchange(std::move(target), *finished.outcome);
}

Result<> Session::take_exchange(crawl::Target target, const fetch::Exchange& exchange) {
  if (std::ranges::find(exchange.protocols, "h2") != exchange.protocols.end()) {
    politeness_.allow_more(crawl::host_of(target.url));
  }
  WM_TRY(recorder_->record(exchange, resource_type_of(target.role)));
  tell(exchange.url);
  if (exchange.truncated != fetch::Truncated::kNo) {
    if (exchange.truncated == fetch::Truncated::kLength) reach("bytes");
    miss(target.url, "cut off: " + std::string(name_of(exchange.truncated)));
  }
  if (is_redirect(exchange)) {
    const auto next = redirect_target(exchange);
    if (!next) return {};
    if (target.redirects >= settings_.redirects) {
      miss(*next, "too many redirects");
      return {};
    }
    target.referrer = crawl::referrer_for(exchange.url, *next);
    target.url = *next;
    target.tries = 0;
    ++target.redirects;
    queue(std::move(target));
    return {};
  }
  const int status = exchange.response.status;
  if (target.expected && (status == 429 || status >= 500))
    miss(target.url, "the server answered " + std::to_string(status));
  queue_links(exchange, target.role, target.depth);
  return {};
}

Result<> Session::finish() {
  WM_TRY(stopped());
  const fetch::Exchange& page = chain_.back();
  PageInfo info{.url = page.url,
                .date = page.started,
                .status = page.response.status,
                .engine = "http",
                .missed = result_.missed,
                .limits = {limits_.begin(), limits_.end()}};
  WM_TRY(recorder_->record_page_info(info));
  WM_TRY(writer_->finish());
  result_.final_url = page.url;
  result_.time = Time14(std::chrono::floor<std::chrono::seconds>(page.started));
  result_.status = page.response.status;
  result_.mime = mime_of(page.response.headers);
  result_.resources = recorder_->resources();
  result_.revisits = recorder_->revisits();
  result_.bytes = fetcher_->received_bytes();
  return {};
}

void Session::tell(const std::string& url) const {
  if (!progress_) return;
  const std::size_t fetched = recorder_ ? recorder_->resources() : 0;
  progress_({.fetched = fetched,
             .known = std::max(frontier_.known(), fetched),
             .bytes = fetcher_->received_bytes(),
             .current_url = url});
}

}  // namespace wm::archiver
