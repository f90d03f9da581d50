#include "server/links/link_index.h"

#include <set>

#include "indexer/pipeline/outbox.h"
#include "indexer/store/coding.h"
#include "server/links/text_order.h"

namespace wm::links {

using store::Batch;
using store::Family;
using store::number_key;

namespace {

constexpr State kListed[] = {State::kUnread, State::kArchived, State::kFavourite, State::kShared, State::kBroken, State::kUntagged};
constexpr Sort kSorts[] = {Sort::kAdded, Sort::kModified, Sort::kTitle};

std::string length_key(std::string_view list) { return "n" + std::string(list); }

std::string time_bytes(SysMicros at) {
  std::string bytes;
  // The sign bit turned: what is before 1970 sorts before what is after.
  store::put_big_endian(bytes, static_cast<std::uint64_t>(at.time_since_epoch().count()) ^ (std::uint64_t{1} << 63), 8);
  return bytes;
}

std::vector<std::string> lists_of(const Link& link) {
  if (link.deleted) return {trash_list()};
  std::vector<std::string> lists = {all_list()};
  for (const State state : kListed) {
    if (is_in(link, state)) lists.push_back(state_list(state));
  }
  std::set<std::string> tags;  // two tags may have one parent
  for (const std::string& tag : link.tags) {
    const std::string key = tag_key(tag);
    for (std::string& parent : parents_of(key)) tags.insert(std::move(parent));
    tags.insert(key);
  }
  for (const std::string& key : tags) lists.push_back(tag_list(key));
  return lists;
}

std::vector<std::string> counted_only(const Link& link) {
  std::vector<std::string> lists;
  if (!link.deleted) {
    for (const std::string& tag : link.tags) lists.push_back(own_tag_list(tag_key(tag)));
  }
  return lists;
}

std::map<std::string, std::string> entries_of(const Link& link) {
  std::map<std::string, std::string> entries;
  const std::string bits(1, static_cast<char>(bits_of(link)));
  std::string positions[std::size(kSorts)];
  for (std::size_t i = 0; i < std::size(kSorts); ++i) positions[i] = list_position(link, kSorts[i]);
  for (const std::string& list : lists_of(link)) {
    for (std::size_t i = 0; i < std::size(kSorts); ++i) entries.emplace(list_prefix(list, kSorts[i]) + positions[i], bits);
  }
  return entries;
}

}  // namespace

std::string all_list() { return "a"; }
std::string trash_list() { return "d"; }
std::string state_list(State state) { return "s" + std::string(name_of(state)); }
std::string tag_list(std::string_view key) { return "t" + std::string(key); }
std::string own_tag_list(std::string_view key) { return "e" + std::string(key); }
std::string link_key(std::uint64_t id) { return number_key('l', id); }

std::uint8_t bit_of(State state) {
  switch (state) {
    case State::kUnread: return 1;
    case State::kArchived: return 2;
    case State::kFavourite: return 4;
    case State::kShared: return 8;
    case State::kBroken: return 16;
    case State::kTagged: return 32;
    default: return 0;
  }
}

std::uint8_t bits_of(const Link& link) {
  std::uint8_t bits = 0;
  for (const State state : {State::kUnread, State::kArchived, State::kFavourite, State::kShared, State::kBroken, State::kTagged}) {
    if (is_in(link, state)) bits = static_cast<std::uint8_t>(bits | bit_of(state));
  }
  return bits;
}

std::string list_prefix(std::string_view list, Sort sort) { return "i" + std::string(list) + '\0' + static_cast<char>(sort); }

std::string list_position(const Link& link, Sort sort) {
  std::string position;
  switch (sort) {
    case Sort::kAdded: position = time_bytes(link.created); break;
    case Sort::kModified: position = time_bytes(link.deleted.value_or(link.modified)); break;  // the trash: by when it went there
    case Sort::kTitle: position = order_key(link.title.empty() ? link.url : link.title); break;
  }
  store::put_big_endian(position, link.id, 8);
  return position;
}

Result<std::vector<std::uint64_t>> ids_of_list(const store::Store& store, std::string_view list, std::string& cursor, std::size_t most) {
  std::vector<std::uint64_t> ids;
  const std::string prefix = list_prefix(list, Sort::kAdded);
  auto at = store.cursor(Family::kTags);
  // A NUL more: behind the position where the page before ended.
  at.seek(cursor.empty() ? prefix : prefix + cursor + '\0');
  for (; at.valid() && at.key().starts_with(prefix) && ids.size() < most; at.next()) {
    cursor = at.key().substr(prefix.size());
    ids.push_back(store::big_endian(cursor.substr(cursor.size() - 8)));
  }
  WM_TRY(at.status());
  if (ids.size() < most) cursor.clear();
  return ids;
}

Result<std::uint64_t> list_length(const store::Store& store, std::string_view list) {
  const auto stored = WM_TRY(store.get(Family::kTags, length_key(list)));
  return stored ? store::big_endian(*stored) : 0;
}

Result<std::optional<Link>> Changes::link(std::uint64_t id) const {
  if (const auto changed = links_.find(id); changed != links_.end()) return changed->second;
  const auto stored = WM_TRY(store_.get(Family::kLinks, link_key(id)));
  if (!stored) return std::optional<Link>();
  return std::optional<Link>(WM_TRY(decode_link(*stored)));
}

Result<> Changes::replace(std::uint64_t id, const std::optional<Link>& after) {
  const auto before = WM_TRY(link(id));
  WM_TRY(list(id, before, after));
  pipeline::put_link_change(batch_, id);
  return {};
}

Result<> Changes::list(std::uint64_t id, const std::optional<Link>& before, const std::optional<Link>& after) {
  const auto old_entries = before ? entries_of(*before) : std::map<std::string, std::string>();
  const auto entries = after ? entries_of(*after) : std::map<std::string, std::string>();
  for (const auto& [key, bits] : old_entries) {
    if (!entries.contains(key)) batch_.erase(Family::kTags, key);
  }
  for (const auto& [key, bits] : entries) {
    const auto old = old_entries.find(key);
    if (old == old_entries.end() || old->second != bits) batch_.put(Family::kTags, key, bits);
  }
  const auto count = [this](const Link& link, std::int64_t by) {
    for (const std::string& list : lists_of(link)) lengths_[list] += by;
    for (const std::string& list : counted_only(link)) lengths_[list] += by;
  };
  if (before) count(*before, -1);
  if (after) count(*after, +1);
  if (after) {
    batch_.put(Family::kLinks, link_key(id), encode(*after));
  } else {
    batch_.erase(Family::kLinks, link_key(id));
  }
  links_[id] = after;
  return {};
}

std::vector<std::uint64_t> Changes::changed() const {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, link] : links_) ids.push_back(id);
  return ids;
}

Result<Batch> Changes::finish() {
  for (const auto& [list, by] : lengths_) {
    if (by == 0) continue;
    const auto length = static_cast<std::int64_t>(WM_TRY(list_length(store_, list))) + by;
    if (length <= 0) {
      batch_.erase(Family::kTags, length_key(list));
    } else {
      std::string bytes;
      store::put_big_endian(bytes, static_cast<std::uint64_t>(length), 8);
      batch_.put(Family::kTags, length_key(list), bytes);
    }
  }
  tags_.write(batch_);
  return std::move(batch_);
}

}  // namespace wm::links
