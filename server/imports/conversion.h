#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"
#include "core/warc/writer.h"

namespace wm::imports {

/// A page that an import tells of.
struct Page {
  std::string url;
  std::optional<SysMicros> time;
  std::string title;
};

/// What was written, and what could not be.
struct Converted {
  std::uint64_t captures = 0;
  std::vector<Page> pages;
  std::vector<std::string> complaints;   ///< at most 1000
  std::uint64_t complaint_count = 0;
  void complain(std::string reason) {
    if (++complaint_count <= 1000) complaints.push_back(std::move(reason));
  }
};

/// The exchanges of a HAR (1.1, 1.2; browsers' own and proxies') as response and request records. Bodies in a HAR are decoded text, so the head
/// is changed where it would lie about them: no content coding, charset utf-8, the length as stored; the fields as they came are kept as x-orig-….
/// Entries without an answer, without a body although there was one, or of other schemes are complaints. In memory is one entry at a time,
/// 256 MiB at most. kCorrupt if it is no HAR.
Result<Converted> har_to_warc(const std::filesystem::path& file, warc::WarcWriter& writer, std::stop_token stop = {});

/// Where a saved page came from, by what SingleFile and browsers write into it.
struct Origin {
  std::string url;
  std::optional<SysMicros> time;
};
/// nullopt if it does not tell. `head` is the start of the file as UTF-8.
std::optional<Origin> origin_of_page(std::string_view head);

/// One saved page as a resource record of its URL at the time it was saved (else the file's own). `url` overrides what the page says; without
/// either kInvalid.
Result<Converted> page_to_warc(const std::filesystem::path& file, const std::string& url, warc::WarcWriter& writer);

/// The saved copies of pages that a bookmark file brings, as resource records at the time each was saved. No captures if it has none.
Result<Converted> bookmarks_to_warc(const std::filesystem::path& file, warc::WarcWriter& writer);

}  // namespace wm::imports
