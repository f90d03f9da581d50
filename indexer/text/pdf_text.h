#pragma once

#include <string>
#include <string_view>

#include "indexer/text/page_text.h"

namespace wm::text {

/// What pdftotext (poppler-utils) makes of a PDF, as HTML with the document's title. It runs in a
/// process of its own, without a shell, environment or network, with bounds on time, memory and
/// output, so that a hostile PDF can harm nothing else.
Result<std::string> pdf_to_html(std::string_view pdf, const TextLimits& limits);

}  // namespace wm::text
