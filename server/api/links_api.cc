#include "server/api/json_body.h"
#include "server/api/link_view.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

Result<Response> add_link(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  links::NewLink fields;
  const auto url = WM_TRY(body.text("url"));
  if (!url || url->empty()) return fail(Error::Code::kInvalid, "\"url\" is missing");
  fields.url = *url;
  fields.title = WM_TRY(body.text("title")).value_or("");
  fields.notes = WM_TRY(body.text("notes")).value_or("");
  fields.tags = WM_TRY(body.texts("tags")).value_or(std::vector<std::string>());
  fields.engine = WM_TRY(body.text("engine")).value_or("auto");
  const bool capture = WM_TRY(body.flag("capture")).value_or(true);
  WM_TRY(body.finish());

  const links::Added added = WM_TRY(s.links.add(fields));
  if (capture) WM_TRY(queue_capture(s.jobs, added.link));
  Response response = answer(added.is_new ? 201 : 200, WM_TRY(link_json(s, added.link)));
  response.headers.set("Location", "/api/v1/links/" + std::to_string(added.link.id));
  return response;
}

Result<json> found_links(Services& s, const Request& request, Page page) {
  const auto query = request.parameter("q");
  const auto tag = request.parameter("tag");
  json list = json::array();
  json result;
  if (query && !query->empty()) {
    search::SearchRequest wanted{.query = *query, .limit = page.limit, .offset = page.offset, .tags = {}, .links_only = true};
    if (tag) wanted.tags.push_back(*tag);
    const search::Answer found = WM_TRY(s.search.search(wanted));
    for (const search::Hit& hit : found.results) {
      const auto link = WM_TRY(s.links.get(hit.link_id));
      if (!link) continue;
      json item = WM_TRY(link_json(s, *link));
      item["snippets"] = hit.snippets;
      list.push_back(std::move(item));
    }
    result = {{"total", found.total}, {"note", found.note}};
  } else {
    const auto links = tag ? WM_TRY(s.links.list_tagged(*tag, page.limit, page.offset)) : WM_TRY(s.links.list(page.limit, page.offset));
    for (const links::Link& link : links) list.push_back(WM_TRY(link_json(s, link)));
    const std::uint64_t total = tag ? WM_TRY(s.links.count_tagged(*tag)) : WM_TRY(s.links.count());
    result = {{"total", total}, {"note", ""}};
  }
  result["links"] = std::move(list);
  return result;
}

Result<Response> list_links(Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 50, 1000));
  return answer(200, WM_TRY(found_links(s, request, page)));
}

Result<Response> get_link(Services& s, const PathValues& path) {
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  json item = WM_TRY(link_json(s, link));
  item["snapshots"] = WM_TRY(s.links.snapshots(link.id)).size();
  return answer(200, item);
}

Result<Response> patch_link(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  JsonBody body = WM_TRY(JsonBody::parse(request));
  links::LinkPatch patch;
  patch.url = WM_TRY(body.text("url"));
  patch.title = WM_TRY(body.text("title"));
  patch.notes = WM_TRY(body.text("notes"));
  patch.tags = WM_TRY(body.texts("tags"));
  patch.engine = WM_TRY(body.text("engine"));
  WM_TRY(body.finish());
  const links::Link link = WM_TRY(s.links.update(id, patch));
  return answer(200, WM_TRY(link_json(s, link)));
}

Result<Response> delete_link(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  const auto job = WM_TRY(s.jobs.latest_of_link(id));
  if (job && !jobs::is_over(job->state)) static_cast<void>(s.jobs.cancel(job->id));  // over by now is fine
  WM_TRY(s.links.remove(id));
  return no_content();
}

Result<Response> list_tags(Services& s) {
  json tags = json::array();
  for (const links::TagCount& one : WM_TRY(s.links.tags())) tags.push_back({{"tag", one.tag}, {"links", one.links}});
  return answer(200, {{"tags", std::move(tags)}});
}

}  // namespace

void add_link_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"POST", "/api/v1/links", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return add_link(s, r); }); }});
  routes.push_back({"GET", "/api/v1/links", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return list_links(s, r); }); }});
  routes.push_back({"GET", "/api/v1/links/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return get_link(s, p); }); }});
  routes.push_back({"PATCH", "/api/v1/links/{id}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return patch_link(s, r, p); }); }});
  routes.push_back({"DELETE", "/api/v1/links/{id}", Permission::kWrite, [&s](const Request&, const PathValues& p) { return respond([&] { return delete_link(s, p); }); }});
  routes.push_back({"GET", "/api/v1/tags", Permission::kRead, [&s](const Request&, const PathValues&) { return respond([&] { return list_tags(s); }); }});
}

}  // namespace wm::api
