#include "server/links/link.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "server/links/stored_json.h"

namespace wm::links {

using nlohmann::json;

namespace {

constexpr int kLinkVersion = 1;
constexpr int kSnapshotVersion = 1;

constexpr std::array<std::pair<std::string_view, State>, 10> kStates = {{{"unread", State::kUnread},
                                                                         {"read", State::kRead},
                                                                         {"archived", State::kArchived},
                                                                         {"active", State::kActive},
                                                                         {"fav", State::kFavourite},
                                                                         {"shared", State::kShared},
                                                                         {"broken", State::kBroken},
                                                                         {"tagged", State::kTagged},
                                                                         {"untagged", State::kUntagged},
                                                                         {"trashed", State::kTrashed}}};

}  // namespace

std::string_view name_of(State state) noexcept {
  for (const auto& [name, one] : kStates) {
    if (one == state) return name;
  }
  return "";
}

std::optional<State> state_of(std::string_view name) noexcept {
  if (name == "favourite" || name == "favorite") return State::kFavourite;
  for (const auto& [known, state] : kStates) {
    if (known == name) return state;
  }
  return std::nullopt;
}

bool is_in(const Link& link, State state) {
  switch (state) {
    case State::kUnread: return link.unread;
    case State::kRead: return !link.unread;
    case State::kArchived: return link.archived;
    case State::kActive: return !link.archived;
    case State::kFavourite: return link.favourite;
    case State::kShared: return link.shared;
    case State::kBroken: return !link.broken.empty();
    case State::kTagged: return !link.tags.empty();
    case State::kUntagged: return link.tags.empty();
    case State::kTrashed: return link.deleted.has_value();
  }
  return false;
}

std::string Snapshot::replay_path() const { return "/" + collection + "/" + time.text() + "/" + url; }

std::string encode(const Link& link) {
  return stored_text(json{{"v", kLinkVersion},
                          {"id", link.id},
                          {"version", link.version},
                          {"url", link.url},
                          {"title", link.title},
                          {"title_is_users", link.title_is_users},
                          {"description", link.description},
                          {"description_is_users", link.description_is_users},
                          {"notes", link.notes},
                          {"tags", link.tags},
                          {"engine", link.engine},
                          {"schedule", link.schedule},
                          {"unread", link.unread},
                          {"archived", link.archived},
                          {"favourite", link.favourite},
                          {"shared", link.shared},
                          {"broken", link.broken},
                          {"icon", link.icon},
                          {"preview", link.preview},
                          {"created", micros_of(link.created)},
                          {"modified", micros_of(link.modified)},
                          {"deleted", link.deleted ? json(micros_of(*link.deleted)) : json(nullptr)}});
}

Result<Link> decode_link(std::string_view stored) {
  return read_stored("link", stored, kLinkVersion, [](const json& j) {
    Link link;
    j.at("id").get_to(link.id);
    j.at("url").get_to(link.url);
    take(j, "version", link.version);
    take(j, "title", link.title);
    take(j, "title_is_users", link.title_is_users);
    take(j, "description", link.description);
    take(j, "description_is_users", link.description_is_users);
    take(j, "notes", link.notes);
    take(j, "tags", link.tags);
    take(j, "engine", link.engine);
    take(j, "schedule", link.schedule);
    take(j, "unread", link.unread);
    take(j, "archived", link.archived);
    take(j, "favourite", link.favourite);
    take(j, "shared", link.shared);
    take(j, "broken", link.broken);
    take(j, "icon", link.icon);
    take(j, "preview", link.preview);
    take(j, "created", link.created);
    take(j, "modified", link.modified);
    if (SysMicros deleted{}; take(j, "deleted", deleted)) link.deleted = deleted;
    return link;
  });
}

std::string encode(const Snapshot& s) {
  json j = {{"v", kSnapshotVersion}, {"link", s.link_id},     {"time", s.time.text()},     {"collection", s.collection}, {"url", s.url},
              {"status", s.status},    {"mime", s.mime},        {"engine", s.engine},        {"warc", s.warc},             {"resources", s.resources},
              {"revisits", s.revisits}, {"bytes", s.bytes},     {"missed", s.missed},        {"job", s.job_id}};
  if (s.length != 0) {
    j["offset"] = s.offset;
    j["length"] = s.length;
  }
  return stored_text(j);
}

Result<Snapshot> decode_snapshot(std::string_view stored) {
  return read_stored("snapshot", stored, kSnapshotVersion, [](const json& j) {
    Snapshot s;
    j.at("link").get_to(s.link_id);
    const auto time = Time14::parse(j.at("time").get<std::string>());
    s.time = time.value();  // throws for what is no time
    j.at("url").get_to(s.url);
    take(j, "collection", s.collection);
    take(j, "status", s.status);
    take(j, "mime", s.mime);
    take(j, "engine", s.engine);
    take(j, "warc", s.warc);
    take(j, "resources", s.resources);
    take(j, "revisits", s.revisits);
    take(j, "bytes", s.bytes);
    take(j, "missed", s.missed);
    take(j, "job", s.job_id);
    take(j, "offset", s.offset);
    take(j, "length", s.length);
    return s;
  });
}

}  // namespace wm::links
