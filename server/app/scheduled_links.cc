#include "server/app/scheduled_links.h"

#include <set>

#include "core/base/ascii.h"
#include "server/api/link_view.h"

namespace wm::app {

using schedules::Schedule;

namespace {

constexpr std::size_t kPage = 200;

}  // namespace

Result<std::vector<std::uint64_t>> ScheduledLinks::links_of(Schedule::Of of, const std::string& what, std::size_t most) {
  if (of == Schedule::Of::kSearch) return found(what, most);
  std::vector<std::uint64_t> ids;
  if (of == Schedule::Of::kTag) {
    std::string cursor;
    return links_.ids({.tags = {what}, .limit = most}, cursor);
  }
  if (const auto id = parse_u64(what)) ids.push_back(*id);
  return ids;
}

Result<std::vector<std::uint64_t>> ScheduledLinks::found(const std::string& query, std::size_t most) const {
  std::vector<std::uint64_t> ids;
  std::set<std::uint64_t> known;
  for (std::size_t offset = 0; ids.size() < most; offset += kPage) {
    const search::Answer answer = WM_TRY(search_.search({.query = query, .limit = kPage, .offset = offset, .tags = {}, .links_only = true}));
    for (const search::Hit& hit : answer.results) {
      if (hit.link_id != 0 && ids.size() < most && known.insert(hit.link_id).second) ids.push_back(hit.link_id);
    }
    if (answer.results.size() < kPage) break;
  }
  return ids;
}

Result<> ScheduledLinks::queue(std::uint64_t link_id) {
  const auto link = WM_TRY(links_.get(link_id));
  if (!link) return fail(Error::Code::kNotFound, "there is no link " + std::to_string(link_id));
  WM_TRY(api::queue_capture(jobs_, *link, {}));
  return {};
}

}  // namespace wm::app
