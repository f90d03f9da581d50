#include "server/app/page_facts.h"

#include "core/base/log.h"
#include "core/http/body.h"
#include "core/http/media_type.h"
#include "core/url/surt.h"
#include "indexer/text/page_text.h"
#include "replay/resolve/resolver.h"
#include "server/app/page_pictures.h"

namespace wm::app {

namespace {

constexpr std::size_t kHeadBytes = 512 * 1024;  // a title stands at the front

/// The page as the browser had it in the end, if one showed it; else its own record.
Result<cdx::Capture> page_of(const cdx::CdxIndex& index, const std::string& url, Time14 time) {
  const std::string tree = "urn:dom:" + url;
  auto made = WM_TRY(index.closest("web", url::surt(tree), time).next());
  if (made && made->time == time && made->url == tree) return std::move(*made);
  auto capture = WM_TRY(index.closest("web", url::surt(url), time).next());
  if (!capture) return fail(Error::Code::kNotFound, "no capture of " + url);
  return std::move(*capture);
}

Result<links::LinkStore::PageFacts> read_facts(const cdx::CdxIndex& index, const std::filesystem::path& warcs, const std::string& url, Time14 time) {
  const auto capture = WM_TRY(page_of(index, url, time));
  resolve::Resolved page = WM_TRY(resolve::Resolver(index, warcs).resolve(capture));
  const auto type = http::content_type(page.head.headers);
  const std::string mime = type ? type->essence() : "";
  if (text::text_kind(mime) == text::TextKind::kNone) return links::LinkStore::PageFacts{};
  const auto decoded = http::decoded_body(std::move(page.body), page.head.headers, {.bytes = 1 << 24});
  const std::string body = WM_TRY(read_up_to(*decoded, kHeadBytes));
  if (text::text_kind(mime, body) != text::TextKind::kHtml) return links::LinkStore::PageFacts{};
  const auto extracted = WM_TRY(text::extract_text({.body = body, .mime = mime, .charset = type ? type->parameter("charset") : std::nullopt, .content_language = {}}));
  PictureAddresses pictures = picture_addresses(body, url);
  return links::LinkStore::PageFacts{
      .title = extracted.title, .description = extracted.description, .icon = std::move(pictures.icon), .preview = std::move(pictures.preview), .text = extracted.text};
}

}  // namespace

links::LinkStore::PageFacts page_facts(const cdx::CdxIndex& index, const std::filesystem::path& warcs, const std::string& url, Time14 time) {
  auto facts = read_facts(index, warcs, url, time);
  if (facts) return std::move(*facts);
  log::warning("no title of {}: {}", url, facts.error().what);
  return {};
}

}  // namespace wm::app
