#include "server/bookmarks/item_internal.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/ascii.h"
#include "core/url/url.h"
#include "server/bookmarks/dates.h"

namespace wm::bookmarks {
namespace {

void cut(std::string& text, std::size_t most) {
  text = valid_utf8(trim(text));
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  text.resize(most);
}

struct Named {
  std::string_view name;
  Role role;
};

// Names as Pocket, Instapaper, Raindrop, Pinboard, Omnivore, wallabag, linkding, Linkwarden,
// Karakeep, Readeck, GoodLinks … write them, in lower case without '_', '-' and blanks.
constexpr auto kNames = std::to_array<Named>({
    {"url", Role::kUrl},
    {"href", Role::kUrl},
    {"link", Role::kUrl},
    {"uri", Role::kUrl},
    {"address", Role::kUrl},
    {"givenurl", Role::kUrl},
    {"resolvedurl", Role::kUrl},
    {"pageurl", Role::kUrl},
    {"title", Role::kTitle},
    {"name", Role::kTitle},
    {"giventitle", Role::kTitle},
    {"resolvedtitle", Role::kTitle},
    {"pagetitle", Role::kTitle},
    {"description", Role::kDescription},
    {"excerpt", Role::kDescription},
    {"extended", Role::kDescription},
    {"selection", Role::kDescription},
    {"summary", Role::kDescription},
    {"websitedescription", Role::kDescription},
    {"note", Role::kNotes},
    {"notes", Role::kNotes},
    {"comment", Role::kNotes},
    {"comments", Role::kNotes},
    {"tags", Role::kTags},
    {"tag", Role::kTags},
    {"labels", Role::kTags},
    {"keywords", Role::kTags},
    {"tagnames", Role::kTags},
    {"folder", Role::kFolder},
    {"collection", Role::kFolder},
    {"category", Role::kFolder},
    {"list", Role::kFolder},
    {"created", Role::kCreated},
    {"createdat", Role::kCreated},
    {"timeadded", Role::kCreated},
    {"adddate", Role::kCreated},
    {"dateadded", Role::kCreated},
    {"added", Role::kCreated},
    {"addedat", Role::kCreated},
    {"savedat", Role::kCreated},
    {"timestamp", Role::kCreated},
    {"time", Role::kCreated},
    {"date", Role::kCreated},
    {"dt", Role::kCreated},
    {"importdate", Role::kCreated},
    {"modified", Role::kModified},
    {"updated", Role::kModified},
    {"updatedat", Role::kModified},
    {"datemodified", Role::kModified},
    {"timeupdated", Role::kModified},
    {"lastmodified", Role::kModified},
    {"status", Role::kState},
    {"state", Role::kState},
    {"unread", Role::kUnread},
    {"toread", Role::kUnread},
    {"archived", Role::kArchived},
    {"isarchived", Role::kArchived},
    {"favourite", Role::kFavourite},
    {"favorite", Role::kFavourite},
    {"favourited", Role::kFavourite},
    {"starred", Role::kFavourite},
    {"isstarred", Role::kFavourite},
    {"important", Role::kFavourite},
    {"ismarked", Role::kFavourite},
    {"fav", Role::kFavourite},
    {"shared", Role::kShared},
    {"public", Role::kShared},
    {"ispublic", Role::kShared},
    {"content", Role::kContent},
    {"html", Role::kContent},
});

void apply_state(Bookmark& bookmark, std::string_view value) {
  if (iequals(value, "unread") || iequals(value, "1")) bookmark.unread = iequals(value, "unread");
  if (iequals(value, "archive") || iequals(value, "archived") || iequals(value, "1"))
    bookmark.archived = true;
}

/// Instapaper keeps states among its folders; Raindrop has a folder for what is in none.
void apply_folder(Bookmark& bookmark, std::string_view value) {
  value = trim(value);
  if (value.empty() || iequals(value, "unsorted") || iequals(value, "unorganized")) return;
  if (iequals(value, "unread")) {
    bookmark.unread = true;
  } else if (iequals(value, "archive") || iequals(value, "archived")) {
    bookmark.archived = true;
  } else if (iequals(value, "starred")) {
    bookmark.favourite = true;
  } else {
    std::vector<std::string> path;
    for (const std::string_view part : split(value, '/')) {
      if (!trim(part).empty()) path.emplace_back(trim(part));
    }
    add_tag(bookmark.tags, nested_tag(path));
  }
}

}  // namespace

Role role_of(std::string_view name) {
  std::string plain;
  for (const char c : to_lower(name)) {
    if (c != '_' && c != '-' && c != ' ') plain += c;
  }
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [&](const Named& named) { return named.name == plain; });
  return found == kNames.end() ? Role::kNone : found->role;
}

bool is_true(std::string_view word) {
  word = trim(word);
  return iequals(word, "true") || iequals(word, "yes") || iequals(word, "on") ||
         (parse_u64(word).value_or(0) > 0);
}

void apply(Bookmark& bookmark, Role role, std::string_view value) {
  const auto set_once = [&](std::string& field) {
    if (field.empty()) field = value;
  };
  switch (role) {
    case Role::kUrl:
      return set_once(bookmark.url);
    case Role::kTitle:
      return set_once(bookmark.title);
    case Role::kDescription:
      return set_once(bookmark.description);
    case Role::kNotes:
      return set_once(bookmark.notes);
    case Role::kContent:
      return set_once(bookmark.content);
    case Role::kTags:
      return add_tags(bookmark.tags, value);
    case Role::kFolder:
      return apply_folder(bookmark, value);
    case Role::kCreated:
      if (!bookmark.created) bookmark.created = parse_date(value);
      return;
    case Role::kModified:
      if (!bookmark.modified) bookmark.modified = parse_date(value);
      return;
    case Role::kState:
      return apply_state(bookmark, trim(value));
    case Role::kUnread:
      bookmark.unread = bookmark.unread || is_true(value);
      return;
    case Role::kArchived:
      bookmark.archived = bookmark.archived || is_true(value);
      return;
    case Role::kFavourite:
      bookmark.favourite = bookmark.favourite || is_true(value);
      return;
    case Role::kShared:
      bookmark.shared = bookmark.shared || is_true(value);
      return;
    case Role::kNone:
      return;
  }
}

void add_tag(std::vector<std::string>& tags, std::string_view tag) {
  tag = trim(tag);
  if (tag.starts_with('#')) tag.remove_prefix(1);
  if (tag.empty() || tags.size() >= 100) return;  // what a link may have
  const bool there = std::any_of(tags.begin(), tags.end(),
                                 [&](const std::string& held) { return iequals(held, tag); });
  if (!there) tags.emplace_back(tag);
}

void add_tags(std::vector<std::string>& tags, std::string_view written) {
  written = trim(written);
  if (written.size() >= 2 && written.front() == '[' && written.back() == ']')
    written = written.substr(1, written.size() - 2);
  const char separator = written.find('|') != written.npos ? '|'
                         : written.find(',') == written.npos && written.find(';') != written.npos
                             ? ';'
                             : ',';
  for (std::string_view tag : split(written, separator)) {
    tag = trim(tag);
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"')
      tag = tag.substr(1, tag.size() - 2);
    add_tag(tags, tag);
  }
}

std::string nested_tag(const std::vector<std::string>& folders) {
  std::string tag;
  for (const std::string& folder : folders) {
    std::string name(trim(folder));
    if (name.empty()) continue;
    std::replace(name.begin(), name.end(), '/', '-');
    std::replace(name.begin(), name.end(), ',', ' ');
    tag += (tag.empty() ? "" : "/") + name;
  }
  return tag;
}

bool Collector::add(Bookmark bookmark) {
  ++file_.found;
  const std::string_view written = trim(bookmark.url);
  const auto url = url::Url::parse(written);
  if (!url || !url->is_http()) {
    skip(bookmark.line, written,
         written.empty() ? "no address"
         : url           ? "not a web address (http or https)"
                         : "no address that can be read");
    return true;
  }
  bookmark.url = url->href();
  if (const auto held = by_url_.find(bookmark.url); held != by_url_.end()) {
    Bookmark& first = file_.bookmarks[held->second];
    for (const std::string& tag : bookmark.tags) add_tag(first.tags, tag);
    skip(bookmark.line, bookmark.url,
         "the same address as at " + std::to_string(first.line) + "; its tags were added there");
    return true;
  }
  if (file_.bookmarks.size() >= limits_.bookmarks) {
    skip(bookmark.line, bookmark.url,
         "over the limit of " + std::to_string(limits_.bookmarks) +
             " bookmarks a file; nothing beyond is read");
    return false;
  }
  for (std::string* text : {&bookmark.title, &bookmark.description, &bookmark.notes})
    cut(*text, limits_.text_bytes);
  for (std::string& tag : bookmark.tags) tag = valid_utf8(tag);
  by_url_.emplace(bookmark.url, file_.bookmarks.size());
  file_.bookmarks.push_back(std::move(bookmark));
  return true;
}

void Collector::skip(std::uint64_t line, std::string_view url, std::string_view reason) {
  if (++file_.skipped_count > limits_.skipped) return;
  std::string shown = valid_utf8(url.substr(0, 500));
  file_.skipped.push_back({.line = line, .url = std::move(shown), .reason = std::string(reason)});
}

BookmarkFile Collector::take(Format format) {
  file_.format = format;
  return std::move(file_);
}

}  // namespace wm::bookmarks
