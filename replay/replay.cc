#include "replay/replay.h"

#include <algorithm>
#include <utility>

#include "core/base/digest.h"
#include "indexer/cdx/post_key.h"
#include "replay/opaque_origin.h"
#include "replay/policy.h"
#include "replay/referer.h"
#include "replay/replay_internal.h"
#include "replay/rewrite/js_edits.h"

namespace wm::replay {
namespace {

/// The origin that clients reach us by. A Host that is none gives relative addresses, never a
/// header of its making.
std::string origin_of(const ReplayRequest& request, const ReplaySettings& settings) {
  if (is_origin(settings.replay_origin)) return settings.replay_origin;
  const std::string origin = "http://" + std::string(request.headers.find("Host").value_or(""));
  return is_origin(origin) ? origin : std::string();
}

ReplayResponse redirect(int status, std::string_view location, std::string_view app_origin) {
  ReplayResponse response;
  response.status = status;
  response.headers.add("Location", location);
  response.headers.add("Cache-Control", "no-cache");
  add_policy(response.headers, own_policy(app_origin));
  return response;
}

ReplayResponse options_answer(std::string_view app_origin) {
  ReplayResponse response;
  response.status = 204;
  response.headers.add("Allow", "GET, HEAD, OPTIONS, POST, PUT");
  add_policy(response.headers, own_policy(app_origin));
  return response;
}

const std::string& app_origin_for(const ReplayRequest& request, const ReplaySettings& settings) {
  return is_origin(request.app_origin) ? request.app_origin : settings.app_origin;
}

ReplayResponse module_answer(std::string_view app_origin) {
  ReplayResponse response;
  response.headers.add("Content-Type", "text/javascript; charset=utf-8");
  response.headers.add("Cache-Control", "public, max-age=86400");
  add_archived_policy(response.headers, app_origin);
  response.body = rewrite::module_declarations();
  return response;
}

/// "example.com/x" typed by somebody, rather than "/images/logo" leaked from a page.
bool names_a_host(const memento::WaybackUrl& url) {
  if (url.kind != memento::WaybackUrl::Kind::kTimeGate) return true;
  const auto host = std::string_view(url.url).substr(7, url.url.find_first_of("/:?", 7) - 7);
  return host.find('.') != std::string_view::npos || host == "localhost";
}

}  // namespace

Replay::Replay(const cdx::CdxIndex& index, std::filesystem::path warcs_root,
               ReplaySettings settings)
    : core_(std::make_unique<Core>(index, std::move(warcs_root), std::move(settings))) {}

Replay::~Replay() = default;

ReplayResponse Replay::handle(const ReplayRequest& request) const {
  ReplayResponse response = answer(request);
  if (request.opaque_origin)
    hold_in_opaque_origin(request, origin_of(request, core_->settings), response);
  return response;
}

ReplayResponse Replay::answer(const ReplayRequest& request) const {
  const auto& settings = core_->settings;
  const std::string& app_origin = app_origin_for(request, settings);
  FailureContext context{.app_origin = app_origin,
                         .accept = request.headers.find("Accept").value_or("")};
  context.destination = memento::destination_of(request.headers, memento::Modifier::kNone);
  if (request.method == "OPTIONS") return options_answer(app_origin);
  const bool asks_with_body = request.method == "POST" || request.method == "PUT";
  if (request.method != "GET" && request.method != "HEAD" && !asks_with_body)
    return failure_answer(Failure::kMethod, context);
  if (WombatFiles::is_ours(request.target)) return core_->wombat.answer(request.target, app_origin);
  if (core_->wombat.loaded() && request.target.ends_with("/__wb_module_decl.js") &&
      std::ranges::count(request.target, '/') == 2) {
    return module_answer(app_origin);
  }
  auto url = memento::parse_wayback_url(request.target);
  if (!url || !url->certain) {
    if (const auto location = rescued_by_referer(request, url ? &*url : nullptr)) {
      return redirect(307, *location, app_origin);
    }
  }
  if (!url) return failure_answer(Failure::kBadAddress, context);
  if (!url->certain && !names_a_host(*url)) return failure_answer(Failure::kBadAddress, context);
  Asked asked{.request = request,
              .url = std::move(*url),
              .destination = context.destination,
              .at = {.origin = origin_of(request, settings), .collection = ""},
              .app_origin = app_origin,
              .lookup_url = "",
              .method = asks_with_body ? request.method : "GET",
              .body_digest = asks_with_body && !request.body.empty() ? sha1_digest(request.body)
                                                                     : std::string()};
  asked.at.collection = asked.url.collection;
  asked.lookup_url = cdx::url_with_request(
      asked.url.url, {.method = asked.method,
                      .content_type = request.headers.find("Content-Type").value_or(""),
                      .body = request.body});
  asked.destination = memento::destination_of(request.headers, asked.url.modifier);
  return core_->answer(asked);
}

ReplayResponse Core::answer(const Asked& asked) const {
  if (asked.destination == memento::Destination::kServiceWorker ||
      asked.url.modifier == memento::Modifier::kWebSocket ||
      asked.request.headers.has_token("Upgrade", "websocket")) {
    return failure(Failure::kRefused, asked);
  }
  switch (asked.url.kind) {
    case memento::WaybackUrl::Kind::kMemento:
      return memento(asked);
    case memento::WaybackUrl::Kind::kTimeGate:
      return timegate(asked);
    case memento::WaybackUrl::Kind::kTimeMap:
      return timemap_answer(*this, asked);
    case memento::WaybackUrl::Kind::kCalendar:
      return calendar_answer(*this, asked);
    case memento::WaybackUrl::Kind::kCdx:
      return cdx_answer(*this, asked);
    case memento::WaybackUrl::Kind::kHome:
      break;
  }
  return failure(Failure::kBadAddress, asked);
}

ReplayResponse Core::failure(Failure what, const Asked& asked) const {
  return failure_answer(what, {.app_origin = asked.app_origin,
                               .destination = asked.destination,
                               .asked = &asked.url,
                               .accept = asked.request.headers.find("Accept").value_or("")});
}

}  // namespace wm::replay
