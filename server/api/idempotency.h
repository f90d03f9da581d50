#pragma once

#include <functional>
#include <set>
#include <string>

#include "core/base/mutex.h"
#include "core/base/time14.h"
#include "indexer/store/store.h"
#include "server/http/message.h"

namespace wm::api {

/// `Idempotency-Key` on POST: what was done under a key is answered again for a day instead of being done again, also after a restart. Refusals are not kept.
/// From any thread. docs/formats/store.md, "Idempotency keys".
class IdempotencyKeys {
 public:
  explicit IdempotencyKeys(store::Store& store) : store_(store) {}

  /// What `handler` answers, or what it answered before. 400 for a key of no or over 255 characters, 409 while the first request is at work, 422 when the key
  /// came with another body.
  server::Response answer(const server::Request& request, const std::function<server::Response()>& handler);

  /// Forgets what is older than a day; at most `most` of them.
  Result<> forget_old(SysMicros now, std::size_t most);

 private:
  Result<> keep(const std::string& name, const std::string& fingerprint, const server::Response& response);

  store::Store& store_;
  Mutex mutex_;
  std::set<std::string> at_work_ WM_GUARDED_BY(mutex_);
};

}  // namespace wm::api
