#include "server/http/router.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace wm;
using namespace wm::server;

namespace {

Request request_of(std::string method, std::string target) {
  Request request;
  request.head.method = std::move(method);
  request.head.target = std::move(target);
  return request;
}

/// Answers with its own name and the values it was given.
Route route(std::string method, std::string pattern, Permission permission = Permission::kPublic) {
  RouteHandler handler = [name = pattern](const Request&, const PathValues& values) {
    std::string text = name;
    for (const auto& [key, value] : values.values) text += " " + key + "=" + value;
    return Response::text(200, text);
  };
  return Route{std::move(method), std::move(pattern), permission, std::move(handler)};
}

Router make_router(Router::Gate gate = {}) {
  std::vector<Route> routes;
  routes.push_back(route("GET", "/{collection}/{url:rest}"));
  routes.push_back(route("GET", "/"));
  routes.push_back(route("GET", "/api/links/{id}"));
  routes.push_back(route("PATCH", "/api/links/{id}"));
  routes.push_back(route("DELETE", "/api/links/{id}", Permission::kAdmin));
  routes.push_back(route("GET", "/api/links/export"));
  routes.push_back(route("POST", "/api/links"));
  routes.push_back(route("GET", "/api/links"));
  routes.push_back(route("GET", "/api/tags/"));
  routes.push_back(route("GET", "/api/raw/{name:raw}/x"));
  routes.push_back(route("GET", "/api/files/{path:rest}"));
  return Router(std::move(routes), std::move(gate));
}

struct Row {
  const char* reason;
  std::string method;
  std::string target;
  std::string expected;  ///< the body of a 200, or the status and Allow
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"the root", "GET", "/", "/"},
    {"a query is no part of the path", "GET", "/?a=/api/links", "/"},
    {"literals", "GET", "/api/links", "/api/links"},
    {"another method of the same", "POST", "/api/links", "/api/links"},
    {"one segment", "GET", "/api/links/12?x", "/api/links/{id} id=12"},
    {"a segment is decoded", "GET", "/api/links/a%2Fb%20c", "/api/links/{id} id=a/b c"},
    {"what is no escape stays", "GET", "/api/links/%zz%", "/api/links/{id} id=%zz%"},
    {"an encoded literal is the literal", "GET", "/%61pi/link%73", "/api/links"},
    {"a literal wins over a placeholder, whatever the order", "GET", "/api/links/export",
     "/api/links/export"},
    {"an empty segment is no value", "GET", "/api/links/",
     "/{collection}/{url:rest} collection=api url=links/"},
    {"a trailing slash that is in the pattern", "GET", "/api/tags/", "/api/tags/"},
    {"a trailing slash that is missing", "DELETE", "/api/tags", "405 GET, HEAD, OPTIONS"},
    {"a raw segment stays as it is", "GET", "/api/raw/a%2fb/x", "/api/raw/{name:raw}/x name=a%2fb"},
    {"the rest is raw, with its slashes and query", "GET",
     "/web/2020/http://a.example//p?x=1&x=2%20#",
     "/{collection}/{url:rest} collection=web url=2020/http://a.example//p?x=1&x=2%20#"},
    {"the rest may be empty", "GET", "/api/files/", "/api/files/{path:rest} path="},
    {"the rest may be a query alone", "GET", "/api/files/?q", "/api/files/{path:rest} path=?q"},
    {"the rest begins after its slash", "GET", "/api/files",
     "/{collection}/{url:rest} collection=api url=files"},
    {"HEAD by GET", "HEAD", "/api/links", "/api/links"},
    {"a method the path has not", "PUT", "/api/links", "405 GET, HEAD, OPTIONS, POST"},
    {"what is nowhere", "GET", "/nothing", "404"},
    {"double slashes are no single ones", "GET", "//", "404"},
    {"OPTIONS from the table", "OPTIONS", "/api/links/12", "204 DELETE, GET, HEAD, OPTIONS, PATCH"},
    {"OPTIONS of nothing", "OPTIONS", "/nothing", "404"},
    {"OPTIONS of the whole server", "OPTIONS", "*", "204 DELETE, GET, HEAD, OPTIONS, PATCH, POST"},
};

std::string outcome(const Response& response) {
  if (response.status == 200) return response.body;
  const auto allow = response.headers.find("Allow");
  return std::to_string(response.status) + (allow ? " " + std::string(*allow) : "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(routers)

BOOST_DATA_TEST_CASE(targets_find_their_route, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(outcome(make_router().handle(request_of(row.method, row.target))) == row.expected);
}

BOOST_AUTO_TEST_CASE(the_gate_is_asked_before_the_handler_with_the_routes_permission) {
  std::vector<Permission> asked;
  const Router router =
      make_router([&](const Request&, Permission permission) -> std::optional<Response> {
        asked.push_back(permission);
        if (permission == Permission::kAdmin) return Response::text(403, "no");
        return std::nullopt;
      });
  BOOST_TEST(router.handle(request_of("DELETE", "/api/links/1")).status == 403);
  BOOST_TEST(router.handle(request_of("HEAD", "/api/links/1")).status == 200);
  BOOST_TEST(router.handle(request_of("GET", "/nothing")).status == 404);
  BOOST_TEST(asked.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
