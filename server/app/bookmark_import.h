#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "core/base/result.h"
#include "server/bookmarks/reader.h"
#include "server/imports/outcome.h"
#include "server/links/link_store.h"

namespace wm::app {

/// How the bookmarks of a file become links.
struct BookmarkImport {
  links::LinkStore& links;
  std::function<Result<>(const links::Link&)> capture;  ///< asks for a snapshot of a new link; null: none is wanted
  bool dry_run = false;                                 ///< count what would be new, change nothing
  std::stop_token stop;
  std::function<void(std::uint64_t done, std::uint64_t of)> told;
};

/// Saves every bookmark as a link, with its dates, tags and states; one that is saved already gets the tags, and keeps what the user gave it. What
/// cannot be saved is an error with its line, and keeps no other from it. kBusy when told to stop, kIo.
Result<> import_bookmarks(const BookmarkImport& with, const bookmarks::BookmarkFile& file, imports::Outcome& outcome);

}  // namespace wm::app
