#include <fmt/format.h>

#include <cstdio>

#include "server/app/data_folder.h"
#include "server/archive/backup.h"
#include "server/cli/calls.h"
#include "server/cli/commands.h"

namespace wm::cli {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The last line of JSON is the totals; a line that is cut or no JSON is nothing.
json last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return json::parse(text.substr(text.rfind('\n') + 1), nullptr, false);
}

Result<json> ask_for_backup(Client& client, const std::string& path) {
  std::string tail;
  const auto keep = [&tail](std::string_view piece) -> Result<> {
    constexpr std::size_t kTail = 64 * 1024;
    tail += piece;
    if (tail.size() > 2 * kTail) tail.erase(0, tail.size() - kTail);
    return {};
  };
  const Reply reply = WM_TRY(client.download("POST", "/api/v1/backups", printable({{"path", path}}), keep));
  json report = last_line(reply.status >= 400 ? reply.body : tail);
  if (reply.status >= 400) return fail(Error::Code::kInvalid, report.is_object() && report.contains("error") ? report["error"].value("message", "") : fmt::format("status {}", reply.status));
  if (!report.is_object() || !report.contains("copied")) return fail(Error::Code::kCorrupt, "the backup did not come to its end");
  return report;
}

}  // namespace

int backup(const Common& common, const std::string& folder) {
  std::error_code error;
  const fs::path path = fs::absolute(folder, error);
  if (error) return failed(Error{Error::Code::kInvalid, folder + ": " + error.message()});
  auto client = Client::connect_existing(common.data, common.settings);
  if (!client) return failed(client.error());
  const auto report = ask_for_backup(**client, path.string());
  if (!report) return failed(report.error());
  if (common.json) {
    std::printf("%s\n", printable(*report).c_str());
  } else {
    std::printf("%s\n", fmt::format("{} WARC files, {} of them copied now ({} bytes)", report->value("files", 0), report->value("copied", 0), report->value("bytes", std::uint64_t{0})).c_str());
  }
  return 0;
}

int restore(const Common& common, const std::string& folder) {
  Result<archive::Restored> restored;
  {
    const auto data = app::DataFolder::open(common.data);
    if (!data) return failed(data.error());
    restored = archive::restore(folder, fs::absolute(common.data));
    data->mark_clean();
  }
  if (!restored) return failed(restored.error());
  // The search index is made from the outbox as soon as the folder is used.
  auto client = Client::connect(common.data, common.settings);
  if (!client) return failed(client.error());
  std::printf("%s\n", common.json ? printable({{"files", restored->files}, {"bytes", restored->bytes}}).c_str() : fmt::format("{} WARC files restored", restored->files).c_str());
  return 0;
}

}  // namespace wm::cli
