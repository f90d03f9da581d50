#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "core/http/media_type.h"
#include "replay/memento/modifier.h"
#include "replay/memento/negotiate.h"
#include "replay/rewrite/html_rewriter.h"

namespace wm::rewrite {

/// As what a body is rewritten.
enum class Kind {
  kNone,
  kHtml,
  kXhtml,   ///< as HTML, read as XML
  kMarkup,  ///< SVG, feeds and other XML: no wombat is started in it
  kCss,
  kScript,
  kModule,
  kWorker,
  kWorkerModule,
  kImportMap,
  kJson,  ///< JSON, handed to a function or not
  kHls,
  kDash
};

/// A page, which wombat is started in.
constexpr bool is_page_kind(Kind kind) noexcept {
  return kind == Kind::kHtml || kind == Kind::kXhtml;
}

struct KindHints {
  std::optional<http::MediaType> type;  ///< of Content-Type
  memento::Modifier modifier = memento::Modifier::kNone;
  memento::Destination destination = memento::Destination::kPage;
  bool destination_told = false;  ///< by the browser, not guessed from the modifier
  std::string_view first_bytes;   ///< of the decoded body, 1 KiB or so
  bool asks_callback = false;     ///< the URL names a function to be called with the answer
  Scripts scripts = Scripts::kLeave;
};

/// The one table, media type → rewriter (facts: replay 2.1). What the browser will use the body as
/// comes first, since that is how it will read it whatever the type says; then the type; for types
/// that say nothing, the modifier and the first bytes.
Kind kind_of(const KindHints& hints);

/// The kind `waymark tool rewrite --type` names: see kKindNames. nullopt for other names.
std::optional<Kind> kind_named(std::string_view name);

inline constexpr std::array<std::string_view, 14> kKindNames = {
    "html",   "xhtml",         "xml",       "svg",  "css",   "js",  "module",
    "worker", "worker-module", "importmap", "json", "jsonp", "hls", "dash"};

}  // namespace wm::rewrite
