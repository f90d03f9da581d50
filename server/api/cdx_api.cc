#include "replay/cdxserver/listing.h"
#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

/// Captures for the command line and people, by the code of the replay origin's CDX servers, which speak the other tools' dialects.
Result<Response> captures(Services& s, const Request& request) {
  auto listing = WM_TRY(cdxserver::list_captures(s.cdx, s.access.judge(),
                                                 {.dialect = cdxserver::Dialect::kOwn,
                                                  .at = {.origin = replay_url(s, request), .collection = "web"},
                                                  .query = request.query(),
                                                  .scan_limit = s.cdx_scan_rows}));
  Response response;
  response.headers.set("Content-Type", listing.media_type);
  response.headers.set("Cache-Control", "no-cache");
  response.stream = std::move(listing.stream);
  return response;
}

}  // namespace

void add_cdx_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/cdx", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return captures(s, r); }); }});
}

}  // namespace wm::api
