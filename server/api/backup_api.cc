#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

Result<Response> take_backup(const Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const auto path = WM_TRY(body.text("path"));
  WM_TRY(body.finish());
  if (!path || path->empty()) return fail(Error::Code::kInvalid, "\"path\" is missing");
  Response response;
  response.stream = WM_TRY(s.backup(*path));
  response.headers.add("Content-Type", "application/jsonl");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_backup_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"POST", "/api/v1/backups", Permission::kAdmin, [&s](const Request& r, const PathValues&) { return respond([&] { return take_backup(s, r); }); }});
}

}  // namespace wm::api
