#include "core/url/url.h"
#include "server/api/bulk.h"
#include "server/api/json_body.h"
#include "server/api/link_view.h"
#include "server/api/services.h"
#include "server/links/rules.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

// So many links are changed while the client waits; more, and what a search finds, are a job.
constexpr std::size_t kAtOnce = 200;

Result<Response> as_job(Services& s, const json& body) {
  jobs::Job job;
  job.kind = "bulk";
  job.parameters = body.dump(-1, ' ', false, json::error_handler_t::replace);
  const jobs::Job added = WM_TRY(s.jobs.add(std::move(job)));
  Response response = answer(202, {{"job_id", added.id}});
  response.headers.set("Location", "/api/v1/jobs/" + std::to_string(added.id));
  return response;
}

Result<Response> change_many(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const Bulk bulk = WM_TRY(read_bulk(body));
  if (bulk.query || bulk.listing || bulk.ids.size() > kAtOnce) return as_job(s, body.raw());
  return answer(200, WM_TRY(run_bulk(s, bulk, {}, {})));
}

Result<Response> empty_trash(Services& s) {
  const links::Listing trash{.states = {links::State::kTrashed}};
  const links::LinkCount count = WM_TRY(s.links.count(trash, 0));
  if (count.links > kAtOnce) return as_job(s, {{"filter", {{"states", {"trashed"}}}}, {"forever", true}});
  const Bulk bulk{.listing = trash, .forever = true};
  return answer(200, WM_TRY(run_bulk(s, bulk, {}, {})));
}

Result<Response> duplicates(Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 50, 500));
  std::string cursor = request.parameter("cursor").value_or("");
  const auto found = WM_TRY(s.links.duplicates(page.limit, cursor));
  json groups = json::array();
  for (const auto& group : found) {
    json links = json::array();
    for (const links::Link& link : group.links) links.push_back(WM_TRY(link_json(s, link)));
    groups.push_back({{"url", group.url}, {"links", std::move(links)}});
  }
  return answer(200, {{"groups", std::move(groups)}, {"next_cursor", cursor.empty() ? json(nullptr) : json(cursor)}});
}

Result<Response> merge_links(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const auto others = WM_TRY(body.numbers("duplicates", 100)).value_or(std::vector<std::uint64_t>());
  WM_TRY(body.finish());
  if (others.empty()) return fail(Error::Code::kInvalid, "\"duplicates\" must name the links to merge into this one");
  for (const std::uint64_t other : others) static_cast<void>(WM_TRY(s.links.merge(id, other)));
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  return link_answer(s, request, 200, link);
}

/// Is it saved? And what would be done with it if it were added.
Result<Response> check(Services& s, const Request& request) {
  const auto url = request.parameter("url");
  if (!url || url->empty()) return fail(Error::Code::kInvalid, "url is missing");
  const auto link = WM_TRY(s.links.find(*url));
  links::Link given;
  given.url = *url;
  given.title = request.parameter("title").value_or(link ? link->title : "");
  const auto rules = WM_TRY(s.links.rules().compiled());
  const auto matching = rules->matching(given, request.parameter("text").value_or(""), links::RuleSet::Moment::kAdded);
  links::apply(matching, given);
  json named = json::array();
  for (const links::Rule* rule : matching) named.push_back({{"id", rule->id}, {"name", rule->name}});
  json metadata = {{"url", *url}, {"title", nullptr}, {"description", nullptr}, {"preview", nullptr}};
  if (link) metadata = {{"url", link->url}, {"title", link->title}, {"description", link->description}, {"preview", link->preview.empty() ? json(nullptr) : json(link->preview)}};
  return answer(200, {{"link", link ? WM_TRY(link_json(s, *link)) : json(nullptr)}, {"metadata", std::move(metadata)}, {"tags", given.tags}, {"rules", std::move(named)}});
}

/// A picture of an archived page is as hostile as the page: it may be looked at, and nothing else.
Response picture_answer(Picture picture) {
  Response response;
  response.body = std::move(picture.bytes);
  response.headers.set("Content-Type", picture.media_type);
  response.headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Cache-Control", "private, max-age=86400");
  return response;
}

Result<Response> favicon(Services& s, const PathValues& path) {
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  std::vector<std::string> addresses;
  if (!link.icon.empty()) addresses.push_back(link.icon);
  if (const auto page = url::Url::parse(link.url)) addresses.push_back(page->origin() + "/favicon.ico");
  for (const std::string& address : addresses) {
    auto found = WM_TRY(s.picture(link, address));
    if (found) return picture_answer(std::move(*found));
  }
  return fail(Error::Code::kNotFound, "no snapshot of this link holds an icon");
}

Result<Response> preview(Services& s, const PathValues& path) {
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  if (!link.preview.empty()) {
    auto found = WM_TRY(s.picture(link, link.preview));
    if (found) return picture_answer(std::move(*found));
  }
  return fail(Error::Code::kNotFound, "no snapshot of this link holds a preview picture");
}

}  // namespace

void add_link_work_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"POST", "/api/v1/links/bulk", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return change_many(s, r); }); }});
  routes.push_back({"GET", "/api/v1/links/duplicates", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return duplicates(s, r); }); }});
  routes.push_back({"GET", "/api/v1/links/check", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return check(s, r); }); }});
  routes.push_back({"POST", "/api/v1/links/{id}/merge", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return merge_links(s, r, p); }); }});
  routes.push_back({"GET", "/api/v1/links/{id}/favicon", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return favicon(s, p); }); }});
  routes.push_back({"GET", "/api/v1/links/{id}/preview", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return preview(s, p); }); }});
  routes.push_back({"DELETE", "/api/v1/trash", Permission::kWrite, [&s](const Request&, const PathValues&) { return respond([&] { return empty_trash(s); }); }});
}

}  // namespace wm::api
