#include "server/api/link_view.h"

#include "server/api/json_body.h"

namespace wm::api {

using nlohmann::json;

Result<json> link_json(const Services& services, const links::Link& link) {
  const auto snapshot = WM_TRY(services.links.latest_snapshot(link.id));
  const auto job = WM_TRY(services.jobs.latest_of_link(link.id));
  return json{{"id", link.id},
              {"url", link.url},
              {"title", link.title},
              {"description", link.description},
              {"notes", link.notes},
              {"tags", link.tags},
              {"engine", link.engine},
              {"created", rfc3339(link.created)},
              {"modified", rfc3339(link.modified)},
              {"snapshot", snapshot ? to_json(*snapshot) : json(nullptr)},
              {"job", job ? to_json(*job) : json(nullptr)}};
}

Result<links::Link> wanted_link(const Services& services, std::string_view id_text) {
  const std::uint64_t id = WM_TRY(id_of(id_text));
  auto link = WM_TRY(services.links.get(id));
  if (!link) return fail(Error::Code::kNotFound, "there is no link " + std::to_string(id));
  return std::move(*link);
}

Result<jobs::Job> queue_capture(jobs::JobQueue& jobs, const links::Link& link, const std::vector<std::string>& settings) {
  jobs::Job job;
  job.kind = "capture";
  job.link_id = link.id;
  job.url = link.url;
  job.parameters = json{{"engine", link.engine}, {"settings", settings}}.dump(-1, ' ', false, json::error_handler_t::replace);
  return jobs.add(std::move(job));
}

}  // namespace wm::api
