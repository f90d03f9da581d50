#include "server/archive/zip_writer.h"

#include <zlib.h>

#include <algorithm>

namespace wm::archive {

namespace {

constexpr std::uint16_t kFlags = 1 << 3 | 1 << 11;  // sizes follow; names are UTF-8
constexpr std::uint32_t kAll32 = 0xffffffff;
constexpr std::uint16_t kAll16 = 0xffff;

class Fields {
 public:
  Fields& u16(std::uint64_t value) { return put(value, 2); }
  Fields& u32(std::uint64_t value) { return put(value, 4); }
  Fields& u64(std::uint64_t value) { return put(value, 8); }
  Fields& text(std::string_view bytes) {
    out_ += bytes;
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  Fields& put(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }
  std::string out_;
};

}  // namespace

std::string ZipWriter::begin(std::string_view name) {
  const std::uint16_t version = at_ >= kAll32 ? 45 : 20;
  entries_.push_back({.name = std::string(name), .header = at_});
  std::string header =
      Fields().u32(0x04034b50).u16(version).u16(kFlags).u16(0).u32(dos_time_).u32(0).u32(0).u32(0).u16(name.size()).u16(0).text(name).take();
  at_ += header.size();
  return header;
}

Result<> ZipWriter::add(std::string_view bytes) {
  Entry& entry = entries_.back();
  if (entry.size + bytes.size() > kEntryBytes) return fail(Error::Code::kTooLarge, entry.name + " does not fit into a zip without zip64");
  entry.crc32 = static_cast<std::uint32_t>(::crc32_z(entry.crc32, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  entry.size += bytes.size();
  at_ += bytes.size();
  return {};
}

std::string ZipWriter::end() {
  const Entry& entry = entries_.back();
  std::string descriptor = Fields().u32(0x08074b50).u32(entry.crc32).u32(entry.size).u32(entry.size).take();
  at_ += descriptor.size();
  return descriptor;
}

std::string ZipWriter::central(const Entry& entry) const {
  const bool far = entry.header >= kAll32;
  const std::uint16_t version = far ? 45 : 20;
  Fields fields;
  fields.u32(0x02014b50).u16(3 << 8 | version).u16(version).u16(kFlags).u16(0).u32(dos_time_).u32(entry.crc32).u32(entry.size).u32(entry.size);
  fields.u16(entry.name.size()).u16(far ? 12 : 0).u16(0).u16(0).u16(0).u32(0100644u << 16).u32(far ? kAll32 : entry.header).text(entry.name);
  if (far) fields.u16(1).u16(8).u64(entry.header);
  return fields.take();
}

std::string ZipWriter::finish() {
  std::string directory;
  for (const Entry& entry : entries_) directory += central(entry);
  const std::uint64_t begin = at_, size = directory.size(), count = entries_.size();
  Fields end;
  if (begin >= kAll32 || count >= kAll16) {
    end.u32(0x06064b50).u64(44).u16(3 << 8 | 45).u16(45).u32(0).u32(0).u64(count).u64(count).u64(size).u64(begin);
    end.u32(0x07064b50).u32(0).u64(begin + size).u32(1);
  }
  const std::uint64_t shown = std::min<std::uint64_t>(count, kAll16);
  end.u32(0x06054b50).u16(0).u16(0).u16(shown).u16(shown).u32(std::min<std::uint64_t>(size, kAll32)).u32(std::min<std::uint64_t>(begin, kAll32)).u16(0);
  directory += end.take();
  at_ += directory.size();
  return directory;
}

std::uint32_t dos_time(std::string_view time14) {
  const auto number = [time14](std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (const char c : time14.substr(at, count)) value = value * 10 + static_cast<std::uint32_t>(c - '0');
    return value;
  };
  const std::uint32_t year = std::clamp(number(0, 4), 1980u, 2107u) - 1980;
  const std::uint32_t date = year << 9 | number(4, 2) << 5 | number(6, 2);
  return date << 16 | number(8, 2) << 11 | number(10, 2) << 5 | number(12, 2) / 2;
}

}  // namespace wm::archive
