#include "replay/referer.h"

#include "core/base/ascii.h"
#include "core/url/url.h"
#include "replay/memento/negotiate.h"

namespace wm::replay {
namespace {

using memento::Destination;
using memento::Modifier;
using memento::WaybackUrl;

Modifier modifier_for(Destination destination, Modifier page) {
  switch (destination) {
    case Destination::kScript:
      return Modifier::kScript;
    case Destination::kStyle:
      return Modifier::kStyle;
    case Destination::kImage:
      return Modifier::kImage;
    case Destination::kMedia:
      return Modifier::kOther;
    case Destination::kWorker:
      return Modifier::kWorker;
    case Destination::kPage:
    case Destination::kEmbed:
    case Destination::kServiceWorker:
    case Destination::kFetch:
    case Destination::kOther:
      break;
  }
  return memento::is_page(page) ? page : Modifier::kMainPage;
}

/// What the page had written: of "/web/2020mp_/logo.png" only the end, since it was relative to a
/// page without a path.
std::string_view leaked_reference(const ReplayRequest& request, const WaybackUrl* asked) {
  std::string_view target = request.target;
  if (asked == nullptr || asked->timestamp.empty()) return target;
  const std::size_t collection = target.find('/', 1);
  const std::size_t stamp = target.find('/', collection + 1);
  return stamp == std::string_view::npos ? target : target.substr(stamp + 1);
}

}  // namespace

std::optional<std::string> rescued_by_referer(const ReplayRequest& request,
                                              const WaybackUrl* asked) {
  const auto referer = request.headers.find("Referer");
  const auto host = request.headers.find("Host");
  if (!referer || !host || request.target.empty() || request.target.front() != '/')
    return std::nullopt;
  const std::size_t authority = referer->find("://");
  if (authority == std::string_view::npos) return std::nullopt;
  const std::size_t path = referer->find('/', authority + 3);
  if (path == std::string_view::npos ||
      !iequals(referer->substr(authority + 3, path - authority - 3), *host)) {
    return std::nullopt;
  }
  const auto page = memento::parse_wayback_url(referer->substr(path));
  if (!page || !page->certain) return std::nullopt;
  if (page->kind != WaybackUrl::Kind::kMemento && page->kind != WaybackUrl::Kind::kTimeGate)
    return std::nullopt;
  const auto base = url::Url::parse(page->url);
  if (!base || !base->has_host()) return std::nullopt;
  const auto resolved = url::resolve(leaked_reference(request, asked), *base);
  if (!resolved) return std::nullopt;
  const auto destination = memento::destination_of(request.headers, page->modifier);
  return memento::replay_path(page->collection, page->timestamp,
                              modifier_for(destination, page->modifier), *resolved);
}

}  // namespace wm::replay
