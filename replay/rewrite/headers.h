#pragma once

#include <string>
#include <string_view>

#include "core/http/headers.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

inline constexpr std::string_view kOriginalPrefix = "X-Archive-Orig-";

/// The archived header as replay may send it (facts: replay 2.6). What tells of the old connection,
/// would change how the replay origin is treated (CSP, HSTS, Clear-Site-Data, COOP,
/// Permissions-Policy …) or is said anew by us (ETag, Vary, Cache-Control, Link …) is kept under
/// X-Archive-Orig-; Location and Refresh lead into the archive; cookies are scoped to the archived
/// page; the rest stays. Content-Encoding stays: who decodes the body takes it out.
http::Headers replay_headers(const http::Headers& archived, const UrlRewriter& urls,
                             Modifier modifier);

/// One Set-Cookie value: its Path below the page's replay address; Domain, Secure, SameSite,
/// Partitioned and a date to expire at are dropped.
std::string replay_cookie(std::string_view set_cookie, const UrlRewriter& urls);

}  // namespace wm::rewrite
