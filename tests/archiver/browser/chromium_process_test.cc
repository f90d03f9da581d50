#include "archiver/browser/chromium_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "archiver/browser/chromium_flags.h"
#include "archiver/browser/devtools_client.h"
#include "archiver/browser/process_group_internal.h"
#include "tests/support/test_support.h"

using namespace std::chrono_literals;
using nlohmann::json;
using wm::Error;
using wm::browser::ChromiumProcess;
using wm::browser::DevtoolsClient;
using wm::browser::Isolation;
using wm::browser::ProcessSettings;

namespace {

/// As the program does: who writes to a browser that has just ended gets an error, not a signal.
struct NoSigpipe {
  NoSigpipe() { ::signal(SIGPIPE, SIG_IGN); }
};
BOOST_TEST_GLOBAL_CONFIGURATION(NoSigpipe);

boost::test_tools::assertion_result has_browser(boost::unit_test::test_unit_id) {
  return wm::browser::find_browser({}).has_value();
}

std::size_t folders_left() {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::temp_directory_path()))
    count += entry.path().filename().string().starts_with("waymark-browser-") ? 1u : 0u;
  return count;
}

/// A program in place of the browser.
std::filesystem::path script(const wm::TempDir& dir, const std::string& text) {
  const auto path = dir.path() / "fake-shell";
  BOOST_REQUIRE(wm::replace_file(path, "#!/bin/sh\n" + text).has_value());
  std::filesystem::permissions(path, std::filesystem::perms(0755));
  std::filesystem::permissions(dir.path(), std::filesystem::perms(0755));
  return path;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_browser_answers_and_nothing_of_it_is_left_behind,
                     *boost::unit_test::precondition(has_browser)) {
  const std::size_t before = folders_left();
  pid_t pid = 0;
  {
    auto process = ChromiumProcess::start({.contexts = 2}, {}).value();
    pid = process->pid();
    BOOST_TEST(process->listeners().size() == 2u);
    BOOST_TEST(process->port(0) != process->port(1));
    auto client = DevtoolsClient::over(process->take_commands(), process->take_replies());
    const auto version =
        client->open_channel()->call("", "Browser.getVersion", json::object(), 20s);
    BOOST_REQUIRE_MESSAGE(version.has_value(), process->last_words());
    BOOST_TEST(version.value()["product"].get<std::string>().find("Chrome/") != std::string::npos);
    BOOST_TEST(wm::browser::members_of(pid).size() > 1u);
    BOOST_TEST(folders_left() == before + 1);
  }
  BOOST_TEST(wm::browser::members_of(pid).empty());
  BOOST_TEST(::kill(-pid, 0) == -1);  // no zombie either
  BOOST_TEST(folders_left() == before);
}

BOOST_AUTO_TEST_CASE(when_the_first_process_is_killed_all_others_go,
                     *boost::unit_test::precondition(has_browser)) {
  auto process = ChromiumProcess::start({}, {}).value();
  auto client = DevtoolsClient::over(process->take_commands(), process->take_replies());
  auto channel = client->open_channel();
  BOOST_REQUIRE(channel->call("", "Browser.getVersion", json::object(), 20s).has_value());
  ::kill(process->pid(), SIGKILL);
  BOOST_TEST(!channel->call("", "Browser.getVersion", json::object(), 20s).has_value());
  for (int i = 0; i < 400 && !wm::browser::members_of(process->pid()).empty(); ++i)
    std::this_thread::sleep_for(10ms);
  BOOST_TEST(wm::browser::members_of(process->pid()).empty());
  BOOST_TEST(!process->running());
}

BOOST_AUTO_TEST_CASE(a_missing_browser_is_told_as_such) {
  const auto outcome = ChromiumProcess::start({.path = "/nowhere/browser"}, {});
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kUnsupported));
  BOOST_TEST(outcome.error().what.find("/nowhere/browser") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_program_that_cannot_run_is_an_error_and_leaves_nothing) {
  const auto dir = wm::test::temp_dir();
  const auto path = script(dir, "");
  BOOST_REQUIRE(wm::replace_file(path, "no program").has_value());
  std::filesystem::permissions(path, std::filesystem::perms(0755));
  const std::size_t before = folders_left();
  const auto outcome = ChromiumProcess::start({.path = path}, {});
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == Error::Code::kIo));
  BOOST_TEST(folders_left() == before);
}

BOOST_AUTO_TEST_CASE(what_it_says_before_it_ends_is_kept_for_the_message) {
  const auto dir = wm::test::temp_dir();
  auto process =
      ChromiumProcess::start(
          {.path = script(
               dir,
               "head -c 100000 /dev/zero | tr '\\0' x >&2; echo the last words >&2; exit 3\n")},
          {})
          .value();
  auto client = DevtoolsClient::over(process->take_commands(), process->take_replies());
  BOOST_TEST(
      !client->open_channel()->call("", "Browser.getVersion", json::object(), 20s).has_value());
  for (int i = 0; i < 400 && process->running(); ++i) std::this_thread::sleep_for(10ms);
  BOOST_TEST(process->last_words().ends_with("the last words\n"));
  BOOST_TEST(process->last_words().size() <= 4096u);
}

BOOST_AUTO_TEST_CASE(it_gets_no_file_of_ours_and_an_environment_of_its_own) {
  const auto dir = wm::test::temp_dir();
  const wm::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const wm::UniqueFd secret(::fcntl(socket.get(), F_DUPFD, 200));  // without CLOEXEC
  auto process = ChromiumProcess::start(
                     {.path = script(dir,
                                     "exec >&2; ls /proc/self/fd | tr '\\n' ' '; env | cut -d= -f1 "
                                     "| sort | tr '\\n' ' '; id -un; cat /proc/net/dev | wc -l\n")},
                     {})
                     .value();
  for (int i = 0; i < 400 && process->running(); ++i) std::this_thread::sleep_for(10ms);
  const std::string words = process->last_words();
  BOOST_TEST_MESSAGE(words);
  BOOST_TEST(words.starts_with("0 1 2 3 4"));
  BOOST_TEST(words.find(" " + std::to_string(secret.get()) + " ") == std::string::npos);
  BOOST_TEST(words.find("WM_SOURCE_DIR") == std::string::npos);
  if (::geteuid() == 0) BOOST_TEST(words.find("nobody") != std::string::npos);
  if (process->isolated()) BOOST_TEST(words.ends_with("3\n"));  // two lines of heading and lo
}

BOOST_AUTO_TEST_CASE(without_a_namespace_it_still_has_its_ports) {
  const auto dir = wm::test::temp_dir();
  auto process =
      ChromiumProcess::start(
          {.path = script(dir, "sleep 20\n"), .isolation = Isolation::kOff, .contexts = 3}, {})
          .value();
  BOOST_TEST(!process->isolated());
  BOOST_TEST(process->listeners().size() == 3u);
  BOOST_TEST(process->port(2) != 0);
}

BOOST_AUTO_TEST_CASE(a_process_that_takes_too_much_memory_is_ended) {
  const auto dir = wm::test::temp_dir();
  auto process =
      ChromiumProcess::start(
          {.path = script(dir, "x=$(head -c 60000000 /dev/zero | tr '\\0' x); sleep 20\n"),
           .memory_bytes = 20 << 20},
          {})
          .value();
  for (int i = 0; i < 1000 && process->running(); ++i) std::this_thread::sleep_for(10ms);
  BOOST_TEST(!process->running());
  BOOST_TEST(process->ended_for_memory());
  BOOST_TEST(process->most_memory_bytes() > (20u << 20));
}
