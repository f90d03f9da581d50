#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace wm::server {

/// Who may call a route. Checked in one place, before the handler.
enum class Permission { kPublic, kRead, kWrite, kAdmin };

/// What a pattern's placeholders matched, percent-decoded unless the placeholder was {name:raw}.
struct PathValues {
  std::vector<std::pair<std::string, std::string>> values;
  std::string_view get(std::string_view name) const;  ///< "" if there is none
};

using RouteHandler = std::function<Response(const Request&, const PathValues&)>;

struct Route {
  std::string method;   ///< "GET" answers HEAD too
  std::string pattern;  ///< "/api/v1/links/{id}"; "{url:rest}" as last takes everything that follows, raw
  Permission permission;
  RouteHandler handler;
};

/// Matches the raw target's path against one table. 404 and 405 (with Allow) are its own; OPTIONS answered from the table.
class Router {
 public:
  /// May `request` use a route of that permission? nullopt: yes; otherwise the refusal to send.
  using Gate = std::function<std::optional<Response>(const Request&, Permission)>;
  Router(std::vector<Route> routes, Gate gate);
  Response handle(const Request& request) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  Gate gate_;
};

}  // namespace wm::server
