#include <algorithm>
#include <regex>
#include <set>

#include "tests/server/api/api_fixture.h"

namespace wm::api {

using nlohmann::json;

namespace {

/// "get /api/v1/tags/{tag}" of a route; "" for what is none of the API.
std::string operation_of(const server::Route& route) {
  if (!route.pattern.starts_with("/api/v1/") && !route.pattern.starts_with("/open/") && route.pattern != "/health") return "";
  std::string method = route.method;
  std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return method + " " + std::regex_replace(route.pattern, std::regex(":(raw|rest)\\}"), "}");
}

void collect_references(const json& value, std::set<std::string>& found) {
  if (value.is_object() && value.contains("$ref")) found.insert(value["$ref"].get<std::string>());
  if (value.is_structured()) {
    for (const json& inner : value) collect_references(inner, found);
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openapi, ApiFixture)

BOOST_AUTO_TEST_CASE(every_route_is_described_and_every_description_is_of_a_route) {
  const json document = call("GET", "/api/v1/openapi.json").body;
  BOOST_TEST(document["openapi"] == "3.1.0");
  std::set<std::string> described, routed;
  for (const auto& [path, operations] : document["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) described.insert(method + " " + path);
  }
  for (const server::Route& route : app->routes()) {
    if (const std::string operation = operation_of(route); !operation.empty()) routed.insert(operation);
  }
  for (const std::string& one : routed) BOOST_TEST(described.contains(one), one + " is not in server/api/openapi.json");
  for (const std::string& one : described) BOOST_TEST(routed.contains(one), one + " is no route");
}

BOOST_AUTO_TEST_CASE(it_says_what_each_route_demands_and_refers_to_what_is_there) {
  const json document = call("GET", "/api/v1/openapi.json").body;
  const std::map<server::Permission, std::string> scopes = {{server::Permission::kRead, "read"}, {server::Permission::kWrite, "write"}, {server::Permission::kAdmin, "admin"}};
  for (const server::Route& route : app->routes()) {
    const std::string operation = operation_of(route);
    if (operation.empty()) continue;
    const std::size_t blank = operation.find(' ');
    const json security = document["paths"].value(operation.substr(blank + 1), json::object()).value(operation.substr(0, blank), json::object()).value("security", json());
    const json wanted = route.permission == server::Permission::kPublic ? json::array() : json::parse("[{\"token\":[\"" + scopes.at(route.permission) + "\"]},{\"session\":[]}]");
    BOOST_TEST(security == wanted, operation + " demands something else");
  }
  std::set<std::string> references;
  collect_references(document, references);
  for (const std::string& reference : references) BOOST_TEST(document.contains(json::json_pointer(reference.substr(1))), reference);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::api
