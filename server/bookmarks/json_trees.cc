#include <map>
#include <set>
#include <utility>

#include "core/base/ascii.h"
#include "server/bookmarks/dates.h"
#include "server/bookmarks/json_internal.h"

namespace wm::bookmarks {
namespace {

// read_json() bounds how deep these can go.

bool chrome_children(const Json& folder, std::vector<std::string>& path, std::uint64_t& number,
                     Collector& out) {
  if (!folder.is_object() || !folder.contains("children") || !folder["children"].is_array())
    return true;
  for (const Json& child : folder["children"]) {
    if (text_of(child, "type") == "folder") {
      path.push_back(text_of(child, "name"));
      const bool more = chrome_children(child, path, number, out);
      path.pop_back();
      if (!more) return false;
      continue;
    }
    Bookmark b;
    b.line = ++number;
    b.url = text_of(child, "url");
    b.title = text_of(child, "name");
    b.created = parse_date(text_of(child, "date_added"));
    b.modified = parse_date(text_of(child, "date_modified"));
    add_tag(b.tags, nested_tag(path));
    if (!out.add(std::move(b))) return false;
  }
  return true;
}

/// Firefox: old files keep tags as folders below a root of their own, each with copies of the
/// places.
struct FirefoxTree {
  std::map<std::string, std::vector<std::string>> tags;  ///< by URL
  std::uint64_t number = 0;

  static bool is_tag_root(const Json& folder) {
    return text_of(folder, "root") == "tagsFolder" || text_of(folder, "guid") == "tags________";
  }
  static bool is_root(const Json& folder) {
    const std::string guid = text_of(folder, "guid");
    return !text_of(folder, "root").empty() || guid.ends_with("________") ||
           guid == "toolbar_____" || guid == "unfiled_____" || guid == "mobile______";
  }

  void find_tags(const Json& folder) {
    if (!folder.is_object() || !folder.contains("children") || !folder["children"].is_array())
      return;
    for (const Json& child : folder["children"]) {
      if (is_tag_root(folder) && child.is_object() && child.contains("children") &&
          child["children"].is_array()) {
        for (const Json& place : child["children"])
          tags[text_of(place, "uri")].push_back(text_of(child, "title"));
      } else {
        find_tags(child);
      }
    }
  }

  bool read(const Json& folder, std::vector<std::string>& path, Collector& out) {
    if (!folder.is_object() || is_tag_root(folder) || !folder.contains("children") ||
        !folder["children"].is_array())
      return true;
    for (const Json& child : folder["children"]) {
      const std::string type = text_of(child, "type");
      if (type == "text/x-moz-place-separator") continue;
      if (type == "text/x-moz-place") {
        if (!read_place(child, path, out)) return false;
        continue;
      }
      path.push_back(is_root(child) ? std::string() : text_of(child, "title"));
      const bool more = read(child, path, out);
      path.pop_back();
      if (!more) return false;
    }
    return true;
  }

  bool read_place(const Json& place, const std::vector<std::string>& path, Collector& out) {
    Bookmark b;
    b.line = ++number;
    b.url = text_of(place, "uri");
    b.title = text_of(place, "title");
    b.created = parse_date(text_of(place, "dateAdded"));
    b.modified = parse_date(text_of(place, "lastModified"));
    if (place.contains("annos") && place["annos"].is_array()) {
      for (const Json& anno : place["annos"]) {
        if (text_of(anno, "name") == "bookmarkProperties/description")
          b.description = text_of(anno, "value");
      }
    }
    add_tag(b.tags, nested_tag(path));
    add_tags(b.tags, text_of(place, "tags"));
    if (const auto found = tags.find(b.url); found != tags.end()) {
      for (const std::string& tag : found->second) add_tag(b.tags, tag);
    }
    return out.add(std::move(b));
  }
};

/// A Linkwarden collection's name below those of its parents.
std::string collection_path(const std::map<std::string, const Json*>& by_id,
                            const Json& collection) {
  std::vector<std::string> path;
  std::set<std::string> seen;
  for (const Json* at = &collection; at && path.size() < 20;) {
    const std::string name = text_of(*at, "name");
    if (!iequals(name, "unorganized")) path.insert(path.begin(), name);
    const std::string parent = text_of(*at, "parentId");
    const auto found = by_id.find(parent);
    at = parent.empty() || found == by_id.end() || !seen.insert(parent).second ? nullptr
                                                                               : found->second;
  }
  return nested_tag(path);
}

}  // namespace

bool read_chrome(const Json& file, Collector& out) {
  std::vector<std::string> path;
  std::uint64_t number = 0;
  if (!file["roots"].is_object()) return true;
  for (const auto& [name, root] : file["roots"].items()) {
    if (!chrome_children(root, path, number, out)) return false;
  }
  return true;
}

bool read_firefox(const Json& file, Collector& out) {
  FirefoxTree tree;
  tree.find_tags(file);
  std::vector<std::string> path;
  return tree.read(file, path, out);
}

bool read_linkwarden(const Json& file, Collector& out) {
  std::map<std::string, const Json*> by_id;
  std::set<std::string> pinned;
  for (const Json& collection : file["collections"])
    by_id.emplace(text_of(collection, "id"), &collection);
  if (file.contains("pinnedLinks") && file["pinnedLinks"].is_array()) {
    for (const Json& link : file["pinnedLinks"]) pinned.insert(text_of(link, "url"));
  }
  std::uint64_t number = 0;
  for (const Json& collection : file["collections"]) {
    if (!collection.is_object() || !collection.contains("links") || !collection["links"].is_array())
      continue;
    const std::string folder = collection_path(by_id, collection);
    for (const Json& link : collection["links"]) {
      Bookmark b;
      b.line = ++number;
      b.url = text_of(link, "url");
      b.title = text_of(link, "name");
      b.description = text_of(link, "description");
      for (const char* member : {"importDate", "createdAt"}) {
        if (!b.created) b.created = parse_date(text_of(link, member));
      }
      b.modified = parse_date(text_of(link, "updatedAt"));
      b.favourite =
          pinned.contains(b.url) || (link.is_object() && link.contains("pinnedBy") &&
                                     link["pinnedBy"].is_array() && !link["pinnedBy"].empty());
      b.shared = is_true(text_of(collection, "isPublic"));
      add_tag(b.tags, folder);
      if (link.is_object() && link.contains("tags") && link["tags"].is_array()) {
        for (const Json& tag : link["tags"])
          add_tag(b.tags, tag.is_object() ? text_of(tag, "name") : text_of(Json{{"t", tag}}, "t"));
      }
      if (!out.add(std::move(b))) return false;
    }
  }
  return true;
}

}  // namespace wm::bookmarks
