#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>

#include "archiver/browser/settings.h"
#include "archiver/capture/capture.h"
#include "core/base/result.h"

namespace wm::browser {

/// The browser engine: shows a page in Chromium, behind a proxy that records what passes, and
/// writes one WARC with it, as archiver::HttpEngine does: nothing is visible before the file is
/// fsynced and renamed, and on failure or stop nothing is left. Besides the answers of the web
/// there are pictures, rendered text, final tree and page info (docs/formats/warc.md).
///
/// One call a thread; up to `contexts` of them share a browser. An object may serve many.
class BrowserEngine {
 public:
  BrowserEngine(std::filesystem::path warcs_root, const archiver::PayloadLookup& lookup,
                Settings settings);
  ~BrowserEngine();
  BrowserEngine(const BrowserEngine&) = delete;
  BrowserEngine& operator=(const BrowserEngine&) = delete;

  /// kUnsupported when there is no browser: the http engine can serve instead. kDenied, kNotFound,
  /// kTimeout, kIo, kTooLarge, kInvalid and kBusy as HttpEngine; kIo also when the browser dies.
  /// A page that crashes, never ends or takes all memory is a capture of what came before, and its
  /// notes say so. Extra headers, limits and proxy are those of request.settings.
  Result<archiver::CaptureResult> capture(
      const archiver::CaptureRequest& request, const PageSettings& page, std::stop_token stop,
      const std::function<void(const archiver::CaptureProgress&)>& progress = {});

  /// nullopt if a browser can be started; else what is missing.
  std::optional<std::string> missing() const;
  /// Of the running browser; 0 if none runs.
  pid_t browser_pid() const;
  std::uint64_t most_memory_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::browser
