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
  auto stream = memento::timemap(core.index, asked.at, asked.url.url, asked.url.format);
  if (!stream) {
    log::error("replay: TimeMap of {}: {}", asked.url.url, stream.error().what);
    return core.failure(Failure::kUnreadable, asked);
  }
  if (*stream == nullptr) return core.failure(Failure::kNotArchived, asked);
  ReplayResponse response = own_answer(asked, memento::media_type_of(asked.url.format));
  response.stream = std::move(*stream);
  return response;
}

}  // namespace wm::replay
