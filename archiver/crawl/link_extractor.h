#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/html/url_attributes.h"
#include "core/http/headers.h"
#include "core/url/url.h"

namespace wm::crawl {

/// A URL that a resource names.
struct Link {
  std::string url;  ///< absolute http or https as url::Url serialises it, without fragment
  html::UrlRole role;
  friend bool operator==(const Link&, const Link&) = default;
};

/// Is a resource of this role part of the page, rather than somewhere the reader may go?
bool is_requisite(html::UrlRole role) noexcept;

struct ExtractLimits {
  std::size_t links = 20000;            ///< per resource; those beyond are not told
  std::size_t nested = 4;               ///< srcdoc within srcdoc
  std::size_t element_bytes = 4 << 20;  ///< text of one style or script element that is looked at
};

/// What a resource names, in the order of its bytes, without repeats of URL and role.
struct Extracted {
  std::vector<Link> links;
  bool cut = false;  ///< a limit was reached
};

// Each takes the decoded bytes of a resource and the URL it came from, after redirects. Linear in
// the input; hostile input gives fewer or odd links, never an error. Sources: facts/capture.md
// §5.1; HTML Standard 2.4.3, 4.2.3, 4.8.4; CSS Syntax 3.

/// HTML, XHTML and SVG. `<base href>` counts from where it stands, the first one wins; srcdoc,
/// style elements and attributes, module scripts and import maps are looked into. Non-ASCII bytes
/// of a query go out in the page's own encoding, as the standard has it.
Extracted links_of_markup(std::string_view bytes, const url::Url& url,
                          std::optional<std::string_view> http_charset,
                          html::Markup markup = html::Markup::kHtml, ExtractLimits limits = {});

/// A style sheet; URLs are resolved against the sheet's own.
Extracted links_of_css(std::string_view bytes, const url::Url& url,
                       std::optional<std::string_view> http_charset, ExtractLimits limits = {});

/// A script, by what its text shows: static imports and re-exports of modules, import() with a
/// literal in any. Bare specifiers are left out: only an import map can say what they mean.
enum class ScriptKind { kClassic, kModule };
Extracted links_of_script(std::string_view bytes, const url::Url& url, ScriptKind kind,
                          ExtractLimits limits = {});

/// The addresses of an import map, all of them; keys and values that end in '/' stand for folders
/// and are left out.
Extracted links_of_import_map(std::string_view json, const url::Url& base,
                              ExtractLimits limits = {});

/// Icons, screenshots and shortcut icons of a web app manifest.
Extracted links_of_manifest(std::string_view json, const url::Url& url, ExtractLimits limits = {});

/// Link and Refresh response headers.
Extracted links_of_headers(const http::Headers& headers, const url::Url& url,
                           ExtractLimits limits = {});

}  // namespace wm::crawl
