#include "archiver/proxy/broker_internal.h"

#include <algorithm>

#include "archiver/proxy/header_rules_internal.h"
#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/url/url.h"

namespace wm::proxy {
namespace {

constexpr std::chrono::seconds kSilence{5};  // after which a request no longer counts as active
constexpr std::size_t kOwnAtOnce = 8;        // exchanges of kEngine and kRangeCopy

bool is_plain_get(const Asked& asked) {
  return asked.method == "GET" && !asked.headers.has("Range");
}

}  // namespace

struct Broker::Pending {
  std::uint64_t serial;
  Asked asked;
  Facts facts;
  std::shared_ptr<Answer> answer;  ///< the browser's, or one that nobody takes
  std::string host;
  fetch::Request::Fill fill = fetch::Request::Fill::kNothing;
  Clock::time_point began = Clock::now();
  Clock::time_point moved = began;
  std::uint64_t transfer = 0;  ///< the Fetcher's number; 0 before and after
  bool holds_slot = false;
  std::optional<Clock::time_point> end_at;  ///< of an event stream
  bool ended = false;                       ///< by us
  bool in_ranges = false;                   ///< a 206 to a Range: not for the archive
  bool wants_copy = false;                  ///< and it starts at 0
  std::shared_ptr<const fetch::Spool> body;
  std::optional<Result<fetch::Exchange>> outcome;

  bool is_browsers() const { return facts.asker == Asker::kBrowser; }
  bool abandoned() const { return answer->left; }
};

Broker::Broker(const Settings& settings, ExchangeSink& sink)
    : settings_(settings),
      sink_(sink),
      politeness_(std::max<std::size_t>(1, settings.fetch.parallel),
                  std::max<std::size_t>(1, settings.fetch.parallel_per_host)) {}

Broker::~Broker() = default;

Result<std::unique_ptr<Broker>> Broker::create(const Settings& settings,
                                               std::shared_ptr<const fetch::TrustStore> trust,
                                               ExchangeSink& sink) {
  std::unique_ptr<Broker> broker(new Broker(settings, sink));
  fetch::Settings fetch = settings.fetch;
  fetch.cookies = false;
  // Politeness decides how many requests go to whom; what has no end, or has fallen silent, comes
  // on top.
  const std::size_t endless = settings.limits.event_streams + settings.limits.websockets;
  fetch.parallel = 2 * fetch.parallel + endless;
  fetch.parallel_per_host = 2 * fetch.parallel_per_host + endless;
  broker->fetcher_ = WM_TRY(fetch::Fetcher::create(fetch, std::move(trust), broker.get()));
  return broker;
}

std::optional<Error> Broker::objection(const std::string& url) const {
  using enum Error::Code;
  if (!asking_) return Error{kDenied, "the capture has ended"};
  if (asked_ > settings_.limits.requests)
    return Error{kTooLarge, "more requests than capture.browser_requests"};
  if (settings_.refuse) {
    if (auto reason = settings_.refuse(url)) return Error{kDenied, std::move(*reason)};
  }
  if (auto allowed = fetch::may_be_fetched(url, settings_.fetch); !allowed)
    return std::move(allowed).error();
  return std::nullopt;
}

Result<> Broker::may_tunnel(const std::string& origin) {
  auto against = objection(origin + "/");
  if (!against) return {};
  sink_.on_missed(origin + "/", against->what);
  return std::unexpected(std::move(*against));
}

bool Broker::admit_upload(std::size_t bytes) {
  if (uploaded_ + bytes > settings_.limits.uploads_bytes) return false;
  uploaded_ += bytes;
  return true;
}

void Broker::missed(const std::string& url, const std::string& reason) {
  sink_.on_missed(url, reason);
}

void Broker::refuse_with(Answer& answer, const Error& error) const {
  // The page may read this: no addresses, no words of the network's.
  switch (error.code) {
    case Error::Code::kDenied:
    case Error::Code::kInvalid:
      return refuse(answer, 403, "this address may not be fetched");
    case Error::Code::kTimeout:
      return refuse(answer, 504, "the server did not answer in time");
    case Error::Code::kTooLarge:
      return refuse(answer, 503, "a limit of the capture is reached");
    case Error::Code::kNotFound:
      return refuse(answer, 502, "there is no such host");
    default:
      return refuse(answer, 502,
                    "the server could not be reached, or its certificate does not hold");
  }
}

std::shared_ptr<Answer> Broker::ask(Asked asked) {
  ++asked_;
  if (const auto against = objection(asked.url)) {
    sink_.on_missed(asked.url, against->what);
    auto answer = std::make_shared<Answer>();
    refuse_with(*answer, *against);
    return answer;
  }
  // The only answer after which an EventSource does not come again.
  if (ended_streams_.contains(asked.url) && asked.headers.has_token("Accept", "text/event-stream"))
    return refusal(204, "");
  if (is_plain_get(asked)) whole_.insert(asked.url);
  Pending& pending = add(std::move(asked), Asker::kBrowser);
  pending.facts.prefetch = is_prefetch(pending.asked.headers);
  last_activity_ = pending.began;
  return pending.answer;
}

Broker::Pending& Broker::add(Asked asked, Asker asker) {
  auto pending = std::make_unique<Pending>();
  pending->serial = ++last_serial_;
  pending->asked = std::move(asked);
  pending->facts.asker = asker;
  pending->answer = std::make_shared<Answer>();
  pending->host = crawl::host_of(pending->asked.url);
  waiting_.push_back(pending->serial);
  return *pending_.emplace(pending->serial, std::move(pending)).first->second;
}

void Broker::also_fetch(fetch::Request request, std::string resource_type) {
  const auto url = url::Url::parse(request.url);
  if (!url) return missed(request.url, url.error().what);
  Asked asked{.method = request.method,
              .url = url->href_without_fragment(),
              .headers = std::move(request.headers),
              .body = std::move(request.body)};
  if (is_plain_get(asked) && !whole_.insert(asked.url).second) return;
  if (settings_.refuse) {
    if (const auto reason = settings_.refuse(asked.url)) return missed(asked.url, *reason);
  }
  Pending& pending = add(std::move(asked), Asker::kEngine);
  pending.fill = request.fill;
  pending.facts.resource_type = std::move(resource_type);
}

void Broker::start_waiting(Clock::time_point now) {
  std::size_t own = static_cast<std::size_t>(std::ranges::count_if(
      transfers_, [](const auto& one) { return !one.second->is_browsers(); }));
  std::erase_if(waiting_, [&](std::uint64_t serial) {
    Pending& pending = *pending_.at(serial);
    if (!politeness_.may_start(pending.host, now)) return false;
    if (!pending.is_browsers() && ++own > kOwnAtOnce) return false;
    start(pending);
    return true;
  });
}

void Broker::start(Pending& pending) {
  fetch::Request request{.url = pending.asked.url,
                         .method = pending.asked.method,
                         .headers = pending.asked.headers,
                         .body = pending.asked.body,
                         .fill = pending.fill};
  if (pending.facts.asker != Asker::kEngine)
    request.headers = fields_for_origin(pending.asked.headers);
  const auto id = fetcher_->start(std::move(request));
  if (!id) {
    pending.outcome = std::unexpected(id.error());
    return settle(pending);
  }
  pending.transfer = *id;
  pending.holds_slot = true;
  pending.moved = Clock::now();
  politeness_.started(pending.host);
  transfers_.emplace(*id, &pending);
}

Broker::Pending* Broker::by_transfer(std::uint64_t id) {
  const auto found = transfers_.find(id);
  return found == transfers_.end() ? nullptr : found->second;
}

void Broker::on_interim(std::uint64_t id, const http::ResponseHead& head) {
  Pending* pending = by_transfer(id);
  if (pending == nullptr || head.status != 103)
    return;  // the others are between curl and the server
  http::ResponseHead hint = head;
  hint.headers = fields_for_browser(head.headers);
  pending->answer->interims.push_back(std::move(hint));
  pending->answer->changed();
}

void Broker::on_head(std::uint64_t id, const http::ResponseHead& head,
                     const std::shared_ptr<const fetch::Spool>& body) {
  Pending* pending = by_transfer(id);
  if (pending == nullptr) return;
  pending->moved = last_activity_ = Clock::now();
  pending->body = body;
  const http::Headers& asked = pending->asked.headers;
  if (pending->facts.resource_type.empty())
    pending->facts.resource_type = resource_type_of(asked, head.headers);
  pending->in_ranges = head.status == 206 && asked.has("Range");
  pending->wants_copy = pending->in_ranges && range_start(head.headers) == 0;
  if (is_event_stream(head.headers) && head.status == 200) {
    const auto open = std::ranges::count_if(
        transfers_, [](const auto& one) { return one.second->end_at.has_value(); });
    const bool one_more = static_cast<std::size_t>(open) < settings_.limits.event_streams;
    pending->end_at =
        pending->moved + (one_more ? settings_.limits.event_stream : std::chrono::seconds(0));
  }
  Answer& answer = *pending->answer;
  const int status = head.status > 999 ? 502 : head.status;  // what no browser would take
  answer.head = http::ResponseHead{
      .status = status, .reason = head.reason, .headers = fields_for_browser(head.headers)};
  answer.bodiless = has_no_body(pending->asked.method, status);
  if (!answer.bodiless || pending->asked.method == "HEAD") answer.length = announced_length(head);
  answer.body = body;
  answer.changed();
}

void Broker::on_body(std::uint64_t id) {
  Pending* pending = by_transfer(id);
  if (pending == nullptr) return;
  pending->moved = Clock::now();
  if (!pending->end_at && !pending->abandoned()) last_activity_ = pending->moved;
  pending->answer->changed();
}

void Broker::on_connected(std::uint64_t id, Result<> outcome) {
  connected_.emplace_back(id, std::move(outcome));
}

void Broker::free_slot(Pending& pending) {
  if (!std::exchange(pending.holds_slot, false)) return;
  politeness_.finished(pending.host);
}

void Broker::run(std::chrono::milliseconds wait, int also) {
  start_waiting(Clock::now());
  for (auto& finished : fetcher_->run(wait, also)) take(std::move(finished));
  for (auto& [id, outcome] : std::exchange(connected_, {})) {
    if (!outcome) log::debug("no WebSocket: {}", outcome.error().what);
    const auto relay = relays_.find(id);
    if (relay == relays_.end()) continue;
    if (!outcome) sink_.on_missed(relay->second->seen().url, outcome.error().what);
    relay->second->connected(outcome);
  }
  tick(Clock::now());
}

void Broker::take(fetch::Fetcher::Finished finished) {
  const auto node = transfers_.extract(finished.id);
  if (node.empty()) return;
  Pending& pending = *node.mapped();
  free_slot(pending);
  pending.transfer = 0;
  pending.moved = Clock::now();
  pending.outcome = std::move(finished.outcome);
  settle(pending);
}

/// Tells the browser's side how it ended.
void Broker::settle(Pending& pending) {
  const Result<fetch::Exchange>& outcome = *pending.outcome;
  Answer& answer = *pending.answer;
  if (!outcome) {
    sink_.on_missed(pending.asked.url, outcome.error().what);
    refuse_with(answer, outcome.error());
  } else {
    if (std::ranges::find(outcome->protocols, "h2") != outcome->protocols.end())
      politeness_.allow_more(pending.host);
    const bool whole =
        outcome->truncated == fetch::Truncated::kNo || (pending.end_at && pending.ended);
    answer.state = whole ? Answer::Body::kWhole : Answer::Body::kCut;
  }
  if (!pending.abandoned() && !pending.end_at) last_activity_ = pending.moved;
  answer.changed();
}

/// Ends what has gone on for too long.
void Broker::limit(Pending& pending, Clock::time_point now) {
  if (pending.transfer == 0 || pending.ended) return;
  const auto end = [&](fetch::Truncated why) {
    pending.ended = true;
    fetcher_->end(pending.transfer, why);
  };
  if (pending.end_at) {
    free_slot(pending);
    if (now < *pending.end_at && !pending.abandoned()) return;
    if (now >= *pending.end_at) ended_streams_.insert(pending.asked.url);
    return end(fetch::Truncated::kTime);
  }
  if (now - pending.moved > kSilence) free_slot(pending);
  if (!pending.abandoned() || !pending.is_browsers()) return;
  // The whole of it is being fetched anyway.
  if (pending.in_ranges) return end(fetch::Truncated::kDisconnect);
  if (pending.body && pending.body->size() > settings_.limits.abandoned_bytes)
    end(fetch::Truncated::kLength);
}

void Broker::copy_whole(const Pending& pending) {
  const std::string& url = pending.asked.url;
  if (whole_.contains(url)) return;
  if (++copies_ > settings_.limits.range_copies)
    return missed(url, "it came in ranges, and the limit of whole copies is reached");
  whole_.insert(url);
  Asked asked{.method = "GET", .url = url, .headers = pending.asked.headers, .body = nullptr};
  asked.headers.remove("Range");
  asked.headers.remove("If-Range");
  const std::string type = pending.facts.resource_type;
  add(std::move(asked), Asker::kRangeCopy).facts.resource_type = type;
}

void Broker::tick(Clock::time_point now) {
  for (auto& [id, relay] : relays_) relay->tick(now);
  std::vector<std::uint64_t> done;
  std::vector<const Pending*> to_copy;
  for (auto& [serial, pending] : pending_) {
    if (std::exchange(pending->wants_copy, false)) to_copy.push_back(pending.get());
    limit(*pending, now);
    const bool nobody_waits = !pending->is_browsers() || pending->abandoned();
    if (pending->outcome && (nobody_waits || pending->answer->finished())) done.push_back(serial);
  }
  for (const Pending* pending : to_copy) copy_whole(*pending);
  for (const std::uint64_t serial : done) {
    const auto node = pending_.extract(serial);
    report(*node.mapped());
  }
}

void Broker::report(Pending& pending) {
  if (!*pending.outcome || pending.in_ranges) return;
  fetch::Exchange& exchange = **pending.outcome;
  const Answer& answer = *pending.answer;
  const std::uint64_t size = exchange.body->size();
  if (!pending.is_browsers())
    pending.facts.seen = Seen::kNothing;
  else if (answer.bodiless || answer.taken >= size)
    pending.facts.seen = Seen::kAll;
  else
    pending.facts.seen = answer.taken == 0 ? Seen::kNothing : Seen::kPart;
  if (exchange.truncated != fetch::Truncated::kNo && !pending.end_at)
    sink_.on_missed(exchange.url, "cut off: " + std::string(fetch::name_of(exchange.truncated)));
  sink_.on_exchange(std::move(exchange), pending.facts);
}

void Broker::expire() {
  for (const std::uint64_t serial : std::exchange(waiting_, {})) {
    Pending& pending = *pending_.at(serial);
    pending.outcome = fail(Error::Code::kTimeout, "the capture ended before it was asked for");
    settle(pending);
  }
  for (auto& finished : fetcher_->expire()) take(std::move(finished));
  for (auto& [serial, pending] : std::exchange(pending_, {})) report(*pending);
}

Activity Broker::activity() const {
  const auto now = Clock::now();
  Activity activity;
  activity.last = last_activity_;
  activity.total = asked_;
  activity.received_bytes = fetcher_->received_bytes();
  activity.endless = relays_.size();
  for (const auto& [serial, pending] : pending_) {
    if (pending->outcome) continue;
    if (pending->end_at)
      ++activity.endless;
    else if (pending->abandoned() || pending->facts.asker == Asker::kRangeCopy)
      ++activity.abandoned;
    else if (pending->transfer != 0 && now - pending->moved > kSilence)
      ++activity.waiting;
    else
      ++activity.active;
  }
  return activity;
}

}  // namespace wm::proxy
