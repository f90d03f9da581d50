#include "replay/resolve/open_files.h"

#include <utility>

#include "core/base/ascii.h"

namespace wm::resolve {

Result<std::filesystem::path> path_below(const std::filesystem::path& root,
                                         std::string_view relative) {
  const auto refuse = [&] {
    return fail(Error::Code::kDenied,
                "not a path below the WARC folder: " + std::string(relative.substr(0, 200)));
  };
  if (relative.empty() || relative.front() == '/' || relative.find('\0') != std::string_view::npos)
    return refuse();
  for (const auto part : split(relative, '/')) {
    if (part.empty() || part == "." || part == "..") return refuse();
  }
  return root / std::filesystem::path(relative);
}

Result<std::shared_ptr<const ReadFile>> OpenFiles::open(const std::string& relative) const {
  if (auto file = held(relative)) return file;
  const auto path = WM_TRY(path_below(root_, relative));
  auto file = WM_TRY(ReadFile::open(path));
  hold(relative, file);
  return file;
}

std::shared_ptr<const ReadFile> OpenFiles::held(const std::string& relative) const {
  const MutexLock lock(mutex_);
  const auto found = by_name_.find(relative);
  if (found == by_name_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return recent_.front().file;
}

void OpenFiles::hold(const std::string& relative, std::shared_ptr<const ReadFile> file) const {
  std::shared_ptr<const ReadFile> dropped;  // closed outside the lock
  const MutexLock lock(mutex_);
  if (by_name_.contains(relative)) return;
  recent_.push_front({relative, std::move(file)});
  by_name_[relative] = recent_.begin();
  if (recent_.size() <= limit_) return;
  dropped = std::move(recent_.back().file);
  by_name_.erase(recent_.back().name);
  recent_.pop_back();
}

}  // namespace wm::resolve
