#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "archiver/fetch/settings.h"
#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::archiver {

using FetchSettings = fetch::Settings;

/// Payloads held already, by digest: the archiver's question, answered by whoever plugs an index
/// in.
class PayloadLookup {
 public:
  struct Held {
    std::string target_uri;
    SysMicros date;
  };
  virtual ~PayloadLookup() = default;
  /// From any capture thread.
  virtual std::optional<Held> find(std::string_view digest) const = 0;
};

/// The page itself, as the server sent it.
struct PageSource {
  std::string_view url;   ///< after redirects
  std::string_view html;  ///< decoded; at most the first 32 MiB
};

struct CaptureRequest {
  std::string url;
  std::string collection = "web";
  std::string capture_id;  ///< unique; also part of the file name
  FetchSettings settings;
  /// Asked by the http engine with an HTML page before anything of it is written; a reason leaves
  /// the page to another engine. May be empty. On the thread of the capture.
  std::function<std::optional<std::string>(const PageSource& page)> leave = {};
};

struct Missed {
  std::string url;
  std::string reason;
};

struct CaptureProgress {
  std::size_t fetched = 0;
  std::size_t known = 0;
  std::uint64_t bytes = 0;
  std::string current_url;
};

struct CaptureResult {
  std::string left;       ///< why CaptureRequest::leave left the page; nothing else is set then
  std::string final_url;  ///< of the page after redirects
  Time14 time;            ///< of the seed: what the replay URL has
  int status = 0;         ///< of the page
  std::string mime;
  std::string warc;           ///< relative to the WARC root, '/'-separated
  std::size_t resources = 0;  ///< response and revisit records
  std::size_t revisits = 0;
  std::uint64_t bytes = 0;  ///< payload bytes received
  std::vector<Missed>
      missed;  ///< requisites that could not be had, and why; also in the page info record
  std::vector<std::string> notes;  ///< what else to know: what was cut short, and why
};

/// The http engine: fetches a page and every requisite with libcurl and writes one WARC under
/// `warcs_root`. Nothing of it is visible before the WARC is fsynced and renamed; on failure or
/// stop nothing is left. One call a thread; an object may serve many.
class HttpEngine {
 public:
  HttpEngine(std::filesystem::path warcs_root, const PayloadLookup& lookup);
  ~HttpEngine();
  /// kDenied (address filter, scheme, port), kTimeout, kIo (network; may be tried again), kNotFound
  /// (no such host), kTooLarge (the page itself exceeds a byte limit), kInvalid (URL, names, a
  /// redirect without end), kBusy (stopped). An HTTP error status of the page is a capture too, as
  /// the web answered so; 5xx and 429 without a Retry-After… are the caller's affair.
  Result<CaptureResult> capture(const CaptureRequest& request, std::stop_token stop,
                                const std::function<void(const CaptureProgress&)>& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::archiver
