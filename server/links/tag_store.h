#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "server/links/link_store.h"
#include "server/links/tag.h"

namespace wm::links {

struct TagInfo {
  Tag tag;
  std::uint64_t links = 0;  ///< with it or one under it, not in the trash
  std::uint64_t own = 0;    ///< with it itself
};

/// What is not there stays as it is.
struct TagPatch {
  std::optional<std::string> colour{};
  std::optional<std::string> engine{};
  std::optional<std::string> schedule{};
  std::optional<std::vector<std::string>> aliases{};
};

/// How a link is captured: what it says itself, else what its tags or those above them say.
struct Policy {
  std::string engine = "auto";
  std::string schedule{};
};

/// A change of tags that links follow step by step.
struct TagMove {
  std::string key;          ///< what to give to move_some()
  std::uint64_t links = 0;  ///< how many there are to look at
};

/// Tags as things of their own, beside the links that have them. Renaming, merging and deleting first write what is to become of the tag, so that from then on
/// nobody gets the old one; then its links follow in batches. Ended in between, it goes on where it was: unfinished() tells. From any thread.
class TagStore {
 public:
  explicit TagStore(LinkStore& links) : links_(links) {}

  /// As a reader sorts them.
  Result<std::vector<TagInfo>> list() const;
  /// Aliases are followed.
  Result<std::optional<TagInfo>> find(std::string_view name) const;
  /// Those that what was typed is the beginning of, in any script or by Latin letters; the most used first. All when nothing was typed.
  Result<std::vector<TagInfo>> typed(std::string_view beginning, std::size_t limit) const;
  /// Groups of tags that seem to be one: they differ in blanks and hyphens, a plural s, or one letter.
  Result<std::vector<std::vector<TagInfo>>> similar() const;
  Result<Policy> policy_of(const Link& link) const;

  /// The tag of that name, made if it is not there.
  Result<TagInfo> create(std::string_view name);
  /// kNotFound; kInvalid; kConflict for an alias that is a tag or another's alias.
  Result<TagInfo> update(std::string_view name, const TagPatch& patch);

  enum class OldName { kForget, kAlias };
  /// Those under it go with it. Onto a tag that is there: both become one. kInvalid for a name under its own.
  Result<TagMove> rename(std::string_view name, std::string_view to, OldName old_name);
  enum class Children { kStay, kGo };
  Result<TagMove> remove(std::string_view name, Children children);

  /// The next links of a move, at most `most`; `cursor` is "" at the start and after the end. How many were looked at.
  Result<std::uint64_t> move_some(const std::string& key, std::string& cursor, std::size_t most);
  /// Keys of moves that have not come to their end.
  Result<std::vector<std::string>> unfinished() const;

 private:
  Result<TagInfo> info(std::string_view key, Tag tag) const;
  LinkStore& links_;
};

}  // namespace wm::links
