#include "archiver/capture/capture.h"
#include "archiver/capture/session.h"

namespace wm::archiver {

struct HttpEngine::State {
  const std::filesystem::path root;
  const PayloadLookup& lookup;
  fetch::TrustStores trust;
};

HttpEngine::HttpEngine(std::filesystem::path warcs_root, const PayloadLookup& lookup)
    : state_(new State{.root = std::move(warcs_root), .lookup = lookup, .trust = {}}) {}
HttpEngine::~HttpEngine() = default;

Result<CaptureResult> HttpEngine::capture(
    const CaptureRequest& request, std::stop_token stop,
    const std::function<void(const CaptureProgress&)>& progress) {
  auto trust = WM_TRY(state_->trust.get(request.settings.ca_file));
  Session session(state_->root, state_->lookup, request, std::move(stop), progress);
  return session.run(std::move(trust));
}

}  // namespace wm::archiver
