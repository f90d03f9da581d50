#include "archiver/browser/devtools_client.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using nlohmann::json;
using wm::Error;
using wm::UniqueFd;
using wm::browser::DevtoolsClient;
using wm::browser::DevtoolsEvent;
using wm::browser::DevtoolsLimits;

namespace {

/// The browser's end of the pipes, played by the test.
struct Peer {
  UniqueFd commands, replies;

  /// The next command that arrives.
  json hear() const {
    std::string text;
    char c = 0;
    while (::read(commands.get(), &c, 1) == 1 && c != '\0') text.push_back(c);
    return text.empty() ? json() : json::parse(text);
  }
  void say(const std::string& text) const {
    std::string_view left(text.c_str(), text.size() + 1);
    while (!left.empty()) {
      const ssize_t written = ::write(replies.get(), left.data(), left.size());
      if (written <= 0) return;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void say(const json& message) const { say(message.dump()); }
};

struct Fixture {
  explicit Fixture(DevtoolsLimits limits = {}) {
    int down[2], up[2];
    BOOST_REQUIRE(::pipe2(down, O_CLOEXEC) == 0 && ::pipe2(up, O_CLOEXEC) == 0);
    peer.commands.reset(down[0]);
    peer.replies.reset(up[1]);
    client = DevtoolsClient::over(UniqueFd(down[1]), UniqueFd(up[0]), limits);
    channel = client->open_channel();
    channel->on_event([this](const DevtoolsEvent& event) { heard.push_back(event); });
  }
  Peer peer;
  std::unique_ptr<DevtoolsClient> client;
  std::unique_ptr<wm::browser::DevtoolsChannel> channel;
  std::vector<DevtoolsEvent> heard;
};

}  // namespace

BOOST_AUTO_TEST_CASE(answers_find_their_calls_in_any_order) {
  Fixture f;
  auto other = f.client->open_channel();
  std::jthread browser([&] {
    const json first = f.peer.hear(), second = f.peer.hear();
    for (const json& command : {second, first})
      f.peer.say({{"id", command["id"]}, {"result", {{"echo", command["params"]["x"]}}}});
  });
  wm::Result<json> theirs;
  std::jthread caller([&] { theirs = other->call("", "A.b", {{"x", "other"}}, 5s); });
  const auto ours = f.channel->call("", "A.b", {{"x", "ours"}}, 5s);
  caller.join();
  BOOST_TEST(ours.value()["echo"] == "ours");
  BOOST_TEST(theirs.value()["echo"] == "other");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_error_in_the_browsers_words) {
  Fixture f;
  std::jthread browser([&] {
    const json command = f.peer.hear();
    f.peer.say({{"id", command["id"]}, {"error", {{"code", -32602}, {"message", "not so"}}}});
  });
  const auto outcome = f.channel->call("s", "A.b", json::object(), 5s);
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kInvalid));
  BOOST_TEST(outcome.error().what.find("not so") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_browser_that_does_not_answer_costs_the_timeout_and_no_more) {
  Fixture f;
  const auto outcome = f.channel->call("", "A.b", json::object(), 100ms);
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kTimeout));
  // The late answer is nobody's.
  f.peer.say({{"id", f.peer.hear()["id"]}, {"result", json::object()}});
  std::jthread browser([&] { f.peer.say({{"id", f.peer.hear()["id"]}, {"result", {{"n", 2}}}}); });
  BOOST_TEST(f.channel->call("", "A.c", json::object(), 5s).value()["n"] == 2);
}

BOOST_AUTO_TEST_CASE(events_reach_the_channel_of_their_session_and_those_of_its_children) {
  Fixture f;
  auto other = f.client->open_channel();
  std::vector<std::string> others;
  other->on_event([&](const DevtoolsEvent& event) { others.push_back(event.method); });
  std::jthread browser([&] {
    const json command = f.peer.hear();
    f.peer.say({{"id", command["id"]}, {"result", {{"sessionId", "page"}}}});
    f.peer.say({{"method", "Target.attachedToTarget"},
                {"sessionId", "page"},
                {"params", {{"sessionId", "frame"}}}});
    f.peer.say({{"method", "Page.x"}, {"sessionId", "frame"}});
    f.peer.say({{"method", "Page.y"}, {"sessionId", "unknown"}});
    f.peer.say({{"method", "Target.targetCrashed"}, {"params", {{"targetId", "t"}}}});
  });
  BOOST_TEST(f.channel->call("", "Target.attachToTarget", json::object(), 5s).has_value());
  while (f.heard.size() < 3) BOOST_REQUIRE(f.channel->pump(50ms).has_value());
  BOOST_TEST(f.heard[1].session == "frame");
  BOOST_TEST(f.heard[2].method == "Target.targetCrashed");
  while (others.empty()) BOOST_REQUIRE(other->pump(50ms).has_value());
  BOOST_TEST(others == std::vector<std::string>{"Target.targetCrashed"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_over_the_limit_fails_its_call_alone) {
  Fixture f({.message_bytes = 1000});
  std::jthread browser([&] {
    f.peer.say("{\"id\":" + f.peer.hear()["id"].dump() + ",\"result\":{\"x\":\"" +
               std::string(100000, 'x') + "\"}}");
    f.peer.say({{"id", f.peer.hear()["id"]}, {"result", json::object()}});
  });
  const auto large = f.channel->call("", "A.b", json::object(), 5s);
  BOOST_REQUIRE(!large);
  BOOST_TEST((large.error().code == Error::Code::kTooLarge));
  BOOST_TEST(f.channel->call("", "A.c", json::object(), 5s).has_value());
}

BOOST_AUTO_TEST_CASE(a_flood_of_events_breaks_the_channel_and_not_the_program) {
  Fixture f({.events = 100});
  std::jthread browser([&] {
    f.peer.say({{"id", f.peer.hear()["id"]}, {"result", {{"sessionId", "s"}}}});
    for (int i = 0; i < 1000; ++i) f.peer.say({{"method", "Page.x"}, {"sessionId", "s"}});
  });
  BOOST_TEST(f.channel->call("", "Target.attachToTarget", json::object(), 5s).has_value());
  browser.join();
  wm::Result<> outcome;
  for (int i = 0; i < 100 && outcome; ++i) outcome = f.channel->pump(20ms);
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kTooLarge));
  BOOST_TEST(f.client->connected());
}

BOOST_AUTO_TEST_CASE(nonsense_is_passed_over) {
  Fixture f;
  std::jthread browser([&] {
    const json id = f.peer.hear()["id"];
    for (const char* text :
         {"", "[]", "null", "{", R"({"id":"x"})", R"({"id":-1,"result":1})",
          R"({"id":99,"result":{}})", R"({"method":1,"params":[]})", R"({"params":{}})"})
      f.peer.say(std::string(text));
    f.peer.say({{"id", id}, {"result", 5}});
  });
  BOOST_TEST(f.channel->call("", "A.b", json::object(), 5s).value().empty());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_browser_ends_every_wait) {
  Fixture f;
  std::jthread browser([&] {
    f.peer.hear();
    f.peer.replies.reset();
  });
  const auto outcome = f.channel->call("", "A.b", json::object(), 20s);
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kIo));
  BOOST_TEST(!f.client->connected());
  BOOST_TEST(!f.client->open_channel()->pump(10s).has_value());
}

BOOST_AUTO_TEST_CASE(a_browser_that_reads_nothing_does_not_hold_us_up) {
  Fixture f({.write_timeout = 100ms});
  const std::string large(1 << 20, 'x');
  const auto outcome = f.channel->call("", "A.b", {{"x", large}}, 20s);
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kTimeout));
}

BOOST_AUTO_TEST_CASE(a_tick_that_fails_ends_the_wait_with_its_error) {
  Fixture f;
  f.channel->on_tick([] { return wm::Result<>(wm::fail(Error::Code::kBusy, "stopped")); });
  const auto outcome = f.channel->call("", "A.b", json::object(), 20s);
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kBusy));
}
