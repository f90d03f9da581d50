#include "archiver/crawl/link_collector_internal.h"

#include "core/base/ascii.h"

namespace wm::crawl {

bool is_requisite(html::UrlRole role) noexcept {
  using enum html::UrlRole;
  switch (role) {
    case kDocument:
    case kFrame:
    case kStyle:
    case kScript:
    case kModule:
    case kImage:
    case kIcon:
    case kFont:
    case kMedia:
    case kObject:
    case kManifest:
    case kFetch:
    case kPrefetch:
    case kMetaImage:
    case kLazy:
    case kRefresh:
      return true;
    case kNavigation:
    case kFeed:
    case kCanonical:
    case kHint:
    case kBase:
    case kCite:
      return false;
  }
  return false;
}

void LinkCollector::add(std::string_view reference, const url::Url& base, html::UrlRole role) {
  reference = trim(reference);
  if (reference.empty() || reference.front() == '#') return;
  for (const std::string_view scheme :
       {"data:", "javascript:", "blob:", "about:", "mailto:", "tel:"}) {
    if (istarts_with(reference, scheme)) return;
  }
  if (extracted_.links.size() >= limits_.links) {
    extracted_.cut = true;
    return;
  }
  const auto url = url::Url::parse(reference, &base);
  if (!url || !url->is_http()) return;
  std::string href = url->href_without_fragment();
  if (!seen_.emplace(href, role).second) return;
  extracted_.links.push_back({std::move(href), role});
}

bool is_prompt_refresh(std::string_view value) noexcept {
  constexpr std::uint64_t kSeconds = 10;
  value = trim(value);
  std::size_t digits = 0;
  while (digits < value.size() && is_digit(value[digits])) ++digits;
  if (digits == 0) return value.starts_with('.');
  const auto seconds = parse_u64(value.substr(0, digits));
  return seconds && *seconds <= kSeconds;
}

}  // namespace wm::crawl
