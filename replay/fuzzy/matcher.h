#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/watched_file.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/access/control.h"
#include "replay/fuzzy/rules.h"

namespace wm::fuzzy {

/// Finds captured URLs that mean the same as one that was not captured. Costs a bounded number of
/// look-ups however much is archived under a path. Any thread.
class Matcher {
 public:
  static constexpr std::size_t kKeys = 1000;  ///< looked at for one rule and beginning
  static constexpr std::size_t kBest = 8;     ///< keys told

  /// The rules of a file, or those that come with the program for "". Fails if the file cannot be
  /// read or is no TOML; later such a change is logged and leaves the rules as they were.
  static Result<std::shared_ptr<const Matcher>> open(
      const std::filesystem::path& path, std::chrono::milliseconds pause = std::chrono::seconds(1));

  /// Keys that agree with `key` by the first rule that finds any, best first.
  Result<std::vector<std::string>> keys_like(const cdx::CdxIndex& index, const access::Judge& judge,
                                             std::string_view collection,
                                             std::string_view key) const;

 private:
  std::shared_ptr<const Rules> rules() const;

  std::shared_ptr<const Rules> shipped_;  ///< shared with look-ups under way
  std::unique_ptr<WatchedFile<Rules>> file_;
};

}  // namespace wm::fuzzy
