#include "server/links/link_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/ascii.h"
#include "core/url/surt.h"
#include "core/url/url.h"
#include "indexer/pipeline/outbox.h"
#include "indexer/store/coding.h"

namespace wm::links {

using store::Batch;
using store::Family;
using store::number_key;
using store::number_of_key;

namespace {

constexpr std::size_t kTitleBytes = 4096;
constexpr std::size_t kNotesBytes = 1 << 20;
constexpr std::size_t kTags = 100;

// Keys of the links family (docs/formats/links.md): 'l' id → link; 'u' link_key → id; 's' id time14 → snapshot.
std::string link_key(std::uint64_t id) { return number_key('l', id); }
std::string url_key(std::string_view url) { return "u" + url::link_key(url); }
std::string snapshot_prefix(std::uint64_t id) { return number_key('s', id); }
std::string snapshot_key(std::uint64_t id, Time14 time) { return snapshot_prefix(id) + time.text(); }

// Keys of the tags family: tag_key NUL id → the tag as written on that link.
std::string tag_prefix(std::string_view tag) { return tag_key(tag) + '\0'; }
std::string tag_entry(std::string_view tag, std::uint64_t id) { return tag_prefix(tag) + number_key('l', id); }

std::string id_value(std::uint64_t id) { return number_key('l', id); }

Result<std::string> clean_url(std::string_view written) {
  const std::string_view given = trim(written);
  auto parsed = url::Url::parse(given);
  if (!parsed && given.find("://") == std::string_view::npos && given.find('.') != std::string_view::npos) {
    parsed = url::Url::parse("https://" + std::string(given));
  }
  if (!parsed) return fail(Error::Code::kInvalid, "not a URL: " + std::string(given.substr(0, 200)) + " (" + parsed.error().what + ")");
  if (!parsed->is_http()) return fail(Error::Code::kInvalid, "only http and https URLs can be saved, not " + parsed->scheme() + ":");
  if (!parsed->username().empty() || !parsed->password().empty()) {
    return fail(Error::Code::kInvalid, "a link cannot hold a user name or password: take what stands before the @ out of it");
  }
  return parsed->href();
}

Result<std::vector<std::string>> clean_tags(const std::vector<std::string>& written) {
  std::map<std::string, std::string> by_key;
  for (const std::string& one : written) {
    std::string tag = WM_TRY(clean_tag(one));
    by_key.emplace(tag_key(tag), std::move(tag));
  }
  if (by_key.size() > kTags) return fail(Error::Code::kInvalid, "a link has at most 100 tags");
  std::vector<std::string> tags;
  for (auto& [key, tag] : by_key) tags.push_back(std::move(tag));
  return tags;
}

Result<std::string> clean_text(std::string_view name, std::string_view text, std::size_t limit) {
  if (text.size() > limit) return fail(Error::Code::kInvalid, fmt::format("{} is longer than {} bytes", name, limit));
  return valid_utf8(text);
}

Result<> check_engine(std::string_view engine) {
  for (const std::string_view known : {"auto", "http", "browser"}) {
    if (engine == known) return {};
  }
  return fail(Error::Code::kInvalid, "no engine is called " + std::string(engine.substr(0, 40)) + ": auto, http or browser");
}

}  // namespace

LinkStore::LinkStore(store::Store& store, std::function<void(std::uint64_t)> changed)
    : store_(store), changed_(std::move(changed)) {}

Result<Added> LinkStore::add(const NewLink& fields) {
  NewLink clean = fields;
  clean.url = WM_TRY(clean_url(fields.url));
  clean.tags = WM_TRY(clean_tags(fields.tags));
  clean.title = WM_TRY(clean_text("the title", trim(fields.title), kTitleBytes));
  clean.notes = WM_TRY(clean_text("the note", fields.notes, kNotesBytes));
  WM_TRY(check_engine(fields.engine));
  return writer_.run([this, clean = std::move(clean)]() mutable { return add_now(std::move(clean)); });
}

Result<Added> LinkStore::add_now(NewLink fields) {
  if (auto existing = WM_TRY(find(fields.url))) {
    LinkPatch patch;
    std::vector<std::string> tags = existing->tags;
    tags.insert(tags.end(), fields.tags.begin(), fields.tags.end());
    patch.tags = std::move(tags);
    if (!fields.title.empty()) patch.title = fields.title;
    if (!fields.notes.empty()) patch.notes = fields.notes;
    return Added{.link = WM_TRY(update_now(existing->id, patch)), .is_new = false};
  }
  Link link;
  link.id = WM_TRY(store_.next_id("link"));
  link.url = std::move(fields.url);
  link.title_is_users = !fields.title.empty();
  link.title = std::move(fields.title);
  link.notes = std::move(fields.notes);
  link.tags = std::move(fields.tags);
  link.engine = std::move(fields.engine);
  link.created = link.modified = now_micros();
  WM_TRY(write(std::nullopt, link, Batch()));
  return Added{.link = std::move(link), .is_new = true};
}

Result<Link> LinkStore::update(std::uint64_t id, const LinkPatch& patch) {
  LinkPatch clean = patch;
  if (patch.url) clean.url = WM_TRY(clean_url(*patch.url));
  if (patch.tags) clean.tags = WM_TRY(clean_tags(*patch.tags));
  if (patch.title) clean.title = WM_TRY(clean_text("the title", trim(*patch.title), kTitleBytes));
  if (patch.notes) clean.notes = WM_TRY(clean_text("the note", *patch.notes, kNotesBytes));
  if (patch.engine) WM_TRY(check_engine(*patch.engine));
  return writer_.run([this, id, clean = std::move(clean)] { return update_now(id, clean); });
}

Result<Link> LinkStore::update_now(std::uint64_t id, const LinkPatch& patch) {
  const auto before = WM_TRY(get(id));
  if (!before) return fail(Error::Code::kNotFound, fmt::format("there is no link {}", id));
  Link after = *before;
  if (patch.url && *patch.url != before->url) {
    const auto other = WM_TRY(find(*patch.url));
    if (other && other->id != id) return fail(Error::Code::kConflict, fmt::format("link {} has this URL already", other->id));
    after.url = *patch.url;
  }
  if (patch.title) {
    after.title = *patch.title;
    after.title_is_users = !patch.title->empty();
  }
  if (patch.notes) after.notes = *patch.notes;
  if (patch.tags) after.tags = WM_TRY(clean_tags(*patch.tags));
  if (patch.engine) after.engine = *patch.engine;
  if (after == *before) return after;
  after.modified = now_micros();
  WM_TRY(write(before, after, Batch()));
  return after;
}

Result<> LinkStore::remove(std::uint64_t id) {
  return writer_.run([this, id] { return remove_now(id); });
}

Result<> LinkStore::remove_now(std::uint64_t id) {
  const auto before = WM_TRY(get(id));
  if (!before) return fail(Error::Code::kNotFound, fmt::format("there is no link {}", id));
  Batch batch;
  batch.erase_range(Family::kLinks, snapshot_prefix(id), snapshot_prefix(id + 1));
  return write(before, std::nullopt, std::move(batch));
}

Result<> LinkStore::add_snapshot(const Snapshot& snapshot, const PageFacts& page) {
  return writer_.run([this, snapshot, page] { return add_snapshot_now(snapshot, page); });
}

Result<> LinkStore::add_snapshot_now(const Snapshot& snapshot, const PageFacts& page) {
  const auto before = WM_TRY(get(snapshot.link_id));
  if (!before) return fail(Error::Code::kNotFound, fmt::format("link {} was removed while it was captured", snapshot.link_id));
  Link after = *before;
  if (!before->title_is_users && !page.title.empty()) after.title = valid_utf8(std::string_view(page.title).substr(0, kTitleBytes));
  if (!page.description.empty()) after.description = valid_utf8(std::string_view(page.description).substr(0, kTitleBytes));
  Batch batch;
  batch.put(Family::kLinks, snapshot_key(snapshot.link_id, snapshot.time), encode(snapshot));
  return write(before, after, std::move(batch));
}

/// Brings every key that a link has from `before` to `after` in one batch, with its outbox entry.
Result<> LinkStore::write(const std::optional<Link>& before, const std::optional<Link>& after, Batch batch) {
  const std::uint64_t id = before ? before->id : after->id;
  if (before) {
    for (const std::string& tag : before->tags) batch.erase(Family::kTags, tag_entry(tag, id));
    batch.erase(Family::kLinks, url_key(before->url));
    batch.erase(Family::kLinks, link_key(id));
  }
  if (after) {
    for (const std::string& tag : after->tags) batch.put(Family::kTags, tag_entry(tag, id), tag);
    batch.put(Family::kLinks, url_key(after->url), id_value(id));
    batch.put(Family::kLinks, link_key(id), encode(*after));
  }
  pipeline::put_link_change(batch, id);
  WM_TRY(store_.write(std::move(batch)));
  if (changed_) changed_(id);
  return {};
}

Result<std::optional<Link>> LinkStore::get(std::uint64_t id) const {
  const auto stored = WM_TRY(store_.get(Family::kLinks, link_key(id)));
  if (!stored) return std::optional<Link>();
  return std::optional<Link>(WM_TRY(decode_link(*stored)));
}

Result<std::optional<Link>> LinkStore::find(std::string_view url) const {
  const auto id = WM_TRY(store_.get(Family::kLinks, url_key(url)));
  if (!id) return std::optional<Link>();
  return get(number_of_key(*id));
}

Result<std::vector<Link>> LinkStore::list(std::size_t limit, std::size_t offset) const {
  std::vector<Link> links;
  auto cursor = store_.cursor(Family::kLinks);
  for (cursor.seek_for_prev(link_key(UINT64_MAX)); cursor.valid() && cursor.key().front() == 'l' && links.size() < limit; cursor.prev()) {
    if (offset > 0) {
      --offset;
    } else {
      links.push_back(WM_TRY(decode_link(cursor.value())));
    }
  }
  WM_TRY(cursor.status());
  return links;
}

Result<std::vector<Link>> LinkStore::list_tagged(std::string_view tag, std::size_t limit, std::size_t offset) const {
  std::vector<Link> links;
  const std::string prefix = tag_prefix(tag);
  auto cursor = store_.cursor(Family::kTags);
  cursor.seek_for_prev(tag_entry(tag, UINT64_MAX));
  for (; cursor.valid() && cursor.key().starts_with(prefix) && links.size() < limit; cursor.prev()) {
    if (offset > 0) {
      --offset;
      continue;
    }
    if (auto link = WM_TRY(get(number_of_key(cursor.key().substr(prefix.size()))))) links.push_back(std::move(*link));
  }
  WM_TRY(cursor.status());
  return links;
}

Result<std::uint64_t> LinkStore::count() const {
  std::uint64_t count = 0;
  auto cursor = store_.cursor(Family::kLinks);
  for (cursor.seek("l"); cursor.valid() && cursor.key().front() == 'l'; cursor.next()) ++count;
  WM_TRY(cursor.status());
  return count;
}

Result<std::uint64_t> LinkStore::count_tagged(std::string_view tag) const {
  std::uint64_t count = 0;
  const std::string prefix = tag_prefix(tag);
  auto cursor = store_.cursor(Family::kTags);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) ++count;
  WM_TRY(cursor.status());
  return count;
}

Result<std::vector<Snapshot>> LinkStore::snapshots(std::uint64_t link_id, std::size_t limit) const {
  std::vector<Snapshot> found;
  const std::string prefix = snapshot_prefix(link_id);
  auto cursor = store_.cursor(Family::kLinks);
  cursor.seek_for_prev(prefix + "\xff");
  for (; cursor.valid() && cursor.key().starts_with(prefix) && found.size() < limit; cursor.prev()) {
    found.push_back(WM_TRY(decode_snapshot(cursor.value())));
  }
  WM_TRY(cursor.status());
  return found;
}

Result<std::optional<Snapshot>> LinkStore::latest_snapshot(std::uint64_t link_id) const {
  auto newest = WM_TRY(snapshots(link_id, 1));
  if (newest.empty()) return std::optional<Snapshot>();
  return std::optional<Snapshot>(std::move(newest.front()));
}

Result<std::vector<TagCount>> LinkStore::tags() const {
  std::vector<TagCount> tags;
  std::string current;
  auto cursor = store_.cursor(Family::kTags);
  for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
    const std::string_view key = cursor.key().substr(0, cursor.key().size() - 9);
    if (tags.empty() || key != current) {
      current = key;
      tags.push_back({std::string(cursor.value()), 0});
    }
    ++tags.back().links;
  }
  WM_TRY(cursor.status());
  return tags;
}

}  // namespace wm::links
