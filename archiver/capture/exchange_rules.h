#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archiver/fetch/exchange.h"
#include "core/base/result.h"

namespace wm::archiver {

/// Does the answer lead on to another URL?
bool is_redirect(const fetch::Exchange& exchange);
/// Where a redirect leads, without fragment; nullopt when Location is no URL.
std::optional<std::string> redirect_target(const fetch::Exchange& exchange);

/// May a body that ended so be kept as the page itself? What there is of HTML can be read, half a
/// PDF cannot. kTooLarge, kTimeout, kIo.
Result<> check_page_is_whole(const std::string& url, fetch::Truncated truncated,
                             std::uint64_t body_bytes, std::string_view mime);

}  // namespace wm::archiver
