#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

Result<Response> verify(const Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const bool fix = WM_TRY(body.flag("fix_index")).value_or(false);
  WM_TRY(body.finish());
  Response response;
  response.stream = s.verify(fix ? archive::FixIndex::kYes : archive::FixIndex::kNo);
  response.headers.add("Content-Type", "application/jsonl");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_verify_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"POST", "/api/v1/verify", Permission::kAdmin, [&s](const Request& r, const PathValues&) { return respond([&] { return verify(s, r); }); }});
}

}  // namespace wm::api
