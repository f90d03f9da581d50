#include "core/diff/text_diff.h"

#include <algorithm>

#include "core/diff/script_internal.h"

namespace wm::diff {

namespace {

using Op = Piece::Op;
using Tokens = std::span<const std::string_view>;

/// The text from the first to the last of neighbouring tokens.
std::string_view joined(Tokens tokens) {
  if (tokens.empty()) return {};
  const char* begin = tokens.front().data();
  return {begin, static_cast<std::size_t>(tokens.back().data() + tokens.back().size() - begin)};
}

std::uint64_t count_words(Tokens tokens) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(tokens, [](std::string_view token) { return !is_blank(token); }));
}

/// The next stretch of items that all pair up, or none of which does.
struct Stretch {
  bool same;
  std::size_t before, before_end, after, after_end;
};

class Stretches {
 public:
  explicit Stretches(const Script& script) : script_(script) {}
  bool next(Stretch& out) {
    out = {.same = false, .before = x_, .before_end = x_, .after = y_, .after_end = y_};
    while (x_ < script_.deleted.size() && script_.deleted[x_] != 0) ++x_;
    while (y_ < script_.inserted.size() && script_.inserted[y_] != 0) ++y_;
    if (x_ == out.before && y_ == out.after) {
      out.same = true;
      while (x_ < script_.deleted.size() && y_ < script_.inserted.size() &&
             script_.deleted[x_] == 0 && script_.inserted[y_] == 0)
        ++x_, ++y_;
    }
    out.before_end = x_;
    out.after_end = y_;
    return out.before_end > out.before || out.after_end > out.after;
  }

 private:
  const Script& script_;
  std::size_t x_ = 0, y_ = 0;
};

class Comparison {
 public:
  explicit Comparison(Limits limits) : steps_(limits.steps) {}

  Difference run(std::string_view before, std::string_view after) {
    const auto old_lines = lines_of(before), new_lines = lines_of(after);
    const Numbered numbers = numbered(old_lines, new_lines);
    const Script script = script_of(numbers.before, numbers.after, steps_);
    Stretches stretches(script);
    for (Stretch s{}; stretches.next(s);) {
      const std::string_view old_text =
          joined(Tokens(old_lines).subspan(s.before, s.before_end - s.before));
      const std::string_view new_text =
          joined(Tokens(new_lines).subspan(s.after, s.after_end - s.after));
      if (s.same) {
        result_.same += count_words(words_of(new_text));
        result_.passages.push_back({.same = true, .text = new_text, .pieces = {}});
      } else {
        add_changed(old_text, new_text);
      }
    }
    result_.rough = steps_ == 0;
    return std::move(result_);
  }

 private:
  void add_changed(std::string_view before, std::string_view after) {
    const auto old_words = words_of(before), new_words = words_of(after);
    const Numbered numbers = numbered(old_words, new_words);
    const Script script = script_of(numbers.before, numbers.after, steps_);
    Passage passage{.same = false, .text = {}, .pieces = {}};
    Stretches stretches(script);
    for (Stretch s{}; stretches.next(s);) {
      const Tokens gone = Tokens(old_words).subspan(s.before, s.before_end - s.before);
      const Tokens come = Tokens(new_words).subspan(s.after, s.after_end - s.after);
      if (s.same) {
        result_.same += count_words(come);
        passage.pieces.push_back({Op::kSame, joined(come)});
        continue;
      }
      result_.deleted += count_words(gone);
      result_.inserted += count_words(come);
      if (!gone.empty()) passage.pieces.push_back({Op::kDeleted, joined(gone)});
      if (!come.empty()) passage.pieces.push_back({Op::kInserted, joined(come)});
    }
    result_.passages.push_back(std::move(passage));
  }

  std::uint64_t steps_;
  Difference result_;
};

}  // namespace

double Difference::changed() const {
  const std::uint64_t all = 2 * same + deleted + inserted;
  return all == 0 ? 0 : static_cast<double>(deleted + inserted) / static_cast<double>(all);
}

Difference compare(std::string_view before, std::string_view after, Limits limits) {
  return Comparison(limits).run(before, after);
}

}  // namespace wm::diff
