#include <filesystem>

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

/// Imports a file that the server can read, as a job. By path: the command line and the server share the machine.
Result<Response> start_import(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const auto path = WM_TRY(body.text("path"));
  const std::string collection = WM_TRY(body.text("collection")).value_or("web");
  const bool dry_run = WM_TRY(body.flag("dry_run")).value_or(false);
  WM_TRY(body.finish());
  if (!path || !std::filesystem::path(*path).is_absolute()) return fail(Error::Code::kInvalid, "\"path\" must be an absolute path");
  jobs::Job job;
  job.kind = "import";
  job.parameters = json{{"path", *path}, {"collection", collection}, {"dry_run", dry_run}}.dump();
  job = WM_TRY(s.jobs.add(std::move(job)));
  Response response = answer(202, {{"job_id", job.id}});
  response.headers.set("Location", "/api/v1/jobs/" + std::to_string(job.id));
  return response;
}

/// A capture with settings of its own, for the command line's --set: only who may do anything may loosen a limit.
Result<Response> start_capture(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const std::string id = WM_TRY(body.text("link_id")).value_or("");
  const auto settings = WM_TRY(body.texts("settings")).value_or(std::vector<std::string>());
  WM_TRY(body.finish());
  const links::Link link = WM_TRY(wanted_link(s, id));
  const jobs::Job job = WM_TRY(queue_capture(s, link, settings));
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
