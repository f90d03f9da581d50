#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace wm::imports {

enum class Kind { kWarc, kArc, kWacz, kHar, kHtml, kBookmarks };
std::string_view name_of(Kind kind) noexcept;  ///< "warc", "arc", "wacz", "har", "html", "bookmarks"

/// What a file is, by its first bytes (of a zip, also its last; of gzip and zstd, decoded). The name is asked only where they tell nothing:
/// a torn or overwritten start of something called .warc is still read. nullopt for what is none of these. kNotFound, kDenied, kIo.
Result<std::optional<Kind>> kind_of(const std::filesystem::path& path);

/// The file itself, or every archive below a folder, by name: bookmark files are taken only when they are named, since among other files too much
/// looks like a list of addresses. Links to folders are not followed. kTooLarge beyond 100,000.
struct Found {
  std::vector<std::filesystem::path> files;
  std::size_t ignored = 0;  ///< of other kinds
};
Result<Found> find_files(const std::filesystem::path& path);

}  // namespace wm::imports
