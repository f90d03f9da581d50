#include "archiver/capture/resource_links.h"

#include "core/base/ascii.h"
#include "core/http/body.h"
#include "core/http/media_type.h"

namespace wm::archiver {
namespace {

using html::UrlRole;

constexpr std::size_t kReadBytes = 32 << 20;

enum class Reading { kNone, kMarkup, kXml, kCss, kScript, kModule, kManifest };

bool is_document(UrlRole role) {
  return role == UrlRole::kDocument || role == UrlRole::kFrame || role == UrlRole::kRefresh ||
         role == UrlRole::kObject;
}

Reading reading_of(UrlRole role, const std::optional<http::MediaType>& type, int status) {
  const std::string essence = type ? type->essence() : std::string();
  if (essence == "image/svg+xml") return Reading::kXml;
  if (is_document(role)) {
    if (type && type->is_xml()) return Reading::kXml;
    return !type || type->is_html() ? Reading::kMarkup : Reading::kNone;
  }
  // What comes instead of a style or a script with an error status is a page nobody sees.
  if (status >= 400 || (type && type->is_html())) return Reading::kNone;
  if (role == UrlRole::kStyle || essence == "text/css") return Reading::kCss;
  if (role == UrlRole::kModule) return Reading::kModule;
  if (role == UrlRole::kScript) return Reading::kScript;
  if (role == UrlRole::kManifest) return Reading::kManifest;
  return Reading::kNone;
}

bool looks_like_markup(std::string_view bytes) {
  return trim(bytes.substr(0, 256)).starts_with('<') || bytes.starts_with("\xef\xbb\xbf<");
}

crawl::Extracted read_links(Reading reading, std::string_view bytes, const url::Url& url,
                            std::optional<std::string_view> charset) {
  switch (reading) {
    case Reading::kXml:
      return crawl::links_of_markup(bytes, url, charset, html::Markup::kXml);
    case Reading::kMarkup:
      return crawl::links_of_markup(bytes, url, charset);
    case Reading::kCss:
      return crawl::links_of_css(bytes, url, charset);
    case Reading::kScript:
      return crawl::links_of_script(bytes, url, crawl::ScriptKind::kClassic);
    case Reading::kModule:
      return crawl::links_of_script(bytes, url, crawl::ScriptKind::kModule);
    case Reading::kManifest:
      return crawl::links_of_manifest(bytes, url);
    case Reading::kNone:
      break;
  }
  return {};
}

}  // namespace

std::string decoded(const fetch::Exchange& exchange) {
  http::Headers headers = exchange.response.headers;
  headers.remove("Transfer-Encoding");  // undone already
  const auto source =
      http::decoded_body(exchange.body->source(), headers, {.bytes = kReadBytes, .ratio = 0});
  std::string bytes;
  std::vector<char> buffer(64 * 1024);
  while (bytes.size() < kReadBytes) {
    const auto got = source->read(buffer);
    if (!got || *got == 0) break;
    bytes.append(buffer.data(), *got);
  }
  return bytes;
}

ResourceLinks requisites_of(const fetch::Exchange& exchange, UrlRole role) {
  ResourceLinks result;
  const auto url = url::Url::parse(exchange.url);
  if (!url) return result;
  const auto type = http::content_type(exchange.response.headers);
  auto links = crawl::links_of_headers(exchange.response.headers, *url).links;
  Reading reading = reading_of(role, type, exchange.response.status);
  if (reading != Reading::kNone && exchange.body->size() > 0) {
    const std::string bytes = decoded(exchange);
    if (reading == Reading::kMarkup && !type && !looks_like_markup(bytes)) reading = Reading::kNone;
    result.is_page = reading == Reading::kMarkup || (reading == Reading::kXml && type->is_html());
    const auto charset = type ? type->parameter("charset") : std::nullopt;
    for (auto& link : read_links(reading, bytes, *url, charset).links)
      links.push_back(std::move(link));
  }
  for (auto& link : links) {
    if (!crawl::is_requisite(link.role)) continue;
    result.names_icon = result.names_icon || link.role == UrlRole::kIcon;
    result.links.push_back(std::move(link));
  }
  return result;
}

std::string_view resource_type_of(UrlRole role) noexcept {
  using enum UrlRole;
  switch (role) {
    case kDocument:
    case kFrame:
    case kRefresh:
      return "document";
    case kStyle:
      return "stylesheet";
    case kScript:
    case kModule:
      return "script";
    case kImage:
    case kIcon:
    case kMetaImage:
    case kLazy:
      return "image";
    case kFont:
      return "font";
    case kMedia:
      return "media";
    case kManifest:
      return "manifest";
    default:
      return "other";
  }
}

}  // namespace wm::archiver
