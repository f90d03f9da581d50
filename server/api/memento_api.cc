// One version of a page: where it stands among the others, what is held of it, its text, and what
// changed since another.
#include "core/diff/text_diff.h"
#include "replay/memento/wayback_url.h"
#include "server/api/json_body.h"
#include "server/api/page_query.h"
#include "server/api/services.h"
#include "server/pages/page_archive.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

json time_json(const std::optional<cdx::Capture>& capture) {
  return capture ? json(capture->time.text()) : json(nullptr);
}

/// The capture nearest to the time that parameter `name` tells.
Result<cdx::Capture> capture_at(const Services& s, const Request& request, const char* name) {
  const PageQuery asked = WM_TRY(page_query(request));
  auto time = WM_TRY(time_parameter(request, name, Time14::Pad::kEarliest));
  if (!time) time = Time14(std::chrono::floor<std::chrono::seconds>(now_micros()));
  auto capture = WM_TRY(s.pages.shown(asked.collection, asked.url, *time));
  if (!capture) return fail(Error::Code::kNotFound, "there is no capture of " + asked.url);
  return std::move(*capture);
}

json missing_json(const std::optional<pages::Missing>& missing) {
  if (!missing) return nullptr;
  json list = json::array();
  for (const auto& one : missing->resources)
    list.push_back({{"url", one.url}, {"reason", one.reason}});
  return {{"count", missing->count}, {"resources", std::move(list)}};
}

Result<Response> memento(const Services& s, const Request& request) {
  const cdx::Capture capture = WM_TRY(capture_at(s, request, "timestamp"));
  const pages::Place place = WM_TRY(s.pages.place_of(capture));
  const pages::Held held = WM_TRY(s.pages.held_of(capture));
  const auto missing = WM_TRY(s.pages.missing_of(capture));
  const auto link = WM_TRY(s.links.find(capture.url));
  const std::string shown = memento::repair_url(capture.url).value_or(capture.url);
  const std::string path = memento::replay_path(capture.collection, capture.time.text(),
                                                memento::Modifier::kMainPage, shown);
  return answer(
      200, {{"url", shown},
            {"collection", capture.collection},
            {"timestamp", capture.time.text()},
            {"status", capture.status ? json(*capture.status) : json(nullptr)},
            {"mime", capture.mime},
            {"digest", capture.digest},
            {"replay_origin", replay_url(s, request)},
            {"entry", memento_address(s, request, path)},
            {"entry_life", s.private_replay && !s.one_port ? json(s.ticket_life.count()) : json(nullptr)},
            {"first", time_json(place.neighbours.first)},
            {"previous", time_json(place.neighbours.previous)},
            {"next", time_json(place.neighbours.following)},
            {"last", time_json(place.neighbours.last)},
            {"position", place.before.captures + 1},
            {"captures", place.all.captures},
            {"exact", place.all.exact && place.before.exact},
            {"screenshot",
             held.screenshot ? json(memento_address(s, request, *held.screenshot)) : json(nullptr)},
            {"thumbnail",
             held.thumbnail ? json(memento_address(s, request, *held.thumbnail)) : json(nullptr)},
            {"missing", missing_json(missing)},
            {"link_id", link ? json(link->id) : json(nullptr)}});
}

Result<Response> text(const Services& s, const Request& request) {
  const cdx::Capture capture = WM_TRY(capture_at(s, request, "timestamp"));
  const pages::Text found = WM_TRY(s.pages.text_of(capture));
  return answer(200, {{"url", capture.url},
                      {"timestamp", capture.time.text()},
                      {"title", found.title},
                      {"text", found.text},
                      {"language", found.language},
                      {"source", found.as_shown ? "shown" : "derived"}});
}

struct Versions {
  cdx::Capture before;
  cdx::Capture after;
  pages::Text old_text;
  pages::Text new_text;
};
Result<Versions> versions(const Services& s, const Request& request) {
  Versions v;
  v.before = WM_TRY(capture_at(s, request, "from"));
  v.after = WM_TRY(capture_at(s, request, "to"));
  v.old_text = WM_TRY(s.pages.text_of(v.before));
  v.new_text = WM_TRY(s.pages.text_of(v.after));
  // What a browser showed and what we read from HTML differ whether the page changed or not.
  if (v.old_text.as_shown != v.new_text.as_shown) {
    auto& odd = v.old_text.as_shown ? v.old_text : v.new_text;
    odd = WM_TRY(s.pages.derived_text_of(v.old_text.as_shown ? v.before : v.after));
  }
  return v;
}

json change_json(const Versions& v, const diff::Difference& difference) {
  return {{"url", v.after.url},
          {"from", v.before.time.text()},
          {"to", v.after.time.text()},
          {"identical", !v.before.digest.empty() && v.before.digest == v.after.digest},
          {"changed", difference.changed()},
          {"same", difference.same},
          {"deleted", difference.deleted},
          {"inserted", difference.inserted},
          {"rough", difference.rough},
          {"old_title", v.old_text.title},
          {"new_title", v.new_text.title}};
}

Result<Response> change(const Services& s, const Request& request) {
  const Versions v = WM_TRY(versions(s, request));
  return answer(200, change_json(v, diff::compare(v.old_text.text, v.new_text.text)));
}

json piece_json(const diff::Piece& piece) {
  const char* sign = piece.op == diff::Piece::Op::kSame      ? "="
                     : piece.op == diff::Piece::Op::kDeleted ? "-"
                                                             : "+";
  return json::array({sign, std::string(piece.text)});
}

Result<Response> difference(const Services& s, const Request& request) {
  const Versions v = WM_TRY(versions(s, request));
  const diff::Difference found = diff::compare(v.old_text.text, v.new_text.text);
  json passages = json::array();
  for (const diff::Passage& passage : found.passages) {
    if (passage.same) {
      passages.push_back({{"same", std::string(passage.text)}});
      continue;
    }
    json pieces = json::array();
    for (const diff::Piece& piece : passage.pieces) pieces.push_back(piece_json(piece));
    passages.push_back({{"changed", std::move(pieces)}});
  }
  json body = change_json(v, found);
  body["passages"] = std::move(passages);
  return answer(200, body);
}

}  // namespace

void add_memento_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back(
      {"GET", "/api/v1/memento", Permission::kRead, [&s](const Request& r, const PathValues&) {
         return respond([&] { return memento(s, r); });
       }});
  routes.push_back(
      {"GET", "/api/v1/text", Permission::kRead,
       [&s](const Request& r, const PathValues&) { return respond([&] { return text(s, r); }); }});
  routes.push_back(
      {"GET", "/api/v1/change", Permission::kRead, [&s](const Request& r, const PathValues&) {
         return respond([&] { return change(s, r); });
       }});
  routes.push_back(
      {"GET", "/api/v1/diff", Permission::kRead, [&s](const Request& r, const PathValues&) {
         return respond([&] { return difference(s, r); });
       }});
}

}  // namespace wm::api
