#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "indexer/store/store.h"
#include "server/links/link.h"

namespace wm::links {

enum class Sort : char { kAdded = 'a', kModified = 'm', kTitle = 't' };
enum class Direction : char { kDescending = 'd', kAscending = 'a' };

/// Which links, in what order, from where on. All conditions must hold. Without State::kTrashed what is in the trash is left out.
struct Listing {
  std::vector<std::string> tags{};  ///< as written: aliases and parents are understood
  std::vector<State> states{};
  Sort sort = Sort::kAdded;
  Direction direction = Direction::kDescending;
  std::size_t limit = 50;
  std::size_t offset = 0;
  std::string cursor{};  ///< LinkPage::next of the page before; of the same order
};

struct LinkPage {
  std::vector<Link> links;
  std::string next;  ///< "" at the end
};

struct LinkCount {
  std::uint64_t links = 0;
  bool exact = true;  ///< false: there are at least so many
};

/// One page of a list. Its cost grows with the page, and with what several conditions pass over; not with the library. kInvalid for a cursor of another
/// order, or none of ours.
Result<LinkPage> list_links(const store::Store& store, const Listing& listing);

/// How many a listing has in all. Of one condition it is known; of several it is counted up to `most`.
Result<LinkCount> count_links(const store::Store& store, const Listing& listing, std::uint64_t most);

/// The ids of a listing, at most `limit` of them from the place of `cursor` on, which is moved behind them ("" at the end): for work on all of them.
Result<std::vector<std::uint64_t>> list_ids(const store::Store& store, const Listing& listing, std::string& cursor);

}  // namespace wm::links
