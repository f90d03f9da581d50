#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/base/source.h"

namespace wm::wacz {

struct ZipLimits {
  std::size_t entries = 100000;
  std::size_t name_bytes = 1024;              ///< entries with a longer name are left out
  std::size_t directory_bytes = 64 << 20;     ///< of the central directory
  std::uint64_t decoded_bytes = 1ull << 40;   ///< of one entry
  std::uint64_t ratio = 250;                  ///< decoded to stored at most, after the first 64 MiB
};

/// One file of a zip, as the central directory has it.
struct ZipEntry {
  enum class Method { kStored, kDeflated, kOther };
  std::string name;  ///< as written: nobody has looked at whether it is safe
  Method method = Method::kStored;
  bool encrypted = false;
  bool torn = false;          ///< its end is missing: sizes and CRC are not known
  std::uint64_t header = 0;   ///< where its local header is in the file
  std::uint64_t stored = 0;   ///< bytes in the zip
  std::uint64_t size = 0;     ///< bytes decoded
  std::uint32_t crc32 = 0;
};

/// Reads a zip, or one that lies in a part of another file, in bounded memory. Bytes before the first entry are taken for what they are.
/// A zip without its directory (a torn download) is read by the headers before each entry instead, and says so in complaints().
/// const methods from any thread. Source: PKWARE APPNOTE 6.3.10 §4.3, zip64 §4.5.3; no multi-disk archives, no encryption.
class ZipReader {
 public:
  /// kCorrupt if there is no zip in it, kTooLarge at a limit.
  static Result<ZipReader> open(std::shared_ptr<const ReadFile> file, ZipLimits limits = {}, std::uint64_t offset = 0, std::uint64_t length = UINT64_MAX);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  /// What is not as it should be in the whole, and was got over.
  const std::vector<std::string>& complaints() const { return complaints_; }
  /// The directory is missing: what is after a cut may be missing too.
  bool recovered() const { return recovered_; }

  /// Where the entry's bytes begin in the file; its local header is looked at. kCorrupt if that one is another entry's.
  Result<std::uint64_t> data_offset(const ZipEntry& entry) const;
  /// The entry decoded. Fails at its end with kCorrupt if length or CRC are not as announced; kTooLarge at a limit, kUnsupported for other
  /// methods and for encryption. Shares the file; independent of this object.
  Result<std::unique_ptr<Source>> read(const ZipEntry& entry) const;

  const std::shared_ptr<const ReadFile>& file() const { return file_; }

 private:
  struct Directory;
  ZipReader(std::shared_ptr<const ReadFile> file, ZipLimits limits, std::uint64_t begin, std::uint64_t end)
      : file_(std::move(file)), limits_(limits), begin_(begin), end_(end) {}
  Result<std::string> bytes_at(std::uint64_t at, std::uint64_t count) const;
  Result<bool> find_directory(Directory& directory);
  Result<> read_zip64(std::uint64_t end_record, Directory& directory);
  Result<> read_directory(const Directory& directory);
  Result<> recover();
  Result<bool> recover_entry(std::uint64_t& at);
  Result<std::uint64_t> find_descriptor(std::uint64_t from) const;

  std::shared_ptr<const ReadFile> file_;
  ZipLimits limits_;
  std::uint64_t begin_;  ///< of the zip in the file
  std::uint64_t end_;
  std::vector<ZipEntry> entries_;
  std::vector<std::string> complaints_;
  bool recovered_ = false;
};

}  // namespace wm::wacz
