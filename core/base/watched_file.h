#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/mutex.h"
#include "core/base/result.h"

namespace wm {

/// Tells when a file's content may have changed: another size, time or file under its name. Looks
/// at most once in `pause`. Any thread.
class FileWatch {
 public:
  explicit FileWatch(std::filesystem::path path,
                     std::chrono::milliseconds pause = std::chrono::seconds(1))
      : path_(std::move(path)), pause_(pause) {}
  /// True once after each change, and the first time it is asked.
  bool changed() WM_EXCLUDES(mutex_);
  const std::filesystem::path& path() const { return path_; }

 private:
  struct Stamp {
    std::int64_t nanoseconds = 0;
    std::uint64_t size = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  std::optional<Stamp> stamp() const;

  const std::filesystem::path path_;
  const std::chrono::milliseconds pause_;
  Mutex mutex_;
  bool looked_ WM_GUARDED_BY(mutex_) = false;
  std::optional<Stamp> seen_ WM_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point next_ WM_GUARDED_BY(mutex_);
};

/// As read_file, and a line in the log when it fails.
Result<std::string> read_watched(const std::filesystem::path& path, std::size_t limit_bytes);

/// What a file says, read anew after it has changed: rules that hold without a restart. get() from
/// any thread; a reader keeps what it got, whatever happens to the file. A file that cannot be read
/// or parsed any more leaves what was read before, and a line in the log.
template <class T>
class WatchedFile {
 public:
  /// What it fails with is for the caller of reload(); who parses tells the log.
  using Parse = std::function<Result<T>(std::string_view content)>;
  WatchedFile(std::filesystem::path path, std::size_t limit_bytes, Parse parse,
              std::chrono::milliseconds pause = std::chrono::seconds(1))
      : watch_(std::move(path), pause), limit_bytes_(limit_bytes), parse_(std::move(parse)) {}

  /// Empty if the file could never be read.
  std::shared_ptr<const T> get() const WM_EXCLUDES(mutex_) {
    if (watch_.changed()) static_cast<void>(reload());  // a failure is in the log
    const MutexLock lock(mutex_);
    return value_;
  }
  /// Reads it now, whether it has changed or not; says why if that fails.
  Result<> reload() const WM_EXCLUDES(mutex_) {
    const std::string content = WM_TRY(read_watched(watch_.path(), limit_bytes_));
    auto value = std::make_shared<const T>(WM_TRY(parse_(content)));
    const MutexLock lock(mutex_);
    value_ = std::move(value);
    return {};
  }

 private:
  mutable FileWatch watch_;
  const std::size_t limit_bytes_;
  const Parse parse_;
  mutable Mutex mutex_;
  mutable std::shared_ptr<const T> value_ WM_GUARDED_BY(mutex_);  ///< shared with its readers
};

}  // namespace wm
