#include "archiver/fetch/fetcher.h"

#include <signal.h>

#include <algorithm>
#include <unordered_map>

#include "archiver/fetch/address_filter.h"
#include "archiver/fetch/transfer.h"

namespace wm::fetch {

struct Fetcher::State {
  // Order of destruction: transfers, then the loop, then what they share.
  Common common;
  CurlMulti multi;
  std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> transfers;
  std::vector<CurlEasy> idle;  ///< easy handles to use again
  std::uint64_t last_id = 0;

  ~State() {
    for (auto& [id, transfer] : transfers) curl_multi_remove_handle(multi.get(), transfer->easy());
  }

  Result<Exchange> end(Transfer& transfer, CURLcode code) {
    auto outcome = transfer.finish(code);
    curl_multi_remove_handle(multi.get(), transfer.easy());
    idle.push_back(transfer.take_easy());
    return outcome;
  }

  std::vector<Finished> collect() {
    std::vector<Finished> finished;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer* transfer = nullptr;
      const CURLcode code = message->data.result;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      const std::uint64_t id = transfer->id();
      finished.push_back({id, end(*transfer, code)});
      transfers.erase(id);
    }
    end_silent(finished);
    return finished;
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
                                                 std::shared_ptr<const TrustStore> trust) {
  static const CURLcode global = initialise();
  if (global != CURLE_OK) return fail(Error::Code::kIo, "libcurl cannot be initialised");
  auto state = std::make_unique<State>();
  state->common.settings = settings;
  state->common.trust = std::move(trust);
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

Result<std::uint64_t> Fetcher::start(Request request) {
  auto url = WM_TRY(url::Url::parse(request.url));
  Common& common = state_->common;
  WM_TRY(check(url, common.settings));
  if (common.received_bytes >= common.settings.capture_bytes) {
    return fail(Error::Code::kTooLarge, "the byte limit of the capture is reached");
  }
  CurlEasy easy;
  if (!state_->idle.empty()) {
    easy = std::move(state_->idle.back());
    state_->idle.pop_back();
  } else {
    easy.reset(curl_easy_init());
    WM_CHECK(easy != nullptr);
  }
  const std::uint64_t id = ++state_->last_id;
  auto transfer =
      std::make_unique<Transfer>(common, id, std::move(request), std::move(url), std::move(easy));
  WM_TRY(transfer->prepare());
  if (curl_multi_add_handle(state_->multi.get(), transfer->easy()) != CURLM_OK) {
    return fail(Error::Code::kIo, "libcurl takes no further transfer");
  }
  state_->transfers.emplace(id, std::move(transfer));
  return id;
}

std::vector<Fetcher::Finished> Fetcher::run(std::chrono::milliseconds wait) {
  int running = 0;
  curl_multi_perform(state_->multi.get(), &running);
  auto finished = state_->collect();
  if (!finished.empty()) return finished;
  curl_multi_poll(state_->multi.get(), nullptr, 0, state_->poll_ms(wait), nullptr);
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
