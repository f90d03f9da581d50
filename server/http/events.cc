#include "server/http/events.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/mutex.h"
#include "core/base/random.h"
#include "server/http/status.h"

namespace wm::server {

namespace {

using Wake = std::shared_ptr<const std::function<void()>>;

/// One event as sent, shared by all queues it waits in.
struct Event {
  std::string id;
  std::string text;
};
using EventPtr = std::shared_ptr<const Event>;

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  const std::size_t start = out.size();
  out += value;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  out += '\n';
}

EventPtr make_event(std::string_view name, std::string_view data, std::string_view id) {
  auto event = std::make_shared<Event>();
  event->id = id;
  append_field(event->text, "id", id);
  append_field(event->text, "event", name);
  for (const std::string_view line : split(data, '\n')) append_field(event->text, "data", line);
  event->text += '\n';
  return event;
}

}  // namespace

struct EventChannel::State {
  /// What waits for one subscriber.
  struct Queue {
    std::deque<EventPtr> events;
    std::size_t bytes = 0;
    bool ended = false;
    Wake wake;
  };

  explicit State(Limits wanted) : limits(wanted), epoch(hex_encode(random_bytes(4))) {}

  const Limits limits;
  const std::string epoch;
  mutable Mutex mutex;
  std::uint64_t count WM_GUARDED_BY(mutex) = 0;
  bool closed WM_GUARDED_BY(mutex) = false;
  std::deque<EventPtr> past WM_GUARDED_BY(mutex);
  std::size_t past_bytes WM_GUARDED_BY(mutex) = 0;
  std::vector<std::shared_ptr<Queue>> queues WM_GUARDED_BY(mutex);

  void remember(const EventPtr& event) WM_REQUIRES(mutex) {
    past.push_back(event);
    past_bytes += event->text.size();
    while (past.size() > limits.replay || past_bytes > limits.replay_bytes) {
      past_bytes -= past.front()->text.size();
      past.pop_front();
    }
  }

  void enqueue(Queue& queue, const EventPtr& event) WM_REQUIRES(mutex) {
    if (queue.ended) return;
    if (queue.bytes + event->text.size() > limits.queue_bytes) {
      queue.ended = true;  // it does not read: what it misses is in `past` when it comes back
      queue.events.clear();
      queue.bytes = 0;
      return;
    }
    queue.events.push_back(event);
    queue.bytes += event->text.size();
  }

  /// Fills a new queue with what came after `last_id`.
  void replay(Queue& queue, std::string_view last_id) WM_REQUIRES(mutex) {
    const auto last = std::find_if(past.rbegin(), past.rend(),
                                   [&](const EventPtr& event) { return event->id == last_id; });
    if (last == past.rend()) {
      const std::string_view newest =
          past.empty() ? std::string_view() : std::string_view(past.back()->id);
      enqueue(queue, make_event("reset", "{}", newest));
      return;
    }
    for (auto event = last.base(); event != past.end(); ++event) enqueue(queue, *event);
  }
};

class EventChannel::Subscription final : public AsyncStream {
 public:
  Subscription(std::shared_ptr<EventChannel::State> state,
               std::shared_ptr<EventChannel::State::Queue> queue)
      : state_(std::move(state)), queue_(std::move(queue)) {}

  ~Subscription() override {
    MutexLock lock(state_->mutex);
    std::erase(state_->queues, queue_);
  }

  void start(std::function<void()> wake) override {
    auto shared = std::make_shared<const std::function<void()>>(std::move(wake));
    MutexLock lock(state_->mutex);
    queue_->wake = std::move(shared);
  }

  State take(std::string& out, std::size_t limit_bytes) override {
    if (std::exchange(fresh_, false)) out += "retry: 2000\n\n";
    MutexLock lock(state_->mutex);
    const std::size_t before = out.size();
    while (!queue_->events.empty() && out.size() - before < limit_bytes) {
      out += queue_->events.front()->text;
      queue_->bytes -= queue_->events.front()->text.size();
      queue_->events.pop_front();
    }
    return queue_->ended && queue_->events.empty() ? State::kEnd : State::kWaiting;
  }

  std::string heartbeat() override { return ":\n\n"; }

 private:
  const std::shared_ptr<EventChannel::State> state_;
  const std::shared_ptr<EventChannel::State::Queue> queue_;  // its members are under state_->mutex
  bool fresh_ = true;
};

EventChannel::EventChannel(Limits limits) : state_(std::make_shared<State>(limits)) {}

void EventChannel::publish(std::string_view event, std::string_view data, std::string_view id) {
  std::vector<Wake> wakes;
  {
    MutexLock lock(state_->mutex);
    if (state_->closed) return;
    const std::string own_id =
        id.empty() ? state_->epoch + "-" + std::to_string(++state_->count) : std::string(id);
    const EventPtr made = make_event(event, data, own_id);
    state_->remember(made);
    for (const auto& queue : state_->queues) {
      state_->enqueue(*queue, made);
      if (queue->wake) wakes.push_back(queue->wake);
    }
  }
  for (const Wake& wake : wakes) (*wake)();
}

Response EventChannel::subscribe(const Request& request) {
  std::string last_id(request.header("Last-Event-ID").value_or(""));
  if (last_id.empty()) last_id = request.parameter("last_event_id").value_or("");
  auto queue = std::make_shared<State::Queue>();
  {
    MutexLock lock(state_->mutex);
    if (state_->closed || state_->queues.size() >= state_->limits.subscribers) {
      return error_response(Error{Error::Code::kBusy, {}}, "Too many pages listen for events.");
    }
    if (!last_id.empty()) state_->replay(*queue, last_id);
    state_->queues.push_back(queue);
  }
  Response response{.headers = {{"Content-Type", "text/event-stream"},
                                {"Cache-Control", "no-store"},
                                {"X-Accel-Buffering", "no"}}};
  response.events = std::make_unique<Subscription>(state_, std::move(queue));
  return response;
}

void EventChannel::close() {
  std::vector<Wake> wakes;
  {
    MutexLock lock(state_->mutex);
    state_->closed = true;
    for (const auto& queue : state_->queues) {
      queue->ended = true;
      if (queue->wake) wakes.push_back(queue->wake);
    }
  }
  for (const Wake& wake : wakes) (*wake)();
}

std::size_t EventChannel::subscribers() const {
  MutexLock lock(state_->mutex);
  return state_->queues.size();
}

}  // namespace wm::server
