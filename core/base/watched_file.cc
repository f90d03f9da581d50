#include "core/base/watched_file.h"

#include <sys/stat.h>

#include "core/base/file.h"
#include "core/base/log.h"

namespace wm {

std::optional<FileWatch::Stamp> FileWatch::stamp() const {
  struct stat told{};
  if (::stat(path_.c_str(), &told) != 0) return std::nullopt;
  return Stamp{.nanoseconds = told.st_mtim.tv_sec * 1'000'000'000 + told.st_mtim.tv_nsec,
               .size = static_cast<std::uint64_t>(told.st_size),
               .inode = told.st_ino};
}

bool FileWatch::changed() {
  const auto now = std::chrono::steady_clock::now();
  {
    const MutexLock lock(mutex_);
    if (looked_ && now < next_) return false;
    next_ = now + pause_;
  }
  const auto current = stamp();
  const MutexLock lock(mutex_);
  const bool first = !looked_;
  looked_ = true;
  if (!first && current == seen_) return false;
  seen_ = current;
  return true;
}

Result<std::string> read_watched(const std::filesystem::path& path, std::size_t limit_bytes) {
  auto content = read_file(path, limit_bytes);
  if (!content) {
    log::error("reading {}: {}; what it said before still holds", path.string(),
               content.error().what);
  }
  return content;
}

}  // namespace wm
