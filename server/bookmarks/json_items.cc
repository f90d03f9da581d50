#include <array>
#include <cmath>
#include <utility>

#include "core/base/ascii.h"
#include "server/bookmarks/dates.h"
#include "server/bookmarks/json_internal.h"

namespace wm::bookmarks {
namespace {

constexpr int kDepth = 100;  // nested deeper is no bookmark file

std::string scalar(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer() || value.is_number_unsigned()) return value.dump();
  if (value.is_number()) return std::to_string(std::llround(value.get<double>()));
  return {};
}

/// Tags as ["a"], [{"name":"a"}], {"a":{…}}, "a,b".
void take_tags(const Json& value, Bookmark& b) {
  if (value.is_object()) {
    for (const auto& [name, unused] : value.items()) add_tag(b.tags, name);
  } else if (value.is_array()) {
    for (const Json& tag : value) {
      if (tag.is_object()) {
        for (const char* member : {"name", "label", "tag", "slug"}) {
          if (!text_of(tag, member).empty()) {
            add_tag(b.tags, text_of(tag, member));
            break;
          }
        }
      } else {
        add_tag(b.tags, scalar(tag));
      }
    }
  } else {
    add_tags(b.tags, scalar(value));
  }
}

/// Pinboard calls the title "description" and parts tags by blanks.
bool is_pinboard(const Json& item) {
  return item.contains("href") && item.contains("extended");
}

void take_pinboard(const Json& item, Bookmark& b) {
  b.url = text_of(item, "href");
  b.title = text_of(item, "description");
  b.description = text_of(item, "extended");
  b.created = parse_date(text_of(item, "time"));
  b.unread = is_true(text_of(item, "toread"));
  b.shared = is_true(text_of(item, "shared"));
  const std::string tags = text_of(item, "tags");
  for (const std::string_view tag : split(tags, ' ')) add_tag(b.tags, tag);
}

void take_any(const Json& item, Bookmark& b) {
  for (const auto& [name, value] : item.items()) {
    const Role role = role_of(name);
    if (role == Role::kTags) {
      take_tags(value, b);
    } else if (value.is_object() && role == Role::kFolder) {
      apply(b, role,
            text_of(value, "name").empty() ? text_of(value, "title") : text_of(value, "name"));
    } else if (value.is_object() && name == "content") {  // Karakeep
      apply(b, Role::kUrl, text_of(value, "url"));
    } else {
      apply(b, role, scalar(value));
    }
  }
  // Pocket's own states and favourites are numbers; "1" is its archive, and only there.
  if (item.contains("time_added") && text_of(item, "status") == "0") b.unread = true;
}

}  // namespace

std::string text_of(const Json& object, const char* member) {
  if (!object.is_object()) return {};
  const auto found = object.find(member);
  return found == object.end() ? std::string() : scalar(*found);
}

bool read_items(const Json& items, Collector& out) {
  std::uint64_t number = 0;
  for (const Json& item : items) {
    Bookmark b;
    b.line = ++number;
    if (item.is_string()) {
      b.url = item.get<std::string>();
    } else if (!item.is_object()) {
      out.skip(number, "", "no object");
      continue;
    } else if (is_pinboard(item)) {
      take_pinboard(item, b);
    } else {
      take_any(item, b);
    }
    if (!out.add(std::move(b))) return false;
  }
  return true;
}

namespace {

Result<BookmarkFile> read_whole(const Json& file, Collector& out) {
  if (file.is_array()) {
    read_items(file, out);
  } else if (file.contains("roots")) {
    read_chrome(file, out);
  } else if (file.contains("collections") && file["collections"].is_array() &&
             !file.contains("bookmarks")) {
    read_linkwarden(file, out);
  } else if (file.contains("children") &&
             (file.contains("root") || text_of(file, "type").starts_with("text/x-moz-place"))) {
    read_firefox(file, out);
  } else {
    bool known = false;
    for (const char* member : {"bookmarks", "results", "links", "items", "articles", "data", "list",
                               "entries", "posts"}) {
      if (!file.contains(member) || !file[member].is_structured()) continue;
      known = true;
      if (!read_items(file[member], out)) break;
    }
    if (!known && role_of("url") == Role::kUrl && file.contains("url"))
      known = read_items(Json::array({file}), out);
    if (!known) return fail(Error::Code::kUnsupported, "JSON, but of no kind that holds bookmarks");
  }
  return out.take(Format::kJson);
}

/// One object a line, as our own commands print it.
Result<BookmarkFile> read_lines(std::string_view text, Collector& out) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty()) continue;
    const Json item = Json::parse(line, nullptr, false);
    if (!item.is_object()) {
      out.skip(number, "", "no JSON object");
      continue;
    }
    Bookmark b;
    take_any(item, b);
    b.line = number;
    if (!out.add(std::move(b))) break;
  }
  return out.take(Format::kJson);
}

}  // namespace

Result<BookmarkFile> read_json(std::string_view text, const ReadLimits& limits) {
  Collector out(limits);
  bool too_deep = false;
  const auto watch = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDepth;
    return !too_deep;
  };
  const Json file = Json::parse(text, watch, false);
  if (too_deep)
    return fail(Error::Code::kTooLarge,
                "JSON nested more than " + std::to_string(kDepth) + " deep");
  if (!file.is_discarded()) {
    if (!file.is_structured())
      return fail(Error::Code::kUnsupported, "JSON, but no list of bookmarks");
    return read_whole(file, out);
  }
  if (const std::string_view first = text.substr(0, text.find('\n')); Json::accept(first))
    return read_lines(text, out);
  return fail(Error::Code::kCorrupt, "JSON that breaks off or is written wrongly");
}

}  // namespace wm::bookmarks
