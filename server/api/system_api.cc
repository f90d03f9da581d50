#include "server/api/json_body.h"
#include "server/api/services.h"
#include "server/http/events.h"

namespace wm::api {

using server::PathValues;
using server::Permission;
using server::Request;

void add_system_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/health", Permission::kPublic, [](const Request&, const PathValues&) {
                      return answer(200, {{"status", "healthy"}, {"version", WM_VERSION}});
                    }});
  routes.push_back({"GET", "/api/v1/events", Permission::kRead, [&s](const Request& r, const PathValues&) { return s.events.subscribe(r); }});
}

std::vector<server::Route> routes(Services& services) {
  std::vector<server::Route> all;
  add_link_routes(all, services);
  add_snapshot_routes(all, services);
  add_job_routes(all, services);
  add_memento_routes(all, services);
  add_schedule_routes(all, services);
  add_search_routes(all, services);
  add_backup_routes(all, services);
  add_export_routes(all, services);
  add_history_routes(all, services);
  add_import_routes(all, services);
  add_session_routes(all, services);
  add_system_routes(all, services);
  add_verify_routes(all, services);
  return all;
}

}  // namespace wm::api
