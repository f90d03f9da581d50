#pragma once

#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time14.h"
#include "core/http/headers.h"
#include "replay/memento/modifier.h"

namespace wm::memento {

/// What the answer is for.
enum class Destination {
  kPage,   ///< a tab or a frame
  kEmbed,  ///< <embed>, <object>
  kScript,
  kWorker,
  kServiceWorker,
  kStyle,
  kImage,
  kMedia,  ///< audio, video, track, font
  kFetch,  ///< fetch() and XMLHttpRequest
  kOther,  ///< manifest, report …
};

/// By Sec-Fetch-Dest where the browser sends it (trustworthy origins only), then by what wombat
/// adds to XHR, then by the modifier.
Destination destination_of(const http::Headers& request, Modifier modifier);

/// Is it told by the request rather than taken from the modifier? Then the modifier must not
/// override it.
bool destination_is_told(const http::Headers& request);

/// Accept-Datetime (RFC 7089 2.1.1): nullopt without one, kInvalid if it is no date.
Result<std::optional<Time14>> accept_datetime(const http::Headers& request);

/// What Prefer (RFC 7240) asks of a memento: its archived bytes, or a page rewritten to work here.
/// The names are pywb's. What else it asks is passed over.
enum class Preference { kNone, kRaw, kRewritten };
Preference preference_of(const http::Headers& request);

/// Does Accept-Encoding allow `coding`? No header: only "identity".
bool accepts_coding(const http::Headers& request, std::string_view coding);

/// Does one of the tags of If-None-Match (or "*") match `etag`? Weak comparison, RFC 9110 13.1.2.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace wm::memento
