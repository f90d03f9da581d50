#include "archiver/browser/devtools_client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <vector>

#include "archiver/browser/devtools_message.h"
#include "core/base/log.h"
#include "core/base/mutex.h"

namespace wm::browser {

using nlohmann::json;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kTick{50};
constexpr std::size_t kReadBytes = 1 << 16;
constexpr std::size_t kSessionsAtMost = 10000;

struct Answer {
  Result<json> outcome;
};

struct Waiting {
  DevtoolsEvent event;
  std::size_t bytes = 0;
};

Result<json> outcome_of(json& message) {
  const json& error = object_in(message, "error");
  if (!error.empty()) {
    return fail(Error::Code::kInvalid,
                "the browser refuses: " + string_in(error, "message").substr(0, 300));
  }
  auto result = message.find("result");
  Result<json> outcome(std::in_place, json::object());
  if (result != message.end() && result->is_object()) *outcome = std::move(*result);
  return outcome;
}

}  // namespace

/// Shared by a channel and the reader thread.
struct DevtoolsChannel::State {
  const DevtoolsLimits limits;
  std::function<void(const DevtoolsEvent&)> handler;  // the channel's thread alone
  std::function<Result<>()> tick;

  Mutex mutex;
  CondVar changed;
  std::deque<Waiting> events WM_GUARDED_BY(mutex);
  std::size_t event_bytes WM_GUARDED_BY(mutex) = 0;
  std::set<std::uint64_t> expected WM_GUARDED_BY(mutex);
  std::unordered_map<std::uint64_t, Answer> answers WM_GUARDED_BY(mutex);
  std::optional<Error> broken WM_GUARDED_BY(mutex);
  bool woken WM_GUARDED_BY(mutex) = false;

  explicit State(DevtoolsLimits given) : limits(given) {}

  void put(DevtoolsEvent event, std::size_t bytes) {
    {
      MutexLock lock(mutex);
      if (broken) return;
      if (events.size() >= limits.events || event_bytes + bytes > limits.event_bytes) {
        broken = Error{Error::Code::kTooLarge, "the page makes more events than can be heard"};
        events.clear();
        event_bytes = 0;
      } else {
        events.push_back({std::move(event), bytes});
        event_bytes += bytes;
      }
    }
    changed.notify_one();
  }

  void answer(std::uint64_t number, Result<json> outcome) {
    {
      MutexLock lock(mutex);
      if (expected.erase(number) == 0) return;  // nobody waits any more
      answers.emplace(number, Answer{std::move(outcome)});
    }
    changed.notify_one();
  }

  void break_off(Error error) {
    {
      MutexLock lock(mutex);
      if (!broken) broken = std::move(error);
    }
    changed.notify_one();
  }
};

struct DevtoolsClient::State {
  using ChannelState = DevtoolsChannel::State;

  UniqueFd commands, replies;
  UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  const DevtoolsLimits limits;

  Mutex write_mutex;  // one whole message at a time; never taken with `mutex` held

  mutable Mutex mutex;
  std::uint64_t next_number WM_GUARDED_BY(mutex) = 1;
  std::unordered_map<std::uint64_t, std::weak_ptr<ChannelState>> calls WM_GUARDED_BY(mutex);
  std::unordered_map<std::string, std::weak_ptr<ChannelState>> sessions WM_GUARDED_BY(mutex);
  std::unordered_map<std::string, std::weak_ptr<ChannelState>> contexts WM_GUARDED_BY(mutex);
  std::vector<std::weak_ptr<ChannelState>> channels WM_GUARDED_BY(mutex);
  bool connected WM_GUARDED_BY(mutex) = true;

  std::jthread reader;  // last: ended first

  State(UniqueFd to, UniqueFd from, DevtoolsLimits given)
      : commands(std::move(to)), replies(std::move(from)), limits(given) {
    ::fcntl(commands.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(replies.get(), F_SETFL, O_NONBLOCK);
  }

  void read_all_day(const std::stop_token& stop);
  void take(std::string_view text, MessageFramer::Whole whole);
  void take_answer(std::uint64_t number, json message);
  void take_event(json message, std::size_t bytes);
  void learn_session(const std::string& session, const std::weak_ptr<ChannelState>& channel)
      WM_REQUIRES(mutex);
  std::vector<std::shared_ptr<ChannelState>> hearers_of(const DevtoolsEvent& event);
  Result<> write(std::string message);
  void lose(const char* why);
};

void DevtoolsClient::State::learn_session(const std::string& session,
                                          const std::weak_ptr<ChannelState>& channel) {
  if (!session.empty() && sessions.size() < kSessionsAtMost)
    sessions.insert_or_assign(session, channel);
}

void DevtoolsClient::State::lose(const char* why) {
  std::vector<std::shared_ptr<ChannelState>> all;
  {
    MutexLock lock(mutex);
    connected = false;
    for (const auto& one : channels) {
      if (auto channel = one.lock()) all.push_back(std::move(channel));
    }
  }
  for (const auto& channel : all) channel->break_off(Error{Error::Code::kIo, why});
}

void DevtoolsClient::State::read_all_day(const std::stop_token& stop) {
  MessageFramer framer(limits.message_bytes);
  std::vector<char> buffer(kReadBytes);
  while (!stop.stop_requested()) {
    pollfd wanted[] = {{.fd = replies.get(), .events = POLLIN, .revents = 0},
                       {.fd = wake.get(), .events = POLLIN, .revents = 0}};
    if (::poll(wanted, 2, 1000) < 0 && errno != EINTR) break;
    if (wanted[0].revents == 0) continue;
    const ssize_t got = ::read(replies.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) break;
    framer.feed({buffer.data(), static_cast<std::size_t>(got)},
                [this](std::string_view text, MessageFramer::Whole whole) { take(text, whole); });
  }
  lose("the browser ended");
}

void DevtoolsClient::State::take(std::string_view text, MessageFramer::Whole whole) {
  if (whole == MessageFramer::Whole::kNo) {
    const auto number = number_of_answer(text);
    log::debug("a message of the browser is larger than {} MiB", limits.message_bytes >> 20);
    if (number) {
      take_answer(*number, {{"too_large", true}});
    }
    return;
  }
  std::optional<json> message = parse_message(text);
  if (!message) {
    log::warning("the browser said what is no message: {}", text.substr(0, 100));
    return;
  }
  const auto number = message->find("id");
  if (number != message->end() && number->is_number_unsigned()) {
    const auto value = number->get<std::uint64_t>();
    take_answer(value, std::move(*message));
  } else if (message->contains("method")) {
    take_event(std::move(*message), text.size());
  }
}

void DevtoolsClient::State::take_answer(std::uint64_t number, json message) {
  std::shared_ptr<ChannelState> channel;
  {
    MutexLock lock(mutex);
    auto node = calls.extract(number);
    if (!node.empty()) channel = node.mapped().lock();
    // Target.attachToTarget: events of the session may follow at once.
    if (channel) learn_session(string_in(object_in(message, "result"), "sessionId"), channel);
  }
  if (!channel) return;
  if (message.contains("too_large")) {
    channel->answer(number, fail(Error::Code::kTooLarge, "the browser's answer is too large"));
  } else {
    channel->answer(number, outcome_of(message));
  }
}

std::vector<std::shared_ptr<DevtoolsChannel::State>> DevtoolsClient::State::hearers_of(
    const DevtoolsEvent& event) {
  std::vector<std::shared_ptr<ChannelState>> hearers;
  const auto add = [&](const std::weak_ptr<ChannelState>& one) {
    if (auto channel = one.lock()) hearers.push_back(std::move(channel));
  };
  const json& params = *event.params;
  MutexLock lock(mutex);
  if (!event.session.empty()) {
    const auto found = sessions.find(event.session);
    if (found == sessions.end()) return hearers;
    add(found->second);
    if (event.method == "Target.attachedToTarget")
      learn_session(string_in(params, "sessionId"), found->second);
    if (event.method == "Target.detachedFromTarget") sessions.erase(string_in(params, "sessionId"));
    return hearers;
  }
  const std::string context = string_in(object_in(params, "targetInfo"), "browserContextId");
  if (const auto found = contexts.find(context); found != contexts.end()) {
    if (event.method == "Target.attachedToTarget")
      learn_session(string_in(params, "sessionId"), found->second);
    add(found->second);
  } else if (context.empty()) {
    // targetCrashed, targetDestroyed: only the number of the target tells whose it is.
    for (const auto& one : channels) add(one);
  }
  return hearers;
}

void DevtoolsClient::State::take_event(json message, std::size_t bytes) {
  auto params = message.find("params");
  DevtoolsEvent event{
      .session = string_in(message, "sessionId"),
      .method = string_in(message, "method"),
      .params = std::make_shared<const json>(
          params != message.end() && params->is_object() ? std::move(*params) : json::object())};
  for (const auto& channel : hearers_of(event)) channel->put(event, bytes);
}

Result<> DevtoolsClient::State::write(std::string message) {
  message.push_back('\0');
  const auto until = Clock::now() + limits.write_timeout;
  std::string_view left = message;
  MutexLock lock(write_mutex);
  while (!left.empty()) {
    const ssize_t written = ::write(commands.get(), left.data(), left.size());
    if (written > 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno != EAGAIN)
      return fail(Error::Code::kIo, std::string("the browser ended: ") + std::strerror(errno));
    if (Clock::now() >= until) {
      // Half a message is in the pipe: nothing can follow it.
      if (left.size() < message.size()) lose("the browser does not read its commands");
      return fail(Error::Code::kTimeout, "the browser does not read its commands");
    }
    pollfd wanted{.fd = commands.get(), .events = POLLOUT, .revents = 0};
    ::poll(&wanted, 1, static_cast<int>(kTick.count()));
  }
  return {};
}

std::unique_ptr<DevtoolsClient> DevtoolsClient::over(UniqueFd commands, UniqueFd replies,
                                                     DevtoolsLimits limits) {
  auto state = std::make_unique<State>(std::move(commands), std::move(replies), limits);
  state->reader =
      std::jthread([s = state.get()](const std::stop_token& stop) { s->read_all_day(stop); });
  return std::unique_ptr<DevtoolsClient>(new DevtoolsClient(std::move(state)));
}

DevtoolsClient::DevtoolsClient(std::unique_ptr<State> state) : state_(std::move(state)) {}

DevtoolsClient::~DevtoolsClient() {
  state_->reader.request_stop();
  const std::uint64_t one = 1;
  static_cast<void>(!::write(state_->wake.get(), &one, sizeof one));
}

std::unique_ptr<DevtoolsChannel> DevtoolsClient::open_channel() {
  auto channel = std::make_shared<DevtoolsChannel::State>(state_->limits);
  MutexLock lock(state_->mutex);
  std::erase_if(state_->channels, [](const auto& one) { return one.expired(); });
  std::erase_if(state_->sessions, [](const auto& one) { return one.second.expired(); });
  std::erase_if(state_->contexts, [](const auto& one) { return one.second.expired(); });
  state_->channels.push_back(channel);
  if (!state_->connected) channel->break_off(Error{Error::Code::kIo, "the browser ended"});
  return std::unique_ptr<DevtoolsChannel>(new DevtoolsChannel(*this, std::move(channel)));
}

bool DevtoolsClient::connected() const {
  MutexLock lock(state_->mutex);
  return state_->connected;
}

DevtoolsChannel::DevtoolsChannel(DevtoolsClient& client, std::shared_ptr<State> state)
    : client_(client), state_(std::move(state)) {}
DevtoolsChannel::~DevtoolsChannel() = default;

void DevtoolsChannel::on_event(std::function<void(const DevtoolsEvent&)> handler) {
  state_->handler = std::move(handler);
}
void DevtoolsChannel::on_tick(std::function<Result<>()> tick) {
  state_->tick = std::move(tick);
}

void DevtoolsChannel::hear_context(const std::string& browser_context) {
  MutexLock lock(client_.state_->mutex);
  client_.state_->contexts.insert_or_assign(browser_context, state_);
}

void DevtoolsChannel::wake() noexcept {
  {
    MutexLock lock(state_->mutex);
    state_->woken = true;
  }
  state_->changed.notify_one();
}

Result<> DevtoolsChannel::post(std::string_view session, std::string_view method, json params) {
  std::uint64_t number = 0;
  {
    MutexLock lock(client_.state_->mutex);
    number = client_.state_->next_number++;
  }
  json message{{"id", number}, {"method", method}, {"params", std::move(params)}};
  if (!session.empty()) message["sessionId"] = session;
  return client_.state_->write(message.dump(-1, ' ', false, json::error_handler_t::replace));
}

Result<json> DevtoolsChannel::call(std::string_view session, std::string_view method, json params,
                                   Milliseconds timeout) {
  std::uint64_t number = 0;
  {
    MutexLock lock(client_.state_->mutex);
    number = client_.state_->next_number++;
    client_.state_->calls.emplace(number, state_);
  }
  {
    MutexLock lock(state_->mutex);
    state_->expected.insert(number);
  }
  json message{{"id", number}, {"method", method}, {"params", std::move(params)}};
  if (!session.empty()) message["sessionId"] = session;
  Result<bool> answered = false;
  const auto written =
      client_.state_->write(message.dump(-1, ' ', false, json::error_handler_t::replace));
  if (written) {
    answered = take(Clock::now() + timeout, [this, number]() WM_REQUIRES(state_->mutex) {
      return state_->answers.contains(number);
    });
  } else {
    answered = std::unexpected(written.error());
  }
  {
    MutexLock lock(client_.state_->mutex);
    client_.state_->calls.erase(number);
  }
  MutexLock lock(state_->mutex);
  state_->expected.erase(number);
  auto node = state_->answers.extract(number);
  if (!node.empty()) return std::move(node.mapped().outcome);
  if (!answered) return std::unexpected(std::move(answered).error());
  return fail(Error::Code::kTimeout, "the browser does not answer to " + std::string(method));
}

Result<> DevtoolsChannel::pump(Milliseconds time) {
  const bool woken = WM_TRY(
      take(Clock::now() + time, [this]() WM_REQUIRES(state_->mutex) { return state_->woken; }));
  if (woken) {
    MutexLock lock(state_->mutex);
    state_->woken = false;
  }
  return {};
}

Result<bool> DevtoolsChannel::take(Clock::time_point until, const std::function<bool()>& done) {
  auto ticked = Clock::time_point();
  while (true) {
    if (state_->tick && Clock::now() - ticked >= kTick) {
      ticked = Clock::now();
      WM_TRY(state_->tick());
    }
    std::optional<Waiting> next;
    {
      MutexLock lock(state_->mutex);
      const auto left =
          std::clamp(std::chrono::ceil<milliseconds>(until - Clock::now()), milliseconds(0), kTick);
      state_->changed.wait_for(state_->mutex, left, [&]() WM_REQUIRES(state_->mutex) {
        return !state_->events.empty() || state_->broken || done();
      });
      if (!state_->events.empty()) {
        next = std::move(state_->events.front());
        state_->events.pop_front();
        state_->event_bytes -= next->bytes;
      } else if (done()) {
        return true;
      } else if (state_->broken) {
        return std::unexpected(*state_->broken);
      }
    }
    if (next && state_->handler) state_->handler(next->event);
    if (!next && Clock::now() >= until) return false;
    // An endless stream of events must not outlast the time.
    if (next && Clock::now() >= until + std::chrono::seconds(1)) return false;
  }
}

}  // namespace wm::browser
