#include "core/wacz/zip.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/wacz/zip_fields_internal.h"

namespace wm::wacz {

namespace {

constexpr std::uint64_t kLongestComment = 65535;

ZipEntry::Method method_of(std::uint64_t number) {
  if (number == 0) return ZipEntry::Method::kStored;
  return number == 8 ? ZipEntry::Method::kDeflated : ZipEntry::Method::kOther;
}

}  // namespace

struct ZipReader::Directory {
  std::uint64_t offset = 0;  ///< as announced, from where the zip says it begins
  std::uint64_t size = 0;
  std::uint64_t count = 0;
  std::uint64_t end = 0;     ///< where it really ends in the file
};

Result<ZipReader> ZipReader::open(std::shared_ptr<const ReadFile> file, ZipLimits limits, std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t size = WM_TRY(file->size());
  const std::uint64_t begin = std::min(offset, size);
  ZipReader zip(std::move(file), limits, begin, begin + std::min(length, size - begin));
  Directory directory;
  if (WM_TRY(zip.find_directory(directory))) {
    auto read = zip.read_directory(directory);
    if (read) return zip;
    if (read.error().code != Error::Code::kCorrupt) return std::unexpected(read.error());
    zip.complaints_.push_back(read.error().what);
    zip.entries_.clear();
  } else {
    zip.complaints_.push_back("the zip has no directory: it was cut off, or is no zip");
  }
  WM_TRY(zip.recover());
  return zip;
}

Result<std::string> ZipReader::bytes_at(std::uint64_t at, std::uint64_t count) const {
  const std::uint64_t there = at >= end_ ? 0 : std::min(count, end_ - at);
  std::string bytes(there, '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const std::size_t more = WM_TRY(file_->read_at(at + got, std::span<char>(bytes).subspan(got)));
    if (more == 0) break;
    got += more;
  }
  bytes.resize(got);
  return bytes;
}

Result<bool> ZipReader::find_directory(Directory& directory) {
  const std::uint64_t tail_bytes = std::min(end_ - begin_, kLongestComment + kEndBytes);
  const std::uint64_t tail_at = end_ - tail_bytes;
  const std::string tail = WM_TRY(bytes_at(tail_at, tail_bytes));
  if (tail.size() < kEndBytes) return false;
  for (std::size_t at = tail.size() - kEndBytes + 1; at-- > 0;) {
    if (tail[at] != 'P' || number(tail, at, 4) != kEnd || at + kEndBytes + number(tail, at + 20, 2) > tail.size()) continue;
    directory.count = number(tail, at + 10, 2);
    directory.size = number(tail, at + 12, 4);
    directory.offset = number(tail, at + 16, 4);
    directory.end = tail_at + at;
    WM_TRY(read_zip64(tail_at + at, directory));
    if (directory.size <= directory.end - begin_) return true;
  }
  return false;
}

/// Does nothing where there is no zip64 record in front of the end record.
Result<> ZipReader::read_zip64(std::uint64_t end_record, Directory& directory) {
  if (end_record - begin_ < kLocatorBytes) return {};
  const std::string locator = WM_TRY(bytes_at(end_record - kLocatorBytes, kLocatorBytes));
  if (locator.size() < kLocatorBytes || number(locator, 0, 4) != kEnd64Locator) return {};
  const std::uint64_t told = number(locator, 8, 8);
  // Bytes before the zip shift it: then it is right in front of its locator, if it has no extension.
  const std::uint64_t before = end_record - kLocatorBytes >= begin_ + kEnd64Bytes ? end_record - kLocatorBytes - kEnd64Bytes : begin_;
  for (const std::uint64_t at : {told <= end_record - begin_ ? begin_ + told : before, before}) {
    const std::string record = WM_TRY(bytes_at(at, kEnd64Bytes));
    if (record.size() < kEnd64Bytes || number(record, 0, 4) != kEnd64) continue;
    directory.count = number(record, 32, 8);
    directory.size = number(record, 40, 8);
    directory.offset = number(record, 48, 8);
    directory.end = at;
    return {};
  }
  return {};
}

Result<> ZipReader::read_directory(const Directory& directory) {
  if (directory.count > limits_.entries) return fail(Error::Code::kTooLarge, fmt::format("a zip of {} files; {} are the limit", directory.count, limits_.entries));
  if (directory.size > limits_.directory_bytes) return fail(Error::Code::kTooLarge, fmt::format("a zip with a directory of {} bytes", directory.size));
  const std::uint64_t begin = directory.end - directory.size;
  if (begin - begin_ < directory.offset) return fail(Error::Code::kCorrupt, "the zip's directory is not where it should be: the beginning is missing");
  const std::uint64_t shift = begin - directory.offset;
  if (shift != begin_) complaints_.push_back(fmt::format("{} bytes before the zip", shift - begin_));
  const std::string bytes = WM_TRY(bytes_at(begin, directory.size));
  std::string_view rest = bytes;
  while (rest.size() >= kCentralBytes && number(rest, 0, 4) == kCentralHeader) {
    const std::uint64_t name = number(rest, 28, 2), extra = number(rest, 30, 2), comment = number(rest, 32, 2);
    if (rest.size() - kCentralBytes < name + extra + comment) return fail(Error::Code::kCorrupt, "the zip's directory ends within an entry");
    if (entries_.size() >= limits_.entries) return fail(Error::Code::kTooLarge, fmt::format("a zip of more than {} files", limits_.entries));
    const std::uint64_t flags = number(rest, 8, 2);
    ZipEntry entry{.name = std::string(rest.substr(kCentralBytes, name)),
                   .method = method_of(number(rest, 10, 2)),
                   .encrypted = (flags & 1) != 0,
                   .header = number(rest, 42, 4),
                   .stored = number(rest, 20, 4),
                   .size = number(rest, 24, 4),
                   .crc32 = static_cast<std::uint32_t>(number(rest, 16, 4))};
    apply_zip64(rest.substr(kCentralBytes + name, extra), entry.size, entry.stored, &entry.header);
    rest.remove_prefix(kCentralBytes + name + extra + comment);
    if (entry.name.size() > limits_.name_bytes) {
      complaints_.push_back(fmt::format("a file with a name of {} bytes is left out", entry.name.size()));
    } else if (entry.header > end_ - shift || entry.stored > end_ - shift - entry.header) {
      complaints_.push_back("left out, as it would lie beyond the end: " + entry.name);
    } else {
      entry.header += shift;
      entries_.push_back(std::move(entry));
    }
  }
  if (entries_.empty() && directory.count > 0) return fail(Error::Code::kCorrupt, "the zip's directory cannot be read");
  if (!rest.empty()) complaints_.push_back("the zip's directory is damaged; files may be missing");
  return {};
}

Result<std::uint64_t> ZipReader::data_offset(const ZipEntry& entry) const {
  const std::string header = WM_TRY(bytes_at(entry.header, kLocalBytes + entry.name.size()));
  if (header.size() < kLocalBytes || number(header, 0, 4) != kLocalHeader) return fail(Error::Code::kCorrupt, "nothing in the zip where this should be: " + entry.name);
  if (number(header, 26, 2) != entry.name.size() || std::string_view(header).substr(kLocalBytes) != entry.name) {
    return fail(Error::Code::kCorrupt, "the zip has a file of another name where this should be: " + entry.name);
  }
  const std::uint64_t data = entry.header + kLocalBytes + entry.name.size() + number(header, 28, 2);
  if (data > end_ || entry.stored > end_ - data) return fail(Error::Code::kCorrupt, "the zip ends within " + entry.name);
  return data;
}

}  // namespace wm::wacz
