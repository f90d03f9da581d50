#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/base/file.h"
#include "core/base/result.h"

namespace wm::warc {

/// A buffer that slides over a file as stored. Reads ahead; memory is what was asked for at most,
/// or 1 MiB.
class StoredWindow {
 public:
  /// Sees [0, end) of the file; `end` beyond the file's size means all of it.
  static Result<StoredWindow> over(std::shared_ptr<const ReadFile> file,
                                   std::uint64_t end = UINT64_MAX);

  /// What is buffered from `at` on: `want` bytes or more, fewer only before the end. Lives until
  /// the next call.
  Result<std::string_view> view(std::uint64_t at, std::size_t want);
  /// Copies up to `want` bytes at `at` without moving the window away from where it is.
  Result<std::string_view> glance(std::uint64_t at, std::size_t want);

  std::uint64_t end() const { return end_; }
  const ReadFile& file() const { return *file_; }

 private:
  StoredWindow(std::shared_ptr<const ReadFile> file, std::uint64_t end)
      : file_(std::move(file)), end_(end) {}
  std::string_view buffered(std::uint64_t at) const;
  void make_room(std::size_t bytes, std::string_view keep);

  std::shared_ptr<const ReadFile> file_;
  std::uint64_t end_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::uint64_t begin_ = 0;  ///< file offset of buffer_[0]
  std::size_t size_ = 0;
  std::string glance_;
};

}  // namespace wm::warc
