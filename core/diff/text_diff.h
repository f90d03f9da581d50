#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace wm::diff {

/// A stretch of a changed passage.
struct Piece {
  enum class Op : std::uint8_t { kSame, kDeleted, kInserted };
  Op op;
  std::string_view text;  ///< of the new text for kSame and kInserted, of the old one for kDeleted
};

/// Whole lines: the same in both texts, or a passage that was changed.
struct Passage {
  bool same = true;
  std::string_view text;      ///< of a passage that is the same
  std::vector<Piece> pieces;  ///< of a changed one, in reading order
};

struct Difference {
  std::vector<Passage> passages;
  std::uint64_t same = 0;  ///< words (characters, where words are not apart) that stand in both
  std::uint64_t deleted = 0;
  std::uint64_t inserted = 0;
  bool rough = false;  ///< the work was more than allowed: some passages are told as replaced whole

  /// 0: the same words; 1: no word in common.
  double changed() const;
};

struct Limits {
  std::uint64_t steps = 60'000'000;  ///< comparisons; about a second
};

/// What became of `before`: first by lines, then by words within the lines that differ. Chinese,
/// Japanese and Thai go by characters. Blanks of any length are alike. Linear memory; time bounded
/// by `limits` whatever the texts. The views are into the two texts. Source: E. Myers, "An O(ND)
/// Difference Algorithm and Its Variations" (1986), the linear-space variant.
Difference compare(std::string_view before, std::string_view after, Limits limits = {});

}  // namespace wm::diff
