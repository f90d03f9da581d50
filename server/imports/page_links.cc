#include "server/imports/page_links.h"

#include "core/url/surt.h"

namespace wm::imports {

Result<bool> link_page(links::LinkStore& links, const cdx::CdxIndex& cdx, const std::string& collection, const Page& page) {
  const links::Added added = WM_TRY(links.add({.url = page.url, .title = "", .notes = "", .tags = {}}));
  const Time14 time(std::chrono::floor<std::chrono::seconds>(page.time.value_or(now_micros())));
  const auto capture = WM_TRY(cdx.closest(collection, url::surt(page.url), time).next());
  if (!capture) {
    if (added.is_new && !page.title.empty()) WM_TRY(links.update(added.link.id, {.url = {}, .title = page.title, .notes = {}, .tags = {}, .engine = {}}));
    return added.is_new;
  }
  const links::Snapshot snapshot{.link_id = added.link.id,
                                 .time = capture->time,
                                 .collection = collection,
                                 .url = capture->url,
                                 .status = capture->status.value_or(200),
                                 .mime = capture->is_revisit() ? "" : capture->mime,
                                 .engine = "import",
                                 .warc = capture->file,
                                 .resources = 1,
                                 .revisits = capture->is_revisit() ? 1u : 0u,
                                 .bytes = 0,
                                 .missed = 0,
                                 .job_id = 0};
  WM_TRY(links.add_snapshot(snapshot, {.title = page.title, .description = ""}));
  return added.is_new;
}

}  // namespace wm::imports
