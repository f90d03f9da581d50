#pragma once

#include <string>
#include <string_view>

#include "replay/replay.h"

namespace wm::replay {

/// Where one port serves the app and mementos, archived documents cannot have an origin of their
/// own by address. They get an opaque one by sandbox instead: no cookie, no storage, no document of
/// ours is within their reach.
///
/// Turns an answer into one that holds this: a sandbox, and sources below `request.mount` alone
/// (other paths of the same port are the app's), CORS for such documents where the mount is a
/// secret, no cookie, no Referer (the mount is in the address), redirects below the mount.
/// `origin`: as clients reach us.
void hold_in_opaque_origin(const ReplayRequest& request, std::string_view origin,
                           ReplayResponse& response);

/// A script that pages of an opaque origin need before their first: stand-ins for what throws there
/// (document.cookie, storage, service workers, caches, history), and workers by way of blobs.
std::string opaque_origin_shim();

}  // namespace wm::replay
