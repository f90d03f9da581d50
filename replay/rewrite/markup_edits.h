#pragma once

#include <string_view>
#include <vector>

#include "core/html/tokenizer.h"
#include "replay/rewrite/decoded_value.h"
#include "replay/rewrite/edit.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

enum class RelativeUrls {
  kLeave,    ///< as UrlRewriter::edit()
  kRewrite,  ///< as UrlRewriter::edit_all()
};

/// The edit of the URL at [begin, end) of an attribute's value, by offset in its tag, to `edits`.
void edit_attribute_url(const html::Attribute& attribute, std::size_t begin, std::size_t end,
                        const UrlRewriter& urls, Modifier modifier, RelativeUrls relative,
                        std::vector<Edit>& edits);

/// `edits` of the decoded text of an attribute's value (from `begin` of it on) become those of its
/// tag.
void map_attribute_edits(const html::Attribute& attribute, std::size_t begin,
                         const DecodedValue& value, const std::vector<Edit>& edits,
                         std::vector<Edit>& into);

/// Edits of the decoded text of an element become those of the text as written. One that would
/// reach over the end of a CDATA section is left out.
std::vector<Edit> text_edits(const DecodedValue& value, const std::vector<Edit>& edits);

/// The edits of a text that is a URL and nothing else, if it is an absolute one.
std::vector<Edit> url_text_edits(std::string_view written, const UrlRewriter& urls,
                                 Modifier modifier);

}  // namespace wm::rewrite
