#include "server/app/export_runner.h"

#include <nlohmann/json.hpp>

namespace wm::app {

using nlohmann::json;

Result<std::string> ExportRunner::run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) {
  const json wish = json::parse(job.parameters, nullptr, false);
  if (!wish.is_object()) return fail(Error::Code::kCorrupt, "job " + std::to_string(job.id) + " has no parameters");
  archive::ExportWish wanted{.format = wish.value("format", "wacz"), .name = wish.value("name", "waymark"), .title = wish.value("title", ""), .sign = wish.value("sign", false)};
  if (wish.contains("query")) wanted.query = wish.value("query", "");
  if (wish.contains("link")) wanted.link = wish.value("link", std::uint64_t{0});
  if (wish.contains("collection")) wanted.collection = wish.value("collection", "");
  const auto request = WM_TRY(archive::request_of(wanted));
  const auto source = WM_TRY(exporter_.open(request));
  const auto told = [&progress](std::uint64_t bytes) { progress(json{{"phase", "writing"}, {"bytes", bytes}}.dump()); };
  const auto one = WM_TRY(served_.keep(*source, request.file_name, stop, told));
  return json{{"id", one.id}, {"path", "/exports/" + one.id + "/" + one.name}, {"bytes", one.bytes}}.dump();
}

}  // namespace wm::app
