#include "server/api/json_body.h"
#include "server/api/services.h"

extern "C" {
extern const char wm_openapi[], wm_openapi_end[];  // openapi.json, by .incbin; server/api/CMakeLists.txt
}

namespace wm::api {

using server::PathValues;
using server::Permission;
using server::Request;

void add_openapi_routes(std::vector<server::Route>& routes) {
  routes.push_back({"GET", "/api/v1/openapi.json", Permission::kPublic, [](const Request&, const PathValues&) {
                      return server::Response::json(200, std::string(static_cast<const char*>(wm_openapi), static_cast<const char*>(wm_openapi_end)));
                    }});
}

}  // namespace wm::api
