#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/file.h"

namespace wm::fuzz {

/// The bytes as a file that is on no disk.
inline std::shared_ptr<const ReadFile> memory_file(const std::uint8_t* data, std::size_t size) {
  const int fd = ::memfd_create("fuzz", MFD_CLOEXEC);
  WM_CHECK(fd >= 0);
  WM_CHECK(size == 0 || ::write(fd, data, size) == static_cast<ssize_t>(size));
  auto file = ReadFile::open("/proc/self/fd/" + std::to_string(fd));
  ::close(fd);
  WM_CHECK(file.has_value());
  return *file;
}

}  // namespace wm::fuzz
