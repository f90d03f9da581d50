#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/store/store.h"
#include "server/links/link.h"
#include "server/links/link_list.h"
#include "server/links/tag_book.h"

namespace wm::links {

// The secondary keys of links in the tags family (docs/formats/links.md): lists of links, each in three orders, and how long each list is. All follow
// from the links themselves.

/// Names of lists. Every list but the trash leaves out what is in the trash.
std::string all_list();
std::string trash_list();
std::string state_list(State state);             ///< unread, archived, favourite, shared, broken, untagged
std::string tag_list(std::string_view key);      ///< links with this tag or one under it
std::string own_tag_list(std::string_view key);  ///< with this tag itself; a count alone, without entries

/// States as bits, the value of each entry: filters need no look at the link.
std::uint8_t bits_of(const Link& link);
std::uint8_t bit_of(State state);  ///< of unread, archived, favourite, shared, broken, tagged; 0 for the others

std::string list_prefix(std::string_view list, Sort sort);
/// What stands behind the prefix: the value by which is sorted, then the id.
std::string list_position(const Link& link, Sort sort);

/// Ids of one list by when they were added, `most` of them from `cursor` on, which is moved behind them; "" at the end.
Result<std::vector<std::uint64_t>> ids_of_list(const store::Store& store, std::string_view list, std::string& cursor, std::size_t most);

Result<std::uint64_t> list_length(const store::Store& store, std::string_view list);

/// Changes of links and tags that become one batch, with every secondary key, count and outbox entry. One thread.
class Changes {
 public:
  explicit Changes(const store::Store& store) : store_(store), tags_(store) {}
  /// The link as these changes leave it; nullopt if there is none.
  Result<std::optional<Link>> link(std::uint64_t id) const;
  /// From what is there to `after`; nullopt: it goes for good.
  Result<> replace(std::uint64_t id, const std::optional<Link>& after);
  /// Lists a link that is stored and in no list yet.
  Result<> file(const Link& link) { return list(link.id, std::nullopt, link); }
  TagBook& tags() { return tags_; }
  store::Batch& batch() { return batch_; }
  /// The ids that replace() was called for.
  std::vector<std::uint64_t> changed() const;
  Result<store::Batch> finish();

 private:
  Result<> list(std::uint64_t id, const std::optional<Link>& before, const std::optional<Link>& after);

  const store::Store& store_;
  store::Batch batch_;
  TagBook tags_;
  std::map<std::uint64_t, std::optional<Link>> links_;
  std::map<std::string, std::int64_t> lengths_;  // by how much each list grows
};

// Keys of the links family.
std::string link_key(std::uint64_t id);

}  // namespace wm::links
