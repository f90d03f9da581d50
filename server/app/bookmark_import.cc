#include "server/app/bookmark_import.h"

#include <fmt/format.h>

namespace wm::app {
namespace {

constexpr std::uint64_t kToldEvery = 100;

/// True is only what the file says: what it does not mark stays as it is.
std::optional<bool> if_set(bool state) { return state ? std::optional(true) : std::nullopt; }

links::NewLink fields_of(const bookmarks::Bookmark& b) {
  links::NewLink link;
  link.url = b.url;
  link.title = b.title;
  link.description = b.description;
  link.notes = b.notes;
  link.tags = b.tags;
  link.unread = if_set(b.unread);
  link.archived = if_set(b.archived);
  link.favourite = if_set(b.favourite);
  link.shared = if_set(b.shared);
  link.created = b.created;
  link.modified = b.modified;
  return link;
}

bool ends_all(const Error& error) { return error.code == Error::Code::kIo || error.code == Error::Code::kCorrupt; }

Result<> import_one(const BookmarkImport& with, const bookmarks::Bookmark& b, bool& may_queue, imports::Outcome& outcome) {
  if (with.dry_run) {
    outcome.links += WM_TRY(with.links.find(b.url)) ? 0U : 1U;
    return {};
  }
  const links::Added added = WM_TRY(with.links.add(fields_of(b)));
  if (!added.is_new) return {};
  ++outcome.links;
  // A saved copy came with it: the page of today can wait until it is asked for.
  if (!with.capture || !may_queue || !b.content.empty()) return {};
  const auto queued = with.capture(added.link);
  if (queued) {
    ++outcome.queued;
    return {};
  }
  if (queued.error().code != Error::Code::kBusy) return queued;
  may_queue = false;
  outcome.add_error("", std::nullopt, "from here on no snapshots were asked for: " + queued.error().what);
  return {};
}

}  // namespace

Result<> import_bookmarks(const BookmarkImport& with, const bookmarks::BookmarkFile& file, imports::Outcome& outcome) {
  outcome.records = file.found;
  outcome.skipped = file.skipped_count;
  for (const bookmarks::Skipped& one : file.skipped) outcome.lines.push_back({.line = one.line, .url = one.url, .reason = one.reason});
  bool may_queue = true;
  std::uint64_t done = 0;
  for (const bookmarks::Bookmark& b : file.bookmarks) {
    if (with.stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    if (done++ % kToldEvery == 0 && with.told) with.told(done, file.bookmarks.size());
    const auto imported = import_one(with, b, may_queue, outcome);
    if (imported) continue;
    if (ends_all(imported.error())) return imported;
    outcome.add_error("", std::nullopt, fmt::format("line {}: {}: {}", b.line, b.url, imported.error().what));
  }
  return {};
}

}  // namespace wm::app
