#include "server/imports/page_links.h"

#include "core/url/surt.h"

namespace wm::imports {

namespace {

constexpr int kRedirects = 30;

/// Where the redirects of `url` end, as far as they were captured.
Result<std::optional<cdx::Capture>> page_of(const cdx::CdxIndex& cdx, const std::string& collection, const std::string& url, Time14 time) {
  auto found = WM_TRY(cdx.closest(collection, url::surt(url), time).next());
  for (int hop = 0; hop < kRedirects && found && found->redirect; ++hop) {
    auto next = WM_TRY(cdx.closest(collection, url::surt(*found->redirect), found->time).next());
    if (!next) break;
    found = std::move(next);
  }
  return found;
}

}  // namespace

Result<links::Added> link_page(links::LinkStore& links, const Page& page) {
  return links.add({.url = page.url, .title = "", .notes = "", .tags = {}});
}

Result<std::optional<cdx::Capture>> attach_snapshot(links::LinkStore& links, const cdx::CdxIndex& cdx, const std::string& collection, const Page& page, const links::Added& added) {
  const Time14 time(std::chrono::floor<std::chrono::seconds>(page.time.value_or(now_micros())));
  auto capture = WM_TRY(page_of(cdx, collection, page.url, time));
  if (!capture) {
    if (added.is_new && !page.title.empty()) WM_TRY(links.update(added.link.id, {.url = {}, .title = page.title, .notes = {}, .tags = {}, .engine = {}}));
    return std::nullopt;
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
  return capture;
}

}  // namespace wm::imports
