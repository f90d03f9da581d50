#include "core/base/digest.h"
#include "core/base/file.h"
#include "server/bookmarks/reader.h"
#include "server/imports/conversion.h"

namespace wm::imports {

Result<Converted> bookmarks_to_warc(const std::filesystem::path& file, warc::WarcWriter& writer) {
  const std::string bytes = WM_TRY(read_file(file, bookmarks::ReadLimits().bytes));
  const bookmarks::BookmarkFile read = WM_TRY(bookmarks::read_bookmarks(bytes));
  Converted converted;
  for (const bookmarks::Bookmark& one : read.bookmarks) {
    if (one.content.empty()) continue;
    const SysMicros time = one.created.value_or(now_micros());
    const warc::Event event{.target_uri = one.url, .date = time, .ip_address = {}, .protocols = {}, .cipher_suite = {}, .page_id = {}, .resource_type = "document"};
    WM_TRY(writer.write(warc::resource(event, "text/html; charset=utf-8", sha1_digest(one.content)), {one.content}));
    converted.pages.push_back({.url = one.url, .time = time, .title = one.title});
    ++converted.captures;
  }
  return converted;
}

}  // namespace wm::imports
