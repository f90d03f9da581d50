#include "archiver/browser/browser_session.h"

#include <algorithm>
#include <thread>

#include "archiver/browser/live_page.h"
#include "archiver/capture/exchange_rules.h"
#include "archiver/fetch/fetcher.h"
#include "core/base/log.h"
#include "core/url/url.h"

namespace wm::browser {
namespace {

using archiver::CaptureResult;
using std::chrono::milliseconds;

constexpr milliseconds kStep{20};
constexpr std::size_t kMissedAtMost = 5000;

}  // namespace

BrowserSession::BrowserSession(const std::filesystem::path& root,
                               const archiver::PayloadLookup& lookup,
                               const archiver::CaptureRequest& request, const PageSettings& page,
                               std::stop_token stop, const Progress& progress)
    : root_(root),
      lookup_(lookup),
      request_(request),
      page_settings_(page),
      stop_(std::move(stop)),
      progress_(progress),
      deadline_(Clock::now() + request.settings.capture_timeout),
      fetch_(request.settings) {}

void BrowserSession::miss(std::string url, std::string reason) {
  if (missed_.size() < kMissedAtMost) missed_.push_back({std::move(url), std::move(reason)});
}

Result<CaptureResult> BrowserSession::run(BrowserPool& pool,
                                          std::shared_ptr<const fetch::TrustStore> trust) {
  auto seed = WM_TRY(url::Url::parse(request_.url));
  address_ = seed.href();  // scripts show other things for other fragments
  seed.clear_fragment();
  seed_ = seed.href();
  WM_TRY(fetch::may_be_fetched(seed_, fetch_));
  const Behaviours behaviours = page_settings_.behaviours.empty()
                                    ? Behaviours::built_in()
                                    : WM_TRY(Behaviours::read(page_settings_.behaviours));
  lease_ = WM_TRY(pool.take(stop_));
  if (!lease_->isolated())
    notes_.emplace_back("the browser had no network namespace of its own, only the proxy's flags");
  if (fetch_.user_agent.empty()) fetch_.user_agent = lease_->user_agent();
  record_.emplace(root_, lookup_, request_, seed);
  sweep_.emplace(fetch_, [this](fetch::Request request, std::string type) {
    proxy_->also_fetch(std::move(request), std::move(type));
  });
  proxy::Settings settings;
  settings.fetch = fetch_;
  settings.limits.abandoned_bytes = fetch_.resource_bytes;
  proxy_ = WM_TRY(proxy::RecordingProxy::create(std::move(settings), std::move(trust),
                                                lease_->authority(), seen_));
  auto listener = WM_TRY(lease_->listener());
  WM_TRY(proxy_->adopt(std::move(listener)));
  auto page = show(behaviours);
  if (!page) {
    if (page.error().code != Error::Code::kBusy) lease_->retire();
    WM_TRY(take_what_came());
    return std::unexpected(why_not(page.error()));
  }
  if (page->anomaly) lease_->retire();
  WM_TRY(sweep(*page));
  proxy_->drain(deadline_);
  WM_TRY(take_what_came());
  return finish(*page);
}

Result<RenderedPage> BrowserSession::show(const Behaviours& behaviours) {
  const auto channel = lease_->client().open_channel();
  const std::stop_callback wake(stop_, [&channel] { channel->wake(); });
  channel->on_tick([this] { return tick(); });
  LivePage live(*channel, page_settings_,
                {.proxy_port = lease_->port(),
                 .user_agent = page_settings_.user_agent.empty() ? lease_->user_agent()
                                                                 : page_settings_.user_agent,
                 .seed_url = seed_,
                 .extra_headers = request_.settings.extra_headers});
  PageCapture capture(live, page_settings_, behaviours, [this] { return proxy_->activity(); });
  return capture.run(address_);
}

Result<> BrowserSession::tick() {
  if (stop_.stop_requested()) return fail(Error::Code::kBusy, "the capture was stopped");
  return take_what_came();
}

Result<> BrowserSession::take_what_came() {
  while (auto seen = seen_.next()) {
    sweep_->heard(seen->exchange, seen->facts);
    const std::string url = seen->exchange.url;
    WM_TRY(record_->take(std::move(*seen)));
    const std::size_t count = record_->resources();
    if (progress_ && count != told_)
      progress_({.fetched = count, .known = count, .bytes = record_->bytes(), .current_url = url});
    told_ = count;
  }
  for (SeenQueue::Missed& one : seen_.take_missed()) {
    if (!sweep_->missed(one.url, one.reason)) miss(std::move(one.url), std::move(one.reason));
  }
  for (const proxy::WebSocketSeen& one : seen_.take_websockets()) {
    if (missed_.size() < kMissedAtMost)
      miss(one.url, "a WebSocket: its messages are not recorded (" + one.ended + ")");
  }
  return {};
}

/// What a browser could not do is rarely the browser's fault: the proxy knows better.
Error BrowserSession::why_not(const Error& error) const {
  if (error.code == Error::Code::kBusy) return error;
  if (!lease_->running()) {
    const bool memory = lease_->ended_for_memory();
    return {memory ? Error::Code::kTooLarge : Error::Code::kIo,
            memory
                ? "the browser took more memory than browser.memory_bytes while it showed " + seed_
                : "the browser ended while it showed " + seed_};
  }
  if (!record_->begun()) {
    const auto seed = std::ranges::find(missed_, seed_, &archiver::Missed::url);
    if (seed != missed_.end()) return {Error::Code::kIo, seed_ + ": " + seed->reason};
  }
  return error;
}

Error BrowserSession::why_no_page() const {
  const std::string origin = crawl::host_of(seed_);
  for (const archiver::Missed& one : missed_) {
    if (one.url == seed_ || one.url == origin || one.url == origin + "/")
      return {Error::Code::kIo, seed_ + ": " + one.reason};
  }
  return {Error::Code::kTimeout, "no answer came from " + seed_};
}

Result<> BrowserSession::sweep(const RenderedPage& page) {
  WM_TRY(take_what_came());
  if (!record_->begun()) return {};  // there is no page to complete
  if (!page.dom.empty()) sweep_->read_dom(page.dom, page.url);
  return sweep_->run(deadline_, [this]() -> Result<> {
    std::this_thread::sleep_for(kStep);
    return tick();
  });
}

Result<CaptureResult> BrowserSession::finish(const RenderedPage& page) {
  if (stop_.stop_requested()) return fail(Error::Code::kBusy, "the capture was stopped");
  if (!record_->begun()) return std::unexpected(why_no_page());
  std::string url = page.url;
  // A document that is no answer of the web (about:blank), or none at all: what was asked for.
  if (url.empty() || record_->find(url) == nullptr) url = record_->end_of_redirects();
  const CaptureRecord::Known& known = *record_->find(url);
  WM_TRY(archiver::check_page_is_whole(url, known.truncated, known.bytes, known.mime));
  CaptureResult result;
  result.final_url = url;
  result.time = Time14(std::chrono::floor<std::chrono::seconds>(known.started));
  result.status = known.status;
  result.mime = known.mime;
  result.missed = missed_;
  for (const archiver::Missed& one : sweep_->not_had()) {
    if (result.missed.size() < kMissedAtMost) result.missed.push_back(one);
  }
  result.notes = notes_;
  result.notes.insert(result.notes.end(), page.notes.begin(), page.notes.end());
  if (page.anomaly && lease_->ended_for_memory())
    result.notes.emplace_back("the page took more memory than browser.memory_bytes");
  std::set<std::string> limits = sweep_->limits();
  if (page.out_of_time) limits.insert("time");
  const archiver::PageInfo info{.url = url,
                                .date = known.started,
                                .status = known.status,
                                .engine = "browser",
                                .missed = result.missed,
                                .limits = {limits.begin(), limits.end()},
                                .title = page.title,
                                .notes = result.notes};
  WM_TRY(record_->finish(page, info, result));
  return result;
}

}  // namespace wm::browser
