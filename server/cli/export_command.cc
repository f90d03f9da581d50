#include <fmt/format.h>

#include <cstdio>

#include "core/base/file.h"
#include "core/url/url.h"
#include "server/cli/calls.h"
#include "server/cli/commands.h"

namespace wm::cli {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string target_of(const ExportOptions& options) {
  const auto escaped = [](const std::string& text) { return url::percent_encode_component(text); };
  std::string target = "/api/v1/export?format=" + options.format;
  if (options.link != 0) {
    target += fmt::format("&link={}", options.link);
  } else if (!options.collection.empty()) {
    target += "&collection=" + escaped(options.collection);
  } else {
    target += "&query=" + escaped(options.query);
  }
  if (!options.title.empty()) target += "&title=" + escaped(options.title);
  if (options.sign) target += "&sign=true";
  return target + "&name=" + escaped(fs::path(options.output).filename().string());
}

/// Into `<output>.part`, which gets its name when it is whole.
Result<std::uint64_t> download(Client& client, const ExportOptions& options, const fs::path& part) {
  std::unique_ptr<WritableFile> file;
  std::uint64_t bytes = 0;
  const auto keep = [&](std::string_view piece) -> Result<> {
    if (!file) file = WM_TRY(create_file(part));
    bytes += piece.size();
    return file->append(piece);
  };
  const Reply reply = WM_TRY(client.download("GET", target_of(options), {}, keep));
  if (reply.status >= 400) {
    const json told = json::parse(reply.body, nullptr, false);
    return fail(Error::Code::kInvalid, told.is_object() && told.contains("error") ? told["error"].value("message", "") : fmt::format("status {}", reply.status));
  }
  if (!file) file = WM_TRY(create_file(part));
  WM_TRY(file->sync());
  WM_TRY(file->close());
  WM_TRY(rename_durably(part, options.output));
  return bytes;
}

}  // namespace

int export_archive(const Common& common, const ExportOptions& options) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(options.output, error))) return failed(Error{Error::Code::kConflict, options.output + " exists already"});
  auto client = Client::connect_existing(common.data, common.settings);
  if (!client) return failed(client.error());
  const fs::path part = options.output + ".part";
  const bool was_there = fs::exists(fs::symlink_status(part, error));
  const auto bytes = download(**client, options, part);
  if (!bytes) {
    if (!was_there) fs::remove(part, error);
    return failed(bytes.error());
  }
  if (common.json) std::printf("%s\n", printable({{"file", options.output}, {"bytes", *bytes}}).c_str());
  return 0;
}

}  // namespace wm::cli
