#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/file.h"
#include "core/base/mutex.h"
#include "core/base/result.h"

namespace wm::resolve {

/// A relative path of the index below `root`, or kDenied: absolute paths, "..", NUL and empty names
/// lead nowhere. Rows of the index come from imported files too, so they are not to be trusted.
Result<std::filesystem::path> path_below(const std::filesystem::path& root,
                                         std::string_view relative);

/// WARC files kept open, the most recently used ones. A WARC with its final name never changes, so
/// an open one stays true. open() from many threads.
class OpenFiles {
 public:
  explicit OpenFiles(std::filesystem::path root, std::size_t limit = 64)
      : root_(std::move(root)), limit_(limit) {}
  Result<std::shared_ptr<const ReadFile>> open(const std::string& relative) const;

 private:
  struct Entry {
    std::string name;
    std::shared_ptr<const ReadFile> file;  ///< shared with the streams that read it
  };
  std::shared_ptr<const ReadFile> held(const std::string& relative) const WM_EXCLUDES(mutex_);
  void hold(const std::string& relative, std::shared_ptr<const ReadFile> file) const
      WM_EXCLUDES(mutex_);

  const std::filesystem::path root_;
  const std::size_t limit_;
  mutable Mutex mutex_;
  mutable std::list<Entry> recent_ WM_GUARDED_BY(mutex_);  ///< most recently used first
  mutable std::unordered_map<std::string, std::list<Entry>::iterator> by_name_
      WM_GUARDED_BY(mutex_);
};

}  // namespace wm::resolve
