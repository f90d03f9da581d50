#include "server/auth/accounts.h"

#include <boost/test/unit_test.hpp>

#include "core/base/random.h"
#include "server/auth/ticket.h"
#include "tests/support/test_support.h"

namespace wm::auth {

using namespace std::chrono_literals;

namespace {

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  Accounts accounts{*store};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(accounts, Fixture)

BOOST_AUTO_TEST_CASE(a_session_lasts_until_log_out) {
  BOOST_REQUIRE(accounts.add_user("ann", "correct horse"));
  const std::string session = accounts.log_in("ann", "correct horse", "192.0.2.1").value();
  BOOST_TEST(accounts.caller_of_session(session).value()->user == "ann");
  BOOST_REQUIRE(accounts.log_out(session));
  BOOST_TEST(!accounts.caller_of_session(session).value().has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_password_and_an_unknown_name_look_alike) {
  BOOST_REQUIRE(accounts.add_user("ann", "correct horse"));
  const auto wrong = accounts.log_in("ann", "incorrect", "192.0.2.1"), unknown = accounts.log_in("bob", "incorrect", "192.0.2.1");
  BOOST_TEST((wrong.error().code == Error::Code::kDenied));
  BOOST_TEST(wrong.error().what == unknown.error().what);
}

BOOST_AUTO_TEST_CASE(guessing_is_slowed_down) {
  BOOST_REQUIRE(accounts.add_user("ann", "correct horse"));
  for (int i = 0; i < 6; ++i) BOOST_TEST((accounts.log_in("ann", "guess", "192.0.2.1").error().code == Error::Code::kDenied));
  BOOST_TEST((accounts.log_in("ann", "correct horse", "192.0.2.1").error().code == Error::Code::kBusy));
}

BOOST_AUTO_TEST_CASE(names_and_passwords_have_rules) {
  BOOST_TEST((accounts.add_user("", "correct horse").error().code == Error::Code::kInvalid));
  BOOST_TEST((accounts.add_user("a b", "correct horse").error().code == Error::Code::kInvalid));
  BOOST_TEST((accounts.add_user("ann", "short").error().code == Error::Code::kInvalid));
  BOOST_REQUIRE(accounts.add_user("ann", "correct horse"));
  BOOST_TEST((accounts.add_user("ann", "correct horse").error().code == Error::Code::kConflict));
  BOOST_TEST(accounts.users().value().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_token_has_its_scope_and_is_not_stored) {
  BOOST_REQUIRE(accounts.add_user("ann", "correct horse"));
  const std::string token = accounts.create_token("ann", "phone", Scope::kRead).value();
  BOOST_TEST((accounts.caller_of_token(token).value()->scope == Scope::kRead));
  BOOST_TEST(!accounts.caller_of_token(token + "x").value().has_value());
  auto cursor = store->cursor(store::Family::kUsers);
  for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
    BOOST_TEST(cursor.key().find(token) == std::string_view::npos);
    BOOST_TEST(cursor.value().find(token) == std::string_view::npos);
    BOOST_TEST(cursor.value().find("correct horse") == std::string_view::npos);
  }
  BOOST_TEST((accounts.create_token("bob", "", Scope::kRead).error().code == Error::Code::kNotFound));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_ticket_is_good_for_its_time_and_cannot_be_made_up) {
  const Tickets tickets(random_bytes(32));
  const SysSeconds now{std::chrono::seconds(1'800'000'000)};
  const std::string ticket = tickets.issue(now, 60s);
  BOOST_TEST(tickets.valid(ticket, now + 59s));
  BOOST_TEST(!tickets.valid(ticket, now + 60s));
  BOOST_TEST(!Tickets(random_bytes(32)).valid(ticket, now));
  std::string longer = ticket;
  longer[0] = '9';
  BOOST_TEST(!tickets.valid(longer, now));
  for (const char* bad : {"", ".", "1", "9999999999.", "9999999999.00"}) BOOST_TEST(!tickets.valid(bad, now));
}

}  // namespace wm::auth
