#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/http/headers.h"

namespace wm::fetch {

/// Limits and manners of fetching; config/waymark.toml [fetch] and [capture] hold the defaults in
/// words.
struct Settings {
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds request_timeout{60};
  std::chrono::seconds capture_timeout{180};
  std::chrono::seconds idle_timeout{20};  ///< no byte for so long ends a request
  std::uint64_t resource_bytes = 100ull << 20;
  std::uint64_t capture_bytes = 500ull << 20;
  std::size_t resources = 2000;
  std::size_t redirects = 10;
  std::size_t parallel = 24;
  std::size_t parallel_per_host = 6;
  std::size_t depth = 4;               ///< frames in frames, imports in imports
  std::size_t memory_bytes = 2 << 20;  ///< a body larger than this waits on disk
  std::string user_agent;              ///< "" = ours
  std::string accept_language = "en-US,en;q=0.9,*;q=0.5";
  bool allow_private = false;  ///< loopback, link-local and private addresses may be fetched
  /// Ports this program listens on: never fetched from this machine itself, whatever else is
  /// allowed.
  std::vector<std::uint16_t> own_ports;
  bool cookies = true;            ///< those that servers set are sent back
  std::string proxy;              ///< "" = none; the environment's is never used
  std::filesystem::path ca_file;  ///< besides the system's
  /// Authorization and Cookie among these go to the seed's host only, the others everywhere.
  http::Headers extra_headers;
  /// For tests: "host:port:address" entries that stand in for the name service. The address filter
  /// judges them as any other.
  std::vector<std::string> resolve;
};

/// What User-Agent says when `Settings::user_agent` is empty.
inline constexpr const char* kUserAgent = "Mozilla/5.0 (compatible; Waymark/0.1)";

}  // namespace wm::fetch
