// The CDX servers of the replay origin: three dialects, told apart by address.
#include <utility>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "replay/cdxserver/listing.h"
#include "replay/memento/timemap.h"
#include "replay/replay_internal.h"

namespace wm::replay {
namespace {

using cdxserver::Dialect;

Dialect dialect_of(memento::WaybackUrl::CdxDialect dialect) {
  switch (dialect) {
    case memento::WaybackUrl::CdxDialect::kPywb:
      return Dialect::kPywb;
    case memento::WaybackUrl::CdxDialect::kInternetArchive:
      return Dialect::kInternetArchive;
    case memento::WaybackUrl::CdxDialect::kOutback:
      return Dialect::kOutback;
  }
  return Dialect::kPywb;
}

/// pywb's programs look for "message" in JSON, the others' print what they get.
ReplayResponse refusal(const Asked& asked, const Error& error) {
  const bool ours = error.code != Error::Code::kInvalid && error.code != Error::Code::kTooLarge;
  if (ours) log::error("replay: CDX query {}: {}", asked.url.query, error.what);
  const std::string_view told = ours ? std::string_view("The index cannot be read.") : error.what;
  const bool json = asked.url.dialect == memento::WaybackUrl::CdxDialect::kPywb;
  ReplayResponse response =
      own_answer(asked, json ? "application/json" : "text/plain; charset=utf-8");
  response.status = ours ? 503 : 400;
  response.body =
      json ? "{\"message\": " + memento::json_string(told) + "}\n" : valid_utf8(told) + "\n";
  return response;
}

}  // namespace

ReplayResponse cdx_answer(const Core& core, const Asked& asked) {
  if (asked.method != "GET") return core.failure(Failure::kMethod, asked);
  auto listing = cdxserver::list_captures(core.index, core.judge(),
                                          {.dialect = dialect_of(asked.url.dialect),
                                           .at = asked.at,
                                           .query = asked.url.query,
                                           .scan_limit = core.settings.cdx_scan_rows});
  if (!listing) return refusal(asked, listing.error());
  ReplayResponse response = own_answer(asked, listing->media_type);
  response.stream = std::move(listing->stream);
  return response;
}

}  // namespace wm::replay
