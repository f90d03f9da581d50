// TimeMaps, RFC 7089 5.
#include <utility>

#include "core/base/log.h"
#include "replay/memento/timemap.h"
#include "replay/policy.h"
#include "replay/replay_internal.h"

namespace wm::replay {

ReplayResponse own_answer(const Asked& asked, std::string_view type) {
  ReplayResponse response;
  response.headers.add("Content-Type", type);
  response.headers.add("Cache-Control", "no-cache");
  response.headers.add("X-Content-Type-Options", "nosniff");
  add_policy(response.headers, own_policy(asked.app_origin));
  return response;
}

ReplayResponse timemap_answer(const Core& core, const Asked& asked) {
  auto map = memento::timemap(core.index, core.judge(),
                              {.at = asked.at,
                               .url = asked.url.url,
                               .format = asked.url.format,
                               .from = asked.url.from,
                               .page_size = core.settings.timemap_page});
  if (!map) {
    log::error("replay: TimeMap of {}: {}", asked.url.url, map.error().what);
    return core.failure(Failure::kUnreadable, asked);
  }
  if (!*map) return core.failure(Failure::kNotArchived, asked);
  const auto type = memento::media_type_of(asked.url.format);
  ReplayResponse response = own_answer(asked, type);
  std::string link = memento::link_header(asked.at, asked.url.url);
  if (!(*map)->next_page.empty()) {
    link += ", <" + memento::link_target((*map)->next_page) + ">; rel=\"next\"; type=\"";
    (link += type) += '"';
  }
  response.headers.add("Link", link);
  response.stream = std::move((*map)->stream);
  return response;
}

}  // namespace wm::replay
