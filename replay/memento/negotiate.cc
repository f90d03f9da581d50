#include "replay/memento/negotiate.h"

#include <array>
#include <string>
#include <utility>

#include "core/base/ascii.h"

namespace wm::memento {
namespace {

using Pair = std::pair<std::string_view, Destination>;

// Fetch Standard, request destinations.
constexpr std::array kDestinations = {
    Pair{"document", Destination::kPage},
    Pair{"iframe", Destination::kPage},
    Pair{"frame", Destination::kPage},
    Pair{"fencedframe", Destination::kPage},
    Pair{"embed", Destination::kEmbed},
    Pair{"object", Destination::kEmbed},
    Pair{"script", Destination::kScript},
    Pair{"json", Destination::kFetch},
    Pair{"worker", Destination::kWorker},
    Pair{"sharedworker", Destination::kWorker},
    Pair{"serviceworker", Destination::kServiceWorker},
    Pair{"audioworklet", Destination::kScript},
    Pair{"paintworklet", Destination::kScript},
    Pair{"style", Destination::kStyle},
    Pair{"xslt", Destination::kStyle},
    Pair{"image", Destination::kImage},
    Pair{"audio", Destination::kMedia},
    Pair{"video", Destination::kMedia},
    Pair{"track", Destination::kMedia},
    Pair{"font", Destination::kMedia},
    Pair{"empty", Destination::kFetch},
};

Destination by_modifier(Modifier modifier) {
  switch (modifier) {
    case Modifier::kScript:
    case Modifier::kModule:
      return Destination::kScript;
    case Modifier::kStyle:
      return Destination::kStyle;
    case Modifier::kImage:
      return Destination::kImage;
    case Modifier::kOther:
      return Destination::kMedia;
    case Modifier::kWorker:
    case Modifier::kWorkerModule:
      return Destination::kWorker;
    case Modifier::kServiceWorker:
      return Destination::kServiceWorker;
    case Modifier::kWorkerFetch:
      return Destination::kFetch;
    case Modifier::kWebSocket:
      return Destination::kOther;
    case Modifier::kNone:
    case Modifier::kMainPage:
    case Modifier::kIdentity:
    case Modifier::kFrame:
    case Modifier::kFrameset:
      break;
  }
  return Destination::kPage;
}

/// q=0 and its spellings.
bool is_refused(std::string_view parameters) {
  for (auto part : split(parameters, ';')) {
    part = trim(part);
    if (!istarts_with(part, "q=")) continue;
    return part.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

}  // namespace

Destination destination_of(const http::Headers& request, Modifier modifier) {
  if (request.has("Service-Worker")) return Destination::kServiceWorker;
  if (const auto told = request.find("Sec-Fetch-Dest")) {
    for (const auto& [name, destination] : kDestinations) {
      if (iequals(trim(*told), name)) return destination;
    }
    return Destination::kOther;
  }
  if (destination_is_told(request)) return Destination::kFetch;
  return by_modifier(modifier);
}

bool destination_is_told(const http::Headers& request) {
  return request.has("Sec-Fetch-Dest") || request.has("Service-Worker") ||
         request.has("X-Pywb-Requested-With") ||
         iequals(trim(request.find("X-Requested-With").value_or("")), "XMLHttpRequest");
}

Result<std::optional<Time14>> accept_datetime(const http::Headers& request) {
  const auto written = request.find("Accept-Datetime");
  if (!written || trim(*written).empty()) return std::nullopt;
  const auto at = parse_http_date(trim(*written));
  if (!at)
    return fail(Error::Code::kInvalid,
                "Accept-Datetime is no date: " + std::string(written->substr(0, 100)));
  return Time14(*at);
}

Preference preference_of(const http::Headers& request) {
  for (const auto value : request.all("Prefer")) {
    for (const auto item : split(value, ',')) {
      const auto name = trim(item.substr(0, item.find_first_of(";=")));
      if (iequals(name, "raw")) return Preference::kRaw;
      if (iequals(name, "rewritten")) return Preference::kRewritten;
    }
  }
  return Preference::kNone;
}

bool accepts_coding(const http::Headers& request, std::string_view coding) {
  bool any = false;
  for (const auto value : request.all("Accept-Encoding")) {
    for (const auto item : split(value, ',')) {
      const auto name = trim(item.substr(0, item.find(';')));
      const auto parameters = item.substr(std::min(item.size(), item.find(';')));
      if (iequals(name, coding) || (iequals(coding, "gzip") && iequals(name, "x-gzip")))
        return !is_refused(parameters);
      if (name == "*") any = !is_refused(parameters);
    }
  }
  return any;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  if (trim(if_none_match) == "*") return true;
  for (auto tag : split(if_none_match, ',')) {
    tag = trim(tag);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
  }
  return false;
}

}  // namespace wm::memento
