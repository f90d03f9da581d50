#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/source.h"

/// Gives bytes that outlive it in pieces of `piece` at most.
class Pieces final : public wm::Source {
 public:
  Pieces(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
  wm::Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min({bytes_.size(), into.size(), piece_});
    if (count > 0) std::memcpy(into.data(), bytes_.data(), count);
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  std::size_t piece_;
};

/// Everything a stream gives, and the code of its error at the end.
inline std::string drained(wm::Source& source, std::size_t piece) {
  std::string all;
  std::string buffer(piece, '\0');
  for (;;) {
    const auto got = source.read(buffer);
    if (!got) return all + "!" + wm::name_of(got.error().code);
    if (*got == 0) return all;
    all.append(buffer, 0, *got);
  }
}
