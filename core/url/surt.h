#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/url/tracking.h"

namespace wm::url {

/// The canonical form that the key is made of: surt-py's IA canonicalizer (facts: Google step, then IA step). Never fails: input
/// that is no URL is kept with blanks escaped. Linear in the input's length.
std::string canonical_url(std::string_view url);

/// Our index key, Internet Archive flavour: "com,example)/path?query". "www." and its numbered kin, the scheme, user info,
/// fragment and default port are no part of it; `dns:`, `urn:`, `warcinfo:` … are kept. Source: surt-py and pywb agree on it.
std::string surt(std::string_view url);

/// The warcio.js flavour: what ZipNum indexes inside WACZ files are sorted by.
std::string surt_warcio_js(std::string_view url);

/// Every key under which another tool may have filed this URL, ours first, without repeats: with and without trailing slash,
/// session ids, percent-decoding and the like. Look-ups try them in order.
std::vector<std::string> surt_variants(std::string_view url);

/// [first, last) bounds of the keys of a CDX matchType query.
enum class MatchType { kExact, kPrefix, kHost, kDomain };
struct SurtRange {
  std::string first;
  std::string last;  ///< exclusive
};
SurtRange surt_range(std::string_view url, MatchType match);

/// The key for "is this link already saved": host case, "www.", fragment, trailing slash and tracking parameters do not count.
std::string link_key(std::string_view url, const Tracking& tracking = Tracking::usual());

}  // namespace wm::url
