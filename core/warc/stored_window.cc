#include "core/warc/stored_window.h"

#include <algorithm>
#include <cstring>

namespace wm::warc {

namespace {

constexpr std::size_t kReadAhead = 1 << 20;

}  // namespace

Result<StoredWindow> StoredWindow::over(std::shared_ptr<const ReadFile> file, std::uint64_t end) {
  const std::uint64_t size = WM_TRY(file->size());
  return StoredWindow(std::move(file), std::min(size, end));
}

std::string_view StoredWindow::buffered(std::uint64_t at) const {
  if (at < begin_ || at >= begin_ + size_) return {};
  const auto skip = static_cast<std::size_t>(at - begin_);
  return {buffer_.get() + skip, size_ - skip};
}

void StoredWindow::make_room(std::size_t bytes, std::string_view keep) {
  if (bytes <= capacity_) {
    if (!keep.empty()) std::memmove(buffer_.get(), keep.data(), keep.size());
    return;
  }
  auto larger = std::make_unique_for_overwrite<char[]>(bytes);
  if (!keep.empty()) std::memcpy(larger.get(), keep.data(), keep.size());
  buffer_ = std::move(larger);
  capacity_ = bytes;
}

Result<std::string_view> StoredWindow::view(std::uint64_t at, std::size_t want) {
  if (at >= end_) return std::string_view();
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(want, end_ - at));
  std::string_view have = buffered(at);
  if (have.size() >= most) return have;
  make_room(
      std::max(want, static_cast<std::size_t>(std::min<std::uint64_t>(kReadAhead, end_ - at))),
      have);
  begin_ = at;
  size_ = have.size();
  while (size_ < most) {
    const auto room =
        static_cast<std::size_t>(std::min<std::uint64_t>(capacity_ - size_, end_ - begin_ - size_));
    const std::size_t got = WM_TRY(file_->read_at(begin_ + size_, {buffer_.get() + size_, room}));
    size_ += got;
    if (got == 0) end_ = begin_ + size_;  // the file has become shorter under our eyes
    if (got == 0) break;
  }
  return std::string_view(buffer_.get(), size_);
}

Result<std::string_view> StoredWindow::glance(std::uint64_t at, std::size_t want) {
  if (at >= end_) return std::string_view();
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(want, end_ - at));
  if (const auto have = buffered(at); have.size() >= most) return have.substr(0, most);
  glance_.resize(most);
  std::size_t size = 0;
  while (size < most) {
    const std::size_t got = WM_TRY(file_->read_at(at + size, {glance_.data() + size, most - size}));
    if (got == 0) break;
    size += got;
  }
  return std::string_view(glance_).substr(0, size);
}

}  // namespace wm::warc
