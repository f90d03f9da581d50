#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archiver/crawl/link_extractor.h"
#include "archiver/fetch/exchange.h"

namespace wm::archiver {

struct ResourceLinks {
  std::vector<crawl::Link> links;  ///< requisites only
  bool is_page = false;            ///< HTML
  bool names_icon = false;
};

/// The requisites that a fetched resource names: its headers', then its body's as its role and
/// media type tell how to read it. The first 32 MiB of the decoded body are read, and what a body
/// gives before it turns out broken.
ResourceLinks requisites_of(const fetch::Exchange& exchange, html::UrlRole role);

/// The first 32 MiB of a body with its content codings undone; what it gives before it turns out
/// broken.
std::string decoded(const fetch::Exchange& exchange);

/// "document", "stylesheet" … as WARC-Resource-Type has them.
std::string_view resource_type_of(html::UrlRole role) noexcept;

}  // namespace wm::archiver
