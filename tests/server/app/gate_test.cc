#include "server/app/gate.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm::app {

using server::Permission;
using server::Request;

namespace {

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  auth::Accounts accounts{*store};
  Gate open{accounts, {.passwords = false, .app_url = "", .local_token = "secret"}};
  Gate closed{accounts, {.passwords = true, .app_url = "https://links.example", .local_token = "secret"}};
};

Request request(std::string method, http::Headers headers) {
  Request made;
  made.head.method = std::move(method);
  made.head.target = "/api/v1/links";
  made.head.headers = std::move(headers);
  return made;
}

int status(const Gate& gate, const Request& r, Permission permission) {
  const auto refusal = gate.check(r, permission);
  return refusal ? refusal->status : 200;
}

struct Row {
  const char* why;
  const char* method;
  http::Headers headers;
  int status;
};
const Row kOpen[] = {
    {"a program", "POST", {{"Host", "127.0.0.1:8080"}}, 200},
    {"our own page", "POST", {{"Host", "localhost:8080"}, {"Origin", "http://localhost:8080"}, {"Sec-Fetch-Site", "same-origin"}}, 200},
    {"an archived page on the replay port", "POST", {{"Host", "127.0.0.1:8080"}, {"Origin", "http://127.0.0.1:8081"}, {"Sec-Fetch-Site", "same-site"}}, 403},
    {"another site, old browser", "POST", {{"Host", "127.0.0.1:8080"}, {"Origin", "https://evil.example"}}, 403},
    {"a sandboxed frame", "DELETE", {{"Host", "127.0.0.1:8080"}, {"Origin", "null"}}, 403},
    {"another site without Origin", "POST", {{"Host", "127.0.0.1:8080"}, {"Sec-Fetch-Site", "cross-site"}}, 403},
    {"a rebound name", "GET", {{"Host", "evil.example:8080"}}, 421},
    {"a rebound name that begins as loopback does", "GET", {{"Host", "127.0.0.1.evil.example"}}, 421},
    {"reading from our page", "GET", {{"Host", "[::1]:8080"}}, 200},
    {"a wrong token", "GET", {{"Host", "127.0.0.1:8080"}, {"Authorization", "Bearer wrong"}}, 401},
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.why; }

}  // namespace

BOOST_DATA_TEST_CASE(without_passwords_only_our_own_pages_and_programs_come_in, boost::unit_test::data::make(kOpen), row) {
  const Fixture fixture;
  BOOST_TEST(status(fixture.open, request(row.method, row.headers), Permission::kWrite) == row.status);
}

BOOST_FIXTURE_TEST_CASE(with_passwords_nobody_comes_in_without, Fixture) {
  BOOST_TEST(status(closed, request("GET", {{"Host", "links.example"}}), Permission::kRead) == 401);
  BOOST_TEST(status(closed, request("GET", {{"Host", "links.example"}}), Permission::kPublic) == 200);
  BOOST_TEST(status(closed, request("GET", {{"Host", "x"}, {"Authorization", "Bearer secret"}}), Permission::kAdmin) == 200);
}

BOOST_FIXTURE_TEST_CASE(a_session_lets_in_and_a_cross_site_request_with_it_does_not, Fixture) {
  BOOST_REQUIRE(accounts.add_user("ann", "correct horse"));
  const std::string cookie = "wm_session=" + accounts.log_in("ann", "correct horse", "192.0.2.1").value();
  BOOST_TEST(status(closed, request("POST", {{"Host", "links.example"}, {"Cookie", cookie}, {"Origin", "https://links.example"}}), Permission::kWrite) == 200);
  BOOST_TEST(status(closed, request("POST", {{"Host", "links.example"}, {"Cookie", cookie}, {"Origin", "https://replay.links.example"}}), Permission::kWrite) == 403);
}

BOOST_FIXTURE_TEST_CASE(a_token_reaches_as_far_as_its_scope, Fixture) {
  BOOST_REQUIRE(accounts.add_user("ann", "correct horse"));
  const std::string token = "Token " + accounts.create_token("ann", "", auth::Scope::kWrite).value();
  const Request r = request("POST", {{"Host", "links.example"}, {"Authorization", token}});
  BOOST_TEST(status(closed, r, Permission::kWrite) == 200);
  BOOST_TEST(status(closed, r, Permission::kAdmin) == 403);
}

}  // namespace wm::app
