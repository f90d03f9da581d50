// A zip whose directory is gone: what the local headers tell. Linear: each byte is looked at once.
#include <fmt/format.h>

#include <algorithm>

#include "core/wacz/zip.h"
#include "core/wacz/zip_fields_internal.h"

namespace wm::wacz {

namespace {

constexpr std::uint64_t kJunkBefore = 1 << 20;
constexpr std::size_t kWindow = 1 << 18;
constexpr std::size_t kDescriptorBytes = 16;

}  // namespace

Result<> ZipReader::recover() {
  recovered_ = true;
  const std::string head = WM_TRY(bytes_at(begin_, kJunkBefore));
  const std::size_t first = head.find(std::string_view("PK\x03\x04", 4));
  if (first == head.npos) return fail(Error::Code::kCorrupt, "this is no zip, or its beginning is missing");
  std::uint64_t at = begin_ + first;
  while (entries_.size() < limits_.entries && WM_TRY(recover_entry(at))) {
  }
  if (entries_.empty()) return fail(Error::Code::kCorrupt, "the zip ends before its first file does");
  complaints_.push_back(fmt::format("{} files were found without the directory", entries_.size()));
  return {};
}

/// False where no further local header stands.
Result<bool> ZipReader::recover_entry(std::uint64_t& at) {
  const std::string header = WM_TRY(bytes_at(at, kLocalBytes));
  if (header.size() < kLocalBytes || number(header, 0, 4) != kLocalHeader) return false;
  const std::uint64_t flags = number(header, 6, 2), method = number(header, 8, 2), name = number(header, 26, 2), extra = number(header, 28, 2);
  const std::string names = WM_TRY(bytes_at(at + kLocalBytes, name + extra));
  if (names.size() < name + extra) return false;
  ZipEntry entry{.name = names.substr(0, name),
                 .method = method == 0 ? ZipEntry::Method::kStored : method == 8 ? ZipEntry::Method::kDeflated : ZipEntry::Method::kOther,
                 .encrypted = (flags & 1) != 0,
                 .header = at,
                 .stored = number(header, 18, 4),
                 .size = number(header, 22, 4),
                 .crc32 = static_cast<std::uint32_t>(number(header, 14, 4))};
  apply_zip64(std::string_view(names).substr(name), entry.size, entry.stored, nullptr);
  const std::uint64_t data = at + kLocalBytes + name + extra;
  const std::uint64_t left = end_ - data;
  if ((flags & 8) != 0 && entry.stored == 0) {
    const std::uint64_t descriptor = WM_TRY(find_descriptor(data));
    entry.stored = descriptor - data;
    entry.torn = descriptor >= end_;
    if (!entry.torn) {
      const std::string told = WM_TRY(bytes_at(descriptor, kDescriptorBytes + 8));
      entry.crc32 = static_cast<std::uint32_t>(number(told, 4, 4));
      // Sizes take 4 or 8 bytes; the next signature tells which.
      const bool wide = told.size() == kDescriptorBytes + 8 && number(told, 12, 4) == entry.stored >> 32 && number(told, 16, 4) != kLocalHeader;
      entry.size = wide ? number(told, 16, 8) : number(told, 12, 4);
      at = descriptor + kDescriptorBytes + (wide ? 8 : 0);
    }
  } else {
    entry.torn = entry.stored > left;
    entry.stored = std::min(entry.stored, left);
    at = data + entry.stored;
  }
  const bool torn = entry.torn;
  if (torn) complaints_.push_back(fmt::format("the zip was cut off within {}", entry.name.substr(0, 200)));
  if (name <= limits_.name_bytes) entries_.push_back(std::move(entry));
  return !torn;
}

/// Where the data descriptor is that ends the data at `from`: its stored size is the distance. The end of the zip if there is none.
Result<std::uint64_t> ZipReader::find_descriptor(std::uint64_t from) const {
  for (std::uint64_t at = from; at < end_; at += kWindow) {
    // A little more, so that a descriptor across two windows is seen in the first.
    const std::string window = WM_TRY(bytes_at(at, kWindow + kDescriptorBytes - 1));
    for (std::size_t i = window.find('P'); i < kWindow; i = window.find('P', i + 1)) {
      if (window.size() - i >= kDescriptorBytes && number(window, i, 4) == kDescriptor && number(window, i + 8, 4) == ((at + i - from) & 0xffffffff)) return at + i;
    }
  }
  return end_;
}

}  // namespace wm::wacz
