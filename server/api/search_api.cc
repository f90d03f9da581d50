#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

json hit_json(const search::Hit& hit) {
  const std::string path = hit.time ? "/" + hit.collection + "/" + hit.time->text() + "/" + hit.url : "";
  return {{"link_id", hit.link_id != 0 ? json(hit.link_id) : json(nullptr)},
          {"url", hit.url},
          {"title", hit.title},
          {"tags", hit.tags},
          {"timestamp", hit.time ? json(hit.time->text()) : json(nullptr)},
          {"replay_path", hit.time ? json(path) : json(nullptr)},
          {"versions_matched", hit.versions_matched},
          {"snippets", hit.snippets}};
}

Result<Response> search(Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 20, 200));
  search::SearchRequest wanted{.query = request.parameter("q").value_or(""), .limit = page.limit, .offset = page.offset, .tags = {}};
  if (auto tag = request.parameter("tag")) wanted.tags.push_back(std::move(*tag));
  const search::Answer found = WM_TRY(s.search.search(wanted));
  json results = json::array();
  for (const search::Hit& hit : found.results) results.push_back(hit_json(hit));
  return answer(200, {{"total", found.total}, {"total_is_estimate", found.total_is_estimate}, {"note", found.note}, {"results", std::move(results)}});
}

}  // namespace

void add_search_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/search", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return search(s, r); }); }});
}

}  // namespace wm::api
