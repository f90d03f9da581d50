#pragma once

#include <optional>
#include <string_view>

#include "core/base/time14.h"

namespace wm::bookmarks {

/// A time as bookmark files write it: seconds, milliseconds, microseconds or nanoseconds since
/// 1970, microseconds or seconds since 1601 (WebKit), told apart by their size; ISO 8601 with any
/// offset; a log's "10/Oct/2000:13:55:36 +0300"; an HTTP date. nullopt for 0 and what is none.
std::optional<SysMicros> parse_date(std::string_view text);

}  // namespace wm::bookmarks
