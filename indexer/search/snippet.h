#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "indexer/search/needle.h"
#include "indexer/search/terms.h"

namespace wm::search {

/// Where something looked for stands in a text, in bytes.
struct Mark {
  std::size_t begin;
  std::size_t end;
  std::size_t needle;
};

/// Every place where a needle stands, in order and without overlap, at most `most`. Linear in the
/// text for a bounded query.
std::vector<Mark> find_marks(std::string_view text, const std::vector<Needle>& needles,
                             const Stemmer& stemmer, std::size_t most);

struct SnippetOptions {
  std::size_t fragments = 3;
  std::size_t columns = 160;  ///< of one fragment; a wide character takes two
};

/// The fragments of `text` that show most of what was looked for, in the order of the text: HTML
/// with the text escaped and hits in <mark>, blanks collapsed, cut between words (or characters,
/// where words are not apart), an ellipsis where it was cut.
std::vector<std::string> snippets(std::string_view text, const std::vector<Mark>& marks,
                                  SnippetOptions options = {});

}  // namespace wm::search
