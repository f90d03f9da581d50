#pragma once

#include <optional>
#include <string>

#include "replay/memento/wayback_url.h"
#include "replay/replay.h"

namespace wm::replay {

/// Where a request that leaked out of its page really wants to go: a script asked for "/logo.png",
/// and the Referer says which archived page it ran on. nullopt without a Referer of this very
/// origin that is a replay address. `asked`: what the target read as, if anything.
std::optional<std::string> rescued_by_referer(const ReplayRequest& request,
                                              const memento::WaybackUrl* asked);

}  // namespace wm::replay
