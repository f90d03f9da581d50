// The first byte chooses the kind of resource, the rest is its text. What comes out is absolute
// http(s) without fragment, and within limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "archiver/crawl/link_extractor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm;
  if (size == 0) return 0;
  static const url::Url base = url::Url::parse("https://a.example/dir/page.html?x").value();
  static const char* const kCharsets[] = {"utf-8",        "shift_jis",   "gbk",
                                          "windows-1252", "iso-2022-jp", "utf-16le"};
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const char* charset = kCharsets[(data[0] / 8u) % 6u];
  const crawl::ExtractLimits limits{.links = 100};
  crawl::Extracted found;
  switch (data[0] % 8) {
    case 0:
      found = crawl::links_of_markup(text, base, charset, html::Markup::kHtml, limits);
      break;
    case 1:
      found = crawl::links_of_markup(text, base, {}, html::Markup::kXml, limits);
      break;
    case 2:
      found = crawl::links_of_css(text, base, charset, limits);
      break;
    case 3:
      found = crawl::links_of_script(text, base, crawl::ScriptKind::kModule, limits);
      break;
    case 4:
      found = crawl::links_of_manifest(text, base, limits);
      break;
    case 5:
      found = crawl::links_of_import_map(text, base, limits);
      break;
    case 6:
      found = crawl::links_of_headers({{"Link", std::string(text)}, {"Refresh", std::string(text)}},
                                      base, limits);
      break;
    default:
      found = crawl::links_of_css(text, base, {}, limits);
      break;
  }
  if (found.links.size() > 100) std::abort();
  for (const auto& link : found.links) {
    if (!link.url.starts_with("http://") && !link.url.starts_with("https://")) std::abort();
    if (link.url.find('#') != std::string::npos) std::abort();
  }
  return 0;
}
