#include "server/schedules/schedule.h"

#include <nlohmann/json.hpp>

namespace wm::schedules {

using nlohmann::json;
using std::chrono::sys_seconds;

namespace {

constexpr int kVersion = 1;

std::int64_t number_of(sys_seconds at) {
  return at.time_since_epoch().count();
}
sys_seconds at_second(std::int64_t number) {
  return sys_seconds(std::chrono::seconds(number));
}

}  // namespace

std::string_view name_of(Schedule::Of of) noexcept {
  switch (of) {
    case Schedule::Of::kLink:
      return "link";
    case Schedule::Of::kTag:
      return "tag";
    case Schedule::Of::kSearch:
      return "search";
  }
  return "";
}

std::string encode(const Schedule& schedule) {
  return json{{"v", kVersion},
              {"id", schedule.id},
              {"when", schedule.when},
              {"of", name_of(schedule.of)},
              {"what", schedule.what},
              {"created", number_of(schedule.created)},
              {"next", number_of(schedule.next)},
              {"last", schedule.last ? json(number_of(*schedule.last)) : json(nullptr)},
              {"last_queued", schedule.last_queued},
              {"last_error", schedule.last_error}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Schedule> decode_schedule(std::string_view stored) {
  try {
    const json j = json::parse(stored);
    if (j.at("v").get<int>() > kVersion)
      return fail(Error::Code::kUnsupported, "a schedule was stored by a newer Waymark");
    Schedule schedule;
    j.at("id").get_to(schedule.id);
    j.at("when").get_to(schedule.when);
    const auto of = j.at("of").get<std::string>();
    schedule.of = of == "link"  ? Schedule::Of::kLink
                  : of == "tag" ? Schedule::Of::kTag
                                : Schedule::Of::kSearch;
    j.at("what").get_to(schedule.what);
    schedule.created = at_second(j.at("created").get<std::int64_t>());
    schedule.next = at_second(j.at("next").get<std::int64_t>());
    if (!j.at("last").is_null()) schedule.last = at_second(j.at("last").get<std::int64_t>());
    j.at("last_queued").get_to(schedule.last_queued);
    j.at("last_error").get_to(schedule.last_error);
    return schedule;
  } catch (const json::exception& error) {
    return fail(Error::Code::kCorrupt,
                std::string("a stored schedule cannot be read: ") + error.what());
  }
}

}  // namespace wm::schedules
