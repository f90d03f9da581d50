#pragma once

#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "server/api/services.h"

namespace wm::api {

/// A link as the API shows it, with its newest snapshot and the state of its newest job.
Result<nlohmann::json> link_json(const Services& services, const links::Link& link);

/// The link that a path names; kNotFound.
Result<links::Link> wanted_link(const Services& services, std::string_view id);

/// Queues a capture of the link; the job that waits already if there is one. `settings` are key=value of the fetch and capture sections, for this
/// job alone.
Result<jobs::Job> queue_capture(jobs::JobQueue& jobs, const links::Link& link, const std::vector<std::string>& settings = {});

}  // namespace wm::api
