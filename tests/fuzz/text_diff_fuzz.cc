#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/diff/text_diff.h"

/// Two texts, apart by the first NUL: whatever they are, both can be read off their difference.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(all.find('\0'), all.size());
  const std::string before = all.substr(0, cut),
                    after = cut < all.size() ? all.substr(cut + 1) : "";
  const wm::diff::Difference difference = wm::diff::compare(before, after, {.steps = 100'000});
  std::size_t new_bytes = 0;
  for (const auto& passage : difference.passages) {
    new_bytes += passage.text.size();
    for (const auto& piece : passage.pieces) {
      if (piece.op != wm::diff::Piece::Op::kDeleted) new_bytes += piece.text.size();
    }
  }
  WM_CHECK(new_bytes == after.size());
  WM_CHECK(difference.changed() >= 0 && difference.changed() <= 1);
  return 0;
}
