#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/access/control.h"

namespace wm::memento {

/// The captures that can answer for a URL at a time, best first: nearest in time under our own key,
/// then under each key that other tools would have filed the URL under. Left out for a GET are
/// captures of other methods (whose URL for looking up is cdx::url_with_request's), and redirects
/// to the very same key (http to https, "www." and back), which would send a browser round in a
/// circle. What the judge hides is not there. Of captures of a request with a body, those of the
/// very same body come first. At most `limit` captures are looked at. One thread.
class CaptureSearch {
 public:
  struct Wanted {
    std::string collection;
    std::string_view url;
    Time14 time;
    std::string method = "GET";
    std::string body_digest = {};  ///< of the request; "" = any
    access::Judge judge = {};
    std::vector<std::string> keys = {};  ///< to look under instead of those of `url`
    std::size_t limit = 1000;
  };
  CaptureSearch(const cdx::CdxIndex& index, Wanted wanted);
  /// The next best one, nullopt when there are no more. An index error is handed on.
  Result<std::optional<cdx::Capture>> next();

 private:
  bool fits(const cdx::Capture& capture) const;
  bool next_key();

  const cdx::CdxIndex& index_;
  Wanted wanted_;
  std::vector<std::string> keys_;
  std::size_t key_ = 0;
  bool same_body_;  ///< the first round: captures of the same body alone
  std::size_t left_;
  std::optional<cdx::ClosestCaptures> captures_;
};

/// A redirect whose target has the key of the capture itself.
bool is_self_redirect(const cdx::Capture& capture);

/// Where a capture stands among those of its key (RFC 7089 2.2).
struct Neighbours {
  std::optional<cdx::Capture> first, previous, following, last;
};
Result<Neighbours> neighbours_of(const cdx::CdxIndex& index, const access::Judge& judge,
                                 const cdx::Capture& capture);

/// The first and the last capture of a key that may be seen; the last before a time.
Result<std::optional<cdx::Capture>> first_visible(const cdx::CdxIndex& index,
                                                  const access::Judge& judge,
                                                  std::string_view collection,
                                                  std::string_view surt);
Result<std::optional<cdx::Capture>> last_visible(const cdx::CdxIndex& index,
                                                 const access::Judge& judge,
                                                 std::string_view collection, std::string_view surt,
                                                 std::optional<Time14> before = {});

}  // namespace wm::memento
