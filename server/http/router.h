#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/message.h"

namespace wm::server {

/// Who may call a route. Checked in one place, before the handler.
enum class Permission { kPublic, kRead, kWrite, kAdmin };

/// What a pattern's placeholders matched, percent-decoded unless the placeholder was {name:raw} or
/// {name:rest}.
struct PathValues {
  std::vector<std::pair<std::string, std::string>> values;
  std::string_view get(std::string_view name) const;  ///< "" if there is none
};

using RouteHandler = std::function<Response(const Request&, const PathValues&)>;

struct Route {
  std::string method;  ///< "GET" answers HEAD too
  /// "/api/v1/links/{id}": one segment, never empty, decoded; "{id:raw}" as sent. "{url:rest}" as
  /// last takes everything that follows, raw: slashes, "//" and the query with its '?'; it may be
  /// empty. Other text is compared with the decoded segment.
  std::string pattern;
  Permission permission;
  RouteHandler handler;
};

/// Matches the raw target's path against one table. Of several patterns that match, the one with
/// the earlier literal text wins
/// ("/a/new" before "/a/{id}" before "/{all:rest}"), whatever the order of the table. 404 and 405
/// (with Allow) are its own; OPTIONS is answered from the table.
class Router {
 public:
  /// May `request` use a route of that permission? nullopt: yes; otherwise the refusal to send.
  using Gate = std::function<std::optional<Response>(const Request&, Permission)>;
  /// A pattern that cannot be read is a programmer's error.
  Router(std::vector<Route> routes, Gate gate);
  /// Any thread.
  Response handle(const Request& request) const;
  /// Does any pattern match its path?
  bool knows(const Request& request) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Segment {
    enum class Kind { kLiteral, kOne, kRaw, kRest };
    Kind kind;
    std::string text;  ///< of a literal, or the placeholder's name
  };
  struct Compiled {
    std::vector<Segment> segments;
    std::size_t route;  ///< index into routes_
  };

  static std::vector<Segment> compile(std::string_view pattern);
  static bool comes_before(const Compiled& a, const Compiled& b);
  static bool match(const Compiled& compiled, std::string_view target, PathValues& values);
  Response refuse(const Request& request, std::vector<std::string> methods) const;

  std::vector<Route> routes_;
  std::vector<Compiled> compiled_;  ///< most specific first
  Gate gate_;
};

}  // namespace wm::server
