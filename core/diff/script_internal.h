#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace wm::diff {

/// Which items of two sequences have no partner in the other; the others pair up in order.
struct Script {
  std::vector<char> deleted;   ///< one for each item of the old sequence
  std::vector<char> inserted;  ///< of the new one
};

/// A shortest script, or a near one where a shortest would be too much work. `steps` is what is
/// left to spend; at 0 the rest of the sequences is told as deleted and inserted whole.
Script script_of(std::span<const std::uint32_t> before, std::span<const std::uint32_t> after,
                 std::uint64_t& steps);

/// The text in lines, each with its line end.
std::vector<std::string_view> lines_of(std::string_view text);
/// The text in words, characters of scripts without blanks between words, runs of blanks, and
/// single other characters.
std::vector<std::string_view> words_of(std::string_view text);
bool is_blank(std::string_view token);

/// Numbers for tokens, the same for the same text; all blank ones are one.
struct Numbered {
  std::vector<std::uint32_t> before;
  std::vector<std::uint32_t> after;
};
Numbered numbered(std::span<const std::string_view> before,
                  std::span<const std::string_view> after);

}  // namespace wm::diff
