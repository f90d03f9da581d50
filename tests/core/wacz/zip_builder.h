#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file.h"

namespace wm::test {

/// Makes zips, good and bad ones, byte by byte.
class ZipBuilder {
 public:
  enum class Method { kStored, kDeflated };
  /// kDescriptor: sizes and CRC behind the data, as streaming writers do; kZip64: sizes in extra fields of both headers.
  enum class Form { kPlain, kDescriptor, kZip64 };
  ZipBuilder& add(std::string name, std::string_view content, Method method = Method::kStored, Form form = Form::kPlain);
  /// For what no writer would say.
  struct Lie {
    std::uint64_t size = 0;
    std::uint32_t crc32 = 0;
  };
  ZipBuilder& lie(const Lie& about_the_last);
  std::string finish(std::uint64_t announced_entries = UINT64_MAX) const;
  /// Where the directory begins: all before it is entries.
  std::size_t directory_at() const { return body_.size(); }

 private:
  struct Entry {
    std::string name;
    std::uint64_t method, flags, crc32, stored, size, header;
    bool zip64;
  };
  std::string body_;
  std::vector<Entry> entries_;
};

/// The bytes as a file that is gone when the last reader is.
std::shared_ptr<const ReadFile> as_file(std::string_view bytes);

}  // namespace wm::test
