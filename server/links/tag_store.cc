#include "server/links/tag_store.h"

#include <algorithm>
#include <set>

#include "core/base/ascii.h"
#include "server/links/link_index.h"
#include "server/links/text_order.h"

namespace wm::links {

using store::Family;

namespace {

constexpr std::size_t kTypedMost = 2000;  // tags that one beginning finds
constexpr std::size_t kAliases = 50;

std::string mark_key(std::string_view key) { return "m" + std::string(key); }

std::unexpected<Error> no_tag(std::string_view name) { return fail(Error::Code::kNotFound, "there is no tag " + valid_utf8(name.substr(0, 200))); }

/// The tag that a written name means.
Result<Tag> wanted(const TagBook& book, std::string_view written) {
  const std::string clean = WM_TRY(clean_tag(written));
  const auto name = WM_TRY(book.resolve(clean));
  if (!name) return no_tag(written);
  auto tag = WM_TRY(book.tag(tag_key(*name)));
  if (!tag) return no_tag(written);
  return std::move(*tag);
}

void sort_by_use(std::vector<TagInfo>& tags) {
  std::sort(tags.begin(), tags.end(), [](const TagInfo& a, const TagInfo& b) { return a.links != b.links ? a.links > b.links : a.tag.name < b.tag.name; });
}

/// Takes the alias `key` from whichever tag lists it.
Result<> forget_alias(TagBook& book, const std::string& key) {
  const auto alias = WM_TRY(book.alias(key));
  if (!alias) return {};
  book.erase_alias(key);
  auto owner = WM_TRY(book.tag(tag_key(alias->target)));
  if (!owner) return {};
  std::erase_if(owner->aliases, [&key](const std::string& one) { return tag_key(one) == key; });
  book.put(*owner);
  return {};
}

Result<> set_aliases(TagBook& book, Tag& tag, const std::vector<std::string>& written) {
  if (written.size() > kAliases) return fail(Error::Code::kInvalid, "a tag has at most 50 aliases");
  for (const std::string& old : tag.aliases) book.erase_alias(tag_key(old));
  tag.aliases.clear();
  std::set<std::string> seen;
  for (const std::string& one : written) {
    const std::string name = WM_TRY(clean_tag(one));
    const std::string key = tag_key(name);
    if (key == tag_key(tag.name) || !seen.insert(key).second) continue;
    const auto other = WM_TRY(book.tag(key));
    if (other) return fail(Error::Code::kConflict, "there is a tag " + other->name + " already: merge it to make it an alias");
    if (WM_TRY(book.alias(key))) return fail(Error::Code::kConflict, name + " is an alias of another tag already");
    book.put_alias(key, {.kind = Alias::Kind::kAlias, .target = tag.name});
    tag.aliases.push_back(name);
  }
  return {};
}

}  // namespace

Result<TagInfo> TagStore::info(std::string_view key, Tag tag) const {
  TagInfo info{.tag = std::move(tag)};
  info.links = WM_TRY(list_length(links_.store(), tag_list(key)));
  info.own = WM_TRY(list_length(links_.store(), own_tag_list(key)));
  return info;
}

Result<std::vector<TagInfo>> TagStore::list() const {
  std::vector<std::pair<std::string, TagInfo>> found;
  Result<> counted;
  const auto take = [&](const std::string& key, const Tag& tag) {
    auto one = info(key, tag);
    if (!one) {
      counted = std::unexpected(one.error());
      return false;
    }
    found.emplace_back(order_key(tag.name), std::move(*one));
    return true;
  };
  WM_TRY(TagBook(links_.store()).each("", take));
  WM_TRY(std::move(counted));
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<TagInfo> tags;
  for (auto& [order, one] : found) tags.push_back(std::move(one));
  return tags;
}

Result<std::optional<TagInfo>> TagStore::find(std::string_view name) const {
  auto tag = wanted(TagBook(links_.store()), name);
  if (!tag && tag.error().code == Error::Code::kNotFound) return std::optional<TagInfo>();
  if (!tag) return std::unexpected(tag.error());
  const std::string key = tag_key(tag->name);
  return std::optional(WM_TRY(info(key, std::move(*tag))));
}

Result<std::vector<TagInfo>> TagStore::typed(std::string_view beginning, std::size_t limit) const {
  const std::string prefix = "y" + folded(trim(valid_utf8(beginning.substr(0, 400))));
  std::vector<TagInfo> found;
  if (prefix.size() == 1) {
    found = WM_TRY(list());
  } else {
    const TagBook book(links_.store());
    std::set<std::string> seen;
    auto cursor = links_.store().cursor(Family::kTags);
    for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix) && seen.size() < kTypedMost; cursor.next()) {
      const std::string_view entry = cursor.key();
      const std::string key(entry.substr(entry.rfind('\0') + 1));
      if (!seen.insert(key).second) continue;
      auto tag = WM_TRY(book.tag(key));
      if (tag) found.push_back(WM_TRY(info(key, std::move(*tag))));
    }
    WM_TRY(cursor.status());
  }
  sort_by_use(found);
  if (found.size() > limit) found.resize(limit);
  return found;
}

Result<Policy> TagStore::policy_of(const Link& link) const {
  Policy policy{.engine = link.engine, .schedule = link.schedule};
  const TagBook book(links_.store());
  for (const std::string& name : link.tags) {
    std::vector<std::string> keys = parents_of(tag_key(name));
    keys.insert(keys.begin(), tag_key(name));
    for (const std::string& key : keys) {
      if (policy.engine != "auto" && !policy.schedule.empty()) return policy;
      const auto tag = WM_TRY(book.tag(key));
      if (!tag) continue;
      if (policy.engine == "auto" && !tag->engine.empty()) policy.engine = tag->engine;
      if (policy.schedule.empty()) policy.schedule = tag->schedule;
    }
  }
  return policy;
}

Result<TagInfo> TagStore::create(std::string_view name) {
  const std::vector<std::string> written{std::string(name)};
  std::vector<std::string> made;
  const auto work = [&](Changes& changes) -> Result<> {
    made = WM_TRY(changes.tags().settle(written, now_micros()));
    return {};
  };
  WM_TRY(links_.change(work));
  if (made.empty()) return fail(Error::Code::kConflict, "this tag is being deleted; try again shortly");
  auto found = WM_TRY(find(made.front()));
  if (!found) return no_tag(name);
  return std::move(*found);
}

Result<TagInfo> TagStore::update(std::string_view name, const TagPatch& patch) {
  TagPatch clean = patch;
  if (patch.colour) clean.colour = WM_TRY(clean_colour(*patch.colour));
  if (patch.schedule) clean.schedule = WM_TRY(clean_schedule(*patch.schedule));
  if (patch.engine && !patch.engine->empty()) WM_TRY(check_engine(*patch.engine));
  const auto work = [&](Changes& changes) -> Result<> {
    Tag tag = WM_TRY(wanted(changes.tags(), name));
    if (clean.colour) tag.colour = *clean.colour;
    if (clean.engine) tag.engine = *clean.engine;
    if (clean.schedule) tag.schedule = *clean.schedule;
    if (clean.aliases) WM_TRY(set_aliases(changes.tags(), tag, *clean.aliases));
    changes.tags().put(tag);
    return {};
  };
  WM_TRY(links_.change(work));
  auto found = WM_TRY(find(name));
  if (!found) return no_tag(name);
  return std::move(*found);
}

namespace {

/// Everything that is said of `from` and those under it is said of `to` from now on.
class Renaming {
 public:
  Renaming(TagBook& book, Tag from, std::string to) : book_(book), from_(std::move(from)), from_key_(tag_key(from_.name)), to_(std::move(to)), to_key_(tag_key(to_)) {}

  Result<> run(TagStore::OldName old_name) {
    if (to_key_ != from_key_ && is_or_is_under(to_key_, from_key_)) return fail(Error::Code::kInvalid, "a tag cannot go under itself: " + from_.name + " to " + to_);
    std::vector<std::pair<std::string, Tag>> going;
    const auto take = [&](const std::string& key, const Tag& tag) {
      if (!key.starts_with(from_key_)) return false;
      if (is_or_is_under(key, from_key_)) going.emplace_back(key, tag);
      return true;
    };
    WM_TRY(book_.each(from_key_, take));
    for (const auto& [key, tag] : going) WM_TRY(go(key, tag));
    WM_TRY(turn_aliases());
    if (to_key_ == from_key_) return {};
    const bool stays = old_name == TagStore::OldName::kAlias;
    book_.put_alias(from_key_, {.kind = stays ? Alias::Kind::kAlias : Alias::Kind::kMoving, .target = to_});
    if (!stays) return {};
    auto target = WM_TRY(book_.tag(to_key_));
    if (target && target->aliases.size() < kAliases) {
      target->aliases.push_back(from_.name);
      book_.put(*target);
    }
    return {};
  }

 private:
  /// "to/rest" of "from/rest".
  std::string moved(const std::string& name) const {
    std::size_t at = 0;
    for (auto levels = std::count(from_key_.begin(), from_key_.end(), '/') + 1; levels > 0 && at != std::string::npos; --levels) at = name.find('/', at == 0 ? 0 : at + 1);
    return at == std::string::npos ? to_ : to_ + name.substr(at);
  }

  Result<> go(const std::string& key, const Tag& tag) {
    const std::string name = moved(tag.name);
    const std::string new_key = tag_key(name);
    Tag target{.name = name, .created = tag.created};
    if (new_key != key) {
      target = WM_TRY(book_.ensure(name, tag.created));
      book_.erase(key);
    } else {
      target = tag;
      target.name = name;
      std::erase_if(target.aliases, [&new_key](const std::string& alias) { return tag_key(alias) == new_key; });
    }
    if (target.colour.empty()) target.colour = tag.colour;
    if (target.engine.empty()) target.engine = tag.engine;
    if (target.schedule.empty()) target.schedule = tag.schedule;
    for (const std::string& alias : tag.aliases) {
      const bool is_itself = tag_key(alias) == new_key;
      if (!is_itself && std::find(target.aliases.begin(), target.aliases.end(), alias) == target.aliases.end()) target.aliases.push_back(alias);
    }
    book_.put(target);
    return {};
  }

  Result<> turn_aliases() {
    const auto known = WM_TRY(book_.aliases());
    for (const auto& [key, alias] : known) {
      if (key == from_key_ || !is_or_is_under(tag_key(alias.target), from_key_)) continue;
      const auto still = WM_TRY(book_.alias(key));  // it may have gone within this change
      if (still) book_.put_alias(key, {.kind = alias.kind, .target = moved(alias.target)});
    }
    return {};
  }

  TagBook& book_;
  const Tag from_;
  const std::string from_key_;
  const std::string to_;
  const std::string to_key_;
};

}  // namespace

Result<TagMove> TagStore::rename(std::string_view name, std::string_view to, OldName old_name) {
  const std::string target = WM_TRY(clean_tag(to));
  TagMove move;
  const auto work = [&](Changes& changes) -> Result<> {
    TagBook& book = changes.tags();
    Tag from = WM_TRY(wanted(book, name));
    move.key = tag_key(from.name);
    const auto alias = WM_TRY(book.alias(tag_key(target)));
    if (alias && is_or_is_under(tag_key(alias->target), move.key)) WM_TRY(forget_alias(book, tag_key(target)));
    from = WM_TRY(wanted(book, from.name));  // without that alias
    const auto resolved = WM_TRY(book.resolve(target));
    if (!resolved) return fail(Error::Code::kConflict, "the tag " + target + " is being deleted; try again shortly");
    WM_TRY(Renaming(book, from, *resolved).run(old_name));
    changes.batch().put(Family::kTags, mark_key(move.key), old_name == OldName::kAlias ? "k" : "e");
    return {};
  };
  WM_TRY(links_.change(work));
  move.links = WM_TRY(list_length(links_.store(), tag_list(move.key)));
  return move;
}

Result<TagMove> TagStore::remove(std::string_view name, Children children) {
  TagMove move;
  const auto work = [&](Changes& changes) -> Result<> {
    TagBook& book = changes.tags();
    const Tag tag = WM_TRY(wanted(book, name));
    move.key = tag_key(tag.name);
    std::vector<Tag> going;
    bool has_children = false;
    const auto take = [&](const std::string& key, const Tag& one) {
      if (!key.starts_with(move.key)) return false;
      if (!is_or_is_under(key, move.key)) return true;
      has_children = has_children || key != move.key;
      if (key == move.key || children == Children::kGo) going.push_back(one);
      return true;
    };
    WM_TRY(book.each(move.key, take));
    if (has_children && children == Children::kStay) going.clear();  // it stays as what stands above them
    for (const Tag& one : going) {
      for (const std::string& alias : one.aliases) book.erase_alias(tag_key(alias));
      book.erase(tag_key(one.name));
    }
    book.put_alias(move.key, {.kind = children == Children::kGo ? Alias::Kind::kDeletingAll : Alias::Kind::kDeleting});
    changes.batch().put(Family::kTags, mark_key(move.key), "e");
    return {};
  };
  WM_TRY(links_.change(work));
  move.links = WM_TRY(list_length(links_.store(), tag_list(move.key)));
  return move;
}

Result<std::uint64_t> TagStore::move_some(const std::string& key, std::string& cursor, std::size_t most) {
  const auto mark = WM_TRY(links_.store().get(Family::kTags, mark_key(key)));
  if (!mark) {
    cursor.clear();
    return 0;
  }
  std::uint64_t seen = 0;
  const auto work = [&](Changes& changes) -> Result<> {
    const auto ids = WM_TRY(ids_of_list(links_.store(), tag_list(key), cursor, most));
    seen = ids.size();
    for (const std::uint64_t id : ids) {
      auto link = WM_TRY(changes.link(id));
      if (!link) continue;
      auto tags = WM_TRY(changes.tags().settle(link->tags, link->created));
      if (tags == link->tags) continue;
      link->tags = std::move(tags);
      ++link->version;  // the user changed the tag, not the link: modified stays
      WM_TRY(changes.replace(id, link));
    }
    if (!cursor.empty()) return {};
    changes.batch().erase(Family::kTags, mark_key(key));
    if (*mark == "e") changes.tags().erase_alias(key);
    return {};
  };
  WM_TRY(links_.change(work));
  return seen;
}

Result<std::vector<std::string>> TagStore::unfinished() const {
  std::vector<std::string> keys;
  auto cursor = links_.store().cursor(Family::kTags);
  for (cursor.seek("m"); cursor.valid() && cursor.key().front() == 'm'; cursor.next()) keys.emplace_back(cursor.key().substr(1));
  WM_TRY(cursor.status());
  return keys;
}

}  // namespace wm::links
