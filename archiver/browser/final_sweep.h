#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "archiver/capture/capture.h"
#include "archiver/crawl/frontier.h"
#include "archiver/crawl/link_extractor.h"
#include "archiver/crawl/politeness.h"
#include "archiver/fetch/exchange.h"
#include "archiver/fetch/fetcher.h"
#include "archiver/proxy/recording_proxy.h"
#include "core/url/url.h"

namespace wm::browser {

/// After the browser has shown the page: what the page names and no browser of this size, colour
/// and medium asks for. Other candidates of srcset, other media, print, icons, the manifest: all
/// that the link extractor finds in the final tree, in HTML and CSS as they came, and that is not
/// recorded yet (facts/capture.md §3.1). One thread.
class FinalSweep {
 public:
  /// `fetch` makes an exchange whose answer is told by heard() or missed().
  FinalSweep(const fetch::Settings& settings,
             std::function<void(fetch::Request, std::string)> fetch);

  /// Reads the requisites that a recorded answer names.
  void read(const fetch::Exchange& exchange, const proxy::Facts& facts);
  /// Reads the final tree of the page.
  void read_dom(std::string_view html, const std::string& url);

  /// Fetches what is missing. `wait` lets time pass, and tells meanwhile what was heard.
  Result<> run(std::chrono::steady_clock::time_point deadline,
               const std::function<Result<>()>& wait);
  /// An answer was recorded, whoever asked for it.
  void heard(const fetch::Exchange& exchange, const proxy::Facts& facts);
  /// True if this was one of the sweep's own.
  bool missed(const std::string& url, const std::string& reason);

  const std::vector<archiver::Missed>& not_had() const { return missed_; }
  const std::set<std::string>& limits() const { return limits_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Active {
    crawl::Target target;
    Clock::time_point since;
  };
  void add(crawl::Target target);
  void add_links(const std::vector<crawl::Link>& links, const std::string& from, std::size_t depth);
  void start_waiting();
  void end_silent();
  void miss(const std::string& url, std::string reason);
  void finish(const crawl::Target& target, const fetch::Exchange& exchange);

  const fetch::Settings& settings_;
  const std::function<void(fetch::Request, std::string)> fetch_;
  crawl::Politeness politeness_;
  crawl::Frontier frontier_;
  std::vector<crawl::Target> found_;  ///< until run()
  std::unordered_set<std::string> had_;
  std::unordered_map<std::string, Active> active_;  ///< by URL
  std::string icon_of_;  ///< the page whose icon is guessed, unless it names one
  bool names_icon_ = false;
  bool running_ = false;
  std::vector<archiver::Missed> missed_;
  std::set<std::string> limits_;
};

}  // namespace wm::browser
