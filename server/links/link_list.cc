#include "server/links/link_list.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "indexer/store/coding.h"
#include "server/links/link_index.h"

namespace wm::links {

using store::Cursor;
using store::Family;
using store::Store;

namespace {

constexpr std::size_t kIdBytes = 8;

/// The entries that several lists have in common, in their order: each cursor leaps to where the others are.
class Walk {
 public:
  Walk(const Store& store, const std::vector<std::string>& lists, Sort sort, Direction direction) : down_(direction == Direction::kDescending) {
    for (const std::string& list : lists) ways_.push_back({list_prefix(list, sort), store.cursor(Family::kTags)});
  }

  /// To the first position, or to the first behind `position`.
  void start(std::string_view position) {
    Way& first = ways_.front();
    if (position.empty()) {
      leap(first, down_ ? std::string(80, '\xff') : std::string());  // no position is longer than 72 bytes
    } else {
      leap(first, position);
      if (stands(first) && place(first) == position) step(first);
    }
    meet();
  }
  bool valid() const { return valid_; }
  std::string_view position() const { return place(ways_.front()); }
  std::uint64_t id() const { return store::big_endian(position().substr(position().size() - kIdBytes)); }
  std::uint8_t bits() const {
    const std::string_view value = ways_.front().cursor.value();
    return value.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(value.front());
  }
  void next() {
    step(ways_.front());
    meet();
  }
  Result<> status() const {
    for (const Way& way : ways_) WM_TRY(way.cursor.status());
    return {};
  }

 private:
  struct Way {
    std::string prefix;
    Cursor cursor;
  };

  static bool stands(const Way& way) { return way.cursor.valid() && way.cursor.key().starts_with(way.prefix) && way.cursor.key().size() >= way.prefix.size() + kIdBytes; }
  static std::string_view place(const Way& way) { return way.cursor.key().substr(way.prefix.size()); }
  void leap(Way& way, std::string_view position) const {
    const std::string key = way.prefix + std::string(position);
    if (down_) {
      way.cursor.seek_for_prev(key);
    } else {
      way.cursor.seek(key);
    }
  }
  void step(Way& way) const {
    if (down_) {
      way.cursor.prev();
    } else {
      way.cursor.next();
    }
  }
  void meet() {
    for (std::size_t agreed = 1, at = 0; agreed <= ways_.size();) {
      valid_ = stands(ways_[at]);
      if (!valid_) return;
      if (agreed == ways_.size()) return;
      const std::string wanted(place(ways_[at]));
      at = (at + 1) % ways_.size();
      leap(ways_[at], wanted);
      agreed = stands(ways_[at]) && place(ways_[at]) == wanted ? agreed + 1 : 1;
    }
  }

  bool down_;
  bool valid_ = false;
  std::vector<Way> ways_;
};

/// A listing as lists to be walked together and bits that entries must have.
struct Plan {
  std::vector<std::string> lists;
  std::uint8_t bits_on = 0;
  std::uint8_t bits_off = 0;
  bool trash = false;               ///< few: looked at one by one
  std::optional<std::uint64_t> length;  ///< known without counting
};

void want(Plan& plan, State state) {
  switch (state) {
    case State::kRead: plan.bits_off |= bit_of(State::kUnread); break;
    case State::kActive: plan.bits_off |= bit_of(State::kArchived); break;
    case State::kUntagged: plan.bits_off |= bit_of(State::kTagged); break;
    case State::kTrashed: plan.trash = true; break;
    default: plan.bits_on |= bit_of(state); break;
  }
}

bool has_list(State state) { return state != State::kRead && state != State::kActive && state != State::kTagged && state != State::kTrashed; }

/// What is left of all when those of one list are taken away.
Result<std::optional<std::uint64_t>> complement(const Store& store, State state) {
  State other{};
  switch (state) {
    case State::kRead: other = State::kUnread; break;
    case State::kActive: other = State::kArchived; break;
    case State::kTagged: other = State::kUntagged; break;
    default: return std::optional<std::uint64_t>();
  }
  const std::uint64_t all = WM_TRY(list_length(store, all_list()));
  const std::uint64_t without = WM_TRY(list_length(store, state_list(other)));
  return std::optional(all - std::min(all, without));
}

Result<std::vector<std::string>> keys_of(const Store& store, const std::vector<std::string>& tags) {
  const TagBook book(store);
  std::vector<std::string> keys;
  for (const std::string& tag : tags) {
    const std::string clean = WM_TRY(clean_tag(tag));
    const auto resolved = WM_TRY(book.resolve(clean));
    keys.push_back(tag_key(resolved.value_or(clean)));
  }
  return keys;
}

/// The shortest of the lists of the states, or of all.
Result<std::string> shortest_list(const Store& store, const std::vector<State>& states) {
  std::string shortest = all_list();
  std::uint64_t length = UINT64_MAX;
  for (const State state : states) {
    if (!has_list(state)) continue;
    const std::uint64_t one = WM_TRY(list_length(store, state_list(state)));
    if (one < length) {
      length = one;
      shortest = state_list(state);
    }
  }
  return shortest;
}

Result<Plan> plan_of(const Store& store, const Listing& listing) {
  Plan plan;
  for (const State state : listing.states) want(plan, state);
  if (plan.trash) {
    plan.lists = {trash_list()};
    if (listing.states.size() == 1 && listing.tags.empty()) plan.length = WM_TRY(list_length(store, trash_list()));
    return plan;
  }
  const auto keys = WM_TRY(keys_of(store, listing.tags));
  for (const std::string& key : keys) plan.lists.push_back(tag_list(key));
  if (plan.lists.empty()) {
    plan.lists.push_back(WM_TRY(shortest_list(store, listing.states)));
    if (listing.states.size() == 1 && !has_list(listing.states.front())) {
      plan.length = WM_TRY(complement(store, listing.states.front()));
    } else if (listing.states.size() <= 1) {
      plan.length = WM_TRY(list_length(store, plan.lists.front()));
    }
  } else if (plan.lists.size() == 1 && listing.states.empty()) {
    plan.length = WM_TRY(list_length(store, plan.lists.front()));
  }
  return plan;
}

bool fits(const Plan& plan, std::uint8_t bits) { return (bits & plan.bits_on) == plan.bits_on && (bits & plan.bits_off) == 0; }

bool has_tags(const Link& link, const std::vector<std::string>& keys) {
  return std::all_of(keys.begin(), keys.end(), [&link](const std::string& wanted) {
    return std::any_of(link.tags.begin(), link.tags.end(), [&wanted](const std::string& tag) { return is_or_is_under(tag_key(tag), wanted); });
  });
}

std::string cursor_text(const Listing& listing, std::string_view position) {
  std::string bytes{static_cast<char>(listing.sort), static_cast<char>(listing.direction)};
  return hex_encode(bytes.append(position));
}

Result<std::string> position_of(const Listing& listing, const std::string& cursor) {
  if (cursor.empty()) return std::string();
  const auto bytes = hex_decode(cursor);
  if (!bytes || bytes->size() < 2 + kIdBytes) return fail(Error::Code::kInvalid, "not a cursor of a list: " + cursor.substr(0, 40));
  if ((*bytes)[0] != static_cast<char>(listing.sort) || (*bytes)[1] != static_cast<char>(listing.direction)) {
    return fail(Error::Code::kInvalid, "this cursor is of a list in another order");
  }
  return bytes->substr(2);
}

/// Calls `take(id, position)` for each link of the listing from a position on until it gives false.
template <class F>
Result<> each(const Store& store, const Listing& listing, const Plan& plan, std::string_view position, F take) {
  const auto keys = plan.trash ? WM_TRY(keys_of(store, listing.tags)) : std::vector<std::string>();
  Walk walk(store, plan.lists, listing.sort, listing.direction);
  for (walk.start(position); walk.valid(); walk.next()) {
    if (!fits(plan, walk.bits())) continue;
    if (!keys.empty()) {
      const auto stored = WM_TRY(store.get(Family::kLinks, link_key(walk.id())));
      if (!stored) continue;
      const Link link = WM_TRY(decode_link(*stored));
      if (!has_tags(link, keys)) continue;
    }
    const bool more = WM_TRY(take(walk.id(), walk.position()));
    if (!more) break;
  }
  return walk.status();
}

}  // namespace

Result<LinkPage> list_links(const Store& store, const Listing& listing) {
  const Plan plan = WM_TRY(plan_of(store, listing));
  const std::string from = WM_TRY(position_of(listing, listing.cursor));
  LinkPage page;
  std::string last;
  std::size_t left_out = listing.offset;
  const auto take = [&](std::uint64_t id, std::string_view position) -> Result<bool> {
    if (left_out > 0) return --left_out, true;
    if (page.links.size() == listing.limit) {  // there is one more: the page before it ends at `last`
      page.next = cursor_text(listing, last);
      return false;
    }
    const auto stored = WM_TRY(store.get(Family::kLinks, link_key(id)));
    if (stored) page.links.push_back(WM_TRY(decode_link(*stored)));
    last = position;
    return true;
  };
  WM_TRY(each(store, listing, plan, from, take));
  return page;
}

Result<LinkCount> count_links(const Store& store, const Listing& listing, std::uint64_t most) {
  const Plan plan = WM_TRY(plan_of(store, listing));
  if (plan.length) return LinkCount{.links = *plan.length, .exact = true};
  LinkCount count;
  WM_TRY(each(store, listing, plan, {}, [&](std::uint64_t, std::string_view) -> Result<bool> {
    if (count.links == most) {
      count.exact = false;
      return false;
    }
    ++count.links;
    return true;
  }));
  return count;
}

Result<std::vector<std::uint64_t>> list_ids(const Store& store, const Listing& listing, std::string& cursor) {
  const Plan plan = WM_TRY(plan_of(store, listing));
  const std::string from = WM_TRY(position_of(listing, cursor));
  std::vector<std::uint64_t> ids;
  std::string last;
  cursor.clear();
  WM_TRY(each(store, listing, plan, from, [&](std::uint64_t id, std::string_view position) -> Result<bool> {
    if (ids.size() == listing.limit) {
      cursor = cursor_text(listing, last);
      return false;
    }
    ids.push_back(id);
    last = position;
    return true;
  }));
  return ids;
}

}  // namespace wm::links
