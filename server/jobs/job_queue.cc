#include "server/jobs/job_queue.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>

#include "core/base/log.h"
#include "core/url/url.h"
#include "indexer/store/coding.h"

namespace wm::jobs {

using namespace std::chrono_literals;
using store::Batch;
using store::Family;
using store::number_key;
using store::number_of_key;
using Clock = std::chrono::steady_clock;

namespace {

// Keys of the jobs family: 'j' id → job; 'L' link id → id of its newest job; 'a' id → "" while it is not over.

std::string host_of(const Job& job) {
  const auto url = url::Url::parse(job.url);
  return url ? std::string(url->host()) : std::string();
}

}  // namespace

JobQueue::JobQueue(store::Store& store, QueueSettings settings, std::function<void(const Job&)> changed)
    : store_(store), settings_(settings), changed_(std::move(changed)) {}

JobQueue::~JobQueue() { stop(); }

void JobQueue::set_runner(std::string kind, Runner& runner) { runners_[std::move(kind)] = &runner; }

Result<> JobQueue::start() {
  std::vector<std::shared_ptr<Active>> found;
  auto cursor = store_.cursor(Family::kJobs);
  for (cursor.seek("a"); cursor.valid() && cursor.key().front() == 'a'; cursor.next()) {
    const auto stored = WM_TRY(store_.get(Family::kJobs, number_key('j', number_of_key(cursor.key()))));
    if (!stored) continue;
    auto job = decode_job(*stored);
    if (!job) {
      log::error("job {} is left out: {}", number_of_key(cursor.key()), job.error().what);
      continue;
    }
    job->state = State::kQueued;
    found.push_back(std::make_shared<Active>(Active{.job = *job, .host = host_of(*job), .stop = {}, .cancelled = false}));
  }
  WM_TRY(cursor.status());
  {
    MutexLock lock(mutex_);
    for (auto& active : found) queued_.emplace(active->job.id, active);
  }
  for (std::size_t i = 0; i < settings_.workers; ++i) {
    workers_.emplace_back([this](std::stop_token stop) { work(stop); });
    pthread_setname_np(workers_.back().native_handle(), "wm-job");
  }
  return {};
}

void JobQueue::stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    for (auto& [id, active] : running_) active->stop.request_stop();
  }
  moved_.notify_all();
  workers_.clear();  // joins
}

Result<Job> JobQueue::add(Job job) {
  {
    MutexLock lock(mutex_);
    if (stopping_) return fail(Error::Code::kBusy, "the server is stopping");
    if (queued_.size() >= settings_.waiting_limit) {
      return fail(Error::Code::kBusy, fmt::format("{} jobs wait already (jobs.waiting_limit)", queued_.size()));
    }
  }
  if (job.link_id != 0) {
    auto latest = WM_TRY(latest_of_link(job.link_id));
    if (latest && latest->kind == job.kind && latest->state == State::kQueued) return std::move(*latest);
  }
  job.id = WM_TRY(store_.next_id("job"));
  job.state = State::kQueued;
  job.created = job.not_before = now_micros();
  WM_TRY(persist(job));
  auto active = std::make_shared<Active>(Active{.job = job, .host = host_of(job), .stop = {}, .cancelled = false});
  {
    MutexLock lock(mutex_);
    queued_.emplace(job.id, std::move(active));
  }
  told(job);
  moved_.notify_all();
  return job;
}

Result<Job> JobQueue::cancel(std::uint64_t id) {
  std::shared_ptr<Active> waiting;
  {
    MutexLock lock(mutex_);
    if (const auto running = running_.find(id); running != running_.end()) {
      running->second->cancelled = true;
      running->second->stop.request_stop();
      return running->second->job;
    }
    if (const auto queued = queued_.find(id); queued != queued_.end()) {
      waiting = queued->second;
      queued_.erase(queued);
    }
  }
  if (!waiting) {
    const auto job = WM_TRY(get(id));
    if (!job) return fail(Error::Code::kNotFound, fmt::format("there is no job {}", id));
    return fail(Error::Code::kConflict, fmt::format("job {} is {} already", id, name_of(job->state)));
  }
  waiting->job.state = State::kCancelled;
  waiting->job.finished = now_micros();
  WM_TRY(persist(waiting->job));
  told(waiting->job);
  moved_.notify_all();
  return waiting->job;
}

void JobQueue::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::shared_ptr<Active> active;
    {
      MutexLock lock(mutex_);
      if (stopping_) return;
      std::chrono::milliseconds wait = 10s;
      active = take_next(wait);
      if (!active) {
        const std::size_t seen = queued_.size() + running_.size() * 1000003;
        moved_.wait_for(mutex_, wait, [&]() WM_REQUIRES(mutex_) { return stopping_ || seen != queued_.size() + running_.size() * 1000003; });
        continue;
      }
    }
    run(active);
  }
}

/// The oldest job whose time has come and whose host is free; if there is none, how long to wait for the first that may come.
std::shared_ptr<JobQueue::Active> JobQueue::take_next(std::chrono::milliseconds& wait) {
  const auto now = Clock::now();
  const auto clock = now_micros();
  for (auto& [id, active] : queued_) {
    if (active->job.not_before > clock) {
      wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(active->job.not_before - clock));
      continue;
    }
    HostUse& host = hosts_[active->host];
    if (active->job.link_id != 0 && host.running >= settings_.per_host) continue;
    if (active->job.link_id != 0 && host.free_at > now) {
      wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(host.free_at - now));
      continue;
    }
    auto taken = active;
    ++host.running;
    running_.emplace(id, taken);
    queued_.erase(id);
    return taken;
  }
  return nullptr;
}

void JobQueue::run(const std::shared_ptr<Active>& active) {
  Job job;
  {
    MutexLock lock(mutex_);
    active->job.state = State::kRunning;
    active->job.started = now_micros();
    ++active->job.attempts;
    job = active->job;
  }
  if (auto kept = persist(job); !kept) log::error("job {}: {}", job.id, kept.error().what);
  told(job);

  const auto runner = runners_.find(job.kind);
  if (runner == runners_.end()) {
    finish(active, fail(Error::Code::kUnsupported, "nothing runs jobs of the kind " + job.kind));
    return;
  }
  const auto progress = [this, &active](std::string json) {
    Job now;
    {
      MutexLock lock(mutex_);
      active->job.progress = std::move(json);
      now = active->job;
    }
    told(now);
  };
  try {
    finish(active, runner->second->run(job, active->stop.get_token(), progress));
  } catch (const std::exception& error) {  // one of the three places that catch: a library's exception must not end the worker
    finish(active, fail(Error::Code::kIo, std::string("unexpected: ") + error.what()));
  }
}

void JobQueue::finish(const std::shared_ptr<Active>& active, Result<std::string> outcome) {
  const auto runner = runners_.find(active->job.kind);
  Job job;
  bool again = false;
  {
    MutexLock lock(mutex_);
    Job& mine = active->job;
    mine.progress.clear();
    if (outcome) {
      mine.state = State::kDone;
      mine.result = std::move(*outcome);
      mine.error.clear();
      mine.error_code.clear();
    } else if (active->cancelled) {
      mine.state = State::kCancelled;
    } else if (stopping_) {
      again = true;  // interrupted by the shutdown: it was not its fault
      --mine.attempts;
      mine.state = State::kQueued;
    } else {
      mine.error = outcome.error().what;
      mine.error_code = wm::name_of(outcome.error().code);
      again = mine.attempts < settings_.attempts && runner != runners_.end() && runner->second->may_pass(outcome.error());
      mine.state = again ? State::kQueued : State::kFailed;
      if (again) mine.not_before = now_micros() + settings_.retry_after * (1 << std::min(mine.attempts - 1, 10u));
    }
    if (!again) mine.finished = now_micros();
    job = mine;
  }
  if (auto kept = persist(job); !kept) log::error("job {}: {}", job.id, kept.error().what);
  {
    MutexLock lock(mutex_);
    running_.erase(job.id);
    auto host = hosts_.find(active->host);
    if (host != hosts_.end()) {
      --host->second.running;
      host->second.free_at = Clock::now() + settings_.host_pause;
    }
    if (hosts_.size() > 10000) std::erase_if(hosts_, [](const auto& use) { return use.second.running == 0 && use.second.free_at < Clock::now(); });
    if (again && !stopping_) {
      active->stop = std::stop_source();
      queued_.emplace(job.id, active);
    }
  }
  told(job);
  moved_.notify_all();
}

Result<> JobQueue::persist(const Job& job) {
  Batch batch;
  batch.put(Family::kJobs, number_key('j', job.id), encode(job));
  if (job.link_id != 0) batch.put(Family::kJobs, number_key('L', job.link_id), number_key('j', job.id));
  if (is_over(job.state)) {
    batch.erase(Family::kJobs, number_key('a', job.id));
  } else {
    batch.put(Family::kJobs, number_key('a', job.id), "");
  }
  return store_.write(std::move(batch));
}

void JobQueue::told(const Job& job) const {
  if (changed_) changed_(job);
}

Result<std::optional<Job>> JobQueue::get(std::uint64_t id) const {
  {
    MutexLock lock(mutex_);
    for (const auto* jobs : {&running_, &queued_}) {
      if (const auto found = jobs->find(id); found != jobs->end()) return std::optional<Job>(found->second->job);
    }
  }
  const auto stored = WM_TRY(store_.get(Family::kJobs, number_key('j', id)));
  if (!stored) return std::optional<Job>();
  return std::optional<Job>(WM_TRY(decode_job(*stored)));
}

Result<std::vector<Job>> JobQueue::list(std::optional<State> state, std::size_t limit, std::size_t offset) const {
  std::vector<Job> jobs;
  const bool active_only = state && !is_over(*state);
  auto cursor = store_.cursor(Family::kJobs);
  const char kind = active_only ? 'a' : 'j';
  for (cursor.seek_for_prev(number_key(kind, UINT64_MAX)); cursor.valid() && cursor.key().front() == kind && jobs.size() < limit; cursor.prev()) {
    auto job = WM_TRY(get(number_of_key(cursor.key())));  // the running one knows its progress
    if (!job || (state && job->state != *state)) continue;
    if (offset > 0) {
      --offset;
    } else {
      jobs.push_back(std::move(*job));
    }
  }
  WM_TRY(cursor.status());
  return jobs;
}

Result<std::optional<Job>> JobQueue::latest_of_link(std::uint64_t link_id) const {
  const auto id = WM_TRY(store_.get(Family::kJobs, number_key('L', link_id)));
  if (!id) return std::optional<Job>();
  return get(number_of_key(*id));
}

Result<Job> JobQueue::wait(std::uint64_t id, std::chrono::milliseconds timeout) const {
  {
    MutexLock lock(mutex_);
    moved_.wait_for(mutex_, timeout, [&]() WM_REQUIRES(mutex_) { return !queued_.contains(id) && !running_.contains(id); });
  }
  auto job = WM_TRY(get(id));
  if (!job) return fail(Error::Code::kNotFound, fmt::format("there is no job {}", id));
  return std::move(*job);
}

JobQueue::Counts JobQueue::counts() const {
  MutexLock lock(mutex_);
  return {queued_.size(), running_.size()};
}

}  // namespace wm::jobs
