#include "server/api/bulk.h"

#include "server/api/link_query.h"
#include "server/api/link_view.h"

namespace wm::api {

using nlohmann::json;

namespace {

constexpr std::size_t kIdsMost = 100'000;
constexpr std::size_t kBatch = 200;
constexpr std::size_t kErrorsTold = 1000;

Result<links::Listing> read_filter(JsonBody& filter) {
  links::Listing listing;
  listing.tags = WM_TRY(filter.texts("tags")).value_or(std::vector<std::string>());
  const auto states = WM_TRY(filter.texts("states")).value_or(std::vector<std::string>());
  WM_TRY(filter.finish());
  for (const std::string& word : states) {
    const auto state = links::state_of(word);
    if (!state) return fail(Error::Code::kInvalid, "no state of links is called " + word.substr(0, 40));
    listing.states.push_back(*state);
  }
  return listing;
}

bool changes_something(const links::LinkPatch& p) {
  return !p.add_tags.empty() || !p.remove_tags.empty() || p.engine || p.schedule || p.unread || p.archived || p.favourite || p.shared || p.deleted;
}

/// All of them before the first change: a list changes while it is worked on.
Result<std::vector<std::uint64_t>> ids_of(const Services& s, const Bulk& bulk) {
  if (bulk.query) return s.search.link_ids({.query = *bulk.query, .tags = {}, .links_only = true});
  if (!bulk.listing) return bulk.ids;
  links::Listing listing = *bulk.listing;
  listing.limit = 10'000;
  std::vector<std::uint64_t> all;
  std::string cursor;
  do {
    const auto some = WM_TRY(s.links.ids(listing, cursor));
    all.insert(all.end(), some.begin(), some.end());
  } while (!cursor.empty());
  return all;
}

class Run {
 public:
  Run(Services& services, const Bulk& bulk) : s_(services), bulk_(bulk) {}

  Result<> some(const std::vector<std::uint64_t>& ids) {
    if (bulk_.forever) {
      for (const std::uint64_t id : ids) count(id, s_.links.remove(id));
    } else if (changes_something(bulk_.patch)) {
      const auto edited = WM_TRY(s_.links.update_all(ids, bulk_.patch));
      for (const links::Edited& one : edited) {
        if (one.error) {
          tell(one.id, one.error->what);
        } else {
          ++(one.changed ? changed_ : unchanged_);
        }
      }
    }
    if (bulk_.capture) {
      for (const std::uint64_t id : ids) capture(id);
    }
    return {};
  }
  json result(std::size_t matched) const {
    return {{"matched", matched}, {"changed", changed_}, {"unchanged", unchanged_}, {"queued", queued_}, {"errors", errors_}, {"error_count", error_count_}};
  }

 private:
  void count(std::uint64_t id, const Result<>& done) {
    if (done) ++changed_;
    if (!done) tell(id, done.error().what);
  }
  void capture(std::uint64_t id) {
    const auto link = s_.links.get(id);
    if (!link || !*link) {
      if (!changes_something(bulk_.patch)) tell(id, "there is no link " + std::to_string(id));
      return;
    }
    const auto job = queue_capture(s_, **link);
    if (job) ++queued_;
    if (!job) tell(id, job.error().what);
  }
  void tell(std::uint64_t id, const std::string& message) {
    if (++error_count_ <= kErrorsTold) errors_.push_back({{"id", id}, {"message", message}});
  }

  Services& s_;
  const Bulk& bulk_;
  std::uint64_t changed_ = 0, unchanged_ = 0, queued_ = 0, error_count_ = 0;
  json errors_ = json::array();
};

}  // namespace

Result<Bulk> read_bulk(JsonBody& body) {
  Bulk bulk;
  const auto ids = WM_TRY(body.numbers("ids", kIdsMost));
  bulk.query = WM_TRY(body.text("query"));
  auto filter = WM_TRY(body.object("filter"));
  bulk.patch = WM_TRY(read_patch(body));
  bulk.forever = WM_TRY(body.flag("forever")).value_or(false);
  bulk.capture = WM_TRY(body.flag("capture")).value_or(false);
  WM_TRY(body.finish());
  if (filter) bulk.listing = WM_TRY(read_filter(*filter));
  if (ids) bulk.ids = *ids;
  if ((ids ? 1 : 0) + (bulk.query ? 1 : 0) + (bulk.listing ? 1 : 0) != 1) return fail(Error::Code::kInvalid, "say which links by one of \"ids\", \"query\" and \"filter\"");
  if (!changes_something(bulk.patch) && !bulk.forever && !bulk.capture) {
    return fail(Error::Code::kInvalid, "nothing to do: give add_tags, remove_tags, unread, archived, favourite, shared, deleted, engine, schedule, capture or forever");
  }
  if (bulk.forever && (changes_something(bulk.patch) || bulk.capture)) return fail(Error::Code::kInvalid, "\"forever\" goes with nothing else");
  return bulk;
}

Result<json> run_bulk(Services& services, const Bulk& bulk, const std::stop_token& stop, const std::function<void(std::string)>& progress) {
  const auto ids = WM_TRY(ids_of(services, bulk));
  Run run(services, bulk);
  for (std::size_t done = 0; done < ids.size();) {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "stopped");
    const std::size_t end = std::min(ids.size(), done + kBatch);
    const std::vector<std::uint64_t> some(ids.begin() + static_cast<std::ptrdiff_t>(done), ids.begin() + static_cast<std::ptrdiff_t>(end));
    WM_TRY(run.some(some));
    done = end;
    if (progress) progress(json{{"done", done}, {"of", ids.size()}}.dump());
  }
  return run.result(ids.size());
}

}  // namespace wm::api
