#include "server/api/json_body.h"
#include "server/api/services.h"
#include "server/http/events.h"

namespace wm::api {

using server::PathValues;
using server::Permission;
using server::Request;

namespace {

/// Not those that answer with a stream, a log-in or a secret: what they answered must not be kept.
bool takes_idempotency_key(std::string_view pattern) {
  for (const std::string_view not_kept : {"/api/v1/session", "/api/v1/users", "/api/v1/tokens", "/api/v1/verify", "/api/v1/backups"}) {
    if (pattern.starts_with(not_kept)) return false;
  }
  return pattern.starts_with("/api/v1/");
}

}  // namespace

void add_system_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/health", Permission::kPublic, [](const Request&, const PathValues&) {
                      return answer(200, {{"status", "healthy"}, {"version", WM_VERSION}});
                    }});
  routes.push_back({"GET", "/api/v1/events", Permission::kRead, [&s](const Request& r, const PathValues&) { return s.events.subscribe(r); }});
}

std::vector<server::Route> routes(Services& services) {
  std::vector<server::Route> all;
  add_link_routes(all, services);
  add_link_work_routes(all, services);
  add_openapi_routes(all);
  add_tag_routes(all, services);
  add_rule_routes(all, services);
  add_saved_search_routes(all, services);
  add_snapshot_routes(all, services);
  add_job_routes(all, services);
  add_memento_routes(all, services);
  add_schedule_routes(all, services);
  add_search_routes(all, services);
  add_backup_routes(all, services);
  add_cdx_routes(all, services);
  add_export_routes(all, services);
  add_history_routes(all, services);
  add_import_routes(all, services);
  add_session_routes(all, services);
  add_system_routes(all, services);
  add_verify_routes(all, services);
  add_linkding_bookmark_routes(all, services);
  add_linkding_tag_routes(all, services);
  add_internet_archive_routes(all, services);
  for (server::Route& route : all) {
    if (route.method != "POST" || !takes_idempotency_key(route.pattern)) continue;
    route.handler = [&services, handler = std::move(route.handler)](const Request& r, const PathValues& p) {
      return services.idempotency.answer(r, [&] { return handler(r, p); });
    };
  }
  return all;
}

}  // namespace wm::api
