#include "server/jobs/job_queue.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <latch>

#include "tests/support/test_support.h"

namespace wm::jobs {

using namespace std::chrono_literals;

namespace {

constexpr auto kLong = std::chrono::seconds(20);

/// Runs jobs as the test tells.
class ScriptedRunner final : public Runner {
 public:
  std::function<Result<std::string>(const Job&, std::stop_token)> script = [](const Job&, std::stop_token) -> Result<std::string> { return "{}"; };
  std::atomic<int> runs = 0;

  Result<std::string> run(const Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) override {
    ++runs;
    progress("{\"begun\":true}");
    return script(job, stop);
  }
  bool may_pass(const Error& error) const override { return error.code == Error::Code::kIo; }
};

/// Until told to stop, as a capture would.
Result<std::string> until_stopped(const Job&, std::stop_token stop) {
  std::latch stopped(1);
  std::stop_callback told(stop, [&stopped] { stopped.count_down(); });
  stopped.wait();
  return fail(Error::Code::kBusy, "stopped");
}

struct Fixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path() / "db").value();
  ScriptedRunner runner;
  QueueSettings settings{.workers = 2, .waiting_limit = 100, .attempts = 3, .retry_after = 1ms, .per_host = 1, .host_pause = 0ms};

  std::unique_ptr<JobQueue> queue(std::function<void(const Job&)> changed = nullptr) {
    auto made = std::make_unique<JobQueue>(*store, settings, std::move(changed));
    made->set_runner("capture", runner);
    return made;
  }
  static Job capture(std::uint64_t link_id, std::string url) {
    Job job;
    job.kind = "capture";
    job.link_id = link_id;
    job.url = std::move(url);
    return job;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_queue, Fixture)

BOOST_AUTO_TEST_CASE(a_job_runs_and_keeps_its_result) {
  runner.script = [](const Job& job, std::stop_token) -> Result<std::string> { return "{\"url\":\"" + job.url + "\"}"; };
  auto jobs = queue();
  BOOST_REQUIRE(jobs->start());
  const Job added = jobs->add(capture(1, "http://a.example/")).value();
  const Job done = jobs->wait(added.id, kLong).value();
  BOOST_TEST((done.state == State::kDone));
  BOOST_TEST(done.result == "{\"url\":\"http://a.example/\"}");
  BOOST_TEST(done.attempts == 1u);
  BOOST_TEST(jobs->latest_of_link(1).value()->id == added.id);
}

BOOST_AUTO_TEST_CASE(an_error_that_may_pass_is_tried_again_and_others_are_not) {
  runner.script = [](const Job& job, std::stop_token) -> Result<std::string> {
    if (job.link_id == 2) return fail(Error::Code::kDenied, "private address");
    if (job.attempts < 3) return fail(Error::Code::kIo, "connection refused");
    return "{}";
  };
  auto jobs = queue();
  BOOST_REQUIRE(jobs->start());
  const Job passes = jobs->add(capture(1, "http://a.example/")).value(), denied = jobs->add(capture(2, "http://b.example/")).value();
  BOOST_TEST((jobs->wait(passes.id, kLong).value().state == State::kDone));
  BOOST_TEST(jobs->get(passes.id).value()->attempts == 3u);
  const Job refused = jobs->wait(denied.id, kLong).value();
  BOOST_TEST((refused.state == State::kFailed));
  BOOST_TEST(refused.attempts == 1u);
  BOOST_TEST(refused.error_code == "denied");
  BOOST_TEST(refused.error == "private address");
}

BOOST_AUTO_TEST_CASE(what_keeps_failing_fails_in_the_end) {
  runner.script = [](const Job&, std::stop_token) -> Result<std::string> { return fail(Error::Code::kIo, "connection refused"); };
  auto jobs = queue();
  BOOST_REQUIRE(jobs->start());
  const Job job = jobs->wait(jobs->add(capture(1, "http://a.example/")).value().id, kLong).value();
  BOOST_TEST((job.state == State::kFailed));
  BOOST_TEST(runner.runs == 3);
}

BOOST_AUTO_TEST_CASE(an_interrupted_job_runs_again_after_a_restart_and_loses_no_attempt) {
  std::latch running(1);
  runner.script = [&](const Job& job, std::stop_token stop) -> Result<std::string> {
    running.count_down();
    return until_stopped(job, stop);
  };
  auto jobs = queue();
  BOOST_REQUIRE(jobs->start());
  const std::uint64_t id = jobs->add(capture(1, "http://a.example/")).value().id;
  running.wait();
  jobs.reset();

  runner.script = [](const Job&, std::stop_token) -> Result<std::string> { return "{}"; };
  auto again = queue();
  BOOST_TEST((again->get(id).value()->state == State::kQueued));
  BOOST_REQUIRE(again->start());
  const Job done = again->wait(id, kLong).value();
  BOOST_TEST((done.state == State::kDone));
  BOOST_TEST(done.attempts == 1u);
}

BOOST_AUTO_TEST_CASE(a_job_that_was_running_at_a_crash_runs_again) {
  {
    auto jobs = queue();  // never started: what a crash leaves is a row that is not over
    Job job = jobs->add(capture(1, "http://a.example/")).value();
    job.state = State::kRunning;
    job.attempts = 1;
    store::Batch batch;
    std::string key = "j";
    key.append(7, '\0');
    key.push_back(static_cast<char>(job.id));
    batch.put(store::Family::kJobs, key, encode(job));
    BOOST_REQUIRE(store->write(std::move(batch)));
  }
  auto jobs = queue();
  BOOST_REQUIRE(jobs->start());
  BOOST_TEST((jobs->wait(1, kLong).value().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(cancelling_ends_waiting_and_running_jobs) {
  std::latch running(1);
  runner.script = [&](const Job& job, std::stop_token stop) -> Result<std::string> {
    running.count_down();
    return until_stopped(job, stop);
  };
  settings.workers = 1;
  auto jobs = queue();
  BOOST_REQUIRE(jobs->start());
  const Job first = jobs->add(capture(1, "http://a.example/")).value(), second = jobs->add(capture(2, "http://b.example/")).value();
  running.wait();
  BOOST_TEST((jobs->cancel(second.id).value().state == State::kCancelled));
  BOOST_REQUIRE(jobs->cancel(first.id));
  BOOST_TEST((jobs->wait(first.id, kLong).value().state == State::kCancelled));
  BOOST_TEST((jobs->cancel(first.id).error().code == Error::Code::kConflict));
  BOOST_TEST((jobs->cancel(999).error().code == Error::Code::kNotFound));
  BOOST_TEST(runner.runs == 1);
}

BOOST_AUTO_TEST_CASE(a_host_is_captured_once_at_a_time_and_others_meanwhile) {
  std::atomic<int> same_host = 0, most = 0;
  std::latch other_ran(1);
  runner.script = [&](const Job& job, std::stop_token) -> Result<std::string> {
    if (job.link_id == 3) {
      other_ran.count_down();
      return "{}";
    }
    most = std::max(most.load(), ++same_host);
    other_ran.wait();  // the other host's job gets its turn while this one runs
    --same_host;
    return "{}";
  };
  auto jobs = queue();
  const Job a = jobs->add(capture(1, "http://a.example/1")).value(), b = jobs->add(capture(2, "http://a.example/2")).value(), c = jobs->add(capture(3, "http://b.example/")).value();
  BOOST_REQUIRE(jobs->start());
  for (const Job& job : {a, b, c}) BOOST_TEST((jobs->wait(job.id, kLong).value().state == State::kDone));
  BOOST_TEST(most == 1);
}

BOOST_AUTO_TEST_CASE(a_link_waits_once) {
  auto jobs = queue();
  const Job first = jobs->add(capture(1, "http://a.example/")).value();
  BOOST_TEST(jobs->add(capture(1, "http://a.example/")).value().id == first.id);
  BOOST_TEST(jobs->counts().queued == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_says_so) {
  settings.waiting_limit = 2;
  auto jobs = queue();
  BOOST_REQUIRE(jobs->add(capture(1, "http://a.example/")));
  BOOST_REQUIRE(jobs->add(capture(2, "http://b.example/")));
  BOOST_TEST((jobs->add(capture(3, "http://c.example/")).error().code == Error::Code::kBusy));
}

BOOST_AUTO_TEST_CASE(a_runner_that_throws_fails_its_job_alone) {
  runner.script = [](const Job& job, std::stop_token) -> Result<std::string> {
    if (job.link_id == 1) throw std::runtime_error("from a library");
    return "{}";
  };
  auto jobs = queue();
  settings.attempts = 1;
  auto once = queue();
  BOOST_REQUIRE(once->start());
  const Job bad = once->add(capture(1, "http://a.example/")).value(), good = once->add(capture(2, "http://b.example/")).value();
  BOOST_TEST((once->wait(bad.id, kLong).value().state == State::kFailed));
  BOOST_TEST((once->wait(good.id, kLong).value().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(states_and_progress_are_told_in_order) {
  std::vector<State> states;
  Mutex mutex;
  auto jobs = queue([&](const Job& job) {
    MutexLock lock(mutex);
    states.push_back(job.state);
  });
  BOOST_REQUIRE(jobs->start());
  BOOST_REQUIRE(jobs->wait(jobs->add(capture(1, "http://a.example/")).value().id, kLong));
  jobs->stop();
  const std::vector<State> expected{State::kQueued, State::kRunning, State::kRunning, State::kDone};
  BOOST_TEST((states == expected));
}

BOOST_AUTO_TEST_CASE(lists_are_newest_first_and_by_state) {
  auto jobs = queue();
  for (std::uint64_t i = 1; i <= 5; ++i) BOOST_REQUIRE(jobs->add(capture(i, "http://a.example/")));
  BOOST_REQUIRE(jobs->cancel(3));
  const auto all = jobs->list(std::nullopt, 10, 0).value();
  BOOST_REQUIRE(all.size() == 5u);
  BOOST_TEST(all.front().id == 5u);
  BOOST_TEST(jobs->list(State::kQueued, 10, 0).value().size() == 4u);
  BOOST_TEST(jobs->list(State::kCancelled, 10, 0).value().size() == 1u);
  BOOST_TEST(jobs->list(std::nullopt, 2, 4).value().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_damaged_job_is_an_error_not_a_crash) {
  for (const char* bad : {"", "{", "[]", "{\"v\":1}"}) BOOST_TEST((decode_job(bad).error().code == Error::Code::kCorrupt));
}

}  // namespace wm::jobs
