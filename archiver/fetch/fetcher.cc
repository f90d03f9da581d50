#include "archiver/fetch/fetcher.h"

#include <signal.h>

#include <algorithm>
#include <unordered_map>

#include "archiver/fetch/address_filter.h"
#include "archiver/fetch/transfer.h"

namespace wm::fetch {

namespace {

Result<> check(const url::Url& url, const Settings& settings) {
  using enum Error::Code;
  if (!url.is_http())
    return fail(kDenied, "only http and https are fetched, not " + url.scheme() + ":");
  if (is_bad_port(url.effective_port())) {
    return fail(kDenied, "port " + std::to_string(url.effective_port()) +
                             " is not a web server's: " + url.href());
  }
  if (!settings.allow_private && !may_be_public_host(url.host())) {
    return fail(kDenied, std::string(url.host()) +
                             " is not a public host; fetch.allow_private would allow it");
  }
  return {};
}

}  // namespace

struct Fetcher::State {
  // Order of destruction: transfers, then the loop, then what they share.
  Common common;
  CurlMulti multi;
  std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> transfers;
  std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> connections;  ///< that are made
  std::vector<Finished> ended;  ///< by end(), to be given by run()
  std::vector<CurlEasy> idle;   ///< easy handles to use again
  std::uint64_t last_id = 0;

  ~State() {
    for (auto& [id, transfer] : transfers) curl_multi_remove_handle(multi.get(), transfer->easy());
    for (auto& [id, transfer] : connections)
      curl_multi_remove_handle(multi.get(), transfer->easy());
  }

  Result<Exchange> end(Transfer& transfer, CURLcode code) {
    auto outcome = transfer.finish(code);
    curl_multi_remove_handle(multi.get(), transfer.easy());
    idle.push_back(transfer.take_easy());
    return outcome;
  }

  std::vector<Finished> collect() {
    std::vector<Finished> finished = std::exchange(ended, {});
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer* transfer = nullptr;
      const CURLcode code = message->data.result;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      const std::uint64_t id = transfer->id();
      if (transfer->goal() == Transfer::Goal::kConnection) {
        take_connection(id, code);
        continue;
      }
      finished.push_back({id, end(*transfer, code)});
      transfers.erase(id);
    }
    end_silent(finished);
    return finished;
  }

  void take_connection(std::uint64_t id, CURLcode code) {
    auto node = transfers.extract(id);
    Transfer& transfer = *node.mapped();
    auto outcome = transfer.connected(code);
    if (outcome)
      connections.insert(
          std::move(node));  // curl finds its connection only while it stays in the multi
    else
      curl_multi_remove_handle(multi.get(), transfer.easy());
    common.observed = true;
    common.observer->on_connected(id, std::move(outcome));
  }

  Result<std::uint64_t> begin(Request request, Transfer::Goal goal) {
    auto url = WM_TRY(url::Url::parse(request.url));
    WM_TRY(check(url, common.settings));
    if (common.received_bytes >= common.settings.capture_bytes) {
      return fail(Error::Code::kTooLarge, "the byte limit of the capture is reached");
    }
    CurlEasy easy;
    if (!idle.empty()) {
      easy = std::move(idle.back());
      idle.pop_back();
    } else {
      easy.reset(curl_easy_init());
      WM_CHECK(easy != nullptr);
    }
    const std::uint64_t id = ++last_id;
    auto transfer = std::make_unique<Transfer>(common, id, std::move(request), std::move(url),
                                               std::move(easy), goal);
    WM_TRY(transfer->prepare());
    if (curl_multi_add_handle(multi.get(), transfer->easy()) != CURLM_OK) {
      return fail(Error::Code::kIo, "libcurl takes no further transfer");
    }
    transfers.emplace(id, std::move(transfer));
    return id;
  }

  /// curl's own low-speed limit averages over some seconds; this one is exact.
  void end_silent(std::vector<Finished>& finished) {
    const auto latest = Transfer::Clock::now() - common.settings.idle_timeout;
    std::erase_if(transfers, [&](auto& entry) {
      auto& [id, transfer] = entry;
      if (!transfer->heard() || *transfer->heard() > latest) return false;
      finished.push_back({id, end(*transfer, CURLE_OPERATION_TIMEDOUT)});
      return true;
    });
  }

  /// `wait`, or less if a transfer reaches its idle limit before.
  int poll_ms(std::chrono::milliseconds wait) const {
    const auto now = Transfer::Clock::now();
    for (const auto& [id, transfer] : transfers) {
      if (!transfer->heard()) continue;
      const auto left = *transfer->heard() + common.settings.idle_timeout - now;
      wait = std::min(wait, std::max(std::chrono::milliseconds(1),
                                     std::chrono::ceil<std::chrono::milliseconds>(left)));
    }
    return static_cast<int>(wait.count());
  }
};

namespace {

/// Once a process. CURLOPT_NOSIGNAL, which threads need, leaves SIGPIPE alone, and OpenSSL writes
/// to sockets that a server has closed.
CURLcode initialise() {
  struct sigaction now{};
  if (::sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
    ::signal(SIGPIPE, SIG_IGN);
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

}  // namespace

Fetcher::Fetcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Fetcher::~Fetcher() = default;

Result<std::unique_ptr<Fetcher>> Fetcher::create(const Settings& settings,
                                                 std::shared_ptr<const TrustStore> trust,
                                                 Observer* observer) {
  static const CURLcode global = initialise();
  if (global != CURLE_OK) return fail(Error::Code::kIo, "libcurl cannot be initialised");
  auto state = std::make_unique<State>();
  state->common.settings = settings;
  state->common.trust = std::move(trust);
  state->common.observer = observer;
  state->common.share.reset(curl_share_init());
  state->multi.reset(curl_multi_init());
  WM_CHECK(state->common.share != nullptr && state->multi != nullptr &&
           state->common.trust != nullptr);
  // Cookies only, and no lock: all transfers live on one thread.
  curl_share_setopt(state->common.share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
  for (const std::string& entry : settings.resolve) {
    curl_slist* longer = curl_slist_append(state->common.resolve.get(), entry.c_str());
    WM_CHECK(longer != nullptr);
    static_cast<void>(state->common.resolve.release());
    state->common.resolve.reset(longer);
  }
  CURLM* multi = state->multi.get();
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(settings.parallel));
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(settings.parallel_per_host));
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(settings.parallel));
  return std::unique_ptr<Fetcher>(new Fetcher(std::move(state)));
}

Result<> may_be_fetched(std::string_view url, const Settings& settings) {
  const auto parsed = WM_TRY(url::Url::parse(url));
  return check(parsed, settings);
}

Result<std::uint64_t> Fetcher::start(Request request) {
  return state_->begin(std::move(request), Transfer::Goal::kExchange);
}

Result<std::uint64_t> Fetcher::connect(std::string_view url) {
  WM_CHECK(state_->common.observer != nullptr);
  return state_->begin({.url = std::string(url)}, Transfer::Goal::kConnection);
}

int Fetcher::socket_of(std::uint64_t id) const {
  const auto found = state_->connections.find(id);
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (found != state_->connections.end())
    curl_easy_getinfo(found->second->easy(), CURLINFO_ACTIVESOCKET, &socket);
  return socket;
}

Result<std::size_t> Fetcher::send(std::uint64_t id, std::string_view bytes) {
  const auto found = state_->connections.find(id);
  if (found == state_->connections.end()) return fail(Error::Code::kIo, "no such connection");
  std::size_t sent = 0;
  const CURLcode code = curl_easy_send(found->second->easy(), bytes.data(), bytes.size(), &sent);
  if (code == CURLE_AGAIN) return 0;
  if (code != CURLE_OK) return fail(Error::Code::kIo, curl_easy_strerror(code));
  return sent;
}

Result<std::optional<std::size_t>> Fetcher::receive(std::uint64_t id, std::span<char> into) {
  const auto found = state_->connections.find(id);
  if (found == state_->connections.end()) return fail(Error::Code::kIo, "no such connection");
  std::size_t got = 0;
  const CURLcode code = curl_easy_recv(found->second->easy(), into.data(), into.size(), &got);
  if (code == CURLE_AGAIN) return std::nullopt;
  if (code != CURLE_OK) return fail(Error::Code::kIo, curl_easy_strerror(code));
  return got;
}

void Fetcher::disconnect(std::uint64_t id) {
  for (auto* where : {&state_->connections, &state_->transfers}) {
    const auto found = where->find(id);
    if (found == where->end()) continue;
    curl_multi_remove_handle(state_->multi.get(), found->second->easy());
    where->erase(found);
  }
}

void Fetcher::add_own_port(std::uint16_t port) {
  state_->common.settings.own_ports.push_back(port);
}

void Fetcher::end(std::uint64_t id, Truncated why) {
  auto node = state_->transfers.extract(id);
  if (node.empty()) return;
  const CURLcode code =
      why == Truncated::kTime ? CURLE_OPERATION_TIMEDOUT : CURLE_ABORTED_BY_CALLBACK;
  auto outcome = state_->end(*node.mapped(), code);
  if (outcome) outcome->truncated = why;
  state_->ended.push_back({id, std::move(outcome)});
}

std::vector<Fetcher::Finished> Fetcher::run(std::chrono::milliseconds wait, int also) {
  int running = 0;
  state_->common.observed = false;
  curl_multi_perform(state_->multi.get(), &running);
  auto finished = state_->collect();
  if (!finished.empty() || state_->common.observed) return finished;
  curl_waitfd extra{.fd = also, .events = CURL_WAIT_POLLIN, .revents = 0};
  curl_multi_poll(state_->multi.get(), &extra, also >= 0 ? 1 : 0, state_->poll_ms(wait), nullptr);
  curl_multi_perform(state_->multi.get(), &running);
  return state_->collect();
}

std::vector<Fetcher::Finished> Fetcher::expire() {
  auto finished = state_->collect();
  for (auto& [id, transfer] : state_->transfers) {
    finished.push_back({id, state_->end(*transfer, CURLE_OPERATION_TIMEDOUT)});
  }
  state_->transfers.clear();
  return finished;
}

void Fetcher::wake() noexcept {
  curl_multi_wakeup(state_->multi.get());
}
std::size_t Fetcher::active() const {
  return state_->transfers.size();
}
std::uint64_t Fetcher::received_bytes() const {
  return state_->common.received_bytes;
}

}  // namespace wm::fetch
