#include "indexer/text/page_text.h"

#include <array>

#include "core/base/ascii.h"
#include "core/charset/charset.h"
#include "indexer/text/html_text.h"
#include "indexer/text/language.h"
#include "indexer/text/pdf_text.h"

namespace wm::text {
namespace {

struct TypeRow {
  std::string_view mime;
  TextKind kind;
};

// XML is read as HTML is: what stands between tags.
constexpr std::array<TypeRow, 18> kTypes = {{{"text/html", TextKind::kHtml},
                                             {"application/xhtml+xml", TextKind::kHtml},
                                             {"text/plain", TextKind::kPlain},
                                             {"text/markdown", TextKind::kPlain},
                                             {"text/x-markdown", TextKind::kPlain},
                                             {"text/csv", TextKind::kPlain},
                                             {"text/tab-separated-values", TextKind::kPlain},
                                             {"text/x-rst", TextKind::kPlain},
                                             {"text/json", TextKind::kPlain},
                                             {"application/json", TextKind::kPlain},
                                             {"application/ld+json", TextKind::kPlain},
                                             {"application/pdf", TextKind::kPdf},
                                             {"application/x-pdf", TextKind::kPdf},
                                             {"text/xml", TextKind::kHtml},
                                             {"application/xml", TextKind::kHtml},
                                             {"application/rss+xml", TextKind::kHtml},
                                             {"application/atom+xml", TextKind::kHtml},
                                             {"image/svg+xml", TextKind::kHtml}}};

PageText plain_text(std::string_view text) {
  PageText page;
  bool blank = false;
  bool line = false;
  for (const char c : text) {
    if (is_space(c) || static_cast<unsigned char>(c) < 0x20) {
      blank = true;
      line = line || c == '\n';
      continue;
    }
    if (!page.text.empty() && blank) page.text.push_back(line ? '\n' : ' ');
    blank = line = false;
    page.text.push_back(c);
  }
  return page;
}

/// The first line of a text says more than nothing.
std::string first_line(std::string_view text) {
  constexpr std::size_t kMost = 200;
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() <= kMost) return std::string(line);
  line = line.substr(0, kMost);
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0) == 0x80)
    line.remove_suffix(1);
  return std::string(line.substr(0, line.size() - 1)) + "…";
}

Result<PageText> extract(TextKind kind, const TextInput& input, const TextLimits& limits) {
  if (kind == TextKind::kPdf) {
    auto page = html_text(valid_utf8(WM_TRY(pdf_to_html(input.body, limits))), limits.text_bytes);
    // A program's or file's name is what many PDFs have for a title.
    if (page.title.empty()) page.title = first_line(page.text);
    return page;
  }
  const auto charset = charset::sniff_charset(input.body.substr(0, 64 << 10), input.charset);
  const std::string utf8 =
      WM_TRY(charset::to_utf8(input.body.substr(0, limits.text_bytes), charset.encoding));
  if (kind == TextKind::kHtml) return html_text(utf8, limits.text_bytes);
  auto page = plain_text(utf8);
  page.title = first_line(page.text);
  return page;
}

}  // namespace

TextKind text_kind(std::string_view mime) {
  for (const auto& row : kTypes) {
    if (iequals(row.mime, mime)) return row.kind;
  }
  return TextKind::kNone;
}

TextKind text_kind(std::string_view mime, std::string_view body) {
  if (body.starts_with("%PDF-")) return TextKind::kPdf;
  const TextKind kind = text_kind(mime);
  const bool tells_nothing =
      mime.empty() || mime == "unk" || iequals(mime, "application/octet-stream");
  if (kind != TextKind::kNone || !tells_nothing)
    return kind == TextKind::kPdf ? TextKind::kNone : kind;
  const std::string_view head = trim(body.substr(0, 512));
  if (istarts_with(head, "<!doctype html") || istarts_with(head, "<html")) return TextKind::kHtml;
  return TextKind::kNone;
}

Result<PageText> extract_text(const TextInput& input, const TextLimits& limits) {
  const TextKind kind = text_kind(input.mime, input.body);
  if (kind == TextKind::kNone) return PageText{};
  auto page = WM_TRY(extract(kind, input, limits));
  page.language = text_language(page.text, primary_language(page.language),
                                primary_language(input.content_language));
  return page;
}

}  // namespace wm::text
