#pragma once

#include <string_view>

#include "core/http/headers.h"

namespace wm::replay {

/// The header of an id_ memento for a browser that goes through us as its proxy and so sees the
/// page under its own address: what replay led into the archive (Location, Refresh, cookies) leads
/// to the archived addresses again, what it put by under X-Archive-Orig- has its name back, and the
/// policy that holds pages on the replay origin is taken off, since they are not on it. What would
/// act on the connection, outlive the visit (HSTS, Clear-Site-Data, Alt-Svc …), report to somebody
/// or mislead a cache at another time stays put by. `prefix` is how replay addresses begin there:
/// "/web/20200102030405".
http::Headers as_archived(const http::Headers& memento, std::string_view prefix);

}  // namespace wm::replay
