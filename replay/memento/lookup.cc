#include "replay/memento/lookup.h"

#include <utility>

#include "core/base/ascii.h"
#include "core/url/surt.h"

namespace wm::memento {

CaptureSearch::CaptureSearch(const cdx::CdxIndex& index, Wanted wanted)
    : index_(index),
      wanted_(std::move(wanted)),
      keys_(wanted_.keys.empty() ? url::surt_variants(wanted_.url) : wanted_.keys),
      same_body_(!wanted_.body_digest.empty()),
      left_(wanted_.limit) {}

/// To the next key, after the last to the second round; false when that is done.
bool CaptureSearch::next_key() {
  captures_.reset();
  if (++key_ < keys_.size()) return true;
  if (!same_body_) return false;
  same_body_ = false;
  key_ = 0;
  left_ = wanted_.limit;
  return true;
}

Result<std::optional<cdx::Capture>> CaptureSearch::next() {
  while (key_ < keys_.size()) {
    if (!captures_)
      captures_.emplace(index_.closest(wanted_.collection, keys_[key_], wanted_.time));
    auto capture = left_ == 0 ? std::nullopt : WM_TRY(captures_->next());
    if (!capture) {
      if (!next_key()) break;
      continue;
    }
    if (wanted_.judge.hides(*capture)) continue;
    --left_;
    if (fits(*capture)) return capture;
  }
  return std::nullopt;
}

bool CaptureSearch::fits(const cdx::Capture& capture) const {
  // The key of another method says so itself; imported indexes may leave the field out.
  if (wanted_.method == "GET" && capture.method && *capture.method != "GET") return false;
  if (!wanted_.body_digest.empty() && same_body_ != (capture.request_digest == wanted_.body_digest))
    return false;
  return !is_self_redirect(capture);
}

bool is_self_redirect(const cdx::Capture& capture) {
  if (!capture.redirect || capture.status.value_or(302) / 100 != 3) return false;
  return url::surt(*capture.redirect) == capture.surt;
}

namespace {

/// Steps on from `found` until one may be seen.
template <class Step>
Result<std::optional<cdx::Capture>> visible(Result<std::optional<cdx::Capture>> found,
                                            const access::Judge& judge, Step&& step) {
  while (found && *found && judge.hides(**found)) found = step(**found);
  return found;
}

Result<std::optional<cdx::Capture>> forwards(const cdx::CdxIndex& index, const access::Judge& judge,
                                             Result<std::optional<cdx::Capture>> from) {
  return visible(std::move(from), judge, [&](const cdx::Capture& at) {
    return index.following(at.collection, at.surt, at.time);
  });
}

Result<std::optional<cdx::Capture>> backwards(const cdx::CdxIndex& index,
                                              const access::Judge& judge,
                                              Result<std::optional<cdx::Capture>> from) {
  return visible(std::move(from), judge, [&](const cdx::Capture& at) {
    return index.previous(at.collection, at.surt, at.time);
  });
}

}  // namespace

Result<std::optional<cdx::Capture>> first_visible(const cdx::CdxIndex& index,
                                                  const access::Judge& judge,
                                                  std::string_view collection,
                                                  std::string_view surt) {
  return forwards(index, judge, index.first(collection, surt));
}

Result<std::optional<cdx::Capture>> last_visible(const cdx::CdxIndex& index,
                                                 const access::Judge& judge,
                                                 std::string_view collection, std::string_view surt,
                                                 std::optional<Time14> before) {
  return backwards(
      index, judge,
      before ? index.previous(collection, surt, *before) : index.last(collection, surt));
}

Result<Neighbours> neighbours_of(const cdx::CdxIndex& index, const access::Judge& judge,
                                 const cdx::Capture& capture) {
  const std::string& collection = capture.collection;
  const std::string& surt = capture.surt;
  Neighbours found;
  found.first = WM_TRY(first_visible(index, judge, collection, surt));
  found.previous = WM_TRY(backwards(index, judge, index.previous(collection, surt, capture.time)));
  found.following = WM_TRY(forwards(index, judge, index.following(collection, surt, capture.time)));
  found.last = WM_TRY(last_visible(index, judge, collection, surt));
  return found;
}

}  // namespace wm::memento
