#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/search/search_index.h"

namespace wm::search {

// Which terms and values a Xapian document has: docs/formats/search.md. Text terms have no
// capitals, so a prefix of capitals is safe.

inline constexpr std::string_view kFormatKey = "waymark.format";
inline constexpr std::string_view kFormat = "1";
inline constexpr std::string_view kLanguagesKey = "waymark.languages";

namespace prefix {
inline constexpr std::string_view kStem = "Z";  // of body words, where it differs from the word
inline constexpr std::string_view kPair =
    "P";  // after the prefix of the field: buckets of neighbouring characters
inline constexpr std::string_view kLink =
    "A";  // words of what belongs to the link: title, tags, notes
inline constexpr std::string_view kLinkStem = "AZ";
inline constexpr std::string_view kTitle = "S";
inline constexpr std::string_view kUrl = "U";
inline constexpr std::string_view kId = "Q";
inline constexpr std::string_view kGroup =
    "XG:";  // all documents of a link, or of a URL without one
inline constexpr std::string_view kTag = "XTAG:";
inline constexpr std::string_view kState = "XIS:";
inline constexpr std::string_view kHas = "XHAS:";
inline constexpr std::string_view kHost = "XHOST:";
inline constexpr std::string_view kType = "XTYPE:";
inline constexpr std::string_view kLanguage = "XLANG:";
inline constexpr std::string_view kCollection = "XC:";
}  // namespace prefix

namespace slot {
inline constexpr unsigned kGroup = 0;
inline constexpr unsigned kOldest = 1;  // times: the 14 digits as 6 bytes, big-endian
inline constexpr unsigned kNewest = 2;
inline constexpr unsigned kAdded = 3;
inline constexpr unsigned kTitle = 4;     // folded, its first 60 bytes
inline constexpr unsigned kVersions = 5;  // how many captures share the document, 2 bytes
}  // namespace slot

inline constexpr std::size_t kExcerptBytes = 256 << 10;  ///< of the text kept for snippets
inline constexpr std::size_t kTimesKept = 2000;

/// What a result and its snippets are made from: the Xapian document data.
struct Stored {
  std::string id;
  std::uint64_t link_id = 0;
  std::string collection;
  std::string url;
  std::string title;
  std::string page_title;
  std::string description;
  std::string notes;
  std::string language;
  std::string mime;
  std::vector<std::string> tags;
  std::vector<std::string> states;
  std::vector<Time14> times;  ///< ascending
  Time14 added;
  std::string excerpt;
};
std::string encode(const Stored& stored);
enum class Excerpt { kSkip, kRead };
Result<Stored> decode_stored(std::string_view data, Excerpt excerpt);

/// NFKC, case folded, inner blanks single: by what tags are equal.
std::string tag_key(std::string_view tag);
/// "ai/papers" → ai, ai/papers: a parent finds its children.
std::vector<std::string> tag_terms(std::string_view tag);
std::string group_of(std::uint64_t link_id, std::string_view collection, std::string_view url);
std::string id_term(std::string_view id);
std::string time_value(Time14 time);
/// The words type: knows a media type by, and the type itself.
std::vector<std::string> type_terms(std::string_view mime);
/// A host and all its parents: "a.b.example" → a.b.example, b.example, example.
std::vector<std::string> host_terms(std::string_view url);
/// What of a URL is worth finding by word: host and path, escapes undone.
std::string url_words(std::string_view url);

}  // namespace wm::search
