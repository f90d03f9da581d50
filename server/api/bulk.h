#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

/// One change for many links: those of `ids`, or all that a search or a list finds.
struct Bulk {
  std::vector<std::uint64_t> ids{};
  std::optional<std::string> query{};
  std::optional<links::Listing> listing{};
  links::LinkPatch patch{};
  bool forever = false;  ///< removed for good, not to the trash
  bool capture = false;  ///< a new snapshot of each
};

/// From {ids | query | filter: {tags, states}, and what to do}. kInvalid when it says nothing of which or nothing to do.
Result<Bulk> read_bulk(JsonBody& body);

/// Does it in batches; done twice it changes nothing more. {matched, changed, unchanged, queued, errors: [{id, message}], error_count}. Ended by `stop` with kBusy.
Result<nlohmann::json> run_bulk(Services& services, const Bulk& bulk, const std::stop_token& stop, const std::function<void(std::string)>& progress);

}  // namespace wm::api
