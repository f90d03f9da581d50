#pragma once

#include <string>
#include <string_view>

namespace wm::text {

/// The primary subtag of a language tag or list of them: "zh-Hans-CN, en" → "zh"; "" for what is
/// none.
std::string primary_language(std::string_view tags);

/// The language of a text, given what the page and the header say of it (primary subtags, "" for
/// nothing). Scripts decide over both: a page of Han characters that calls itself English is
/// Chinese. Among languages of one script the page is believed, then the header, then the words
/// that stand most often. "" if nothing tells. Looks at the first 64 KiB.
std::string text_language(std::string_view text, std::string_view of_page,
                          std::string_view of_header);

}  // namespace wm::text
