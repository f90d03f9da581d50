// Which capture answers: nearest first, unreadable ones passed over, pages led to the capture's own
// address.
#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/url/surt.h"
#include "replay/memento/lookup.h"
#include "replay/policy.h"
#include "replay/replay_internal.h"

namespace wm::replay {
namespace {

using memento::Destination;
using memento::Modifier;

std::ptrdiff_t folders_in(std::string_view url) {
  const auto path = url.substr(0, url.find('?'));
  return std::count(path.begin(), path.end(), '/');
}

/// The URL that the capture is shown under: with a path, even where the record has none.
std::string address_of(const cdx::Capture& capture) {
  return memento::repair_url(capture.url).value_or(capture.url);
}

/// Must a page be shown under the capture's own address? At another time, or with another number of
/// folders, its links would lead astray. What a page consists of is served in place: one round trip
/// less, and the address keeps the page's time.
bool needs_redirect(const Asked& asked, const cdx::Capture& capture) {
  if (asked.destination != Destination::kPage || asked.url.modifier == Modifier::kIdentity)
    return false;
  if (asked.method != "GET") return false;
  const auto& url = asked.url;
  if (!url.full_timestamp || url.time != capture.time) return true;
  return !url.url_as_written || folders_in(url.url) != folders_in(address_of(capture));
}

ReplayResponse redirect_to(const Asked& asked, const cdx::Capture& capture) {
  ReplayResponse response;
  response.status = 302;
  response.headers.add("Location", memento::replay_path(capture.collection, capture.time.text(),
                                                        asked.url.modifier, address_of(capture)));
  response.headers.add("Link", memento::link_header(asked.at, capture.url));
  response.headers.add("Cache-Control", "no-cache");
  add_policy(response.headers, own_policy(asked.app_origin));
  return response;
}

/// Where Prefer may choose between a page as archived and as rewritten.
bool has_choice(const Asked& asked) {
  return memento::is_page(asked.url.modifier) || asked.url.modifier == Modifier::kIdentity;
}

void add_vary(ReplayResponse& response, std::string_view field) {
  std::string vary = response.headers.joined("Vary");
  if (!vary.empty()) vary += ", ";
  response.headers.set("Vary", vary += field);
}

}  // namespace

ReplayResponse Core::closest(const Asked& asked) const {
  const access::Judge judge = this->judge();
  memento::CaptureSearch::Wanted wanted{.collection = asked.url.collection,
                                        .url = asked.lookup_url,
                                        .time = asked.url.time,
                                        .method = asked.method,
                                        .body_digest = asked.body_digest,
                                        .judge = judge};
  auto found = first_readable(asked, wanted, Shown::kAtItsAddress);
  if (found || !settings.fuzzy)
    return found ? std::move(*found) : failure(Failure::kNotArchived, asked);
  auto keys =
      settings.fuzzy->keys_like(index, judge, asked.url.collection, url::surt(asked.lookup_url));
  if (!keys) {
    log::error("replay: looking for what is like {}: {}", asked.url.url, keys.error().what);
    return failure(Failure::kUnreadable, asked);
  }
  if (!keys->empty()) {
    wanted.keys = std::move(*keys);
    wanted.body_digest.clear();
    found = first_readable(asked, wanted, Shown::kInPlace);
  }
  return found ? std::move(*found) : failure(Failure::kNotArchived, asked);
}

/// The answer of the best capture that can be read, or why none can; nullopt if there is none.
std::optional<ReplayResponse> Core::first_readable(const Asked& asked,
                                                   const memento::CaptureSearch::Wanted& wanted,
                                                   Shown shown) const {
  memento::CaptureSearch search(index, wanted);
  bool found_any = false;
  for (std::size_t tried = 0; tried < settings.tried_captures; ++tried) {
    const auto capture = search.next();
    if (!capture) {
      log::error("replay: looking up {}: {}", asked.url.url, capture.error().what);
      return failure(Failure::kUnreadable, asked);
    }
    if (!*capture) break;
    if (wanted.judge(**capture) == access::Access::kBlock) return failure(Failure::kBlocked, asked);
    found_any = true;
    auto resolved = resolver.resolve(**capture);
    if (resolved && shown == Shown::kAtItsAddress && needs_redirect(asked, **capture))
      return redirect_to(asked, **capture);
    auto response = resolved ? memento_answer(*this, asked, std::move(*resolved))
                             : Result<ReplayResponse>(std::unexpected(std::move(resolved).error()));
    if (response) return std::move(*response);
    log::warning("replay: passing over {} at {} offset {}: {}", (*capture)->url, (*capture)->file,
                 (*capture)->offset, response.error().what);
  }
  if (!found_any) return std::nullopt;
  return failure(Failure::kUnreadable, asked);
}

ReplayResponse Core::memento(const Asked& asked) const {
  const auto preference = memento::preference_of(asked.request.headers);
  if (!has_choice(asked)) return closest(asked);
  Asked preferred = asked;
  if (preference == memento::Preference::kRaw) preferred.url.modifier = Modifier::kIdentity;
  if (preference == memento::Preference::kRewritten && asked.url.modifier == Modifier::kIdentity)
    preferred.url.modifier = Modifier::kNone;
  ReplayResponse response = closest(preferred);
  add_vary(response, "prefer");
  if (preference != memento::Preference::kNone && response.status < 400)
    response.headers.add("Preference-Applied",
                         preference == memento::Preference::kRaw ? "raw" : "rewritten");
  return response;
}

ReplayResponse Core::timegate(const Asked& asked) const {
  const auto wanted = memento::accept_datetime(asked.request.headers);
  if (!wanted) return failure(Failure::kBadDate, asked);
  Asked latest = asked;
  latest.url.time =
      wanted->value_or(Time14(std::chrono::floor<std::chrono::seconds>(now_micros())));
  latest.url.timestamp = latest.url.time.text();
  ReplayResponse response = memento(latest);
  add_vary(response, "accept-datetime");
  if (response.status < 400) response.headers.set("Cache-Control", "no-cache");
  return response;
}

}  // namespace wm::replay
