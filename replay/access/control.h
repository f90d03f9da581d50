#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/base/watched_file.h"
#include "indexer/cdx/capture.h"
#include "replay/access/rules.h"

namespace wm::access {

/// The rules as they are at one moment, for one request: all of its answer is judged alike. A
/// value.
class Judge {
 public:
  Judge() = default;  ///< allows all
  Judge(std::shared_ptr<const Rules> rules, SysSeconds now) : rules_(std::move(rules)), now_(now) {}
  Access operator()(const cdx::Capture& capture) const {
    if (!rules_) return Access::kAllow;
    return rules_->decide(capture.collection, capture.surt, capture.time, now_);
  }
  /// Are there any rules at all? Without them counts of captures need not be looked into.
  bool any() const { return rules_ && !rules_->empty(); }
  bool hides(const cdx::Capture& capture) const { return (*this)(capture) == Access::kExclude; }

 private:
  std::shared_ptr<const Rules> rules_;  ///< shared with the control and other judges
  SysSeconds now_{};
};

/// The one place that says what may be seen: replay, TimeMaps, CDX servers and calendars ask it.
/// Its file is read anew when it changes. Any thread.
class Control {
 public:
  Control() = default;  ///< no rules: all is allowed
  /// An .aclj file. Fails if it cannot be read: rules that are asked for and missing must not mean
  /// that all is allowed. Lines that are no rules are logged with file and line, and passed over.
  static Result<std::shared_ptr<const Control>> open(
      const std::filesystem::path& path, std::chrono::milliseconds pause = std::chrono::seconds(1));
  Judge judge() const;

 private:
  std::unique_ptr<WatchedFile<Rules>> file_;
};

}  // namespace wm::access
