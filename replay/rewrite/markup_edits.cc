#include "replay/rewrite/markup_edits.h"

#include <string>
#include <utility>

#include "core/base/ascii.h"
#include "replay/rewrite/html_attributes.h"

namespace wm::rewrite {
namespace {

std::size_t blanks_before(std::string_view text) {
  std::size_t blanks = 0;
  while (blanks < text.size() && static_cast<unsigned char>(text[blanks]) <= 0x20) ++blanks;
  return blanks;
}

}  // namespace

void edit_attribute_url(const html::Attribute& attribute, std::size_t begin, std::size_t end,
                        const UrlRewriter& urls, Modifier modifier, RelativeUrls relative,
                        std::vector<Edit>& edits) {
  const auto written = attribute.value.substr(begin, end - begin);
  const DecodedValue value(written);
  const UrlEdit change = relative == RelativeUrls::kRewrite ? urls.edit_all(value.text(), modifier)
                                                            : urls.edit(value.text(), modifier);
  if (change.kind == UrlEdit::Kind::kLeave) return;
  const std::size_t at = attribute.value_begin + begin;
  std::string fresh = html::escape_attribute(change.text, attribute.quote);
  if (change.kind == UrlEdit::Kind::kReplace) {
    edits.push_back({at, at + written.size(), std::move(fresh)});
    return;
  }
  const std::size_t first = at + value.written_at(blanks_before(value.text()));
  edits.push_back({first, first, std::move(fresh)});
}

void map_attribute_edits(const html::Attribute& attribute, std::size_t begin,
                         const DecodedValue& value, const std::vector<Edit>& edits,
                         std::vector<Edit>& into) {
  const std::size_t at = attribute.value_begin + begin;
  for (const Edit& edit : edits) {
    into.push_back({at + value.written_at(edit.begin), at + value.written_at(edit.end),
                    html::escape_attribute(edit.fresh, attribute.quote)});
  }
}

std::vector<Edit> text_edits(const DecodedValue& value, const std::vector<Edit>& edits) {
  std::vector<Edit> mapped;
  for (const Edit& edit : edits) {
    const std::size_t begin = value.written_at(edit.begin);
    const std::size_t end = edit.end == edit.begin ? begin : value.written_end(edit.end);
    const std::size_t section = value.section_at(begin);
    if (end > begin && value.section_at(end - 1) != section) continue;
    mapped.push_back({begin, end, section != 0 ? edit.fresh : html::escape_text(edit.fresh)});
  }
  return mapped;
}

std::vector<Edit> url_text_edits(std::string_view written, const UrlRewriter& urls,
                                 Modifier modifier) {
  const DecodedValue value = DecodedValue::of_text(written);
  const auto text = value.text();
  if (!is_absolute(text)) return {};
  const UrlEdit change = urls.edit(text, modifier);
  const std::size_t first = blanks_before(text);
  if (change.kind == UrlEdit::Kind::kInsert)
    return text_edits(value, {{first, first, change.text}});
  if (change.kind != UrlEdit::Kind::kReplace) return {};
  return text_edits(value, {{first, first + trim(text).size(), change.text}});
}

}  // namespace wm::rewrite
