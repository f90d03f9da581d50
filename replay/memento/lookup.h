#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"
#include "indexer/cdx/cdx_index.h"

namespace wm::memento {

/// The captures that can answer for a URL at a time, best first: nearest in time under our own key,
/// then under each key that other tools would have filed the URL under. Left out for a GET are
/// captures of other methods (whose URL for looking up is cdx::url_with_request's), and redirects
/// to the very same key (http to https, "www." and back), which would send a browser round in a
/// circle. At most `limit` captures are looked at. One thread.
class CaptureSearch {
 public:
  CaptureSearch(const cdx::CdxIndex& index, std::string collection, std::string_view url,
                Time14 time, std::string_view method = "GET", std::size_t limit = 1000);
  /// The next best one, nullopt when there are no more. An index error is handed on.
  Result<std::optional<cdx::Capture>> next();

 private:
  bool fits(const cdx::Capture& capture) const;

  const cdx::CdxIndex& index_;
  std::string collection_;
  Time14 time_;
  std::string method_;
  std::vector<std::string> keys_;
  std::size_t key_ = 0;
  std::size_t left_;
  std::optional<cdx::ClosestCaptures> captures_;
};

/// A redirect whose target has the key of the capture itself.
bool is_self_redirect(const cdx::Capture& capture);

/// Where a capture stands among those of its key (RFC 7089 2.2).
struct Neighbours {
  std::optional<cdx::Capture> first, previous, following, last;
};
Result<Neighbours> neighbours_of(const cdx::CdxIndex& index, const cdx::Capture& capture);

}  // namespace wm::memento
