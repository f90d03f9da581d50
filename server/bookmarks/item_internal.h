#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/bookmarks/bookmark.h"
#include "server/bookmarks/reader.h"

namespace wm::bookmarks {

/// Collects what a reader finds: refuses what is no web address, joins what is there twice, counts.
class Collector {
 public:
  explicit Collector(const ReadLimits& limits) : limits_(limits) {}

  /// False once the limit is reached.
  bool add(Bookmark bookmark);
  void skip(std::uint64_t line, std::string_view url, std::string_view reason);
  BookmarkFile take(Format format);
  const ReadLimits& limits() const { return limits_; }

 private:
  const ReadLimits limits_;
  BookmarkFile file_;
  std::unordered_map<std::string, std::size_t> by_url_;
};

/// What a column or a JSON member means, whatever program named it so.
enum class Role {
  kNone,
  kUrl,
  kTitle,
  kDescription,
  kNotes,
  kTags,
  kFolder,
  kCreated,
  kModified,
  kState,
  kUnread,
  kArchived,
  kFavourite,
  kShared,
  kContent
};
Role role_of(std::string_view name);

/// Sets what a value of `role` says; words as programs write them ("yes", "1", "archive", "a|b").
void apply(Bookmark& bookmark, Role role, std::string_view value);

/// Adds a tag unless it is there; blanks around it go.
void add_tag(std::vector<std::string>& tags, std::string_view tag);
/// "a,b", "a|b", "a;b", "[\"a\",\"b\"]".
void add_tags(std::vector<std::string>& tags, std::string_view written);
/// Folders as one nested tag: "ai/papers". A slash within a name becomes '-'.
std::string nested_tag(const std::vector<std::string>& folders);
bool is_true(std::string_view word);

Result<BookmarkFile> read_netscape(std::string_view text, const ReadLimits& limits);
Result<BookmarkFile> read_csv(std::string_view text, const ReadLimits& limits);
Result<BookmarkFile> read_json(std::string_view text, const ReadLimits& limits);
Result<BookmarkFile> read_list(std::string_view text, const ReadLimits& limits);

}  // namespace wm::bookmarks
