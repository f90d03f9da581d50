#include "replay/wombat_files.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "replay/error_page.h"
#include "replay/policy.h"

namespace wm::replay {
namespace {

constexpr std::size_t kFileBytes = 4 << 20;
constexpr std::string_view kWorkers = "wombatWorkers.js";

}  // namespace

WombatFiles WombatFiles::load(const std::filesystem::path& folder) {
  WombatFiles wombat;
  if (folder.empty()) return wombat;
  for (const std::string_view name : {std::string_view("wombat.js"), kWorkers}) {
    auto content = read_file(folder / name, kFileBytes);
    if (!content) {
      log::warning("replay: archived scripts are not rewritten, since wombat is missing: {}",
                   content.error().what);
      return {};
    }
    wombat.files_.emplace(name, std::move(*content));
  }
  return wombat;
}

std::string WombatFiles::workers_script(std::string_view collection, std::string_view timestamp) {
  return std::string(kPrefix) + "ww/" + std::string(collection) + "/" + std::string(timestamp) +
         ".js";
}

std::string WombatFiles::content(std::string_view name) const {
  if (const auto file = files_.find(name); file != files_.end()) return file->second;
  const auto parts = split(name, '/');
  if (parts.size() != 3 || parts[0] != "ww" || !parts[2].ends_with(".js")) return {};
  const auto stamp = parts[2].substr(0, parts[2].size() - 3);
  const auto workers = files_.find(kWorkers);
  if (workers == files_.end() || stamp.empty() || stamp.size() > 14 ||
      !std::ranges::all_of(stamp, is_digit))
    return {};
  return workers->second +
         "\n;(function(){var "
         "W=self.WBWombat;self.WBWombat=function(info){info.prefixMod=info.prefix+\"" +
         std::string(stamp) + "wkrf_/\";return new W(info);};})();\n";
}

ReplayResponse WombatFiles::answer(std::string_view target, std::string_view app_origin) const {
  target.remove_prefix(kPrefix.size());
  const auto name = target.substr(0, target.find('?'));
  std::string bytes = content(name);
  if (bytes.empty()) {
    FailureContext context;
    context.app_origin = app_origin;
    context.destination = memento::Destination::kScript;
    return failure_answer(Failure::kNotArchived, context);
  }
  ReplayResponse response;
  response.headers.add("Content-Type", "text/javascript; charset=utf-8");
  response.headers.add("Cache-Control", "public, max-age=86400");
  response.headers.add("X-Content-Type-Options", "nosniff");
  // Workers take their policy from their own script.
  add_archived_policy(response.headers, app_origin);
  response.body = std::move(bytes);
  return response;
}

}  // namespace wm::replay
