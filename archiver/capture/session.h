#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "archiver/capture/capture.h"
#include "archiver/capture/recorder.h"
#include "archiver/crawl/frontier.h"
#include "archiver/crawl/politeness.h"
#include "archiver/fetch/fetcher.h"
#include "core/url/url.h"

namespace wm::archiver {

/// One capture by the http engine, from seed to finished WARC. Used once, on one thread.
class Session {
 public:
  /// All references outlive it.
  Session(const std::filesystem::path& root, const PayloadLookup& lookup,
          const CaptureRequest& request, std::stop_token stop,
          const std::function<void(const CaptureProgress&)>& progress);
  Result<CaptureResult> run(std::shared_ptr<const fetch::TrustStore> trust);

 private:
  using Clock = std::chrono::steady_clock;

  bool leaves_page();
  Result<> fetch_seed(const url::Url& seed);
  Result<fetch::Exchange> fetch_page(const std::string& url, const std::string& referrer);
  Result<fetch::Exchange> fetch_alone(fetch::Request request);
  Result<> open_warc(const url::Url& seed);
  Result<> record_seed();
  Result<> fetch_requisites();
  Result<> finish();

  fetch::Request request_for(const std::string& url, html::UrlRole role,
                             const std::string& referrer) const;
  void start_waiting();
  Result<> take(fetch::Fetcher::Finished finished);
  Result<> take_exchange(crawl::Target target, const fetch::Exchange& exchange);
  bool try_again(crawl::Target& target, const Result<fetch::Exchange>& outcome);
  void queue_links(const fetch::Exchange& exchange, html::UrlRole role, std::size_t depth);
  void queue(crawl::Target target);
  void queue_favicon(const fetch::Exchange& page);
  void miss(const std::string& url, std::string reason);
  void reach(const char* limit) { limits_.insert(limit); }
  Result<> end_by_time();
  Result<> stopped() const;
  std::chrono::milliseconds time_left() const;
  void tell(const std::string& url) const;

  const std::filesystem::path& root_;
  const PayloadLookup& lookup_;
  const CaptureRequest& request_;
  const FetchSettings& settings_;
  const std::stop_token stop_;
  const std::function<void(const CaptureProgress&)>& progress_;
  const Clock::time_point deadline_;
  std::unique_ptr<fetch::Fetcher> fetcher_;
  std::string seed_host_;
  std::vector<fetch::Exchange> chain_;  ///< the seed and its redirects; the last one is the page
  std::unique_ptr<warc::WarcWriter> writer_;
  std::optional<Recorder> recorder_;
  crawl::Politeness politeness_;
  crawl::Frontier frontier_;
  std::unordered_map<std::uint64_t, crawl::Target> active_;
  CaptureResult result_;
  std::set<std::string> limits_;
};

}  // namespace wm::archiver
