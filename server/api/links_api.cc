#include "server/api/json_body.h"
#include "server/api/link_query.h"
#include "server/api/link_view.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

Result<links::IfExists> if_exists(const Request& request) {
  const std::string word = request.parameter("ifexists").value_or("update");
  if (word == "update") return links::IfExists::kUpdate;
  if (word == "skip") return links::IfExists::kSkip;
  if (word == "error") return links::IfExists::kError;
  return fail(Error::Code::kInvalid, "ifexists must be skip, update or error");
}

Result<Response> add_link(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  links::NewLink fields;
  const auto url = WM_TRY(body.text("url"));
  if (!url || url->empty()) return fail(Error::Code::kInvalid, "\"url\" is missing");
  fields.url = *url;
  fields.title = WM_TRY(body.text("title")).value_or("");
  fields.description = WM_TRY(body.text("description")).value_or("");
  fields.notes = WM_TRY(body.text("notes")).value_or("");
  fields.tags = WM_TRY(body.texts("tags")).value_or(std::vector<std::string>());
  fields.engine = WM_TRY(body.text("engine")).value_or("auto");
  fields.schedule = WM_TRY(body.text("schedule")).value_or("");
  fields.unread = WM_TRY(body.flag("unread"));
  fields.archived = WM_TRY(body.flag("archived"));
  fields.favourite = WM_TRY(body.flag("favourite"));
  fields.shared = WM_TRY(body.flag("shared"));
  fields.created = WM_TRY(body.time("created"));
  fields.modified = WM_TRY(body.time("modified"));
  const auto capture = WM_TRY(body.flag("capture"));
  WM_TRY(body.finish());
  fields.if_exists = WM_TRY(if_exists(request));

  const links::Added added = WM_TRY(s.links.add(fields));
  const bool skipped = !added.is_new && fields.if_exists == links::IfExists::kSkip;
  if (capture.value_or(!skipped)) static_cast<void>(WM_TRY(queue_capture(s, added.link)));
  Response response = WM_TRY(link_answer(s, request, added.is_new ? 201 : 200, added.link));
  response.headers.set("Location", "/api/v1/links/" + std::to_string(added.link.id));
  return response;
}

Result<Response> list_links(Services& s, const Request& request) {
  const LinkQuery query = WM_TRY(link_query(request));
  return answer(200, WM_TRY(found_links(s, query)));
}

Result<Response> get_link(Services& s, const Request& request, const PathValues& path) {
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  const server::Validators validators{.etag = WM_TRY(link_etag(s, link))};
  if (auto unchanged = server::precondition_answer(request, validators)) return std::move(*unchanged);
  json item = WM_TRY(link_json(s, link));
  item["snapshots"] = WM_TRY(s.links.snapshots(link.id)).size();
  Response response = answer(200, item);
  server::add_validators(response, validators);
  return response;
}

Result<Response> patch_link(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  JsonBody body = WM_TRY(JsonBody::parse(request));
  links::LinkPatch patch = WM_TRY(read_patch(body));
  patch.url = WM_TRY(body.text("url"));
  patch.title = WM_TRY(body.text("title"));
  patch.description = WM_TRY(body.text("description"));
  patch.notes = WM_TRY(body.text("notes"));
  patch.tags = WM_TRY(body.texts("tags"));
  patch.created = WM_TRY(body.time("created"));
  patch.modified = WM_TRY(body.time("modified"));
  WM_TRY(body.finish());
  patch.if_version = WM_TRY(wanted_version(request));
  const auto link = s.links.update(id, patch);
  if (!link) return refuse_change(s, id, patch.if_version, link.error());
  return link_answer(s, request, 200, *link);
}

/// To the trash; with forever=true for good: the archive keeps the captures in both cases.
Result<Response> delete_link(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  const bool forever = request.parameter("forever").value_or("") == "true";
  links::LinkPatch patch;
  patch.deleted = true;
  patch.if_version = WM_TRY(wanted_version(request));
  const auto trashed = s.links.update(id, patch);
  if (!trashed) return refuse_change(s, id, patch.if_version, trashed.error());
  const auto job = WM_TRY(s.jobs.latest_of_link(id));
  if (job && !jobs::is_over(job->state)) static_cast<void>(s.jobs.cancel(job->id));  // over by now is fine
  if (forever) WM_TRY(s.links.remove(id));
  return no_content();
}

Result<Response> restore_link(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  links::LinkPatch patch;
  patch.deleted = false;
  const links::Link link = WM_TRY(s.links.update(id, patch));
  return link_answer(s, request, 200, link);
}

}  // namespace

void add_link_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"POST", "/api/v1/links", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return add_link(s, r); }); }});
  routes.push_back({"GET", "/api/v1/links", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return list_links(s, r); }); }});
  routes.push_back({"GET", "/api/v1/links/{id}", Permission::kRead, [&s](const Request& r, const PathValues& p) { return respond([&] { return get_link(s, r, p); }); }});
  routes.push_back({"PATCH", "/api/v1/links/{id}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return patch_link(s, r, p); }); }});
  routes.push_back({"DELETE", "/api/v1/links/{id}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return delete_link(s, r, p); }); }});
  routes.push_back({"POST", "/api/v1/links/{id}/restore", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return restore_link(s, r, p); }); }});
}

}  // namespace wm::api
