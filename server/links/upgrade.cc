#include <algorithm>

#include "core/base/log.h"
#include "core/url/surt.h"
#include "indexer/store/coding.h"
#include "server/links/led_to.h"
#include "server/links/link_index.h"
#include "server/links/link_store.h"

namespace wm::links {

using store::Batch;
using store::Family;
using store::number_key;

namespace {

constexpr std::string_view kFormat = "2";  // of what follows from the links
constexpr std::size_t kAtOnce = 500;

/// Links from `first` on, at most kAtOnce.
Result<std::vector<Link>> some_links(const store::Store& store, std::uint64_t first) {
  std::vector<Link> links;
  auto cursor = store.cursor(Family::kLinks);
  for (cursor.seek(link_key(first)); cursor.valid() && cursor.key().front() == 'l' && links.size() < kAtOnce; cursor.next()) {
    auto link = decode_link(cursor.value());
    if (link) {
      links.push_back(std::move(*link));
    } else {
      log::error("link {} is left out of every list: {}", store::number_of_key(cursor.key()), link.error().what);
    }
  }
  WM_TRY(cursor.status());
  return links;
}

/// Every list, count, tag name and URL key. What only tags know (colours, aliases) stays.
Result<> forget(store::Store& store) {
  Batch batch;
  batch.erase_range(Family::kLinks, "u", "v");
  batch.erase_range(Family::kLinks, "f", "g");
  batch.erase_range(Family::kTags, "i", "j");
  batch.erase_range(Family::kTags, "n", "o");
  batch.erase_range(Family::kTags, "y", "z");
  return store.write(std::move(batch));
}

/// What is left of how tags were kept before: keys with a NUL in them. Definitions, aliases and moves have none.
Result<> forget_old_tags(store::Store& store) {
  Batch batch;
  auto cursor = store.cursor(Family::kTags);
  for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
    constexpr std::string_view kKept = "dxm";
    const std::string_view key = cursor.key();
    const bool stays = !key.empty() && kKept.find(key.front()) != std::string_view::npos && key.find('\0') == std::string_view::npos;
    if (!stays) batch.erase(Family::kTags, key);
  }
  WM_TRY(cursor.status());
  return store.write(std::move(batch));
}

/// By what their beginnings may be typed as.
Result<> file_tags(store::Store& store) {
  Changes changes(store);
  const auto take = [&changes](const std::string&, const Tag& tag) {
    changes.tags().put(tag);
    return true;
  };
  WM_TRY(changes.tags().each("", take));
  Batch batch = WM_TRY(changes.finish());
  return store.write(std::move(batch));
}

Result<> note_where_snapshots_led(store::Store& store, const url::Tracking& tracking) {
  Batch batch;
  auto cursor = store.cursor(Family::kLinks);
  for (cursor.seek("s"); cursor.valid() && cursor.key().front() == 's'; cursor.next()) {
    const auto snapshot = decode_snapshot(cursor.value());
    if (!snapshot) continue;
    batch.put(Family::kLinks, led_to_key(url::link_key(snapshot->url, tracking), snapshot->link_id), {});
    if (batch.size() < kAtOnce) continue;
    WM_TRY(store.write(std::move(batch), store::Store::Sync::kNo));
    batch = Batch();
  }
  WM_TRY(cursor.status());
  return store.write(std::move(batch), store::Store::Sync::kNo);
}

}  // namespace

Result<> LinkStore::prepare(store::Store& store, const url::Tracking& tracking) {
  const std::string wanted = std::string(kFormat) + " " + tracking.fingerprint();
  const auto found = WM_TRY(store.get(Family::kMeta, kPreparedMark));
  if (found == wanted) return {};
  WM_TRY(forget(store));
  if (!found || !found->starts_with(kFormat)) WM_TRY(forget_old_tags(store));
  WM_TRY(file_tags(store));
  for (std::uint64_t first = 0;;) {
    const auto links = WM_TRY(some_links(store, first));
    Changes changes(store);
    for (Link link : links) {
      first = std::max(first, link.id + 1);
      link.tags = WM_TRY(changes.tags().settle(link.tags, link.created));
      WM_TRY(changes.file(link));
      const std::string key = url::link_key(link.url, tracking);
      changes.batch().put(Family::kLinks, "u" + key, number_key('l', link.id));
      changes.batch().put(Family::kLinks, led_to_key(key, link.id), {});
    }
    Batch batch = WM_TRY(changes.finish());
    WM_TRY(store.write(std::move(batch), store::Store::Sync::kNo));
    if (links.size() < kAtOnce) break;
  }
  WM_TRY(note_where_snapshots_led(store, tracking));
  Batch mark;
  mark.put(Family::kMeta, kPreparedMark, wanted);
  return store.write(std::move(mark));
}

}  // namespace wm::links
