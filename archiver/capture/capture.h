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

#include "core/base/result.h"
#include "core/base/time14.h"
#include "core/http/headers.h"

namespace wm::archiver {

/// Limits and manners of fetching; config/waymark.toml [fetch] and [capture] hold the defaults in words.
struct FetchSettings {
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds request_timeout{60};
  std::chrono::seconds capture_timeout{180};
  std::chrono::seconds idle_timeout{20};         ///< no byte for so long ends a request
  std::uint64_t resource_bytes = 100ull << 20;
  std::uint64_t capture_bytes = 500ull << 20;
  std::size_t resources = 2000;
  std::size_t redirects = 10;
  std::size_t parallel = 24;
  std::size_t parallel_per_host = 6;
  std::size_t depth = 4;                         ///< frames in frames, imports in imports
  std::size_t memory_bytes = 2 << 20;            ///< a body larger than this waits on disk
  std::string user_agent;                        ///< "" = ours
  std::string accept_language = "en-US,en;q=0.9,*;q=0.5";
  bool allow_private = false;                    ///< loopback, link-local and private addresses may be fetched
  std::string proxy;                             ///< "" = none; the environment's is never used
  std::filesystem::path ca_file;                 ///< besides the system's
  http::Headers extra_headers;
};

/// Payloads held already, by digest: the archiver's question, answered by whoever plugs an index in.
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

struct CaptureRequest {
  std::string url;
  std::string collection = "web";
  std::string capture_id;   ///< unique; also part of the file name
  FetchSettings settings;
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
  std::string final_url;     ///< of the page after redirects
  Time14 time;               ///< of the seed: what the replay URL has
  int status = 0;            ///< of the page
  std::string mime;
  std::string warc;          ///< relative to the WARC root, '/'-separated
  std::size_t resources = 0; ///< response and revisit records
  std::size_t revisits = 0;
  std::uint64_t bytes = 0;   ///< payload bytes received
  std::vector<Missed> missed;///< requisites that could not be had, and why; also in the page info record
};

/// The http engine: fetches a page and every requisite with libcurl and writes one WARC under `warcs_root`. Nothing of it is visible
/// before the WARC is fsynced and renamed; on failure or stop nothing is left. One call a thread; an object may serve many.
class HttpEngine {
 public:
  HttpEngine(std::filesystem::path warcs_root, const PayloadLookup& lookup);
  ~HttpEngine();
  /// kDenied (address filter, scheme), kTimeout, kIo (network; may be tried again), kNotFound (name or host), kTooLarge, kInvalid.
  /// An HTTP error status of the page is a capture too, as the web answered so; 5xx and 429 without a Retry-After… are the caller's affair.
  Result<CaptureResult> capture(const CaptureRequest& request, std::stop_token stop,
                                const std::function<void(const CaptureProgress&)>& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::archiver
