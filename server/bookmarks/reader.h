#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "server/bookmarks/bookmark.h"

namespace wm::bookmarks {

enum class Format { kNetscape, kCsv, kJson, kList };
std::string_view name_of(Format format) noexcept;  ///< "netscape", "csv", "json", "list"

/// What a file is, by its first kilobytes: nullopt for what is no bookmark file. A saved web page
/// is none, though it has links, nor is a HAR. Text in any encoding of the web, with or without a
/// byte order mark.
std::optional<Format> format_of(std::string_view head);

struct ReadLimits {
  std::size_t bytes = 128 << 20;      ///< of the file
  std::size_t bookmarks = 1'000'000;  ///< more are not read, and that is told
  std::size_t text_bytes = 64 << 10;  ///< of a title, description or note; cut beyond
  std::size_t skipped = 1000;         ///< told one by one
};

struct BookmarkFile {
  Format format = Format::kNetscape;
  std::uint64_t found = 0;          ///< anchors, rows, items
  std::vector<Bookmark> bookmarks;  ///< http and https, no two of the same URL: later ones add
                                    ///< their tags to the first
  std::vector<Skipped> skipped;     ///< the first of them
  std::uint64_t skipped_count = 0;
};

/// Reads a whole bookmark file. kTooLarge, kUnsupported when it is none, kCorrupt for JSON that
/// breaks off. Linear.
Result<BookmarkFile> read_bookmarks(std::string_view bytes, const ReadLimits& limits = {});

}  // namespace wm::bookmarks
