#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "archiver/browser/behaviours.h"
#include "archiver/browser/browser_pool.h"
#include "archiver/browser/capture_record.h"
#include "archiver/browser/final_sweep.h"
#include "archiver/browser/page_capture.h"
#include "archiver/capture/capture.h"
#include "archiver/fetch/trust_store.h"
#include "archiver/proxy/recording_proxy.h"

namespace wm::browser {

/// One capture by the browser engine, from seed to finished WARC. Used once, on one thread.
class BrowserSession {
 public:
  using Progress = std::function<void(const archiver::CaptureProgress&)>;
  /// All references outlive it.
  BrowserSession(const std::filesystem::path& root, const archiver::PayloadLookup& lookup,
                 const archiver::CaptureRequest& request, const PageSettings& page,
                 std::stop_token stop, const Progress& progress);

  Result<archiver::CaptureResult> run(BrowserPool& pool,
                                      std::shared_ptr<const fetch::TrustStore> trust);

 private:
  using Clock = std::chrono::steady_clock;

  Result<RenderedPage> show(const Behaviours& behaviours);
  Result<> sweep(const RenderedPage& page);
  Result<archiver::CaptureResult> finish(const RenderedPage& page);
  Result<> tick();
  Result<> take_what_came();
  Error why_not(const Error& error) const;
  Error why_no_page() const;
  void miss(std::string url, std::string reason);

  const std::filesystem::path& root_;
  const archiver::PayloadLookup& lookup_;
  const archiver::CaptureRequest& request_;
  const PageSettings& page_settings_;
  const std::stop_token stop_;
  const Progress& progress_;
  const Clock::time_point deadline_;
  fetch::Settings fetch_;
  std::string address_;  ///< what the browser is sent to
  std::string seed_;     ///< the same without fragment
  SeenQueue seen_;
  std::unique_ptr<BrowserLease> lease_;
  std::optional<CaptureRecord> record_;
  std::optional<FinalSweep> sweep_;
  std::unique_ptr<proxy::RecordingProxy> proxy_;  ///< before what it tells is gone
  std::vector<archiver::Missed> missed_;
  std::vector<std::string> notes_;
  std::size_t told_ = 0;
};

}  // namespace wm::browser
