// RFC 8288 Link and the de-facto Refresh header.
#include "archiver/crawl/link_collector_internal.h"
#include "core/base/ascii.h"
#include "core/http/media_type.h"

namespace wm::crawl {
namespace {

using html::UrlRole;

UrlRole preload_role(std::string_view as) {
  if (iequals(as, "style")) return UrlRole::kStyle;
  if (iequals(as, "script")) return UrlRole::kScript;
  if (iequals(as, "image")) return UrlRole::kImage;
  if (iequals(as, "font")) return UrlRole::kFont;
  if (iequals(as, "document")) return UrlRole::kDocument;
  for (const std::string_view media : {"audio", "video", "track"}) {
    if (iequals(as, media)) return UrlRole::kMedia;
  }
  return UrlRole::kFetch;
}

std::optional<UrlRole> link_role(std::string_view rel, std::string_view as) {
  if (iequals(rel, "stylesheet")) return UrlRole::kStyle;
  if (iequals(rel, "preload")) return preload_role(as);
  if (iequals(rel, "modulepreload")) return UrlRole::kModule;
  if (iequals(rel, "prefetch")) return UrlRole::kPrefetch;
  if (iequals(rel, "icon") || iequals(rel, "apple-touch-icon") || iequals(rel, "mask-icon"))
    return UrlRole::kIcon;
  if (iequals(rel, "manifest")) return UrlRole::kManifest;
  return std::nullopt;
}

void collect_link(const http::LinkValue& link, const url::Url& url, LinkCollector& into) {
  const auto rel = link.parameter("rel");
  if (!rel || link.parameter("anchor")) return;  // with an anchor it is another resource's link
  for (const std::string_view word : split(*rel, ' ')) {
    const auto role = link_role(word, link.parameter("as").value_or(""));
    if (!role) continue;
    into.add(link.target, url, *role);
    const std::string_view srcset = link.parameter("imagesrcset").value_or("");
    for (const auto& candidate : html::parse_srcset(srcset)) {
      into.add(srcset.substr(candidate.begin, candidate.end - candidate.begin), url, *role);
    }
  }
}

}  // namespace

Extracted links_of_headers(const http::Headers& headers, const url::Url& url,
                           ExtractLimits limits) {
  LinkCollector collector(limits);
  for (const std::string_view value : headers.all("Link")) {
    for (const auto& link : http::parse_link_header(value)) collect_link(link, url, collector);
  }
  if (const auto refresh = headers.find("Refresh"); refresh && is_prompt_refresh(*refresh)) {
    if (const auto range = html::parse_refresh(*refresh)) {
      collector.add(refresh->substr(range->begin, range->end - range->begin), url,
                    UrlRole::kRefresh);
    }
  }
  return collector.take();
}

}  // namespace wm::crawl
