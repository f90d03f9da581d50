#include "server/api/json_body.h"
#include "server/api/link_view.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using schedules::Schedule;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

json schedule_json(const Schedule& schedule) {
  return {{"id", schedule.id},
          {"when", schedule.when},
          {std::string(schedules::name_of(schedule.of)), schedule.what},
          {"created", rfc3339(schedule.created)},
          {"next", rfc3339(schedule.next)},
          {"last", schedule.last ? json(rfc3339(*schedule.last)) : json(nullptr)},
          {"last_queued", schedule.last_queued},
          {"last_error", schedule.last_error.empty() ? json(nullptr) : json(schedule.last_error)}};
}

struct Target {
  Schedule::Of of;
  std::string what;
};

/// The one of "link", "tag" and "search" that is given.
Result<Target> target_of(const Services& s, JsonBody& body) {
  std::optional<Target> target;
  for (const Schedule::Of of : {Schedule::Of::kLink, Schedule::Of::kTag, Schedule::Of::kSearch}) {
    const std::string name(schedules::name_of(of));
    auto given = WM_TRY(body.text(name.c_str()));
    if (!given) continue;
    if (target) return fail(Error::Code::kInvalid, "a schedule is of one \"link\", \"tag\" or \"search\"");
    target = Target{of, std::move(*given)};
  }
  if (!target) return fail(Error::Code::kInvalid, "\"link\", \"tag\" or \"search\" is missing");
  if (target->of == Schedule::Of::kLink) static_cast<void>(WM_TRY(wanted_link(s, target->what)));
  if (target->of == Schedule::Of::kTag) target->what = WM_TRY(links::clean_tag(target->what));
  return std::move(*target);
}

Result<Response> add_schedule(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const auto when = WM_TRY(body.text("when"));
  const Target target = WM_TRY(target_of(s, body));
  WM_TRY(body.finish());
  if (!when) return fail(Error::Code::kInvalid, "\"when\" is missing: \"every 7d\", or a cron expression");
  const Schedule schedule = WM_TRY(s.schedules.add(*when, target.of, target.what));
  Response response = answer(201, schedule_json(schedule));
  response.headers.set("Location", "/api/v1/schedules/" + std::to_string(schedule.id));
  return response;
}

Result<Response> list_schedules(const Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 1000, 10'000));
  const auto all = s.schedules.list();
  json list = json::array();
  for (std::size_t i = page.offset; i < all.size() && list.size() < page.limit; ++i) list.push_back(schedule_json(all[i]));
  return answer(200, {{"total", all.size()}, {"schedules", std::move(list)}});
}

Result<Response> get_schedule(const Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  const auto schedule = s.schedules.get(id);
  if (!schedule) return fail(Error::Code::kNotFound, "there is no schedule " + std::to_string(id));
  return answer(200, schedule_json(*schedule));
}

Result<Response> remove_schedule(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  WM_TRY(s.schedules.remove(id));
  return no_content();
}

Result<Response> run_schedule(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  return answer(202, schedule_json(WM_TRY(s.schedules.run_now(id))));
}

}  // namespace

void add_schedule_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/schedules", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return list_schedules(s, r); }); }});
  routes.push_back({"POST", "/api/v1/schedules", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return add_schedule(s, r); }); }});
  routes.push_back({"GET", "/api/v1/schedules/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return get_schedule(s, p); }); }});
  routes.push_back({"DELETE", "/api/v1/schedules/{id}", Permission::kWrite, [&s](const Request&, const PathValues& p) { return respond([&] { return remove_schedule(s, p); }); }});
  routes.push_back({"POST", "/api/v1/schedules/{id}/run", Permission::kWrite, [&s](const Request&, const PathValues& p) { return respond([&] { return run_schedule(s, p); }); }});
}

}  // namespace wm::api
