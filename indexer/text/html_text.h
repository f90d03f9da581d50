#pragma once

#include <string_view>

#include "indexer/text/page_text.h"

namespace wm::text {

/// The text of HTML in UTF-8. `language` is what the page says of itself; nothing is guessed.
PageText html_text(std::string_view html, std::size_t limit_bytes);

}  // namespace wm::text
