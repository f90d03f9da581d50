#include "replay/memento/lookup.h"

#include <utility>

#include "core/base/ascii.h"
#include "core/url/surt.h"

namespace wm::memento {

CaptureSearch::CaptureSearch(const cdx::CdxIndex& index, std::string collection,
                             std::string_view url, Time14 time, std::string_view method,
                             std::size_t limit)
    : index_(index),
      collection_(std::move(collection)),
      time_(time),
      method_(method),
      keys_(url::surt_variants(url)),
      left_(limit) {}

Result<std::optional<cdx::Capture>> CaptureSearch::next() {
  while (key_ < keys_.size()) {
    if (!captures_) captures_.emplace(index_.closest(collection_, keys_[key_], time_));
    if (left_ == 0) return std::nullopt;
    auto capture = WM_TRY(captures_->next());
    if (!capture) {
      captures_.reset();
      ++key_;
      continue;
    }
    --left_;
    if (fits(*capture)) return capture;
  }
  return std::nullopt;
}

bool CaptureSearch::fits(const cdx::Capture& capture) const {
  // The key of another method says so itself; imported indexes may leave the field out.
  if (method_ == "GET" && capture.method && *capture.method != "GET") return false;
  return !is_self_redirect(capture);
}

bool is_self_redirect(const cdx::Capture& capture) {
  if (!capture.redirect || capture.status.value_or(302) / 100 != 3) return false;
  return url::surt(*capture.redirect) == capture.surt;
}

Result<Neighbours> neighbours_of(const cdx::CdxIndex& index, const cdx::Capture& capture) {
  Neighbours found;
  found.first = WM_TRY(index.first(capture.collection, capture.surt));
  found.previous = WM_TRY(index.previous(capture.collection, capture.surt, capture.time));
  found.following = WM_TRY(index.following(capture.collection, capture.surt, capture.time));
  found.last = WM_TRY(index.last(capture.collection, capture.surt));
  return found;
}

}  // namespace wm::memento
