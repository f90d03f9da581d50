#include "server/app/capture_runner.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/log.h"
#include "indexer/pipeline/index_warc.h"
#include "server/api/json_body.h"
#include "server/app/page_change.h"
#include "server/app/page_facts.h"

namespace wm::app {

using nlohmann::json;
using std::chrono::ceil;
using std::chrono::seconds;

namespace {

/// What the job's own parameters change of the settings; only [fetch] and [capture] are a job's affair.
Result<Settings> settings_of(const jobs::Job& job, const Settings& usual) {
  Settings settings = usual;
  const json parameters = json::parse(job.parameters, nullptr, false);
  if (!parameters.is_object()) return fail(Error::Code::kCorrupt, fmt::format("job {} has no parameters", job.id));
  for (const json& one : parameters.value("settings", json::array())) {
    const auto assignment = one.get<std::string>();
    if (!assignment.starts_with("fetch.") && !assignment.starts_with("capture.")) {
      return fail(Error::Code::kInvalid, "only fetch.* and capture.* can be set for one capture, not " + assignment);
    }
    WM_TRY(set_setting(assignment, settings));
  }
  if (parameters.value("engine", "auto") == "browser") {
    return fail(Error::Code::kUnsupported, "this Waymark has no browser engine: use the engine http or auto");
  }
  return settings;
}

json progress_json(const archiver::CaptureProgress& progress) {
  return {{"fetched", progress.fetched}, {"known", progress.known}, {"bytes", progress.bytes}, {"url", progress.current_url}};
}

links::Snapshot snapshot_of(const jobs::Job& job, const archiver::CaptureResult& captured) {
  return {.link_id = job.link_id,
          .time = captured.time,
          .collection = "web",
          .url = captured.final_url,
          .status = captured.status,
          .mime = captured.mime,
          .engine = "http",
          .warc = captured.warc,
          .resources = captured.resources,
          .revisits = captured.revisits,
          .bytes = captured.bytes,
          .missed = captured.missed.size(),
          .job_id = job.id};
}

}  // namespace

std::optional<archiver::PayloadLookup::Held> HeldPayloads::find(std::string_view digest) const {
  const auto capture = index_.by_digest(collection_, digest);
  if (!capture) log::error("digest look-up: {}", capture.error().what);
  if (!capture || !*capture) return std::nullopt;
  return Held{.target_uri = (*capture)->url, .date = SysMicros((*capture)->time.time())};
}

archiver::FetchSettings fetch_settings(const Settings& s) {
  archiver::FetchSettings fetch;
  fetch.connect_timeout = ceil<seconds>(s.fetch.connect_timeout);
  fetch.request_timeout = ceil<seconds>(s.fetch.request_timeout);
  fetch.idle_timeout = ceil<seconds>(s.fetch.idle_timeout);
  fetch.parallel = s.fetch.parallel;
  fetch.parallel_per_host = s.fetch.parallel_per_host;
  fetch.redirects = s.fetch.redirects;
  fetch.user_agent = s.fetch.user_agent;
  fetch.accept_language = s.fetch.accept_language;
  fetch.allow_private = s.fetch.allow_private;
  fetch.proxy = s.fetch.proxy;
  fetch.ca_file = s.fetch.ca_file;
  fetch.capture_timeout = ceil<seconds>(s.capture.timeout);
  fetch.resource_bytes = s.capture.resource_bytes;
  fetch.capture_bytes = s.capture.capture_bytes;
  fetch.resources = s.capture.resources;
  fetch.depth = s.capture.depth;
  fetch.memory_bytes = s.capture.memory_bytes;
  return fetch;
}

CaptureRunner::CaptureRunner(store::Store& store, const cdx::CdxIndex& index, links::LinkStore& links, std::filesystem::path warcs, const Settings& settings,
                             std::function<void()> indexed)
    : store_(store), index_(index), links_(links), warcs_(std::move(warcs)), settings_(settings), indexed_(std::move(indexed)), held_(index, "web"), engine_(warcs_, held_) {}

Result<std::string> CaptureRunner::run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) {
  const Settings settings = WM_TRY(settings_of(job, settings_));
  const archiver::CaptureRequest request{
      .url = job.url, .collection = "web", .capture_id = fmt::format("{}-{}", job.id, job.attempts), .settings = fetch_settings(settings)};
  const auto captured = WM_TRY(engine_.capture(request, stop, [&](const archiver::CaptureProgress& p) { progress(progress_json(p).dump(-1, ' ', false, json::error_handler_t::replace)); }));

  // From here on the WARC is true and final: a stop no longer undoes it.
  const pipeline::IndexOptions options{.collection = "web", .link_id = job.link_id, .seed_url = job.url, .text_bytes = settings.index.text_bytes, .decoded_bytes = settings.index.decoded_bytes};
  const auto report = WM_TRY(pipeline::index_warc(store_, warcs_, captured.warc, options));
  if (report.damage_count > 0) log::error("{}: {} damaged places in a WARC of our own", captured.warc, report.damage_count);
  const links::Snapshot snapshot = snapshot_of(job, captured);
  const auto before = WM_TRY(links_.latest_snapshot(job.link_id));
  WM_TRY(links_.add_snapshot(snapshot, page_facts(index_, warcs_, captured.final_url, captured.time)));
  indexed_();

  json result = api::to_json(snapshot);
  result["changed"] = WM_TRY(page_change(index_, before, snapshot));
  result["not_captured"] = json::array();
  for (const archiver::Missed& missed : captured.missed) result["not_captured"].push_back({{"url", missed.url}, {"reason", missed.reason}});
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool CaptureRunner::may_pass(const Error& error) const { return error.code == Error::Code::kIo || error.code == Error::Code::kTimeout; }

}  // namespace wm::app
