#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/result.h"
#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

/// Which links a request asks for: a search where there are words, else a list.
struct LinkQuery {
  std::string words;
  links::Listing listing;
};

/// From q, tag, state, sort, order, limit, offset and cursor.
Result<LinkQuery> link_query(const server::Request& request);
/// Words and filters as one query of docs/search.md.
std::string search_query(const LinkQuery& query);

/// {links, total, total_is_estimate, next_cursor, note}.
Result<nlohmann::json> found_links(const Services& services, const LinkQuery& query);

/// The fields of a change that one link and many can take: add_tags, remove_tags, engine, schedule and the states.
Result<links::LinkPatch> read_patch(JsonBody& body);

}  // namespace wm::api
