#include "archiver/browser/chromium_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <future>
#include <optional>
#include <thread>

#include "archiver/browser/chromium_flags.h"
#include "archiver/browser/launch_internal.h"
#include "archiver/browser/process_group_internal.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/mutex.h"

namespace wm::browser {
namespace {

constexpr std::chrono::milliseconds kWatch{250};
constexpr std::chrono::milliseconds kEndPatience{5000};
constexpr std::size_t kWordsKept = 4096;
constexpr int kReadsAtEnd = 64;

Result<std::uint16_t> port_of(int fd) {
  sockaddr generic{};
  socklen_t size = sizeof generic;
  sockaddr_in address{};
  if (::getsockname(fd, &generic, &size) != 0)
    return fail(Error::Code::kIo, std::string("the port of a listener: ") + std::strerror(errno));
  std::memcpy(&address, &generic, sizeof address);
  return ntohs(address.sin_port);
}

}  // namespace

struct ChromiumProcess::State {
  State(const ProcessSettings& given, TempDir own) : settings(given), folder(std::move(own)) {}

  const ProcessSettings settings;
  TempDir folder;  // removed after the processes are gone
  Launched launched;
  bool isolated = false;
  std::vector<std::uint16_t> ports;
  UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::atomic<bool> running{false};
  std::atomic<bool> ended_for_memory{false};
  std::atomic<std::uint64_t> most_memory{0};
  mutable Mutex mutex;
  std::string words WM_GUARDED_BY(mutex);
  std::jthread keeper;  // last: ended first

  Result<> launch_here(const Options& options);
  Result<> launch_with(LaunchOrder& order);
  void watch(const std::stop_token& stop);
  bool hear();
  void weigh();
  void end();
};

Result<> ChromiumProcess::State::launch_with(LaunchOrder& order) {
  std::vector<UniqueFd> ours;
  if (!order.own_network) {
    for (std::size_t i = 0; i < order.listeners; ++i) ours.push_back(WM_TRY(listen_on_loopback()));
  }
  launched = WM_TRY(launch(order));
  isolated = order.own_network;
  // Without a namespace the listeners made inside are like ours; one set is enough, and those of
  // the child are closed with it.
  if (!order.own_network) launched.listeners = std::move(ours);
  for (const UniqueFd& listener : launched.listeners)
    ports.push_back(WM_TRY(port_of(listener.get())));
  return {};
}

Result<> ChromiumProcess::State::launch_here(const Options& options) {
  const auto program = WM_TRY(find_browser(settings.path));
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  LaunchOrder order{.words = command_line(program, folder.path(),
                                          {.sandbox = settings.sandbox,
                                           .ca_spki_sha256 = options.ca_spki_sha256,
                                           .user_agent = options.user_agent,
                                           .width = options.width,
                                           .height = options.height}),
                    .environment = clean_environment(folder.path()),
                    .folder = folder.path(),
                    .user = settings.user,
                    .own_network = settings.isolation != Isolation::kOff,
                    .listeners = std::max<std::size_t>(1, settings.contexts)};
  auto started = launch_with(order);
  if (!started && started.error().code == Error::Code::kUnsupported &&
      settings.isolation == Isolation::kAuto) {
    log::warning(
        "the browser runs without a network namespace of its own, held by its flags alone: {}",
        started.error().what);
    order.own_network = false;
    started = launch_with(order);
  }
  if (!started && launched.pid > 0) end();
  return started;
}

bool ChromiumProcess::State::hear() {
  std::array<char, 4096> buffer{};
  const ssize_t got = ::read(launched.errors.get(), buffer.data(), buffer.size());
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) launched.errors.reset();
  if (got <= 0) return false;
  MutexLock lock(mutex);
  words.append(buffer.data(), static_cast<std::size_t>(got));
  if (words.size() > kWordsKept) words.erase(0, words.size() - kWordsKept);
  return true;
}

void ChromiumProcess::State::weigh() {
  const auto members = members_of(launched.pid);
  std::uint64_t sum = 0;
  for (const GroupMember& member : members) sum += member.memory_bytes;
  most_memory = std::max(most_memory.load(), sum);
  if (sum <= settings.memory_bytes || members.empty()) return;
  const auto largest = std::ranges::max_element(members, {}, &GroupMember::memory_bytes);
  ended_for_memory = true;
  const bool page = is_renderer(largest->pid);
  log::warning("the browser holds {} MiB, more than browser.memory_bytes: its largest {} is ended",
               sum >> 20, page ? "page" : "process, and so the browser,");
  ::kill(page ? largest->pid : launched.pid, SIGKILL);
}

void ChromiumProcess::State::watch(const std::stop_token& stop) {
  ::fcntl(launched.errors.get(), F_SETFL, O_NONBLOCK);
  auto weighed = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    pollfd wanted[] = {{.fd = launched.pidfd.get(), .events = POLLIN, .revents = 0},
                       {.fd = wake.get(), .events = POLLIN, .revents = 0},
                       {.fd = launched.errors.get(), .events = POLLIN, .revents = 0}};
    ::poll(wanted, 3, static_cast<int>(kWatch.count()));
    if (wanted[2].revents != 0) hear();
    if (wanted[0].revents != 0) break;
    const auto now = std::chrono::steady_clock::now();
    if (now - weighed < kWatch) continue;
    weighed = now;
    weigh();
  }
  end();
}

void ChromiumProcess::State::end() {
  for (int i = 0; i < kReadsAtEnd && launched.errors && hear(); ++i) {
  }
  running = false;
  if (!end_group(launched.pid, kEndPatience))
    log::error("processes of the browser {} are still there after {} ms", launched.pid,
               kEndPatience.count());
}

Result<std::unique_ptr<ChromiumProcess>> ChromiumProcess::start(const ProcessSettings& settings,
                                                                const Options& options) {
  auto state = std::make_unique<State>(settings, WM_TRY(TempDir::create("waymark-browser-")));
  std::promise<Result<>> started;
  auto outcome = started.get_future();
  // The child dies with the thread that made it (PR_SET_PDEATHSIG), so that thread stays.
  state->keeper = std::jthread([&started, &options, &s = *state](const std::stop_token& stop) {
    Result<> result = s.launch_here(options);
    const bool good = result.has_value();
    s.running = good;
    started.set_value(std::move(result));
    if (good) s.watch(stop);
  });
  WM_TRY(outcome.get());
  return std::unique_ptr<ChromiumProcess>(new ChromiumProcess(std::move(state)));
}

ChromiumProcess::ChromiumProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}

ChromiumProcess::~ChromiumProcess() {
  state_->keeper.request_stop();
  const std::uint64_t one = 1;
  static_cast<void>(!::write(state_->wake.get(), &one, sizeof one));
  state_->keeper.join();
}

UniqueFd ChromiumProcess::take_commands() {
  return std::move(state_->launched.commands);
}
UniqueFd ChromiumProcess::take_replies() {
  return std::move(state_->launched.replies);
}
const std::vector<UniqueFd>& ChromiumProcess::listeners() const {
  return state_->launched.listeners;
}
std::uint16_t ChromiumProcess::port(std::size_t listener) const {
  return state_->ports.at(listener);
}
pid_t ChromiumProcess::pid() const {
  return state_->launched.pid;
}
bool ChromiumProcess::isolated() const {
  return state_->isolated;
}
bool ChromiumProcess::running() const {
  return state_->running;
}
bool ChromiumProcess::ended_for_memory() const {
  return state_->ended_for_memory;
}
std::uint64_t ChromiumProcess::most_memory_bytes() const {
  return state_->most_memory;
}

std::string ChromiumProcess::last_words() const {
  MutexLock lock(state_->mutex);
  return state_->words;
}

}  // namespace wm::browser
