#include <cstdint>
#include <cstdlib>

#include "core/base/ascii.h"
#include "indexer/text/page_text.h"

// Any bytes are a page: its text is UTF-8, within the limit, and has a language or none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  if (body.starts_with("%PDF-")) return 0;  // that is another program's affair
  const auto page = wm::text::extract_text(
      {.body = body, .mime = "text/html", .charset = {}, .content_language = {}},
      {.text_bytes = 4096});
  if (!page) return 0;
  if (page->text.size() > 4096 || page->language.size() > 3) std::abort();
  if (!wm::is_valid_utf8(page->title) || !wm::is_valid_utf8(page->description)) std::abort();
  return 0;
}
