#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time14.h"

namespace wm::warc {

// What values of named fields may look like (ISO 28500 §4, §5), for the records we make.

/// Of RFC 2616: not empty, no blank, no separator.
bool is_token(std::string_view text) noexcept;
/// RFC 3986 characters as they are, everything else percent-encoded, a '%' that starts no escape
/// too.
std::string safe_uri(std::string_view uri);
/// Without control characters and in UTF-8, so that no value can forge a line; a blank for each.
std::string safe_value(std::string_view value);
std::string safe_name(std::string_view name);
/// RFC 5952 for version 6 and dotted quads; a mapped IPv4 address is written as what it is. nullopt
/// if it is none.
std::optional<std::string> safe_address(std::string_view written);
/// `written` if it is a media type by the grammar of WARC; its type without parameters if only
/// those are wrong.
std::string safe_media_type(std::string_view written);
/// To the second, or the microsecond where there is a fraction.
std::string date_text(SysMicros date);

}  // namespace wm::warc
