#include "archiver/crawl/link_collector_internal.h"
#include "core/base/ascii.h"
#include "core/charset/charset.h"
#include "core/css/css_scanner.h"

namespace wm::crawl {
namespace {

/// CSS Syntax 3, 3.2: byte order mark, HTTP, @charset, else UTF-8. Only asked when there are bytes
/// above 0x7f.
std::string encoding_of_sheet(std::string_view bytes,
                              std::optional<std::string_view> http_charset) {
  if (const auto marked = charset::encoding_of_bom(bytes)) return std::string(*marked);
  std::string_view label;
  constexpr std::string_view kRule = "@charset \"";
  if (http_charset) {
    label = *http_charset;
  } else if (bytes.starts_with(kRule)) {
    label = bytes.substr(kRule.size(), 64);
    label = label.substr(0, label.find('"'));
  }
  return std::string(charset::encoding_of_label(label).value_or("UTF-8"));
}

}  // namespace

void collect_css(std::string_view utf8, const url::Url& base, LinkCollector& into) {
  css::for_each_url(utf8, [&](const css::UrlUse& use) {
    using Kind = css::UrlUse::Kind;
    switch (use.kind) {
      case Kind::kImport:
        into.add(use.url, base, html::UrlRole::kStyle);
        break;
      case Kind::kFont:
        into.add(use.url, base, html::UrlRole::kFont);
        break;
      case Kind::kResource:
        into.add(use.url, base, html::UrlRole::kImage);
        break;
      case Kind::kNamespace:
        break;
    }
  });
}

Extracted links_of_css(std::string_view bytes, const url::Url& url,
                       std::optional<std::string_view> http_charset, ExtractLimits limits) {
  LinkCollector collector(limits);
  std::string converted;
  if (!is_valid_utf8(bytes) || bytes.starts_with("\xef\xbb\xbf")) {
    if (auto text = charset::to_utf8(bytes, encoding_of_sheet(bytes, http_charset))) {
      converted = std::move(*text);
      bytes = converted;
    }
  }
  collect_css(bytes, url, collector);
  return collector.take();
}

}  // namespace wm::crawl
