#include "server/links/link_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/surt.h"
#include "indexer/store/coding.h"
#include "server/links/led_to.h"
#include "server/links/link_fields.h"
#include "server/links/link_index.h"
#include "server/links/rules.h"

namespace wm::links {

using store::Batch;
using store::Family;
using store::number_key;
using store::number_of_key;

namespace {

// Keys of the links family (docs/formats/links.md): 'l' id → link; 'u' link_key → id; 's' id time14 → snapshot.
std::string snapshot_prefix(std::uint64_t id) { return number_key('s', id); }
std::string snapshot_key(std::uint64_t id, Time14 time) { return snapshot_prefix(id) + time.text(); }
std::string id_value(std::uint64_t id) { return number_key('l', id); }

std::unexpected<Error> no_link(std::uint64_t id) { return fail(Error::Code::kNotFound, fmt::format("there is no link {}", id)); }

bool is_error_page(int status) { return status == 404 || status == 410 || status >= 500; }

void append(std::vector<std::string>& tags, const std::vector<std::string>& more) { tags.insert(tags.end(), more.begin(), more.end()); }

/// The tags of `tags` that are none of `unwanted` nor under one.
std::vector<std::string> without(const std::vector<std::string>& tags, const std::vector<std::string>& unwanted) {
  std::vector<std::string> left;
  for (const std::string& tag : tags) {
    const bool goes = std::any_of(unwanted.begin(), unwanted.end(), [key = tag_key(tag)](const std::string& one) { return is_or_is_under(key, tag_key(one)); });
    if (!goes) left.push_back(tag);
  }
  return left;
}

/// What the page says of itself, where the user said nothing.
void describe(const PageFacts& page, Link& link) {
  if (!link.title_is_users && !page.title.empty()) link.title = cut_text(page.title);
  if (!link.description_is_users && !page.description.empty()) link.description = cut_text(page.description);
  if (!page.icon.empty()) link.icon = cut_text(page.icon);
  if (!page.preview.empty()) link.preview = cut_text(page.preview);
}

}  // namespace

LinkStore::LinkStore(store::Store& store, std::function<void(std::uint64_t)> changed, url::Tracking tracking)
    : store_(store), changed_(std::move(changed)), tracking_(std::move(tracking)), rules_(std::make_unique<Rules>(store)) {}

LinkStore::~LinkStore() = default;

void LinkStore::claim(const std::string& url, std::uint64_t id, Changes& changes) const {
  changes.batch().put(Family::kLinks, url_key(url), id_value(id));
  changes.batch().put(Family::kLinks, led_to_key(url::link_key(url, tracking_), id), {});
}

/// Where a capture of it ended it leads still.
Result<> LinkStore::let_go(const std::string& url, std::uint64_t id, Changes& changes) const {
  const auto captured = WM_TRY(captured_keys(id));
  const std::string key = url::link_key(url, tracking_);
  changes.batch().erase(Family::kLinks, "u" + key);
  if (!captured.contains(key)) changes.batch().erase(Family::kLinks, led_to_key(key, id));
  return {};
}

/// URL keys of where the link's captures ended.
Result<std::set<std::string>> LinkStore::captured_keys(std::uint64_t id, std::optional<Time14> but) const {
  std::set<std::string> keys;
  const std::string prefix = snapshot_prefix(id), left_out = but ? snapshot_key(id, *but) : std::string();
  auto cursor = store_.cursor(Family::kLinks);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    const auto snapshot = decode_snapshot(cursor.value());
    if (snapshot && cursor.key() != left_out) keys.insert(url::link_key(snapshot->url, tracking_));
  }
  WM_TRY(cursor.status());
  return keys;
}

std::string LinkStore::url_key(std::string_view url) const { return "u" + url::link_key(url, tracking_); }

Result<> LinkStore::change(std::function<Result<>(Changes&)> work) {
  return writer_.run([this, work = std::move(work)] { return write(work); });
}

Result<> LinkStore::write(const std::function<Result<>(Changes&)>& work) {
  Changes changes(store_);
  WM_TRY(work(changes));
  const auto ids = changes.changed();
  Batch batch = WM_TRY(changes.finish());
  if (batch.size() == 0) return {};
  WM_TRY(store_.write(std::move(batch)));
  if (!changed_) return {};
  for (const std::uint64_t id : ids) changed_(id);
  return {};
}

Result<Added> LinkStore::add(const NewLink& fields) {
  const NewLink cleaned = WM_TRY(clean(fields));
  // Patterns are matched here, on the caller's thread: the writer has more to do.
  Link as_given;
  as_given.url = cleaned.url;
  as_given.title = cleaned.title;
  const auto rules = WM_TRY(rules_->compiled());
  const auto matching = rules->matching(as_given, {}, RuleSet::Moment::kAdded);
  std::optional<Added> added;
  const auto work = [&](Changes& changes) -> Result<> {
    added = WM_TRY(add_now(cleaned, matching, changes));
    return {};
  };
  WM_TRY(change(work));
  return std::move(*added);
}

Result<Added> LinkStore::add_now(const NewLink& fields, const std::vector<const Rule*>& rules, Changes& changes) {
  if (auto existing = WM_TRY(find(fields.url))) return add_to(std::move(*existing), fields, changes);
  Link link;
  link.id = WM_TRY(store_.next_id("link"));
  link.url = fields.url;
  link.title_is_users = !fields.title.empty();
  link.title = fields.title;
  link.description_is_users = !fields.description.empty();
  link.description = fields.description;
  link.notes = fields.notes;
  link.engine = fields.engine;
  link.schedule = fields.schedule;
  link.unread = fields.unread.value_or(false);
  link.archived = fields.archived.value_or(false);
  link.favourite = fields.favourite.value_or(false);
  link.shared = fields.shared.value_or(false);
  link.tags = fields.tags;
  link.created = fields.created.value_or(now_micros());
  link.modified = fields.modified.value_or(link.created);
  links::apply(rules, link);
  link.tags = WM_TRY(changes.tags().settle(link.tags, link.created));
  claim(link.url, link.id, changes);
  WM_TRY(changes.replace(link.id, link));
  return Added{.link = std::move(link), .is_new = true};
}

Result<Added> LinkStore::add_to(Link existing, const NewLink& fields, Changes& changes) {
  if (fields.if_exists == IfExists::kError && !existing.deleted) {
    return fail(Error::Code::kConflict, fmt::format("link {} has this URL already", existing.id));
  }
  LinkPatch patch;
  if (fields.if_exists == IfExists::kUpdate) {
    patch.add_tags = fields.tags;
    if (!fields.title.empty()) patch.title = fields.title;
    if (!fields.description.empty()) patch.description = fields.description;
    if (!fields.notes.empty()) patch.notes = fields.notes;
    if (!fields.schedule.empty()) patch.schedule = fields.schedule;
    patch.unread = fields.unread;
    patch.archived = fields.archived;
    patch.favourite = fields.favourite;
    patch.shared = fields.shared;
    patch.created = fields.created;
    patch.modified = fields.modified;
  }
  patch.deleted = false;
  static_cast<void>(WM_TRY(update_now(existing.id, patch, changes)));
  auto link = WM_TRY(changes.link(existing.id));
  return Added{.link = std::move(*link), .is_new = false};
}

Result<Link> LinkStore::update(std::uint64_t id, const LinkPatch& patch) {
  const LinkPatch cleaned = WM_TRY(clean(patch));
  std::optional<Link> after;
  const auto work = [&](Changes& changes) -> Result<> {
    static_cast<void>(WM_TRY(update_now(id, cleaned, changes)));
    after = WM_TRY(changes.link(id));
    return {};
  };
  WM_TRY(change(work));
  return std::move(*after);
}

Result<std::vector<Edited>> LinkStore::update_all(std::vector<std::uint64_t> ids, const LinkPatch& patch) {
  const LinkPatch cleaned = WM_TRY(clean(patch));
  if (cleaned.url) return fail(Error::Code::kInvalid, "many links cannot have one URL");
  std::vector<Edited> outcome;
  const auto work = [&](Changes& changes) -> Result<> {
    for (const std::uint64_t id : ids) {
      const auto updated = update_now(id, cleaned, changes);
      outcome.push_back(updated ? Edited{.id = id, .changed = *updated} : Edited{.id = id, .error = updated.error()});
    }
    return {};
  };
  WM_TRY(change(work));
  return outcome;
}

/// Checks everything before the first change: an update that fails leaves nothing in the batch.
Result<bool> LinkStore::update_now(std::uint64_t id, const LinkPatch& patch, Changes& changes) {
  const auto before = WM_TRY(changes.link(id));
  if (!before) return no_link(id);
  if (patch.if_version && *patch.if_version != before->version) {
    return fail(Error::Code::kConflict, fmt::format("link {} was changed meanwhile: it is at version {}, not {}", id, before->version, *patch.if_version));
  }
  Link after = *before;
  apply(patch, after);
  if (patch.tags) after.tags = *patch.tags;
  if (!patch.remove_tags.empty()) after.tags = without(after.tags, patch.remove_tags);
  append(after.tags, patch.add_tags);
  if (after.tags != before->tags) after.tags = WM_TRY(changes.tags().settle(after.tags, now_micros()));
  if (patch.url && *patch.url != before->url) WM_TRY(set_url(after, *patch.url, changes));
  if (after == *before && !patch.modified) return false;
  after.modified = patch.modified.value_or(now_micros());
  if (after == *before) return false;
  ++after.version;
  WM_TRY(changes.replace(id, after));
  return true;
}

Result<> LinkStore::set_url(Link& link, const std::string& url, Changes& changes) {
  const auto other = WM_TRY(find(url));
  if (other && other->id != link.id) return fail(Error::Code::kConflict, fmt::format("link {} has this URL already", other->id));
  WM_TRY(let_go(link.url, link.id, changes));
  claim(url, link.id, changes);
  link.url = url;
  link.broken.clear();
  return {};
}

Result<> LinkStore::put(const Link& link) {
  return change([this, link](Changes& changes) -> Result<> {
    const auto other = WM_TRY(find(link.url));
    if (other && other->id != link.id) return fail(Error::Code::kConflict, fmt::format("link {} has the URL of link {} already", other->id, link.id));
    const auto before = WM_TRY(changes.link(link.id));
    if (before) WM_TRY(let_go(before->url, link.id, changes));
    Link after = link;
    after.tags = WM_TRY(changes.tags().settle(link.tags, link.created));
    claim(link.url, link.id, changes);
    return changes.replace(link.id, after);
  });
}

Result<> LinkStore::remove(std::uint64_t id) {
  return change([this, id](Changes& changes) { return remove_now(id, changes); });
}

Result<> LinkStore::remove_now(std::uint64_t id, Changes& changes) {
  const auto before = WM_TRY(changes.link(id));
  if (!before) return no_link(id);
  const auto captured = WM_TRY(captured_keys(id));
  WM_TRY(let_go(before->url, id, changes));
  for (const std::string& key : captured) changes.batch().erase(Family::kLinks, led_to_key(key, id));
  changes.batch().erase_range(Family::kLinks, snapshot_prefix(id), snapshot_prefix(id + 1));
  return changes.replace(id, std::nullopt);
}

Result<Link> LinkStore::merge(std::uint64_t id, std::uint64_t duplicate) {
  if (id == duplicate) return fail(Error::Code::kInvalid, "a link cannot be merged with itself");
  WM_TRY(change([this, id, duplicate](Changes& changes) { return merge_now(id, duplicate, changes); }));
  const auto merged = WM_TRY(get(id));
  if (!merged) return no_link(id);
  return *merged;
}

Result<> LinkStore::merge_now(std::uint64_t id, std::uint64_t duplicate, Changes& changes) {
  const auto kept = WM_TRY(changes.link(id));
  const auto other = WM_TRY(changes.link(duplicate));
  if (!kept || !other) return no_link(kept ? duplicate : id);
  LinkPatch patch;
  patch.add_tags = other->tags;
  if (!kept->title_is_users && other->title_is_users) patch.title = other->title;
  if (!kept->description_is_users && other->description_is_users) patch.description = other->description;
  if (!other->notes.empty() && other->notes != kept->notes) patch.notes = kept->notes.empty() ? other->notes : kept->notes + "\n\n" + other->notes;
  if (patch.notes && patch.notes->size() > kNotesBytes) return fail(Error::Code::kInvalid, "the notes of both are too long for one link");
  patch.favourite = kept->favourite || other->favourite;
  patch.unread = kept->unread && other->unread;
  patch.created = std::min(kept->created, other->created);
  static_cast<void>(WM_TRY(update_now(id, patch, changes)));
  auto moved = WM_TRY(snapshots(duplicate));
  const std::string own_key = url::link_key(other->url, tracking_);
  for (Snapshot& snapshot : moved) {
    changes.batch().erase(Family::kLinks, snapshot_key(duplicate, snapshot.time));
    const std::string key = url::link_key(snapshot.url, tracking_);
    if (key != own_key) changes.batch().erase(Family::kLinks, led_to_key(key, duplicate));
    snapshot.link_id = id;
    WM_TRY(make_way_for(snapshot, *kept, changes));
  }
  for (const Snapshot& snapshot : moved) put_snapshot(snapshot, changes);
  LinkPatch away;
  away.deleted = true;
  static_cast<void>(WM_TRY(update_now(duplicate, away, changes)));
  return {};
}

Result<> LinkStore::add_snapshot(const Snapshot& snapshot, const PageFacts& page) {
  const auto rules = WM_TRY(rules_->compiled());
  std::vector<const Rule*> matching;
  // After the first capture alone: what the user took away later stays away.
  if (auto link = WM_TRY(get(snapshot.link_id)); link && !WM_TRY(latest_snapshot(snapshot.link_id))) {
    describe(page, *link);
    matching = rules->matching(*link, page.text, RuleSet::Moment::kCaptured);
  }
  return change([&](Changes& changes) { return add_snapshot_now(snapshot, page, matching, changes); });
}

Result<> LinkStore::add_snapshot_now(const Snapshot& snapshot, const PageFacts& page, const std::vector<const Rule*>& rules, Changes& changes) {
  const auto before = WM_TRY(changes.link(snapshot.link_id));
  if (!before) return fail(Error::Code::kNotFound, fmt::format("link {} was removed while it was captured", snapshot.link_id));
  Link after = *before;
  describe(page, after);
  after.broken = is_error_page(snapshot.status) ? fmt::format("HTTP {}", snapshot.status) : "";
  links::apply(rules, after);
  if (after.tags != before->tags) after.tags = WM_TRY(changes.tags().settle(after.tags, now_micros()));
  ++after.version;
  WM_TRY(make_way_for(snapshot, after, changes));
  put_snapshot(snapshot, changes);
  return changes.replace(snapshot.link_id, after);
}

/// A capture of the same second goes, and with it where it alone led.
Result<> LinkStore::make_way_for(const Snapshot& snapshot, const Link& link, Changes& changes) const {
  const auto stored = WM_TRY(store_.get(Family::kLinks, snapshot_key(snapshot.link_id, snapshot.time)));
  if (!stored) return {};
  const auto before = decode_snapshot(*stored);
  if (!before) return {};
  const std::string key = url::link_key(before->url, tracking_);
  const auto others = WM_TRY(captured_keys(link.id, snapshot.time));
  if (key != url::link_key(link.url, tracking_) && !others.contains(key)) changes.batch().erase(Family::kLinks, led_to_key(key, link.id));
  return {};
}

void LinkStore::put_snapshot(const Snapshot& snapshot, Changes& changes) const {
  changes.batch().put(Family::kLinks, snapshot_key(snapshot.link_id, snapshot.time), encode(snapshot));
  changes.batch().put(Family::kLinks, led_to_key(url::link_key(snapshot.url, tracking_), snapshot.link_id), {});
}

Result<> LinkStore::set_broken(std::uint64_t id, std::string_view why) {
  return change([id, reason = cut_text(why)](Changes& changes) -> Result<> {
    auto link = WM_TRY(changes.link(id));
    if (!link || link->broken == reason) return {};
    link->broken = reason;
    ++link->version;
    return changes.replace(id, link);
  });
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

Result<std::uint64_t> LinkStore::count() const { return list_length(store_, all_list()); }

Result<std::uint64_t> LinkStore::count_tagged(std::string_view tag) const {
  Listing listing;
  listing.tags.emplace_back(tag);
  const LinkCount counted = WM_TRY(count(listing, 0));
  return counted.links;
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
  Result<> counted;
  const auto take = [&](const std::string& key, const Tag& tag) {
    const auto length = list_length(store_, tag_list(key));
    if (length) tags.push_back({tag.name, *length});
    if (!length) counted = std::unexpected(length.error());
    return length.has_value();
  };
  WM_TRY(TagBook(store_).each("", take));
  WM_TRY(std::move(counted));
  return tags;
}

}  // namespace wm::links
