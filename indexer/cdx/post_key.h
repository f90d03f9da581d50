#pragma once

#include <string>
#include <string_view>

namespace wm::cdx {

/// A request that is no GET, as far as it tells captures of one URL apart.
struct Asked {
  std::string_view method;
  std::string_view content_type;  ///< as in the header; may be empty
  std::string_view body;          ///< without transfer coding
};

/// The URL that a capture of such a request is filed under: "?__wb_method=POST&…" with what was
/// asked, as pywb and CDXJ writers have it, so that imported indexes and ours agree. GET gives the
/// URL as it is. Form fields are decoded, JSON is flattened to its leaves, what is neither is
/// base64; at most 4096 bytes of it. Source: IIPC "CDX indexing of non-GET requests".
std::string url_with_request(std::string_view url, const Asked& asked);

}  // namespace wm::cdx
