#include "server/app/link_runner.h"

#include <nlohmann/json.hpp>

#include "server/api/bulk.h"

namespace wm::app {

using nlohmann::json;

namespace {
constexpr std::size_t kLinksAtOnce = 200;
}

Result<std::string> BulkRunner::run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) {
  api::JsonBody body = WM_TRY(api::JsonBody::of(job.parameters));
  const api::Bulk bulk = WM_TRY(api::read_bulk(body));
  const json result = WM_TRY(api::run_bulk(services_, bulk, stop, progress));
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::string> TagRunner::run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) {
  api::JsonBody body = WM_TRY(api::JsonBody::of(job.parameters));
  const std::string key = WM_TRY(body.text("key")).value_or("");
  std::string cursor;
  std::uint64_t links = 0;
  do {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "stopped");
    links += WM_TRY(tags_.move_some(key, cursor, kLinksAtOnce));
    progress(json{{"links", links}}.dump());
  } while (!cursor.empty());
  return json{{"links", links}}.dump();
}

Result<> take_up_tag_moves(const links::TagStore& tags, jobs::JobQueue& jobs) {
  const auto keys = WM_TRY(tags.unfinished());
  for (const std::string& key : keys) {
    jobs::Job job;
    job.kind = "tags";
    job.parameters = json{{"key", key}}.dump(-1, ' ', false, json::error_handler_t::replace);
    WM_TRY(jobs.add(std::move(job)));
  }
  return {};
}

}  // namespace wm::app
