#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/file.h"
#include "core/base/source.h"

namespace wm::test {

/// A file of tests/data.
std::filesystem::path data_path(std::string_view relative);
/// A file of ../shared, or nullopt with a message naming what is skipped where that folder is missing.
std::optional<std::filesystem::path> shared_path(std::string_view relative);
std::string read_text(const std::filesystem::path& path);

/// A copy of `bytes` on the heap of just their size, so that ASan sees one byte too far.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view bytes);
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

/// A Source that gives its bytes in pieces of `piece` bytes at most, and fails after `fail_after` bytes if that is set.
class PiecewiseSource final : public Source {
 public:
  PiecewiseSource(std::string bytes, std::size_t piece, std::optional<std::size_t> fail_after = {});
  Result<std::size_t> read(std::span<char> into) override;

 private:
  std::string bytes_;
  std::size_t piece_;
  std::optional<std::size_t> fail_after_;
  std::size_t at_ = 0;
};

/// A temporary folder, or the test ends.
TempDir temp_dir();

}  // namespace wm::test
