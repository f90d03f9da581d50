#include <map>

#include "archiver/capture/capture.h"
#include "archiver/capture/session.h"
#include "core/base/mutex.h"

namespace wm::archiver {

struct HttpEngine::State {
  const std::filesystem::path root;
  const PayloadLookup& lookup;
  Mutex mutex;
  /// By the extra file's path; the empty path is the system's authorities alone.
  std::map<std::filesystem::path, std::shared_ptr<const fetch::TrustStore>> trust
      WM_GUARDED_BY(mutex);

  Result<std::shared_ptr<const fetch::TrustStore>> trust_for(const std::filesystem::path& ca_file) {
    {
      MutexLock lock(mutex);
      if (const auto found = trust.find(ca_file); found != trust.end()) return found->second;
    }
    auto loaded = WM_TRY(fetch::TrustStore::load(ca_file));
    MutexLock lock(mutex);
    return trust.emplace(ca_file, std::move(loaded)).first->second;
  }
};

HttpEngine::HttpEngine(std::filesystem::path warcs_root, const PayloadLookup& lookup)
    : state_(new State{.root = std::move(warcs_root), .lookup = lookup, .mutex = {}, .trust = {}}) {
}
HttpEngine::~HttpEngine() = default;

Result<CaptureResult> HttpEngine::capture(
    const CaptureRequest& request, std::stop_token stop,
    const std::function<void(const CaptureProgress&)>& progress) {
  auto trust = WM_TRY(state_->trust_for(request.settings.ca_file));
  Session session(state_->root, state_->lookup, request, std::move(stop), progress);
  return session.run(std::move(trust));
}

}  // namespace wm::archiver
