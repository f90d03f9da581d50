#include <unordered_map>

#include "core/base/ascii.h"
#include "core/diff/script_internal.h"

namespace wm::diff {

namespace {

enum class Class { kBlank, kWord, kSingle };

struct Character {
  Class kind;
  std::size_t length;
};

struct Block {
  std::uint32_t first, last;
};
// Scripts that put no blanks between words, and signs that are words by themselves. Unicode 15
// blocks.
constexpr Block kSingles[] = {
    {0x0e00, 0x0eff},    // Thai, Lao
    {0x1000, 0x109f},    // Myanmar
    {0x1780, 0x17ff},    // Khmer
    {0x2010, 0x205e},    // general punctuation
    {0x2190, 0x2bff},    // arrows, signs
    {0x2e80, 0x31ff},    // CJK radicals, punctuation, kana, bopomofo
    {0x3400, 0x9fff},    // CJK
    {0xf900, 0xfaff},    // CJK compatibility
    {0xfe30, 0xfe4f},    // CJK compatibility forms
    {0xff00, 0xffef},    // full-width forms
    {0x1f000, 0x1faff},  // pictures
    {0x20000, 0x3ffff},  // CJK extensions
};

Class class_of(std::uint32_t scalar) {
  if (scalar == 0xa0 || scalar == 0x3000 || (scalar >= 0x2000 && scalar <= 0x200a) ||
      scalar == 0x202f)
    return Class::kBlank;
  if (scalar < 0xc0) return Class::kSingle;  // signs of Latin-1
  for (const Block& block : kSingles) {
    if (scalar >= block.first && scalar <= block.last) return Class::kSingle;
  }
  return Class::kWord;
}

/// What begins at `at`. A byte that is no UTF-8 stands alone.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const char c = text[at];
  if (byte(at) < 0x80)
    return {is_space(c) || c == '\v'  ? Class::kBlank
            : is_alnum(c) || c == '_' ? Class::kWord
                                      : Class::kSingle,
            1};
  const std::size_t length = byte(at) >= 0xf0 ? 4 : byte(at) >= 0xe0 ? 3 : byte(at) >= 0xc2 ? 2 : 1;
  if (length == 1 || at + length > text.size()) return {Class::kSingle, 1};
  std::uint32_t scalar = byte(at) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {Class::kSingle, 1};
    scalar = (scalar << 6) | (byte(at + i) & 0x3f);
  }
  return {class_of(scalar), length};
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const Character first = character_at(text, at);
    std::size_t end = at + first.length;
    while (first.kind != Class::kSingle && end < text.size()) {
      const Character next = character_at(text, end);
      if (next.kind != first.kind) break;
      end += next.length;
    }
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool is_blank(std::string_view token) {
  return !token.empty() && character_at(token, 0).kind == Class::kBlank;
}

Numbered numbered(std::span<const std::string_view> before,
                  std::span<const std::string_view> after) {
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  const auto number = [&numbers](std::string_view token) {
    return numbers
        .try_emplace(is_blank(token) && trim(token).empty() ? std::string_view(" ") : token,
                     static_cast<std::uint32_t>(numbers.size()))
        .first->second;
  };
  Numbered result;
  result.before.reserve(before.size());
  result.after.reserve(after.size());
  for (const auto token : before) result.before.push_back(number(token));
  for (const auto token : after) result.after.push_back(number(token));
  return result;
}

}  // namespace wm::diff
