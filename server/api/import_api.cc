#include <filesystem>

#include "server/api/json_body.h"
#include "server/api/link_view.h"
#include "server/api/services.h"
#include "server/imports/kind.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

/// One job a file. By path: the command line and the server share the machine. A folder is every file of a known kind below it.
Result<Response> start_import(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const auto path = WM_TRY(body.text("path"));
  const std::string collection = WM_TRY(body.text("collection")).value_or("web");
  const std::string url = WM_TRY(body.text("url")).value_or("");
  const bool dry_run = WM_TRY(body.flag("dry_run")).value_or(false);
  const bool link = WM_TRY(body.flag("link")).value_or(false);
  const bool links = WM_TRY(body.flag("links")).value_or(false);
  const bool capture = WM_TRY(body.flag("capture")).value_or(true);
  WM_TRY(body.finish());
  if (!path || !std::filesystem::path(*path).is_absolute()) return fail(Error::Code::kInvalid, "\"path\" must be an absolute path");
  const auto found = WM_TRY(imports::find_files(*path));
  if (!url.empty() && (found.files.size() != 1 || found.files.front() != *path)) return fail(Error::Code::kInvalid, "\"url\" goes with one file, not with a folder");
  nlohmann::json jobs = nlohmann::json::array();
  for (const auto& file : found.files) {
    jobs::Job job;
    job.kind = "import";
    job.parameters = json{{"path", file.string()}, {"collection", collection}, {"url", url}, {"dry_run", dry_run}, {"link", link}, {"links", links}, {"capture", capture}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    job = WM_TRY(s.jobs.add(std::move(job)));
    jobs.push_back({{"job_id", job.id}, {"path", file.string()}});
  }
  const json first = jobs.empty() ? json() : jobs.front()["job_id"];
  Response response = answer(202, {{"job_id", first}, {"jobs", jobs}, {"ignored", found.ignored}});
  if (!first.is_null()) response.headers.set("Location", "/api/v1/jobs/" + first.dump());
  return response;
}

/// A capture with settings of its own, for the command line's --set: only who may do anything may loosen a limit.
Result<Response> start_capture(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const std::string id = WM_TRY(body.text("link_id")).value_or("");
  const auto settings = WM_TRY(body.texts("settings")).value_or(std::vector<std::string>());
  WM_TRY(body.finish());
  const links::Link link = WM_TRY(wanted_link(s, id));
  const jobs::Job job = WM_TRY(queue_capture(s.jobs, link, "", settings));
  Response response = answer(202, {{"job_id", job.id}});
  response.headers.set("Location", "/api/v1/jobs/" + std::to_string(job.id));
  return response;
}

}  // namespace

void add_import_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"POST", "/api/v1/imports", Permission::kAdmin, [&s](const Request& r, const PathValues&) { return respond([&] { return start_import(s, r); }); }});
  routes.push_back({"POST", "/api/v1/captures", Permission::kAdmin, [&s](const Request& r, const PathValues&) { return respond([&] { return start_capture(s, r); }); }});
}

}  // namespace wm::api
