#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/store/store.h"
#include "server/links/tag.h"

namespace wm::links {

/// Where a name that is no longer a tag of its own leads.
struct Alias {
  enum class Kind : char {
    kAlias = 'k',        ///< for good: who writes it means the target
    kMoving = 'm',       ///< until every link that had it has the target
    kDeleting = 'd',     ///< until no link has it
    kDeletingAll = 'D',  ///< and none of those under it
  };
  Kind kind;
  std::string target{};  ///< a tag's name
};

/// The definitions and aliases of tags, with the changes that are about to be written over them. One thread; made for one reading or one change.
class TagBook {
 public:
  explicit TagBook(const store::Store& store) : store_(store) {}

  Result<std::optional<Tag>> tag(std::string_view key) const;
  Result<std::optional<Alias>> alias(std::string_view key) const;
  /// Calls `take(key, tag)` for the tags of the store from `first` on, in the order of their keys, until it gives false.
  template <class F>
  Result<> each(std::string_view first, F take) const;
  /// Names that lead elsewhere, with where. Those of one kind, or all.
  Result<std::vector<std::pair<std::string, Alias>>> aliases() const;

  void put(const Tag& tag);
  void erase(std::string_view key);
  void put_alias(std::string_view key, Alias alias);
  void erase_alias(std::string_view key);

  /// The name that a written tag stands for once aliases are followed; nullopt when it is being deleted.
  Result<std::optional<std::string>> resolve(std::string_view written) const;
  /// The tag of that name, made with those above it if it was not there; its name is as it is called.
  Result<Tag> ensure(std::string_view name, SysMicros now);
  /// Tags as users write them → as they are called: cleaned, aliases followed, made where new, sorted, each once.
  Result<std::vector<std::string>> settle(const std::vector<std::string>& written, SysMicros now);

  void write(store::Batch& batch) const;

 private:
  const store::Store& store_;
  std::map<std::string, std::optional<Tag>, std::less<>> tags_;       // nullopt: erased
  std::map<std::string, std::optional<Alias>, std::less<>> aliases_;
};

// Keys of the tags family (docs/formats/links.md).
std::string definition_key(std::string_view key);

template <class F>
Result<> TagBook::each(std::string_view first, F take) const {
  auto cursor = store_.cursor(store::Family::kTags);
  for (cursor.seek(definition_key(first)); cursor.valid() && cursor.key().front() == 'd'; cursor.next()) {
    const std::string key(cursor.key().substr(1));
    const Tag tag = WM_TRY(decode_tag(cursor.value()));
    if (!take(key, tag)) return {};
  }
  return cursor.status();
}

}  // namespace wm::links
