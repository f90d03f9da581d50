#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/result.h"
#include "server/cli/client.h"

namespace wm::cli {

/// A call whose answer is JSON; an error status becomes an Error with the API's own sentence.
Result<nlohmann::json> call_json(Client& client, std::string_view method, const std::string& target, const nlohmann::json& body = nullptr);

/// Asks until the job is over; `progress` gets each answer before that.
Result<nlohmann::json> wait_for_job(Client& client, std::uint64_t id, const std::function<void(const nlohmann::json&)>& progress = {});

/// One line of JSON whatever bytes are in it.
std::string printable(const nlohmann::json& value);

/// A snippet's HTML as plain text for a terminal, hits in [ ].
std::string plain_snippet(std::string_view html);

}  // namespace wm::cli
