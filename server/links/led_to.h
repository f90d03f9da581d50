#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/store/store.h"

namespace wm::links {

/// Keys of the links family that say where links lead: 'f' url::link_key NUL 'l' id, for a link's own URL and for where each capture of it ended. One that
/// an older Waymark left of a link that is gone is passed over when it is read.
std::string led_to_key(std::string_view url_key, std::uint64_t id);

}  // namespace wm::links
