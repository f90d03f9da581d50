#pragma once

#include "replay/replay.h"
#include "server/http/message.h"

namespace wm::proxy {

/// What replay answers as the HTTP server sends it.
server::Response as_response(replay::ReplayResponse memento);

}  // namespace wm::proxy
