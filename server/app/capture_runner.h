#pragma once

#include <filesystem>

#include "archiver/browser/browser_engine.h"
#include "archiver/capture/capture.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/store/store.h"
#include "server/app/settings.h"
#include "server/jobs/job_queue.h"
#include "server/links/link_store.h"

namespace wm::app {

/// The archiver's question "is this payload held already?", answered by the index.
class HeldPayloads final : public archiver::PayloadLookup {
 public:
  HeldPayloads(const cdx::CdxIndex& index, std::string collection) : index_(index), collection_(std::move(collection)) {}
  std::optional<Held> find(std::string_view digest) const override;

 private:
  const cdx::CdxIndex& index_;
  std::string collection_;
};

/// Jobs of the kind "capture": engine → WARC → index → the link's snapshot. Parameters {"engine", "settings"}; result: the snapshot,
/// what was not captured, why this engine, and notes. Without a browser the http engine serves, and a note says so.
class CaptureRunner final : public jobs::Runner {
 public:
  CaptureRunner(store::Store& store, const cdx::CdxIndex& index, links::LinkStore& links, std::filesystem::path warcs, const Settings& settings,
                std::function<void()> indexed);
  Result<std::string> run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) override;
  /// Network errors and time-outs; what was refused or is no page does not get better.
  bool may_pass(const Error& error) const override;

 private:
  struct Captured {
    archiver::CaptureResult result;
    std::string engine;  ///< that made it
    std::string reason;  ///< why that one, if "auto" was to choose
  };
  using Progress = std::function<void(const archiver::CaptureProgress&)>;
  Result<Captured> capture(const jobs::Job& job, const archiver::CaptureRequest& request, const Settings& settings, const std::string& engine, std::stop_token stop,
                           const Progress& progress);
  Result<Captured> capture_by_rules(const jobs::Job& job, const archiver::CaptureRequest& request, const Settings& settings, std::stop_token stop, const Progress& progress);
  Result<Captured> capture_by_browser(const archiver::CaptureRequest& request, const Settings& settings, std::stop_token stop, const Progress& progress);

  store::Store& store_;
  const cdx::CdxIndex& index_;
  links::LinkStore& links_;
  const std::filesystem::path warcs_;
  const Settings& settings_;
  const std::function<void()> indexed_;  // wakes the search writer
  HeldPayloads held_;
  archiver::HttpEngine http_;
  browser::BrowserEngine browser_;
};

archiver::FetchSettings fetch_settings(const Settings& settings);
browser::Settings browser_settings(const Settings& settings);

}  // namespace wm::app
