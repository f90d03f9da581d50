#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "replay/replay.h"

namespace wm::replay {

/// wombat (npm @webrecorder/wombat, AGPL-3.0) as the replay origin serves it, unchanged, below
/// kPrefix. It is no part of Waymark: where its folder is missing, archived scripts go out as they
/// are, held by the CSP alone. Read once; const methods from many threads.
class WombatFiles {
 public:
  static constexpr std::string_view kPrefix = "/static/wombat/";

  /// `folder` holds wombat.js and wombatWorkers.js (the package's dist/). An empty path or a
  /// missing wombat.js: not loaded().
  static WombatFiles load(const std::filesystem::path& folder);
  bool loaded() const { return !files_.empty(); }

  static bool is_ours(std::string_view target) { return target.starts_with(kPrefix); }
  /// The file of a target that is_ours, or 404. "ww/<collection>/<timestamp>.js" is
  /// wombatWorkers.js with the page's time put in, which a worker made from a blob cannot know
  /// otherwise.
  ReplayResponse answer(std::string_view target, std::string_view app_origin) const;
  static std::string workers_script(std::string_view collection, std::string_view timestamp);

 private:
  std::string content(std::string_view name) const;

  std::map<std::string, std::string, std::less<>> files_;
};

}  // namespace wm::replay
