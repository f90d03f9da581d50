#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/source.h"

namespace wm {

/// A file open for reading at any offset. const methods may be called from many threads.
class ReadFile {
 public:
  /// kNotFound, kDenied or kIo with the path in the message. Only regular files are opened.
  static Result<std::shared_ptr<const ReadFile>> open(const std::filesystem::path& path);
  ~ReadFile();
  ReadFile(const ReadFile&) = delete;
  ReadFile& operator=(const ReadFile&) = delete;

  /// Up to into.size() bytes at `offset`; 0 at or after the end.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const;
  Result<std::uint64_t> size() const;
  const std::filesystem::path& path() const { return path_; }

 private:
  ReadFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::filesystem::path path_;
};

/// A Source over [offset, offset+length) of a file; shares the file, which closes with its last reader.
std::unique_ptr<Source> file_source(std::shared_ptr<const ReadFile> file, std::uint64_t offset = 0,
                                    std::uint64_t length = UINT64_MAX);

/// What a writer writes to. Tests put a FaultyFile here (tests/support/faulty_file.h).
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  /// All of it or an error; after an error the file's end is undefined and the writer must stop.
  virtual Result<> append(std::string_view bytes) = 0;
  /// On disk when this returns (fdatasync).
  virtual Result<> sync() = 0;
  virtual Result<> close() = 0;
};

/// A new file, or kConflict if it exists. Parent folders are made.
Result<std::unique_ptr<WritableFile>> create_file(const std::filesystem::path& path);

/// A file to write at the end of, which is there.
Result<std::unique_ptr<WritableFile>> append_to_file(const std::filesystem::path& path);

/// What was made, renamed or removed in a folder survives a power cut.
Result<> sync_folder(const std::filesystem::path& folder);
/// Renames and fsyncs the folder, so that the new name survives a power cut.
Result<> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);
/// Writes beside, fsyncs, renames: readers see the old or the new content, never a part.
Result<> replace_file(const std::filesystem::path& path, std::string_view content);
/// The same for secrets: nobody but the owner may read it (mode 0600), from its first byte on.
Result<> replace_private_file(const std::filesystem::path& path, std::string_view content);
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit_bytes);

/// A folder of its own under the system's temporary folder, removed with everything in it at the end of life.
class TempDir {
 public:
  static Result<TempDir> create(std::string_view prefix);
  ~TempDir();
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TempDir(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace wm
