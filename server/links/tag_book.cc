#include "server/links/tag_book.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace wm::links {

using store::Batch;
using store::Family;

namespace {

constexpr int kAliasSteps = 16;
constexpr std::size_t kTagsOfLink = 100;

std::string alias_key(std::string_view key) { return "x" + std::string(key); }
std::string form_key(std::string_view form, std::string_view key) { return "y" + std::string(form) + '\0' + std::string(key); }

std::size_t levels(std::string_view name) { return static_cast<std::size_t>(std::count(name.begin(), name.end(), '/')) + 1; }

/// The first `count` levels, and what stands behind them with its '/'.
std::size_t end_of_levels(std::string_view name, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0; --count) {
    at = name.find('/', at);
    if (at == std::string_view::npos) return name.size();
    if (count > 1) ++at;
  }
  return at;
}

/// A name with as many levels as its key has: folding makes levels of signs such as "℅".
std::string leveled(std::string_view name, std::string_view key) { return std::string(levels(name) == levels(key) ? name : key); }

}  // namespace

std::string definition_key(std::string_view key) { return "d" + std::string(key); }

Result<std::optional<Tag>> TagBook::tag(std::string_view key) const {
  if (const auto changed = tags_.find(key); changed != tags_.end()) return changed->second;
  const auto stored = WM_TRY(store_.get(Family::kTags, definition_key(key)));
  if (!stored) return std::optional<Tag>();
  return std::optional<Tag>(WM_TRY(decode_tag(*stored)));
}

Result<std::optional<Alias>> TagBook::alias(std::string_view key) const {
  if (const auto changed = aliases_.find(key); changed != aliases_.end()) return changed->second;
  const auto stored = WM_TRY(store_.get(Family::kTags, alias_key(key)));
  if (!stored || stored->empty()) return std::optional<Alias>();
  return std::optional<Alias>(Alias{.kind = static_cast<Alias::Kind>(stored->front()), .target = stored->substr(1)});
}

Result<std::vector<std::pair<std::string, Alias>>> TagBook::aliases() const {
  std::vector<std::pair<std::string, Alias>> found;
  auto cursor = store_.cursor(Family::kTags);
  for (cursor.seek("x"); cursor.valid() && cursor.key().front() == 'x'; cursor.next()) {
    if (cursor.value().empty()) continue;
    found.emplace_back(cursor.key().substr(1), Alias{.kind = static_cast<Alias::Kind>(cursor.value().front()), .target = std::string(cursor.value().substr(1))});
  }
  WM_TRY(cursor.status());
  return found;
}

void TagBook::put(const Tag& tag) { tags_[tag_key(tag.name)] = tag; }
void TagBook::erase(std::string_view key) { tags_[std::string(key)] = std::nullopt; }
void TagBook::put_alias(std::string_view key, Alias alias) { aliases_[std::string(key)] = std::move(alias); }
void TagBook::erase_alias(std::string_view key) { aliases_[std::string(key)] = std::nullopt; }

Result<std::optional<std::string>> TagBook::resolve(std::string_view written) const {
  std::string name(written);
  for (int step = 0; step < kAliasSteps; ++step) {
    const std::string key = tag_key(name);
    std::vector<std::string> at = parents_of(key);
    at.insert(at.begin(), key);
    bool moved = false;
    for (const std::string& candidate : at) {
      const auto alias = WM_TRY(this->alias(candidate));
      if (!alias) continue;
      if (alias->kind == Alias::Kind::kDeletingAll || (alias->kind == Alias::Kind::kDeleting && candidate == key)) return std::optional<std::string>();
      if (alias->kind == Alias::Kind::kDeleting) continue;
      const std::string whole = leveled(name, key);
      name = alias->target + whole.substr(end_of_levels(whole, levels(candidate)));
      moved = true;
      break;
    }
    if (!moved) return std::optional<std::string>(name);
  }
  return fail(Error::Code::kCorrupt, "the aliases of the tag " + std::string(written) + " lead in a circle");
}

Result<Tag> TagBook::ensure(std::string_view name, SysMicros now) {
  const std::string key = tag_key(name);
  if (auto known = WM_TRY(tag(key))) return std::move(*known);
  Tag made{.name = leveled(name, key), .created = now};
  if (const std::size_t slash = made.name.rfind('/'); slash != std::string::npos) {
    const Tag parent = WM_TRY(ensure(made.name.substr(0, slash), now));
    made.name = parent.name + made.name.substr(slash);
  }
  put(made);
  return made;
}

Result<std::vector<std::string>> TagBook::settle(const std::vector<std::string>& written, SysMicros now) {
  std::map<std::string, std::string> by_key;
  for (const std::string& one : written) {
    const std::string clean = WM_TRY(clean_tag(one));
    const auto resolved = WM_TRY(resolve(clean));
    if (!resolved) continue;
    const std::string name = WM_TRY(clean_tag(*resolved));
    const Tag tag = WM_TRY(ensure(name, now));
    by_key.emplace(tag_key(tag.name), tag.name);
    if (by_key.size() > kTagsOfLink) return fail(Error::Code::kInvalid, "a link has at most 100 tags");
  }
  std::vector<std::string> names;
  for (auto& [key, name] : by_key) names.push_back(std::move(name));
  return names;
}

void TagBook::write(Batch& batch) const {
  for (const auto& [key, tag] : tags_) {
    if (tag) {
      batch.put(Family::kTags, definition_key(key), encode(*tag));
      for (const std::string& form : typed_forms(tag->name)) batch.put(Family::kTags, form_key(form, key), {});
    } else {
      batch.erase(Family::kTags, definition_key(key));
      for (const std::string& form : typed_forms(key)) batch.erase(Family::kTags, form_key(form, key));
    }
  }
  for (const auto& [key, alias] : aliases_) {
    if (alias) {
      batch.put(Family::kTags, alias_key(key), static_cast<char>(alias->kind) + alias->target);
    } else {
      batch.erase(Family::kTags, alias_key(key));
    }
  }
}

}  // namespace wm::links
