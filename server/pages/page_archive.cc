#include "server/pages/page_archive.h"

#include <chrono>

#include "core/base/log.h"
#include "core/url/surt.h"
#include "indexer/pipeline/page_document.h"
#include "replay/memento/wayback_url.h"

namespace wm::pages {

namespace {

// Other crawlers date these records by when they were made, not by the page.
constexpr std::chrono::minutes kSameVisit{10};

std::string path_of(const cdx::Capture& record) {
  return memento::replay_path(record.collection, record.time.text(), memento::Modifier::kIdentity,
                              record.url);
}

}  // namespace

Result<std::optional<cdx::Capture>> PageArchive::shown(std::string_view collection,
                                                       std::string_view url, Time14 time) const {
  return memento::CaptureSearch(index_, {.collection = std::string(collection),
                                         .url = url,
                                         .time = time,
                                         .judge = access_.judge()})
      .next();
}

Result<Place> PageArchive::place_of(const cdx::Capture& capture) const {
  Place place;
  place.neighbours = WM_TRY(memento::neighbours_of(index_, access_.judge(), capture));
  place.before = WM_TRY(overview_.count(capture.collection, capture.surt, capture.time));
  place.all = WM_TRY(overview_.count(capture.collection, capture.surt));
  return place;
}

/// The record of that kind made of the page at the same visit.
Result<std::optional<cdx::Capture>> PageArchive::beside(const cdx::Capture& page,
                                                        std::string_view urn) const {
  auto nearest = index_.closest(page.collection, url::surt(std::string(urn) + page.url), page.time);
  auto record = WM_TRY(nearest.next());
  if (!record || std::chrono::abs(record->time.time() - page.time.time()) > kSameVisit)
    return std::nullopt;
  return record;
}

Result<Held> PageArchive::held_of(const cdx::Capture& capture) const {
  Held held;
  for (const std::string_view urn : {"urn:view:", "urn:fullPageFinal:", "urn:fullPage:"}) {
    const auto record = WM_TRY(beside(capture, urn));
    if (record && !held.screenshot) held.screenshot = path_of(*record);
  }
  if (const auto record = WM_TRY(beside(capture, "urn:thumbnail:")))
    held.thumbnail = path_of(*record);
  return held;
}

Result<std::optional<Missing>> PageArchive::missing_of(const cdx::Capture& capture) const {
  const auto record = WM_TRY(beside(capture, "urn:pageinfo:"));
  if (!record) return std::nullopt;
  auto resolved = resolver_.resolve(*record);
  const auto text = resolved ? read_all(*resolved->body, limits_.info_bytes)
                             : Result<std::string>(std::unexpected(resolved.error()));
  if (!text) {
    log::warning("page info of {} ({} at {}): {}", capture.url, record->file, record->offset,
                 text.error().what);
    return std::nullopt;
  }
  return read_page_info(*text);
}

Result<Text> PageArchive::text_of(const cdx::Capture& capture) const {
  for (const std::string_view urn : {"urn:textFinal:", "urn:text:"}) {
    const auto record = WM_TRY(beside(capture, urn));
    if (!record) continue;
    Text text = WM_TRY(derived_text_of(*record));
    text.as_shown = true;
    return text;
  }
  return derived_text_of(capture);
}

Result<Text> PageArchive::derived_text_of(const cdx::Capture& capture) const {
  const pipeline::PageEntry entry{.file = capture.file,
                                  .offset = capture.offset,
                                  .link_id = 0,
                                  .collection = capture.collection,
                                  .url = capture.url,
                                  .seed_url = "",
                                  .text_bytes = limits_.text_bytes,
                                  .decoded_bytes = limits_.decoded_bytes};
  auto document = WM_TRY(pipeline::page_document(index_, warcs_root_, entry));
  if (!document)
    return fail(Error::Code::kNotFound,
                "this capture of " + capture.url + " is not in the index any more");
  Text text;
  text.title = std::move(document->page_title);
  text.text = std::move(document->text);
  text.language = std::move(document->language);
  return text;
}

}  // namespace wm::pages
