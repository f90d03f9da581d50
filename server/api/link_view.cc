#include "server/api/link_view.h"

#include <fmt/format.h>

#include "core/base/ascii.h"
#include "server/api/json_body.h"
#include "server/http/status.h"

namespace wm::api {

using nlohmann::json;
using server::ETag;
using server::Request;
using server::Response;

Result<json> link_json(const Services& services, const links::Link& link) {
  const auto snapshot = WM_TRY(services.links.latest_snapshot(link.id));
  const auto job = WM_TRY(services.jobs.latest_of_link(link.id));
  const std::string path = "/api/v1/links/" + std::to_string(link.id);
  const bool pictures = snapshot.has_value();
  return json{{"id", link.id},
              {"version", link.version},
              {"url", link.url},
              {"title", link.title},
              {"description", link.description},
              {"notes", link.notes},
              {"tags", link.tags},
              {"engine", link.engine},
              {"schedule", link.schedule},
              {"unread", link.unread},
              {"archived", link.archived},
              {"favourite", link.favourite},
              {"shared", link.shared},
              {"broken", link.broken.empty() ? json(nullptr) : json(link.broken)},
              {"favicon", pictures ? json(path + "/favicon") : json(nullptr)},
              {"preview", pictures && !link.preview.empty() ? json(path + "/preview") : json(nullptr)},
              {"created", rfc3339(link.created)},
              {"modified", rfc3339(link.modified)},
              {"deleted", link.deleted ? json(rfc3339(*link.deleted)) : json(nullptr)},
              {"snapshot", snapshot ? to_json(*snapshot) : json(nullptr)},
              {"job", job ? to_json(*job) : json(nullptr)}};
}

Result<links::Link> wanted_link(const Services& services, std::string_view id_text) {
  const std::uint64_t id = WM_TRY(id_of(id_text));
  auto link = WM_TRY(services.links.get(id));
  if (!link) return fail(Error::Code::kNotFound, "there is no link " + std::to_string(id));
  return std::move(*link);
}

Result<jobs::Job> queue_capture(Services& services, const links::Link& link, const std::string& engine) {
  if (!engine.empty()) return queue_capture(services.jobs, link, engine, {});
  const links::Policy policy = WM_TRY(services.tags.policy_of(link));
  return queue_capture(services.jobs, link, policy.engine, {});
}

Result<jobs::Job> queue_capture(jobs::JobQueue& jobs, const links::Link& link, const std::string& engine, const std::vector<std::string>& settings) {
  if (!engine.empty()) WM_TRY(links::check_engine(engine));
  jobs::Job job;
  job.kind = "capture";
  job.link_id = link.id;
  job.url = link.url;
  job.parameters = json{{"engine", engine.empty() ? link.engine : engine}, {"settings", settings}}.dump(-1, ' ', false, json::error_handler_t::replace);
  return jobs.add(std::move(job));
}

Result<ETag> link_etag(const Services& services, const links::Link& link) {
  const auto job = WM_TRY(services.jobs.latest_of_link(link.id));
  std::string opaque = fmt::format("v{}", link.version);
  if (job) opaque += fmt::format("-{}-{}", job->id, jobs::name_of(job->state));
  return ETag{.opaque = std::move(opaque)};
}

Result<std::optional<std::uint64_t>> wanted_version(const Request& request) {
  const auto field = request.header("If-Match");
  if (!field || trim(*field) == "*") return std::optional<std::uint64_t>();
  const std::string_view tag = trim(*field);
  const std::size_t end = tag.find_first_of("-\"", 2);
  const auto version = tag.starts_with("\"v") && end != std::string_view::npos ? parse_u64(tag.substr(2, end - 2)) : std::nullopt;
  if (!version) return fail(Error::Code::kInvalid, "If-Match must name one ETag of the link");
  return version;
}

Response refuse_change(const Services& services, std::uint64_t id, const std::optional<std::uint64_t>& wanted, const Error& error) {
  if (error.code == Error::Code::kConflict && wanted) {
    const auto link = services.links.get(id);
    if (link && *link && (*link)->version != *wanted) return server::error_response(412, "precondition_failed", error.what);
  }
  return refuse(error);
}

Result<Response> link_answer(const Services& services, const Request& request, int status, const links::Link& link) {
  const server::Validators validators{.etag = WM_TRY(link_etag(services, link))};
  if (status == 200 && request.method() == "GET") {
    if (auto unchanged = server::precondition_answer(request, validators)) return std::move(*unchanged);
  }
  Response response = answer(status, WM_TRY(link_json(services, link)));
  server::add_validators(response, validators);
  return response;
}

}  // namespace wm::api
