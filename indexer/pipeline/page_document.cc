#include "indexer/pipeline/page_document.h"

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/http/body.h"
#include "core/http/media_type.h"
#include "core/url/surt.h"
#include "indexer/cdx/segments.h"
#include "indexer/pipeline/http_record.h"
#include "indexer/text/page_text.h"

namespace wm::pipeline {
namespace {

constexpr int kRevisitDepth = 4;
constexpr int kCandidates = 20;

/// The capture whose record holds the payload that a revisit speaks of.
Result<std::optional<cdx::Capture>> original_of(const cdx::CdxIndex& index,
                                                const cdx::Capture& revisit) {
  if (revisit.refers_to_uri && revisit.refers_to_time) {
    auto closest = index.closest(revisit.collection, url::surt(*revisit.refers_to_uri),
                                 *revisit.refers_to_time);
    for (int i = 0; i < kCandidates; ++i) {
      auto next = WM_TRY(closest.next());
      if (!next || next->time != *revisit.refers_to_time) break;
      if (!next->is_revisit()) return next;
    }
  }
  return index.by_digest(revisit.collection, revisit.digest);
}

Result<std::optional<cdx::Capture>> holder_of(const cdx::CdxIndex& index,
                                              const cdx::Capture& capture) {
  std::optional<cdx::Capture> holder = capture;
  for (int depth = 0; holder && holder->is_revisit(); ++depth) {
    if (depth == kRevisitDepth) return std::nullopt;
    holder = WM_TRY(original_of(index, *holder));
  }
  return holder;
}

/// A record with its block decoded as far as text needs it.
struct Entity {
  std::string mime;
  std::string charset;
  std::string language;
  std::string body;
};

Result<Entity> read_entity(const cdx::CdxIndex& index, const std::filesystem::path& warcs_root,
                           const cdx::Capture& capture, const PageEntry& entry) {
  const cdx::Segments segments = index.segments();
  const cdx::OpenFile open = [&warcs_root](const std::string& relative) {
    return ReadFile::open(warcs_root / relative);
  };
  auto record = WM_TRY(cdx::open_record(segments, open, capture));
  auto opened = WM_TRY(open_response(record));
  http::Headers headers;
  if (opened.head) {
    headers = opened.head->headers;
  } else if (const auto type = record.field("Content-Type");
             type && record.type() != warc::RecordType::kResponse) {
    headers.add("Content-Type", *type);
  }
  Entity entity;
  if (const auto type = http::content_type(headers)) {
    entity.mime = type->essence();
    entity.charset = type->parameter("charset").value_or("");
  }
  entity.language = headers.find("Content-Language").value_or("");
  if (text::text_kind(entity.mime) == text::TextKind::kNone && !entity.mime.empty() &&
      entity.mime != "application/octet-stream")
    return entity;
  // A thousandfold is more than text ever is: a bomb.
  const auto body = http::decoded_body(std::move(opened.body), headers,
                                       {.bytes = entry.decoded_bytes, .ratio = 1000});
  // A body that breaks off has given what it has: that is searched. A PDF is of no use in part, but
  // its reader mends much.
  const std::size_t limit =
      text::text_kind(entity.mime) == text::TextKind::kPdf ? entry.decoded_bytes : entry.text_bytes;
  std::string buffer(64 << 10, '\0');
  while (entity.body.size() < limit) {
    const auto got = body->read(buffer);
    if (!got)
      log::info("{} at {}: {}; its text ends there", capture.file, capture.offset,
                got.error().what);
    if (!got || *got == 0) break;
    entity.body.append(buffer, 0, *got);
  }
  if (entity.body.size() > limit) entity.body.resize(limit);
  return entity;
}

/// Pages with the same text share a document, so that an unchanged page captured again is one.
std::string id_of(const search::Document& d) {
  std::string all = d.collection;
  for (const auto* part : {&d.url, &d.page_title, &d.description, &d.text}) all += '\0' + *part;
  return "page:" + std::to_string(d.link_id) + ":" + sha256_hex(all).substr(0, 32);
}

/// What a browser made of the page, kept in the same file under "urn:text:" or "urn:dom:".
Result<std::optional<cdx::Capture>> made_of(const cdx::CdxIndex& index, const cdx::Capture& page,
                                            const char* prefix) {
  const std::string url = prefix + page.url;
  auto closest = index.closest(page.collection, url::surt(url), page.time);
  for (int i = 0; i < kCandidates; ++i) {
    auto next = WM_TRY(closest.next());
    if (!next || next->time != page.time) break;
    if (next->file == page.file && next->url == url) return next;
  }
  return std::nullopt;
}

/// The text of what a browser made of the page; nullopt where no browser looked at it.
Result<std::optional<text::PageText>> made_text(const cdx::CdxIndex& index,
                                                const std::filesystem::path& warcs_root,
                                                const cdx::Capture& page, const PageEntry& entry,
                                                const char* prefix) {
  const auto made = WM_TRY(made_of(index, page, prefix));
  if (!made) return std::nullopt;
  const auto entity = WM_TRY(read_entity(index, warcs_root, *made, entry));
  return WM_TRY(text::extract_text({.body = entity.body,
                                    .mime = entity.mime,
                                    .charset = std::optional<std::string_view>(entity.charset),
                                    .content_language = entity.language}));
}

/// Where a browser showed the page: the title it had in the end, and the text as shown where the
/// page's own HTML holds little of it, as with pages that scripts build.
Result<> add_rendered(const cdx::CdxIndex& index, const std::filesystem::path& warcs_root,
                      const cdx::Capture& page, const PageEntry& entry, search::Document& d) {
  const auto shown = WM_TRY(made_text(index, warcs_root, page, entry, "urn:text:"));
  const auto tree = WM_TRY(made_text(index, warcs_root, page, entry, "urn:dom:"));
  if (tree && !tree->title.empty()) d.page_title = tree->title;
  if (!shown || shown->text.size() < 2 * d.text.size()) return {};
  d.text = shown->text;
  d.language = tree && !tree->language.empty() ? tree->language : shown->language;
  if (tree && !tree->headings.empty()) d.headings = tree->headings;
  if (tree && !tree->description.empty()) d.description = tree->description;
  return {};
}

}  // namespace

std::string page_url(const std::string& url) {
  for (const std::string_view prefix : {"urn:textFinal:", "urn:text:"}) {
    if (url.starts_with(prefix) && url.size() > prefix.size()) return url.substr(prefix.size());
  }
  return url;
}

Result<std::optional<search::Document>> page_document(const cdx::CdxIndex& index,
                                                      const std::filesystem::path& warcs_root,
                                                      const PageEntry& entry) {
  const auto capture = WM_TRY(index.at(entry.file, entry.offset));
  if (!capture) return std::nullopt;
  search::Document d;
  d.link_id = entry.link_id;
  d.collection = entry.collection;
  d.url = page_url(capture->url);
  d.time = capture->time;
  d.added = capture->time;
  d.mime = capture->is_revisit() ? "" : capture->mime;
  if (const auto holder = WM_TRY(holder_of(index, *capture))) {
    // Without text a page is still found by its address, and by its link.
    const auto entity = read_entity(index, warcs_root, *holder, entry);
    if (!entity)
      log::warning("no text of {} ({} at {}): {}", capture->url, holder->file, holder->offset,
                   entity.error().what);
    if (entity) {
      if (!entity->mime.empty()) d.mime = entity->mime;
      const auto charset =
          entity->charset.empty() ? std::nullopt : std::optional<std::string_view>(entity->charset);
      auto page = text::extract_text({.body = entity->body,
                                      .mime = entity->mime,
                                      .charset = charset,
                                      .content_language = entity->language});
      if (!page) log::info("no text of {}: {}", capture->url, page.error().what);
      if (page) {
        d.page_title = std::move(page->title);
        d.description = std::move(page->description);
        d.headings = std::move(page->headings);
        d.text = std::move(page->text);
        d.language = std::move(page->language);
      }
    }
  }
  const auto rendered = add_rendered(index, warcs_root, *capture, entry, d);
  if (!rendered)
    log::warning("what a browser made of {} cannot be read: {}", capture->url,
                 rendered.error().what);
  d.id = id_of(d);
  return d;
}

}  // namespace wm::pipeline
