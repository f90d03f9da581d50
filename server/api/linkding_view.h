#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api::linkding {

/// A link as linkding's API shows a bookmark. Addresses in it are absolute, as the request reached us.
nlohmann::json bookmark(const Services& services, const server::Request& request, const links::Link& link);

/// {"count", "next", "previous", "results"} of a page.
nlohmann::json envelope(const Services& services, const server::Request& request, const Page& page, std::uint64_t count, nlohmann::json results);

/// A number for a tag, which linkding's clients want: made of its key, so that it stays the same.
std::uint64_t tag_number(std::string_view tag);
/// As linkding writes a tag: no blanks.
std::string tag_name(std::string_view written);

/// {"detail": …}, {"field": [message]}.
server::Response refused(const Error& error);
server::Response field_error(const char* field, std::string_view message);

/// "http://host:port", as the client wrote it.
std::string base_of(const Services& services, const server::Request& request);

/// Adds a route with and without a slash at its end, as clients write both.
void add(std::vector<server::Route>& routes, const char* method, const std::string& path, server::Permission permission, server::RouteHandler handler);

}  // namespace wm::api::linkding
