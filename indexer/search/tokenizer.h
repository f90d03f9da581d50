#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wm::search {

/// One code point of a text as it is compared: NFKC, case folded. One written character may give
/// several, each with its bytes.
struct Unit {
  char32_t code_point;
  std::uint32_t begin;  ///< bytes of the written character in the text
  std::uint32_t end;
  bool upper;  ///< was written as a capital
};

/// A word, or a run of characters of a script that puts no blanks between words (Chinese, Japanese,
/// Korean, Thai …; emoji too).
struct Run {
  enum class Kind { kWord, kGrams } kind = Kind::kWord;
  std::vector<Unit>
      units;  ///< of a word at most kWordUnits; the rest of a longer one is passed over
  std::string_view suffix;  ///< "++" or "#" right after a word: C++, C#

  std::uint32_t begin() const { return units.front().begin; }
  std::uint32_t end = 0;  ///< in the text, also of what was passed over
};

inline constexpr std::size_t kWordUnits = 256;
inline constexpr std::size_t kTermBytes =
    64;  ///< longer words are found by so much of their beginning

/// Cuts a text into runs, in order. Any bytes; what is not UTF-8 separates. Linear. The text must
/// live as long as the scanner and be shorter than 4 GiB. The source of the rule what is a letter:
/// Unicode by ICU.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  /// False at the end. Reuses what `run` holds.
  bool next(Run& run);

 private:
  struct Character;
  Character read(std::size_t at) const;
  void take_word(Run& run, const Character& first);
  void take_grams(Run& run, const Character& first);
  std::optional<std::size_t> joint_end(const Character& character, bool after_letter) const;
  std::size_t append(Run& run, const Character& character) const;

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The run's units as UTF-8, words cut to kTermBytes.
std::string term_of(const Run& run);
std::string utf8_of(const std::vector<Unit>& units, std::size_t first, std::size_t last);
/// What a word is made of: "mpu6050" → mpu 6050, "JavaScript" → java script, "snake_case" → snake
/// case. Empty if it is of one piece.
std::vector<std::string> parts_of(const Run& word);
/// Without marks on letters ("café" → "cafe"), or "" if there are none.
std::string unaccented(const Run& word);

}  // namespace wm::search
