#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/file.h"

namespace wm::test {

/// A disk with one file on it that fails as told. Outlives the FaultyFile that writes to it, so
/// that a test can see what is there.
struct FaultyDisk {
  std::optional<std::size_t>
      full_at;  ///< the disk is full when the file has this size: what fits goes in, then kIo
  bool sync_fails = false;
  bool close_fails = false;

  std::string written;     ///< what a reader of the running system sees
  std::size_t synced = 0;  ///< bytes that a power cut leaves for sure
  bool closed = false;

  /// The file after a power cut: only what was synced.
  std::string after_power_cut() const { return written.substr(0, synced); }
};

/// A WritableFile on such a disk.
class FaultyFile final : public WritableFile {
 public:
  explicit FaultyFile(std::shared_ptr<FaultyDisk> disk) : disk_(std::move(disk)) {}
  Result<> append(std::string_view bytes) override;
  Result<> sync() override;
  Result<> close() override;

 private:
  std::shared_ptr<FaultyDisk> disk_;  ///< shared with the test
};

}  // namespace wm::test
