#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using links::SavedSearch;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

json to_json(const SavedSearch& s) {
  return {{"id", s.id},
          {"name", s.name},
          {"query", s.query},
          {"any_tags", s.any_tags},
          {"all_tags", s.all_tags},
          {"excluded_tags", s.excluded_tags},
          {"unread", std::string(links::name_of(s.unread))},
          {"shared", std::string(links::name_of(s.shared))},
          {"order", s.order},
          {"whole_query", s.whole_query()},
          {"created", rfc3339(s.created)},
          {"modified", rfc3339(s.modified)}};
}

Result<> read_filter(JsonBody& body, const char* name, SavedSearch::Filter& filter) {
  const auto word = WM_TRY(body.text(name));
  if (!word) return {};
  const auto known = links::filter_of(*word);
  if (!known) return fail(Error::Code::kInvalid, std::string("\"") + name + "\" must be off, yes or no");
  filter = *known;
  return {};
}

Result<SavedSearch> read_search(const Request& request, SavedSearch search) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  search.name = WM_TRY(body.text("name")).value_or(search.name);
  search.query = WM_TRY(body.text("query")).value_or(search.query);
  search.any_tags = WM_TRY(body.texts("any_tags")).value_or(search.any_tags);
  search.all_tags = WM_TRY(body.texts("all_tags")).value_or(search.all_tags);
  search.excluded_tags = WM_TRY(body.texts("excluded_tags")).value_or(search.excluded_tags);
  WM_TRY(read_filter(body, "unread", search.unread));
  WM_TRY(read_filter(body, "shared", search.shared));
  search.order = WM_TRY(body.number("order")).value_or(search.order);
  WM_TRY(body.finish());
  return search;
}

Result<Response> list_searches(Services& s) {
  json list = json::array();
  const auto searches = WM_TRY(s.searches.list());
  for (const SavedSearch& search : searches) list.push_back(to_json(search));
  return answer(200, {{"searches", std::move(list)}});
}

Result<Response> add_search(Services& s, const Request& request) {
  const SavedSearch search = WM_TRY(read_search(request, {}));
  const SavedSearch made = WM_TRY(s.searches.add(search));
  Response response = answer(201, to_json(made));
  response.headers.set("Location", "/api/v1/searches/" + std::to_string(made.id));
  return response;
}

Result<Response> get_search(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  return answer(200, to_json(WM_TRY(s.searches.get(id))));
}

Result<Response> patch_search(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  const SavedSearch before = WM_TRY(s.searches.get(id));
  const SavedSearch after = WM_TRY(read_search(request, before));
  return answer(200, to_json(WM_TRY(s.searches.replace(after))));
}

Result<Response> delete_search(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  WM_TRY(s.searches.remove(id));
  return no_content();
}

}  // namespace

void add_saved_search_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/searches", Permission::kRead, [&s](const Request&, const PathValues&) { return respond([&] { return list_searches(s); }); }});
  routes.push_back({"POST", "/api/v1/searches", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return add_search(s, r); }); }});
  routes.push_back({"GET", "/api/v1/searches/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return get_search(s, p); }); }});
  routes.push_back({"PATCH", "/api/v1/searches/{id}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return patch_search(s, r, p); }); }});
  routes.push_back({"DELETE", "/api/v1/searches/{id}", Permission::kWrite, [&s](const Request&, const PathValues& p) { return respond([&] { return delete_search(s, p); }); }});
}

}  // namespace wm::api
