#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wm::search {

/// A query as a tree. Made from any bytes; bounded in size and depth.
struct Node {
  enum class Kind {
    kAll,  ///< everything
    kAnd,
    kOr,
    kNot,   ///< of its one child
    kWord,  ///< as typed between blanks; may hold several words: "std::vector"
    kPhrase,
    kField,  ///< `field`:`text`, e.g. title, site, tag; values that make no sense were turned into
             ///< words
  };
  Kind kind = Kind::kAll;
  std::string text;
  std::string field;
  bool starred = false;  ///< a word that is a beginning: "comput*"
  bool quoted = false;   ///< a field's value was a phrase
  std::vector<Node> children;
};

enum class Sort { kRelevance, kNewest, kOldest, kTitle, kTitleReverse };

struct ParsedQuery {
  Node root;
  std::optional<Sort> sort;  ///< sort:… if it was there
  std::string note;          ///< what was done with wrong syntax, for the user; "" if nothing
};

inline constexpr std::size_t kQueryBytes = 4096;
inline constexpr std::size_t kQueryTerms = 64;
inline constexpr std::size_t kQueryDepth = 24;

/// Reads the grammar of docs/search.md (a superset of linkding's). Never fails: what makes no sense
/// is left out or taken as words, and the note says so. Linear in the query's length.
ParsedQuery parse_query(std::string_view query);

/// One line, for tests and logs: (and word:a (not field:tag:b)).
std::string to_string(const Node& node);

}  // namespace wm::search
