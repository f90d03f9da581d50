#pragma once

#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "server/api/services.h"
#include "server/http/etag.h"

namespace wm::api {

/// A link as the API shows it, with its newest snapshot and the state of its newest job.
Result<nlohmann::json> link_json(const Services& services, const links::Link& link);

/// The link that a path names; kNotFound.
Result<links::Link> wanted_link(const Services& services, std::string_view id);

/// Queues a capture of the link; the job that waits already if there is one. `engine`: for this capture alone; "" = as the link says.
/// `settings` are key=value of the fetch and capture sections, for this job alone.
Result<jobs::Job> queue_capture(jobs::JobQueue& jobs, const links::Link& link, const std::string& engine = {}, const std::vector<std::string>& settings = {});
/// The same with "" = as the link, or else its tags, say.
Result<jobs::Job> queue_capture(Services& services, const links::Link& link, const std::string& engine = {});

/// The tag of the link's representation: its version, and its newest job with its state.
Result<server::ETag> link_etag(const Services& services, const links::Link& link);
/// The version that If-Match asks for; nullopt without the field, or for "*". kInvalid for a tag that is none of ours.
Result<std::optional<std::uint64_t>> wanted_version(const server::Request& request);
/// The refusal of a change: 412 where the link has another version than If-Match asks for.
server::Response refuse_change(const Services& services, std::uint64_t id, const std::optional<std::uint64_t>& wanted, const Error& error);
/// A link as an answer, with its ETag; 304 where the client has it.
Result<server::Response> link_answer(const Services& services, const server::Request& request, int status, const links::Link& link);

}  // namespace wm::api
