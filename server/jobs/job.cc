#include "server/jobs/job.h"

#include <array>
#include <nlohmann/json.hpp>

namespace wm::jobs {

using nlohmann::json;

namespace {

constexpr int kVersion = 1;
constexpr std::array<std::string_view, 5> kStates = {"queued", "running", "done", "failed", "cancelled"};

std::int64_t micros_of(SysMicros at) { return at.time_since_epoch().count(); }

json optional_micros(const std::optional<SysMicros>& at) { return at ? json(micros_of(*at)) : json(nullptr); }

std::optional<SysMicros> optional_time(const json& value) {
  if (value.is_null()) return std::nullopt;
  return SysMicros(std::chrono::microseconds(value.get<std::int64_t>()));
}

Result<State> state_of(std::string_view name) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<State>(i);
  }
  return fail(Error::Code::kCorrupt, "a stored job has the unknown state " + std::string(name));
}

}  // namespace

std::string_view name_of(State state) noexcept { return kStates[static_cast<std::size_t>(state)]; }

std::string encode(const Job& job) {
  return json{{"v", kVersion},
              {"id", job.id},
              {"kind", job.kind},
              {"state", std::string(name_of(job.state))},
              {"link", job.link_id},
              {"url", job.url},
              {"parameters", job.parameters},
              {"attempts", job.attempts},
              {"created", micros_of(job.created)},
              {"not_before", micros_of(job.not_before)},
              {"started", optional_micros(job.started)},
              {"finished", optional_micros(job.finished)},
              {"error_code", job.error_code},
              {"error", job.error},
              {"result", job.result}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Job> decode_job(std::string_view stored) {
  try {
    const json j = json::parse(stored);
    if (j.at("v").get<int>() > kVersion) return fail(Error::Code::kUnsupported, "a job was stored by a newer Waymark");
    Job job;
    j.at("id").get_to(job.id);
    j.at("kind").get_to(job.kind);
    const auto state_name = j.at("state").get<std::string>();
    job.state = WM_TRY(state_of(state_name));
    j.at("link").get_to(job.link_id);
    j.at("url").get_to(job.url);
    j.at("parameters").get_to(job.parameters);
    j.at("attempts").get_to(job.attempts);
    job.created = *optional_time(j.at("created"));
    job.not_before = *optional_time(j.at("not_before"));
    job.started = optional_time(j.at("started"));
    job.finished = optional_time(j.at("finished"));
    j.at("error_code").get_to(job.error_code);
    j.at("error").get_to(job.error);
    j.at("result").get_to(job.result);
    return job;
  } catch (const json::exception& error) {
    return fail(Error::Code::kCorrupt, std::string("a stored job cannot be read: ") + error.what());
  }
}

}  // namespace wm::jobs
