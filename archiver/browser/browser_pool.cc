#include "archiver/browser/browser_pool.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "archiver/browser/chromium_process.h"
#include "archiver/browser/devtools_message.h"
#include "core/base/log.h"
#include "core/base/mutex.h"

namespace wm::browser {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kTick{200};

/// A browser that has answered. Shared by the leases on it and, as long as it takes captures, the
/// pool; who lets go last ends it.
struct Browser {
  std::unique_ptr<tls::CertificateAuthority> authority;
  std::unique_ptr<ChromiumProcess> process;
  std::unique_ptr<DevtoolsClient> client;
  std::string user_agent;
  std::atomic<bool> retired{false};
  // The pool's lock guards these:
  std::vector<bool> taken;
  std::size_t captures = 0;

  bool good() const { return !retired && process->running() && client->connected(); }
  bool idle() const { return std::ranges::find(taken, true) == taken.end(); }
};

std::string without_headless(std::string agent) {
  constexpr std::string_view kWord = "Headless";
  if (const auto at = agent.find(kWord); at != std::string::npos) agent.erase(at, kWord.size());
  return agent;
}

Error start_error(const Error& error, const ChromiumProcess& process) {
  const std::string words = process.last_words();
  std::string what = "the browser does not start: " + error.what;
  if (words.find("No usable sandbox") != std::string::npos)
    what += "; the system forbids its sandbox: allow user namespaces, or set browser.sandbox=false";
  if (!words.empty())
    what += "; it said: " + words.substr(words.size() - std::min<std::size_t>(words.size(), 600));
  return {Error::Code::kIo, what};
}

Result<std::shared_ptr<Browser>> start_browser(const Settings& settings, const std::string& agent) {
  auto browser = std::make_shared<Browser>();
  browser->authority = WM_TRY(tls::CertificateAuthority::create("Waymark capture"));
  browser->process = WM_TRY(ChromiumProcess::start(
      settings.process, {.ca_spki_sha256 = browser->authority->spki_sha256_base64(),
                         .user_agent = agent,
                         .width = settings.page.width,
                         .height = settings.page.height}));
  browser->client =
      DevtoolsClient::over(browser->process->take_commands(), browser->process->take_replies());
  const auto channel = browser->client->open_channel();
  const auto version =
      channel->call("", "Browser.getVersion", json::object(), settings.process.start_timeout);
  if (!version) return std::unexpected(start_error(version.error(), *browser->process));
  // Windows that pages open are heard of as targets.
  const auto discover = channel->call("", "Target.setDiscoverTargets", {{"discover", true}},
                                      settings.process.start_timeout);
  if (!discover) return std::unexpected(start_error(discover.error(), *browser->process));
  browser->user_agent = string_in(*version, "userAgent");
  browser->taken.assign(browser->process->listeners().size(), false);
  return browser;
}

/// The browser's own name for itself can be told to all its processes only when it starts.
Result<std::shared_ptr<Browser>> start_under_its_name(const Settings& settings,
                                                      std::string& agent) {
  const std::string wanted = settings.page.user_agent.empty() ? agent : settings.page.user_agent;
  auto browser = WM_TRY(start_browser(settings, wanted));
  agent = without_headless(browser->user_agent);
  if (agent == browser->user_agent) return browser;
  browser.reset();
  return start_browser(settings, agent);
}

}  // namespace

struct BrowserPool::State {
  explicit State(Settings given) : settings(std::move(given)) {}

  const Settings settings;
  mutable Mutex mutex;
  CondVar changed;
  std::shared_ptr<Browser> current WM_GUARDED_BY(mutex);
  bool starting WM_GUARDED_BY(mutex) = false;
  bool ending WM_GUARDED_BY(mutex) = false;
  std::string agent WM_GUARDED_BY(mutex);
  Clock::time_point used WM_GUARDED_BY(mutex);
  std::atomic<std::uint64_t> most_memory{0};
  std::jthread tidier;

  void note_memory(const Browser& browser) {
    const std::uint64_t seen = browser.process->most_memory_bytes();
    std::uint64_t most = most_memory;
    while (seen > most && !most_memory.compare_exchange_weak(most, seen)) {
    }
  }
  bool may_take(const Browser& browser) const WM_REQUIRES(mutex) {
    return browser.good() && browser.captures < settings.recycle_pages;
  }
  bool has_place() const WM_REQUIRES(mutex) {
    return std::ranges::find(current->taken, false) != current->taken.end();
  }
  std::optional<std::size_t> take_place() WM_REQUIRES(mutex);
  Result<> start();
  void tidy(const std::stop_token& stop);
  void give_back(std::shared_ptr<Browser> browser, std::size_t place);
};

namespace {

class Lease final : public BrowserLease {
 public:
  Lease(std::function<void(std::shared_ptr<Browser>, std::size_t)> give_back,
        std::shared_ptr<Browser> browser, std::size_t place)
      : give_back_(std::move(give_back)), browser_(std::move(browser)), place_(place) {}
  ~Lease() override { give_back_(std::move(browser_), place_); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  DevtoolsClient& client() override { return *browser_->client; }
  Result<UniqueFd> listener() override {
    UniqueFd copy(::fcntl(browser_->process->listeners()[place_].get(), F_DUPFD_CLOEXEC, 0));
    if (!copy)
      return fail(Error::Code::kIo, std::string("the browser's port: ") + std::strerror(errno));
    return copy;
  }
  std::uint16_t port() const override { return browser_->process->port(place_); }
  const tls::CertificateAuthority& authority() const override { return *browser_->authority; }
  const std::string& user_agent() const override { return browser_->user_agent; }
  bool isolated() const override { return browser_->process->isolated(); }
  bool running() const override {
    return browser_->process->running() && browser_->client->connected();
  }
  bool ended_for_memory() const override { return browser_->process->ended_for_memory(); }
  std::string last_words() const override { return browser_->process->last_words(); }
  void retire() noexcept override { browser_->retired = true; }

 private:
  const std::function<void(std::shared_ptr<Browser>, std::size_t)> give_back_;
  std::shared_ptr<Browser> browser_;
  const std::size_t place_;
};

}  // namespace

std::optional<std::size_t> BrowserPool::State::take_place() {
  if (!current || !may_take(*current) || !has_place()) return std::nullopt;
  const auto free = std::ranges::find(current->taken, false);
  *free = true;
  ++current->captures;
  return static_cast<std::size_t>(free - current->taken.begin());
}

Result<> BrowserPool::State::start() {
  std::string name;
  std::shared_ptr<Browser> old;
  {
    MutexLock lock(mutex);
    name = agent;
    old = std::move(current);
    current.reset();
  }
  if (old) note_memory(*old);
  old.reset();
  auto started = start_under_its_name(settings, name);
  MutexLock lock(mutex);
  starting = false;
  agent = name;
  used = Clock::now();
  if (!started) return std::unexpected(std::move(started).error());
  current = std::move(*started);
  return {};
}

void BrowserPool::State::give_back(std::shared_ptr<Browser> browser, std::size_t place) {
  note_memory(*browser);
  {
    MutexLock lock(mutex);
    browser->taken[place] = false;
    used = Clock::now();
  }
  changed.notify_all();
  // The last lease on a browser that takes no captures ends it, here, without the lock.
  browser.reset();
}

void BrowserPool::State::tidy(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::shared_ptr<Browser> unused;
    {
      MutexLock lock(mutex);
      changed.wait_for(mutex, std::min<milliseconds>(settings.idle_timeout, milliseconds(1000)),
                       [this]() WM_REQUIRES(mutex) { return ending; });
      if (!current || !current->idle()) continue;
      if (Clock::now() - used < settings.idle_timeout && may_take(*current)) continue;
      unused = std::exchange(current, nullptr);
    }
    note_memory(*unused);
  }
}

BrowserPool::BrowserPool(Settings settings) : state_(new State(std::move(settings))) {
  state_->tidier = std::jthread([s = state_.get()](const std::stop_token& stop) { s->tidy(stop); });
}

BrowserPool::~BrowserPool() {
  state_->tidier.request_stop();
  {
    MutexLock lock(state_->mutex);
    state_->ending = true;
  }
  state_->changed.notify_all();
  state_->tidier.join();
}

Result<std::unique_ptr<BrowserLease>> BrowserPool::take(std::stop_token stop) {
  State& s = *state_;
  while (true) {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "the capture was stopped");
    bool mine = false;
    {
      MutexLock lock(s.mutex);
      if (const auto place = s.take_place()) {
        return std::make_unique<Lease>(
            [&s](std::shared_ptr<Browser> browser, std::size_t at) {
              s.give_back(std::move(browser), at);
            },
            s.current, *place);
      }
      // A full browser is waited for; one that takes no more captures is followed by another.
      const bool full = s.current && s.may_take(*s.current);
      if (!full && !s.starting) {
        s.starting = mine = true;
      } else {
        s.changed.wait_for(s.mutex, kTick, [&s]() WM_REQUIRES(s.mutex) {
          return !s.starting && (!s.current || !s.may_take(*s.current) || s.has_place());
        });
      }
    }
    if (!mine) continue;
    auto started = s.start();
    s.changed.notify_all();
    if (!started) return std::unexpected(std::move(started).error());
  }
}

pid_t BrowserPool::pid() const {
  MutexLock lock(state_->mutex);
  return state_->current ? state_->current->process->pid() : 0;
}

std::uint64_t BrowserPool::most_memory_bytes() const {
  {
    MutexLock lock(state_->mutex);
    if (state_->current) state_->note_memory(*state_->current);
  }
  return state_->most_memory;
}

}  // namespace wm::browser
