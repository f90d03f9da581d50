#include "server/app/page_change.h"

#include <nlohmann/json.hpp>

#include "core/url/surt.h"

namespace wm::app {

using nlohmann::json;

namespace {

/// The digest of the capture of `url` that this snapshot made; "" if it made none.
Result<std::string> digest_of(const cdx::CdxIndex& index, const links::Snapshot& snapshot, const std::string& url) {
  auto captures = index.closest(snapshot.collection, url::surt(url), snapshot.time);
  while (auto capture = WM_TRY(captures.next())) {
    if (capture->time != snapshot.time) return std::string();
    if (capture->url == url && !capture->method) return capture->digest;
  }
  return std::string();
}

}  // namespace

Result<json> page_change(const cdx::CdxIndex& index, const std::optional<links::Snapshot>& before, const links::Snapshot& now) {
  if (!before) return json(nullptr);
  for (const char* kind : {"urn:text:", ""}) {
    const std::string was = WM_TRY(digest_of(index, *before, kind + before->url));
    const std::string is = WM_TRY(digest_of(index, now, kind + now.url));
    if (!was.empty() && !is.empty()) return json{{"since", before->time.text()}, {"page", was != is || before->status != now.status}};
  }
  return json(nullptr);
}

}  // namespace wm::app
