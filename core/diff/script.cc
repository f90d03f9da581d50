// The linear-space variant of Myers' algorithm: find a point in the middle of a shortest path
// through the edit graph, then both halves. A search that goes on for kRounds takes the farthest
// point it has reached instead of the middle of a shortest path.
#include <algorithm>
#include <cstddef>

#include "core/diff/script_internal.h"

namespace wm::diff {

namespace {

using Index = std::ptrdiff_t;
constexpr Index kRounds = 160;
constexpr Index kNowhere = -(Index{1} << 40);

/// A rectangle of the edit graph: items [x, x_end) of the old sequence against [y, y_end) of the
/// new one.
struct Box {
  Index x, x_end, y, y_end;
};
struct Point {
  Index x, y;
};

class Search {
 public:
  Search(std::span<const std::uint32_t> before, std::span<const std::uint32_t> after,
         std::uint64_t& steps)
      : a_(before),
        b_(after),
        steps_(steps),
        origin_(static_cast<Index>(after.size()) + 1),
        forward_(before.size() + after.size() + 3),
        backward_(before.size() + after.size() + 3) {}

  Script run() {
    script_.deleted.assign(a_.size(), 0);
    script_.inserted.assign(b_.size(), 0);
    std::vector<Box> todo{{0, static_cast<Index>(a_.size()), 0, static_cast<Index>(b_.size())}};
    while (!todo.empty()) {
      Box box = todo.back();
      todo.pop_back();
      trim(box);
      if (box.x == box.x_end || box.y == box.y_end || steps_ == 0) {
        std::fill(script_.deleted.begin() + box.x, script_.deleted.begin() + box.x_end, 1);
        std::fill(script_.inserted.begin() + box.y, script_.inserted.begin() + box.y_end, 1);
        continue;
      }
      const Point middle = middle_of(box);
      todo.push_back({middle.x, box.x_end, middle.y, box.y_end});
      todo.push_back({box.x, middle.x, box.y, middle.y});
    }
    return std::move(script_);
  }

 private:
  bool equal(Index x, Index y) const {
    return a_[static_cast<std::size_t>(x)] == b_[static_cast<std::size_t>(y)];
  }
  void spend(Index count) {
    steps_ -= std::min<std::uint64_t>(steps_, static_cast<std::uint64_t>(count));
  }
  Index& forward(Index diagonal) { return forward_[static_cast<std::size_t>(diagonal + origin_)]; }
  Index& backward(Index diagonal) {
    return backward_[static_cast<std::size_t>(diagonal + origin_)];
  }

  void trim(Box& box) {
    const Index before = box.x_end - box.x;
    while (box.x < box.x_end && box.y < box.y_end && equal(box.x, box.y)) ++box.x, ++box.y;
    while (box.x < box.x_end && box.y < box.y_end && equal(box.x_end - 1, box.y_end - 1))
      --box.x_end, --box.y_end;
    spend(before - (box.x_end - box.x));
  }

  /// Diagonals (x - y) that a search has reached, two more with each round as far as the box goes.
  struct Reach {
    Index low, high;
    void widen(Index lowest, Index highest) {
      low = low > lowest ? low - 1 : low + 1;
      high = high < highest ? high + 1 : high - 1;
    }
    bool holds(Index diagonal) const { return low <= diagonal && diagonal <= high; }
  };

  /// A point that both halves of the box are to be solved around; never a corner both of whose
  /// halves are the box itself.
  Point middle_of(const Box& box) {
    const Index lowest = box.x - box.y_end, highest = box.x_end - box.y;
    const Index from = box.x - box.y, to = box.x_end - box.y_end;
    const bool odd = ((from - to) & 1) != 0;
    Reach ahead{from, from}, back{to, to};
    forward(from) = box.x;
    backward(to) = box.x_end;
    for (Index round = 1;; ++round) {
      const Reach was_ahead = ahead;
      ahead.widen(lowest, highest);
      for (Index d = ahead.high; d >= ahead.low; d -= 2) {
        const Index x = step_forward(box, d, was_ahead);
        if (odd && back.holds(d) && backward(d) <= x) return {x, x - d};
      }
      const Reach was_back = back;
      back.widen(lowest, highest);
      for (Index d = back.high; d >= back.low; d -= 2) {
        const Index x = step_backward(box, d, was_back);
        if (!odd && ahead.holds(d) && x <= forward(d)) return {x, x - d};
      }
      spend(ahead.high - ahead.low + back.high - back.low + 2);
      if (round >= kRounds || steps_ == 0) return farthest(box, ahead, back);
    }
  }

  // A diagonal that cannot be reached within the box holds kNowhere, or minus it, which no
  // comparison below takes for a place.
  Index step_forward(const Box& box, Index d, const Reach& reached) {
    Index x = kNowhere;
    if (reached.holds(d - 1) && forward(d - 1) < box.x_end) x = std::max(x, forward(d - 1) + 1);
    if (reached.holds(d + 1) && forward(d + 1) - d <= box.y_end) x = std::max(x, forward(d + 1));
    if (x < box.x) return forward(d) = kNowhere;
    const Index start = x;
    while (x < box.x_end && x - d < box.y_end && equal(x, x - d)) ++x;
    spend(x - start);
    return forward(d) = x;
  }

  Index step_backward(const Box& box, Index d, const Reach& reached) {
    Index x = -kNowhere;
    if (reached.holds(d - 1) && backward(d - 1) - d >= box.y) x = std::min(x, backward(d - 1));
    if (reached.holds(d + 1) && backward(d + 1) > box.x) x = std::min(x, backward(d + 1) - 1);
    if (x > box.x_end) return backward(d) = -kNowhere;
    const Index start = x;
    while (x > box.x && x - d > box.y && equal(x - 1, x - 1 - d)) --x;
    spend(start - x);
    return backward(d) = x;
  }

  Point farthest(const Box& box, const Reach& ahead, const Reach& back) {
    Point best{box.x, box.y};
    for (Index d = ahead.high; d >= ahead.low; d -= 2) {
      const Index x = forward(d);
      if (2 * x - d > best.x + best.y) best = {x, x - d};
    }
    Point best_back{box.x_end, box.y_end};
    for (Index d = back.high; d >= back.low; d -= 2) {
      const Index x = backward(d);
      if (2 * x - d < best_back.x + best_back.y) best_back = {x, x - d};
    }
    const Index gained = best.x + best.y - box.x - box.y;
    const Index gained_back = box.x_end + box.y_end - best_back.x - best_back.y;
    return gained >= gained_back ? best : best_back;
  }

  std::span<const std::uint32_t> a_, b_;
  std::uint64_t& steps_;
  Index origin_;
  std::vector<Index> forward_, backward_;  ///< by diagonal, the farthest x reached
  Script script_;
};

/// The items that stand in the other sequence too: what does not can pair with nothing, and the
/// search need not meet it.
struct Kept {
  std::vector<std::uint32_t> items;
  std::vector<std::size_t> places;
};
Kept kept(std::span<const std::uint32_t> items, std::span<const std::uint32_t> other) {
  std::uint32_t most = 0;
  for (const auto item : other) most = std::max(most, item);
  std::vector<char> stands(static_cast<std::size_t>(most) + 1, 0);
  for (const auto item : other) stands[item] = 1;
  Kept result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i] > most || stands[items[i]] == 0) continue;
    result.items.push_back(items[i]);
    result.places.push_back(i);
  }
  return result;
}

}  // namespace

Script script_of(std::span<const std::uint32_t> before, std::span<const std::uint32_t> after,
                 std::uint64_t& steps) {
  const Kept old_items = kept(before, after);
  const Kept new_items = kept(after, before);
  const Script inner = Search(old_items.items, new_items.items, steps).run();
  Script script{std::vector<char>(before.size(), 1), std::vector<char>(after.size(), 1)};
  for (std::size_t i = 0; i < old_items.places.size(); ++i)
    script.deleted[old_items.places[i]] = inner.deleted[i];
  for (std::size_t i = 0; i < new_items.places.size(); ++i)
    script.inserted[new_items.places[i]] = inner.inserted[i];
  return script;
}

}  // namespace wm::diff
