#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/serial_executor.h"
#include "core/url/tracking.h"
#include "indexer/store/store.h"
#include "server/links/link.h"
#include "server/links/link_list.h"
#include "server/links/tag.h"

namespace wm::links {

class Changes;
class Rules;
struct Rule;

/// What add() does with a URL that is saved already.
enum class IfExists { kUpdate, kSkip, kError };

struct NewLink {
  std::string url;  ///< http or https; "example.org/x" gets https://
  std::string title;
  std::string notes;
  std::vector<std::string> tags;
  std::string engine = "auto";
  std::string description{};
  std::string schedule{};
  std::optional<bool> unread{};
  std::optional<bool> archived{};
  std::optional<bool> favourite{};
  std::optional<bool> shared{};
  std::optional<SysMicros> created{};   ///< imports keep their dates
  std::optional<SysMicros> modified{};
  IfExists if_exists = IfExists::kUpdate;
};

/// What is not there stays as it is.
struct LinkPatch {
  std::optional<std::string> url;
  std::optional<std::string> title;  ///< "" gives it back to the page
  std::optional<std::string> notes;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> engine;
  std::optional<std::string> description{};  ///< "" gives it back to the page
  std::optional<std::string> schedule{};
  std::vector<std::string> add_tags{};
  std::vector<std::string> remove_tags{};  ///< and those under them
  std::optional<bool> unread{};
  std::optional<bool> archived{};
  std::optional<bool> favourite{};
  std::optional<bool> shared{};
  std::optional<bool> deleted{};  ///< to the trash, or back
  std::optional<SysMicros> created{};
  std::optional<SysMicros> modified{};
  std::optional<std::uint64_t> if_version{};  ///< kConflict if the link has another one by now
};

struct Added {
  Link link;
  bool is_new;  ///< false: the link was there (by url::link_key)
};

struct TagCount {
  std::string tag;
  std::uint64_t links;
};

/// What became of one of many.
struct Edited {
  std::uint64_t id = 0;
  bool changed = false;
  std::optional<Error> error{};
};

/// Links that lead to one page: by their own URLs or by where their captures ended.
struct DuplicateGroup {
  std::string url;
  std::vector<Link> links;
};

/// What a finished capture tells of the page, for fields that the user left to it and for rules.
struct PageFacts {
  std::string title;
  std::string description;
  std::string icon{};     ///< addresses, absolute
  std::string preview{};
  std::string text{};     ///< its beginning, for rules
};

/// The row of meta that says for what LinkStore::prepare() made what follows from the links.
inline constexpr std::string_view kPreparedMark = "links.format";

/// Links, their snapshots and tags over the links and tags families; docs/formats/links.md. Reading from any thread. Every change
/// runs on one thread of this class, so that read-modify-write needs no lock, and writes an outbox entry with the link in the same
/// batch: the search index follows by itself.
class LinkStore {
 public:
  /// `changed` is called after each change is durable, on the writer's thread: for events and to wake the search writer. `tracking` is what does not
  /// count when URLs are compared; the store must have been prepare()d for it.
  LinkStore(store::Store& store, std::function<void(std::uint64_t link_id)> changed, url::Tracking tracking = url::Tracking::usual());
  ~LinkStore();

  /// Makes what follows from the links anew (URL keys, lists, counts) if the store was written by a Waymark that knew less of it, or with other tracking
  /// rules. Before anything else uses the store.
  static Result<> prepare(store::Store& store, const url::Tracking& tracking = url::Tracking::usual());

  using PageFacts = links::PageFacts;

  /// kInvalid with the reason: not a web URL, a bad tag, a field too long. kConflict with IfExists::kError. A link in the trash comes back.
  Result<Added> add(const NewLink& fields);
  Result<Link> update(std::uint64_t id, const LinkPatch& patch);
  /// The same change for many, in one batch (give a few hundred): what cannot be done to one is told and keeps no other from it.
  Result<std::vector<Edited>> update_all(std::vector<std::uint64_t> ids, const LinkPatch& patch);
  /// As it is, id and dates included: for what was written down elsewhere. Over a link of that id; kConflict if another one has its URL.
  Result<> put(const Link& link);
  /// Removes the link, its snapshots' rows and its place in the search index. WARC files and captures stay: they are the archive.
  Result<> remove(std::uint64_t id);
  /// The duplicate's tags, notes and snapshots go to `id`; the duplicate goes to the trash.
  Result<Link> merge(std::uint64_t id, std::uint64_t duplicate);

  /// The snapshot's row, and title, description and state of the link that follow from it.
  Result<> add_snapshot(const Snapshot& snapshot, const PageFacts& page);
  /// The last capture of the link failed for good: it counts as broken until one succeeds. Nothing if it is gone.
  Result<> set_broken(std::uint64_t id, std::string_view why);

  Result<std::optional<Link>> get(std::uint64_t id) const;
  /// In the trash or not.
  Result<std::optional<Link>> find(std::string_view url) const;
  /// Every link, those in the trash too; newest id first.
  Result<std::vector<Link>> list(std::size_t limit, std::size_t offset) const;
  Result<LinkPage> page(const Listing& listing) const { return list_links(store_, listing); }
  Result<LinkCount> count(const Listing& listing, std::uint64_t most) const { return count_links(store_, listing, most); }
  Result<std::vector<std::uint64_t>> ids(const Listing& listing, std::string& cursor) const { return list_ids(store_, listing, cursor); }
  /// Groups from `cursor` on, at most `limit`; `cursor` moves behind them and is "" at the end. Reads keys alone where there is none.
  Result<std::vector<DuplicateGroup>> duplicates(std::size_t limit, std::string& cursor) const;
  /// Not in the trash.
  Result<std::uint64_t> count() const;
  Result<std::uint64_t> count_tagged(std::string_view tag) const;
  /// Newest first.
  Result<std::vector<Snapshot>> snapshots(std::uint64_t link_id, std::size_t limit = 10000) const;
  Result<std::optional<Snapshot>> latest_snapshot(std::uint64_t link_id) const;
  /// By key, unused ones too.
  Result<std::vector<TagCount>> tags() const;

  /// What tags links by themselves; of this store.
  Rules& rules() { return *rules_; }
  const Rules& rules() const { return *rules_; }

  /// For the other classes of this folder: runs `work` on the writer's thread and writes its changes as one batch, if it succeeds.
  Result<> change(std::function<Result<>(Changes&)> work);
  store::Store& store() const { return store_; }

 private:
  Result<> write(const std::function<Result<>(Changes&)>& work);
  Result<Added> add_now(const NewLink& fields, const std::vector<const Rule*>& rules, Changes& changes);
  Result<Added> add_to(Link existing, const NewLink& fields, Changes& changes);
  Result<bool> update_now(std::uint64_t id, const LinkPatch& patch, Changes& changes);
  Result<> set_url(Link& link, const std::string& url, Changes& changes);
  Result<> remove_now(std::uint64_t id, Changes& changes);
  Result<> merge_now(std::uint64_t id, std::uint64_t duplicate, Changes& changes);
  Result<> add_snapshot_now(const Snapshot& snapshot, const PageFacts& page, const std::vector<const Rule*>& rules, Changes& changes);
  Result<> make_way_for(const Snapshot& snapshot, const Link& link, Changes& changes) const;
  void put_snapshot(const Snapshot& snapshot, Changes& changes) const;
  void claim(const std::string& url, std::uint64_t id, Changes& changes) const;
  Result<> let_go(const std::string& url, std::uint64_t id, Changes& changes) const;
  Result<std::set<std::string>> captured_keys(std::uint64_t id, std::optional<Time14> but = std::nullopt) const;
  std::string url_key(std::string_view url) const;

  store::Store& store_;
  std::function<void(std::uint64_t)> changed_;
  const url::Tracking tracking_;
  std::unique_ptr<Rules> rules_;
  SerialExecutor writer_{10000, "wm-links"};
};

}  // namespace wm::links
