#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

Result<std::optional<jobs::State>> wanted_state(const Request& request) {
  const auto name = request.parameter("state");
  if (!name) return std::optional<jobs::State>();
  for (const auto state : {jobs::State::kQueued, jobs::State::kRunning, jobs::State::kDone, jobs::State::kFailed, jobs::State::kCancelled}) {
    if (*name == jobs::name_of(state)) return std::optional(state);
  }
  return fail(Error::Code::kInvalid, "state must be queued, running, done, failed or cancelled");
}

Result<Response> list_jobs(Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 50, 1000));
  const auto state = WM_TRY(wanted_state(request));
  json list = json::array();
  for (const jobs::Job& job : WM_TRY(s.jobs.list(state, page.limit, page.offset))) list.push_back(to_json(job));
  const auto counts = s.jobs.counts();
  return answer(200, {{"jobs", std::move(list)}, {"queued", counts.queued}, {"running", counts.running}});
}

Result<Response> get_job(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  const auto job = WM_TRY(s.jobs.get(id));
  if (!job) return fail(Error::Code::kNotFound, "there is no job " + std::to_string(id));
  return answer(200, to_json(*job));
}

Result<Response> cancel_job(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  return answer(202, to_json(WM_TRY(s.jobs.cancel(id))));
}

}  // namespace

void add_job_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/jobs", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return list_jobs(s, r); }); }});
  routes.push_back({"GET", "/api/v1/jobs/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return get_job(s, p); }); }});
  routes.push_back({"DELETE", "/api/v1/jobs/{id}", Permission::kWrite, [&s](const Request&, const PathValues& p) { return respond([&] { return cancel_job(s, p); }); }});
}

}  // namespace wm::api
