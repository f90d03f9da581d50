#include "server/schedules/scheduler.h"

#include "core/base/log.h"
#include "indexer/store/coding.h"
#include "server/schedules/recurrence.h"

namespace wm::schedules {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using store::Family;

namespace {

constexpr std::size_t kSchedules = 10000;
constexpr std::size_t kLinksARun = 10000;
constexpr std::size_t kWhatBytes = 4096;
constexpr seconds kLongestWait{30};  // clocks are set

/// Keys of the meta family: "schedule", NUL, id.
constexpr std::string_view kPrefix("schedule\0", 9);

std::string key_of(std::uint64_t id) {
  std::string key(kPrefix);
  store::put_big_endian(key, id, 8);
  return key;
}

sys_seconds system_now() {
  return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

std::unexpected<Error> no_such(std::uint64_t id) {
  return fail(Error::Code::kNotFound, "there is no schedule " + std::to_string(id));
}

}  // namespace

Scheduler::Scheduler(store::Store& store, Archive& archive, Now now)
    : store_(store), archive_(archive), now_(now ? std::move(now) : Now(system_now)) {}

Scheduler::~Scheduler() {
  stop();
}

Result<> Scheduler::start() {
  {
    const MutexLock lock(mutex_);
    auto cursor = store_.cursor(Family::kMeta);
    for (cursor.seek(kPrefix); cursor.valid() && cursor.key().starts_with(kPrefix); cursor.next()) {
      const auto schedule = decode_schedule(cursor.value());
      if (!schedule) {
        log::error("{}", schedule.error().what);
        continue;
      }
      schedules_[schedule->id] = *schedule;
    }
    WM_TRY(cursor.status());
  }
  thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
  return {};
}

void Scheduler::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  {
    const MutexLock lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

Result<> Scheduler::persist(const Schedule& schedule) {
  store::Batch batch;
  batch.put(Family::kMeta, key_of(schedule.id), encode(schedule));
  return store_.write(std::move(batch));
}

Result<Schedule> Scheduler::add(std::string_view when, Schedule::Of of, std::string_view what) {
  const auto recurrence = WM_TRY(Recurrence::parse(when));
  if (what.empty() || what.size() > kWhatBytes)
    return fail(Error::Code::kInvalid,
                "a schedule names a link, a tag or a search of at most 4096 bytes");
  const sys_seconds now = now_();
  Schedule schedule{.id = 0,
                    .when = recurrence.text(),
                    .of = of,
                    .what = std::string(what),
                    .created = now,
                    .next = recurrence.next(now),
                    .last = {},
                    .last_queued = 0,
                    .last_error = {}};
  {
    const MutexLock lock(mutex_);
    if (schedules_.size() >= kSchedules)
      return fail(Error::Code::kTooLarge,
                  "there are 10000 schedules already: remove some, or schedule a tag");
  }
  schedule.id = WM_TRY(store_.next_id("schedule"));
  WM_TRY(persist(schedule));
  const MutexLock lock(mutex_);
  schedules_[schedule.id] = schedule;
  woken_ = true;
  changed_.notify_all();
  return schedule;
}

Result<> Scheduler::remove(std::uint64_t id) {
  {
    const MutexLock lock(mutex_);
    if (schedules_.erase(id) == 0) return no_such(id);
  }
  store::Batch batch;
  batch.erase(Family::kMeta, key_of(id));
  return store_.write(std::move(batch));
}

Result<Schedule> Scheduler::run_now(std::uint64_t id) {
  const MutexLock lock(mutex_);
  const auto found = schedules_.find(id);
  if (found == schedules_.end()) return no_such(id);
  found->second.next = now_();
  woken_ = true;
  changed_.notify_all();
  return found->second;
}

std::vector<Schedule> Scheduler::list() const {
  std::vector<Schedule> all;
  const MutexLock lock(mutex_);
  for (const auto& [id, schedule] : schedules_) all.push_back(schedule);
  return all;
}

std::optional<Schedule> Scheduler::get(std::uint64_t id) const {
  const MutexLock lock(mutex_);
  const auto found = schedules_.find(id);
  if (found == schedules_.end()) return std::nullopt;
  return found->second;
}

void Scheduler::run_due() {
  std::vector<Schedule> due;
  {
    const MutexLock lock(mutex_);
    const sys_seconds now = now_();
    for (const auto& [id, schedule] : schedules_) {
      if (schedule.next <= now) due.push_back(schedule);
    }
  }
  for (Schedule& schedule : due) run(std::move(schedule));
}

void Scheduler::run(Schedule schedule) {
  schedule.last = now_();
  schedule.last_queued = 0;
  schedule.last_error.clear();
  const auto links = archive_.links_of(schedule.of, schedule.what, kLinksARun);
  if (!links) schedule.last_error = links.error().what;
  for (const std::uint64_t link : links ? *links : std::vector<std::uint64_t>()) {
    const auto queued = archive_.queue(link);
    if (queued)
      ++schedule.last_queued;
    else
      schedule.last_error = queued.error().what;
    if (!queued && queued.error().code == Error::Code::kBusy) break;
  }
  if (!schedule.last_error.empty())
    log::warning("schedule {}: {}", schedule.id, schedule.last_error);
  const auto recurrence = Recurrence::parse(schedule.when);
  schedule.next =
      recurrence ? recurrence->next(*schedule.last) : *schedule.last + std::chrono::days(1);
  {
    const MutexLock lock(mutex_);
    const auto found = schedules_.find(schedule.id);
    if (found == schedules_.end()) return;  // removed meanwhile
    found->second = schedule;
  }
  if (const auto stored = persist(schedule); !stored)
    log::error("schedule {}: {}", schedule.id, stored.error().what);
}

void Scheduler::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    run_due();
    const MutexLock lock(mutex_);
    seconds wait = kLongestWait;
    const sys_seconds now = now_();
    for (const auto& [id, schedule] : schedules_)
      wait = std::min(wait, std::max(seconds(0), seconds(schedule.next - now)));
    changed_.wait_for(mutex_, wait, [this]() WM_REQUIRES(mutex_) { return woken_; });
    woken_ = false;
  }
}

}  // namespace wm::schedules
