#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::text {

/// What of a page is searched. All UTF-8.
struct PageText {
  std::string title;
  std::string description;
  std::string headings;  ///< a line each; they stand in `text` too
  std::string text;  ///< a line a block; what seems to be the page's matter first, navigation and
                     ///< what is hidden last
  std::string language;  ///< BCP 47 primary subtag, "" if unknown
};

/// How text is got out of a media type; one table, page_text.cc.
enum class TextKind { kNone, kHtml, kPlain, kPdf };
/// Of an essence such as "text/html", in any case.
TextKind text_kind(std::string_view mime);
/// As text_kind, but where the type tells nothing ("", "unk", octet-stream) or is wrong about a
/// PDF, by the first bytes.
TextKind text_kind(std::string_view mime, std::string_view body);

struct TextInput {
  std::string_view body;  ///< decoded: no transfer or content coding
  std::string_view mime;
  std::optional<std::string_view> charset;  ///< of Content-Type
  std::string_view content_language;        ///< of the header
};

struct TextLimits {
  std::size_t text_bytes = 8 << 20;
  std::chrono::seconds pdf_timeout{30};
  std::filesystem::path pdftotext{};  ///< "" = where PATH or /usr/bin has it
};

/// The text of a body, empty for kinds that hold none. Linear in the body's length. kUnsupported
/// when the tool for PDF is not there (told in the log once), kTimeout, kCorrupt for a PDF that it
/// cannot read.
Result<PageText> extract_text(const TextInput& input, const TextLimits& limits = {});

}  // namespace wm::text
