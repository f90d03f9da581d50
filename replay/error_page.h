#pragma once

#include <string>
#include <string_view>

#include "replay/memento/negotiate.h"
#include "replay/memento/wayback_url.h"
#include "replay/replay.h"

namespace wm::replay {

/// Why there is no memento to show.
enum class Failure {
  kBadAddress,   ///< 400
  kBadDate,      ///< 400: Accept-Datetime
  kNotArchived,  ///< 404
  kUnreadable,   ///< 503: captured, but no record of it can be read
  kMethod,       ///< 405
  kRefused,      ///< 403: service workers, WebSockets
  kLogIn,        ///< 401: replay is private, and the app has not let this browser in (any more)
  kBlocked,      ///< 451: held, but access rules keep it back
};

struct FailureContext {
  std::string app_origin;
  memento::Destination destination = memento::Destination::kPage;
  const memento::WaybackUrl* asked = nullptr;  ///< nullptr when the address could not be read
  std::string_view accept;                     ///< the Accept header, "" if there is none
  std::string_view target{};  ///< for kLogIn: what the app is to open once somebody has logged in
};

/// An answer of the kind that was asked for: a page for a person, a transparent image for an <img>,
/// an empty script or sheet, JSON for a program. All it repeats of the request is escaped, and no
/// script may run in it.
ReplayResponse failure_answer(Failure failure, const FailureContext& context);

/// The frame of our own pages on the replay origin. `body` is markup.
std::string own_page(std::string_view title, std::string_view body);

}  // namespace wm::replay
