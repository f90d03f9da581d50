#include "indexer/pipeline/page_finder.h"

#include "core/base/ascii.h"
#include "core/url/url.h"
#include "indexer/text/page_text.h"

namespace wm::pipeline {
namespace {

constexpr std::size_t kUrlsKept = 100000;
constexpr int kRedirects = 30;
constexpr std::string_view kPageInfo = "urn:pageinfo:";

/// One spelling of a URL, without fragment.
std::string spelled(const std::string& url) {
  const auto parsed = url::Url::parse(url);
  return parsed ? parsed->href_without_fragment() : url;
}

/// Images and scripts say nothing to a reader; JSON and XML are mostly data that pages load.
bool is_page_type(const std::string& mime) {
  return iequals(mime, "text/html") || iequals(mime, "application/xhtml+xml") ||
         iequals(mime, "text/plain") || iequals(mime, "application/pdf");
}

}  // namespace

PageFinder::PageFinder(const std::string& seed_url)
    : seed_(seed_url.empty() ? "" : spelled(seed_url)) {}

bool PageFinder::add(const RecordCapture& found) {
  const cdx::Capture& capture = found.capture;
  if (capture.method) return false;
  // The final tree is a page seen twice: its text and title are told with the page's own record.
  if (capture.url.starts_with("urn:dom:")) return false;
  if (seed_.empty()) return capture.status.value_or(200) == 200 && is_page_type(found.content_type);
  if (capture.url.starts_with(kPageInfo)) named_ = spelled(capture.url.substr(kPageInfo.size()));
  if (by_url_.size() < kUrlsKept) by_url_.emplace(spelled(capture.url), capture);
  return false;
}

std::optional<cdx::Capture> PageFinder::seed_page() const {
  if (const auto named = by_url_.find(named_); named != by_url_.end()) return named->second;
  std::string url = seed_;
  std::optional<cdx::Capture> page;
  for (int hop = 0; hop < kRedirects && !url.empty(); ++hop) {
    const auto found = by_url_.find(url);
    if (found == by_url_.end()) break;
    page = found->second;
    if (!page->redirect) break;
    url = spelled(*page->redirect);
  }
  return page;
}

}  // namespace wm::pipeline
