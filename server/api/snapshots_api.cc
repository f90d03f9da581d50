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

Result<Response> take_snapshot(Services& s, const Request& request, const PathValues& path) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const std::string engine = WM_TRY(body.text("engine")).value_or("");
  WM_TRY(body.finish());
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  const jobs::Job job = WM_TRY(queue_capture(s, link, engine));
  Response response = answer(202, {{"job_id", job.id}});
  response.headers.set("Location", "/api/v1/jobs/" + std::to_string(job.id));
  return response;
}

Result<Response> list_snapshots(Services& s, const PathValues& path) {
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  json list = json::array();
  for (const links::Snapshot& snapshot : WM_TRY(s.links.snapshots(link.id))) list.push_back(to_json(snapshot));
  return answer(200, {{"snapshots", std::move(list)}});
}

/// Sends the browser to a memento, with a ticket where the replay origin wants one.
Response open_memento(const Services& s, const Request& request, const PathValues& path) {
  return Response::redirect(302, memento_address(s, request, "/" + std::string(path.get("target"))));
}

}  // namespace

std::string replay_url(const Services& services, const Request& request) {
  if (!services.replay_url.empty()) return services.replay_url;
  std::string host(request.header("Host").value_or("127.0.0.1"));
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) host.resize(colon);
  return "http://" + host + ":" + std::to_string(services.replay_port);
}

std::string memento_address(const Services& services, const Request& request, std::string_view target) {
  const std::string base = replay_url(services, request);
  if (!services.private_replay && !services.one_port) return base + std::string(target);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string ticket = services.tickets.issue(now, services.ticket_life);
  if (services.one_port) return std::string(auth::Tickets::kMountPath) + ticket + std::string(target);
  return base + std::string(auth::Tickets::kTakePath) + ticket + std::string(target);
}

void add_snapshot_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"POST", "/api/v1/links/{id}/snapshots", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return take_snapshot(s, r, p); }); }});
  routes.push_back({"GET", "/api/v1/links/{id}/snapshots", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return list_snapshots(s, p); }); }});
  routes.push_back({"GET", "/open/{target:rest}", Permission::kRead, [&s](const Request& r, const PathValues& p) { return open_memento(s, r, p); }});
}

}  // namespace wm::api
