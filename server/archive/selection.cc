#include "server/archive/selection.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/url/surt.h"

namespace wm::archive {

namespace {

constexpr std::size_t kHits = 10'000;      // links and pages of a query
constexpr std::size_t kHitsAtOnce = 200;
constexpr int kRevisitDepth = 4;
constexpr int kCandidates = 20;
constexpr std::chrono::seconds kPageTime{60};
// Kinds in the order they are read in: what is said of a file, then its records; a record that was asked for before the same as an original.
constexpr char kPage = 'a', kRecord = 'b', kWanted = '0', kOriginal = '1';

void put_number(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
}

std::uint64_t take_number(std::string_view& in) {
  std::uint64_t number = 0;
  for (int i = 0; i < 8 && !in.empty(); ++i, in.remove_prefix(1)) number = number << 8 | static_cast<unsigned char>(in.front());
  return number;
}

/// Gathers a selection. An item is: file NUL kind, and for a page link(8) time14 url, for a record offset(8) wanted-or-original and its CDXJ.
class Gathering {
 public:
  explicit Gathering(const Holdings& holdings) : holdings_(holdings) {}

  Result<> operator()(const OfCollection& wanted) {
    // Keys are ASCII or UTF-8: nothing sorts behind 0xff.
    const cdx::RangeQuery all{.collection = wanted.name, .keys = {.first = "", .last = "\xff"}, .from = {}, .to = {}};
    WM_TRY(each([&](const auto& take) { return holdings_.cdx.for_each(all, take); }));
    constexpr std::size_t kAtOnce = 1000;
    for (std::size_t offset = 0;; offset += kAtOnce) {
      const auto links = WM_TRY(holdings_.links.list(kAtOnce, offset));
      for (const links::Link& link : links) {
        for (const links::Snapshot& snapshot : WM_TRY(holdings_.links.snapshots(link.id))) {
          if (snapshot.collection == wanted.name) WM_TRY(add_page(snapshot));
        }
      }
      if (links.size() < kAtOnce) return {};
    }
  }

  Result<> operator()(const OfLink& wanted) {
    if (!WM_TRY(holdings_.links.get(wanted.id))) return fail(Error::Code::kNotFound, "there is no link " + std::to_string(wanted.id));
    return add_link(wanted.id);
  }

  Result<> operator()(const OfQuery& wanted) {
    std::set<std::uint64_t> links;
    std::map<std::string, std::vector<Time14>> pages;  // of no link: file → times
    for (std::size_t offset = 0; offset < kHits; offset += kHitsAtOnce) {
      const auto found = WM_TRY(holdings_.search.search({.query = wanted.query, .limit = kHitsAtOnce, .offset = offset, .tags = {}}));
      for (const search::Hit& hit : found.results) {
        if (hit.link_id != 0) {
          links.insert(hit.link_id);
        } else if (hit.time) {
          const auto capture = WM_TRY(holdings_.cdx.closest(hit.collection, url::surt(hit.url), *hit.time).next());
          if (capture) pages[capture->file].push_back(capture->time);
        }
      }
      if (found.results.size() < kHitsAtOnce) break;
    }
    for (const std::uint64_t id : links) WM_TRY(add_link(id));
    for (const auto& [file, times] : pages) WM_TRY(add_pages(file, times));
    return {};
  }

  Result<SortedItems> finish() {
    if (count_ == 0) return fail(Error::Code::kNotFound, "there is no capture to export");
    return std::move(items_);
  }

 private:
  /// Adds every capture that `walk` gives. What went wrong within is told after the walk, which knows no errors of its visitors.
  template <class Walk>
  Result<> each(Walk walk) {
    Result<> added;
    WM_TRY(walk([&](const cdx::Capture& capture) {
      added = add_wanted(capture);
      return added.has_value();
    }));
    return added;
  }

  Result<> add_link(std::uint64_t id) {
    for (const links::Snapshot& snapshot : WM_TRY(holdings_.links.snapshots(id))) {
      WM_TRY(add_page(snapshot));
      if (snapshot.engine != "import") {
        WM_TRY(each([&](const auto& take) { return holdings_.cdx.for_each_in_file(snapshot.warc, take); }));
        continue;
      }
      // A file from elsewhere holds many pages, and a WACZ spreads one over its files.
      for (const std::string& file : files_with(snapshot.warc)) WM_TRY(add_pages(file, {snapshot.time}));
    }
    return {};
  }

  /// An imported file, or all members of the WACZ that it is one of.
  std::vector<std::string> files_with(const std::string& warc) const {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(warc).parent_path();
    if (folder.filename() == "imported" || folder.filename() == "linked") return {warc};
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator at(holdings_.warcs / folder, error), end; !error && at != end; at.increment(error)) {
      if (at->is_regular_file(error)) files.push_back((folder / at->path().filename()).generic_string());
    }
    if (files.empty()) files.push_back(warc);
    return files;
  }

  Result<> add_pages(const std::string& file, const std::vector<Time14>& times) {
    return each([&](const auto& take) {
      return holdings_.cdx.for_each_in_file(file, [&](const cdx::Capture& capture) {
        const bool near = std::any_of(times.begin(), times.end(), [&](Time14 page) {
          return capture.time >= page && capture.time.time() - page.time() <= kPageTime;
        });
        return !near || take(capture);
      });
    });
  }

  Result<> add_page(const links::Snapshot& snapshot) {
    std::string item = snapshot.warc + '\0' + kPage;
    put_number(item, snapshot.link_id);
    // A WARC-Target-URI has no fragment.
    return items_.add(item + snapshot.time.text() + snapshot.url.substr(0, snapshot.url.find('#')));
  }

  Result<> add_record(const cdx::Capture& capture, char why) {
    ++count_;
    std::string item = capture.file + '\0' + kRecord;
    put_number(item, capture.offset);
    return items_.add(item + why + cdx::to_cdxj(capture));
  }

  Result<> add_wanted(const cdx::Capture& capture) {
    WM_TRY(add_record(capture, kWanted));
    std::optional<cdx::Capture> at = capture;
    for (int depth = 0; at && at->is_revisit() && depth < kRevisitDepth; ++depth) {
      at = WM_TRY(original_of(*at));
      if (at) WM_TRY(add_record(*at, kOriginal));
    }
    return {};
  }

  /// By what the record names, else by its payload.
  Result<std::optional<cdx::Capture>> original_of(const cdx::Capture& revisit) {
    if (revisit.refers_to_uri && revisit.refers_to_time) {
      auto closest = holdings_.cdx.closest(revisit.collection, url::surt(*revisit.refers_to_uri), *revisit.refers_to_time);
      for (int i = 0; i < kCandidates; ++i) {
        auto next = WM_TRY(closest.next());
        if (!next || next->time != *revisit.refers_to_time) break;
        if (!next->is_revisit()) return next;
      }
    }
    if (revisit.digest.empty()) return std::nullopt;
    return holdings_.cdx.by_digest(revisit.collection, revisit.digest);
  }

  const Holdings& holdings_;
  SortedItems items_;
  std::uint64_t count_ = 0;
};

}  // namespace

Result<Plan> Plan::make(const Holdings& holdings, const Selection& selection) {
  Gathering gathering(holdings);
  WM_TRY(std::visit(gathering, selection));
  return Plan(WM_TRY(gathering.finish()));
}

Result<std::optional<PlanItem>> Plan::next() {
  for (;;) {
    const auto stored = WM_TRY(items_.next());
    if (!stored) return std::nullopt;
    PlanItem item;
    std::string_view rest = *stored;
    item.file = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(item.file.size() + 1);
    const char kind = rest.front();
    rest.remove_prefix(1);
    if (kind == kPage) {
      item.page = PageNote{.link_id = take_number(rest), .url = {}, .time = {}};
      item.page->time = Time14::parse(rest.substr(0, 14)).value_or(Time14());
      item.page->url = rest.substr(14);
      return item;
    }
    const std::uint64_t offset = take_number(rest);
    std::string place = stored->substr(0, item.file.size() + 10);
    if (place == last_place_) continue;
    last_place_ = std::move(place);
    item.original = rest.front() == kOriginal;
    item.capture = WM_TRY(cdx::from_cdxj(rest.substr(1)));
    item.capture.offset = offset;
    return item;
  }
}

}  // namespace wm::archive
