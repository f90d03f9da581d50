#pragma once

#include <string_view>

namespace wm::rewrite {

// What the first bytes of a body say, where its type says nothing or is wrong (facts: replay 2.1).

/// Holds a NUL and is no UTF-16.
bool looks_binary(std::string_view bytes);
/// MIME Sniffing Standard 7.1, the patterns of text/html.
bool looks_like_html(std::string_view bytes);
/// A tag or doctype first. Not "<!--", which old scripts begin with.
bool begins_with_tag(std::string_view bytes);
/// An object or array of them first.
bool looks_like_json(std::string_view bytes);
bool looks_like_hls(std::string_view bytes);
/// The name of an XML document's first element without its prefix; "" if it is not among the bytes.
std::string_view xml_root(std::string_view bytes);

}  // namespace wm::rewrite
