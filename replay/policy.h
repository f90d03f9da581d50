#pragma once

#include <string>
#include <string_view>

#include "core/http/headers.h"

namespace wm::replay {

/// The Content-Security-Policy of everything archived: scripts and styles of any kind run, but
/// whatever they ask for is asked of the replay origin; only the app may frame it. `app_origin` may
/// be empty.
std::string archived_policy(std::string_view app_origin);

/// That of our own pages on the replay origin: no script at all.
std::string own_policy(std::string_view app_origin);

/// The headers that hold archived content in: CSP, Referrer-Policy, Permissions-Policy, no DNS
/// prefetching.
void add_policy(http::Headers& headers, std::string_view policy);

/// The same for what is archived, which may connect to the replay origin alone. Browsers that know
/// Connection-Allowlist (Chromium) hold to that what no content policy covers: WebRTC, hints, and a
/// page that leaves for the live web by itself.
void add_archived_policy(http::Headers& headers, std::string_view app_origin);

/// An origin "scheme://host[:port]" and nothing else, so that it can stand in a header.
bool is_origin(std::string_view text);

}  // namespace wm::replay
