#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/source.h"
#include "core/http/message.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/access/control.h"
#include "replay/fuzzy/matcher.h"

namespace wm::replay {

struct ReplaySettings {
  std::string app_origin = {};  ///< "http://127.0.0.1:8080": links on error pages, frame-ancestors
  std::string replay_origin = {};  ///< "" = from the request's Host
  /// Where wombat.js and wombatWorkers.js are (npm @webrecorder/wombat, dist/), which replay then
  /// serves below /static/wombat/ and rewrites scripts for. "" or no such files = scripts go out as
  /// archived, held by the CSP alone.
  std::filesystem::path wombat_folder = {};
  bool private_replay = false;  ///< no cache but the reader's own may keep what is shown
  std::uint64_t decoded_bytes = 1ull << 30;  ///< per body
  std::uint64_t decode_ratio = 1000;
  std::uint64_t rewrite_bytes =
      64ull << 20;                  ///< larger bodies of rewritable types are served as they are
  std::size_t tried_captures = 20;  ///< broken ones passed over before giving up
  std::uint64_t cdx_scan_rows = 10'000'000;  ///< captures looked at for one CDX request
  std::size_t timemap_page = 10'000;         ///< mementos on one page of a TimeMap
  /// What may be seen; empty = everything. Shared with all who show captures.
  std::shared_ptr<const access::Control> access = {};
  /// Finds what means the same as a URL that was never captured; empty = nothing does.
  std::shared_ptr<const fuzzy::Matcher> fuzzy = {};
};

/// A request on the replay origin, as values: replay knows no server.
struct ReplayRequest {
  std::string method;
  std::string target;  ///< raw
  http::Headers headers;
  std::string app_origin = {};  ///< of the app for this client; "" = that of the settings
  std::string body = {};        ///< of a POST or PUT: what it asks is part of the key
  /// Archived documents must be held in an opaque origin: this one is the app's, too.
  bool opaque_origin = false;
  /// What stands before every address then, a secret path ("/_replay/<ticket>"); `target` is
  /// without it. "" = the address was open to all.
  std::string mount = {};
};

/// To HEAD the same answer is given as to GET: the server leaves the body out. A body may be given
/// as `body` or as `stream`.
struct ReplayResponse {
  int status = 200;
  http::Headers headers;
  std::string body;
  std::unique_ptr<Source> stream;
  std::optional<std::uint64_t> stream_length;
};

class Core;

/// Request to memento. handle() from many threads. `index` outlives it and every stream it gave.
class Replay {
 public:
  Replay(const cdx::CdxIndex& index, std::filesystem::path warcs_root, ReplaySettings settings);
  ~Replay();
  /// Always an answer: what goes wrong becomes a typed error page with the right status.
  ReplayResponse handle(const ReplayRequest& request) const;

 private:
  ReplayResponse answer(const ReplayRequest& request) const;

  std::unique_ptr<Core> core_;
};

}  // namespace wm::replay
