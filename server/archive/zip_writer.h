#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace wm::archive {

/// The framing of a zip whose entries are stored as they are, for a stream that cannot be gone back in: sizes and CRC follow each entry. A
/// call gives the bytes to be written. No extra field in local headers, so none is looked for where the directory has none; zip64 fields only
/// where an entry begins beyond 4 GiB. One thread. Source: PKWARE APPNOTE 6.3.10 §4.3, §4.4.4 (bits 3 and 11), §4.5.3.
class ZipWriter {
 public:
  static constexpr std::uint64_t kEntryBytes = 0xfffffffe;  ///< an entry's most, since its descriptor has 32 bits

  /// `dos_time` of all entries: (date << 16) | time.
  explicit ZipWriter(std::uint32_t dos_time) : dos_time_(dos_time) {}
  /// The local header of an entry called `name`, a relative UTF-8 path.
  std::string begin(std::string_view name);
  /// Says that these bytes of the entry are written next. kTooLarge beyond kEntryBytes.
  Result<> add(std::string_view bytes);
  /// The descriptor behind the entry.
  std::string end();
  /// The directory; the last bytes of the zip.
  std::string finish();

  std::uint64_t position() const { return at_; }

 private:
  struct Entry {
    std::string name;
    std::uint64_t header = 0;
    std::uint64_t size = 0;
    std::uint32_t crc32 = 0;
  };
  std::string central(const Entry& entry) const;

  const std::uint32_t dos_time_;
  std::vector<Entry> entries_;
  std::uint64_t at_ = 0;
};

/// Seconds are halved, years before 1980 are 1980: what a zip can say.
std::uint32_t dos_time(std::string_view time14);

}  // namespace wm::archive
