#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/source.h"

namespace wm::fetch {

/// Bytes that are written once and then read any number of times: in memory up to a limit, beyond
/// it in a temporary file without a name, which the system removes with its last user whatever
/// happens to the process.
class Spool {
 public:
  explicit Spool(std::size_t memory_bytes) : memory_bytes_(memory_bytes) {}

  /// One that holds `bytes`, in memory whatever their size.
  static std::shared_ptr<const Spool> holding(std::string bytes);

  /// kIo when the temporary file cannot be made or written.
  Result<> append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  bool in_memory() const { return file_ == nullptr; }
  /// Up to into.size() bytes from `offset` on; 0 at or after the present end. Whatever is appended
  /// meanwhile, on the thread that appends.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const;
  /// All bytes; only while in_memory().
  std::string_view memory() const { return memory_; }
  /// A new reader from the start. It shares the file; bytes in memory must outlive it.
  std::unique_ptr<Source> source() const;

 private:
  struct File;
  std::size_t memory_bytes_;
  std::uint64_t size_ = 0;
  std::string memory_;
  std::shared_ptr<File> file_;  ///< shared with the readers, which may outlive the spool
};

}  // namespace wm::fetch
