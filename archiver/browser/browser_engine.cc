#include "archiver/browser/browser_engine.h"

#include "archiver/browser/browser_pool.h"
#include "archiver/browser/browser_session.h"
#include "archiver/browser/chromium_flags.h"
#include "archiver/fetch/trust_store.h"

namespace wm::browser {

struct BrowserEngine::State {
  const std::filesystem::path root;
  const archiver::PayloadLookup& lookup;
  const Settings settings;
  fetch::TrustStores trust;
  BrowserPool pool;
};

BrowserEngine::BrowserEngine(std::filesystem::path warcs_root,
                             const archiver::PayloadLookup& lookup, Settings settings)
    : state_(new State{.root = std::move(warcs_root),
                       .lookup = lookup,
                       .settings = settings,
                       .trust = {},
                       .pool = BrowserPool(settings)}) {}
BrowserEngine::~BrowserEngine() = default;

Result<archiver::CaptureResult> BrowserEngine::capture(
    const archiver::CaptureRequest& request, const PageSettings& page, std::stop_token stop,
    const std::function<void(const archiver::CaptureProgress&)>& progress) {
  auto trust = WM_TRY(state_->trust.get(request.settings.ca_file));
  BrowserSession session(state_->root, state_->lookup, request, page, std::move(stop), progress);
  return session.run(state_->pool, std::move(trust));
}

std::optional<std::string> BrowserEngine::missing() const {
  const auto program = find_browser(state_->settings.process.path);
  if (program) return std::nullopt;
  return program.error().what;
}

pid_t BrowserEngine::browser_pid() const {
  return state_->pool.pid();
}
std::uint64_t BrowserEngine::most_memory_bytes() const {
  return state_->pool.most_memory_bytes();
}

}  // namespace wm::browser
