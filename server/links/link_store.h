#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/serial_executor.h"
#include "indexer/store/store.h"
#include "server/links/link.h"

namespace wm::links {

struct NewLink {
  std::string url;  ///< http or https; "example.org/x" gets https://
  std::string title;
  std::string notes;
  std::vector<std::string> tags;
  std::string engine = "auto";
};

struct LinkPatch {
  std::optional<std::string> url;
  std::optional<std::string> title;
  std::optional<std::string> notes;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> engine;
};

struct Added {
  Link link;
  bool is_new;  ///< false: the link was there (by url::link_key); tags were added to it
};

struct TagCount {
  std::string tag;
  std::uint64_t links;
};

/// Links, their snapshots and tags over the links and tags families; docs/formats/links.md. Reading from any thread. Every change
/// runs on one thread of this class, so that read-modify-write needs no lock, and writes an outbox entry with the link in the same
/// batch: the search index follows by itself.
class LinkStore {
 public:
  /// `changed` is called after each change is durable, on the writer's thread: for events and to wake the search writer.
  LinkStore(store::Store& store, std::function<void(std::uint64_t link_id)> changed);

  /// kInvalid with the reason: not a web URL, a bad tag, a field too long.
  Result<Added> add(const NewLink& fields);
  Result<Link> update(std::uint64_t id, const LinkPatch& patch);
  /// Removes the link, its snapshots' rows and its place in the search index. WARC files and captures stay: they are the archive.
  Result<> remove(std::uint64_t id);

  /// What a finished capture tells: the snapshot's row, and title and description where the user gave none.
  struct PageFacts {
    std::string title;
    std::string description;
  };
  Result<> add_snapshot(const Snapshot& snapshot, const PageFacts& page);

  Result<std::optional<Link>> get(std::uint64_t id) const;
  Result<std::optional<Link>> find(std::string_view url) const;
  /// Newest first.
  Result<std::vector<Link>> list(std::size_t limit, std::size_t offset) const;
  /// Newest first, of those with this tag.
  Result<std::vector<Link>> list_tagged(std::string_view tag, std::size_t limit, std::size_t offset) const;
  Result<std::uint64_t> count() const;
  Result<std::uint64_t> count_tagged(std::string_view tag) const;
  /// Newest first.
  Result<std::vector<Snapshot>> snapshots(std::uint64_t link_id, std::size_t limit = 10000) const;
  Result<std::optional<Snapshot>> latest_snapshot(std::uint64_t link_id) const;
  /// By name.
  Result<std::vector<TagCount>> tags() const;

 private:
  Result<Added> add_now(NewLink fields);
  Result<Link> update_now(std::uint64_t id, const LinkPatch& patch);
  Result<> remove_now(std::uint64_t id);
  Result<> add_snapshot_now(const Snapshot& snapshot, const PageFacts& page);
  Result<> write(const std::optional<Link>& before, const std::optional<Link>& after, store::Batch batch);

  store::Store& store_;
  std::function<void(std::uint64_t)> changed_;
  SerialExecutor writer_{10000, "wm-links"};
};

}  // namespace wm::links
