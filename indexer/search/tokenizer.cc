#include "indexer/search/tokenizer.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/result.h"

namespace wm::search {
namespace {

enum class Class : std::uint8_t { kSeparator, kWord, kGrams, kMark, kIgnored };

constexpr std::size_t kGroupMarks =
    32;  // marks on one letter; more occur only in jokes and attacks
constexpr char32_t kPlainLimit =
    0x600;  // Latin, Greek, Cyrillic, Armenian, Hebrew: folded by a table

bool is_plain_grams(char32_t c) {
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
         (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc ||
         (c >= 0xac00 && c <= 0xd7a3);
}

bool is_grams_script(char32_t c) {
  if ((c >= 0x3005 && c <= 0x3007) || (c >= 0x3021 && c <= 0x3029) || c == 0xff70) return true;
  if ((c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf))
    return true;  // emoji and dingbats
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(c), &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_YI:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TIBETAN:
      return true;
    default:
      return false;
  }
}

Class class_of_any(char32_t c) {
  if (u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
    return Class::kIgnored;
  const std::uint32_t type = U_MASK(u_charType(static_cast<UChar32>(c)));
  const bool letter = (type & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
  if (c == 0xff9e || c == 0xff9f) return Class::kMark;  // half-width voicing marks
  if ((letter || (type & U_GC_SO_MASK) != 0) && is_grams_script(c)) return Class::kGrams;
  if ((type & U_GC_M_MASK) != 0) return Class::kMark;
  if ((type & (U_GC_L_MASK | U_GC_ND_MASK | U_GC_NL_MASK)) != 0) return Class::kWord;
  return Class::kSeparator;
}

struct Plain {
  Class kind;
  char32_t folded;  // 0: not one code point
};

const icu::Normalizer2& nfkc_casefold() {
  UErrorCode error = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFKCCasefoldInstance(error);
  WM_CHECK(U_SUCCESS(error));
  return *form;
}

Plain plain_of(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString folded =
      nfkc_casefold().normalize(icu::UnicodeString(static_cast<UChar32>(c)), error);
  const bool one = U_SUCCESS(error) && folded.countChar32() == 1;
  return {class_of_any(c), one ? static_cast<char32_t>(folded.char32At(0)) : 0};
}

const Plain& plain(char32_t c) {
  static const auto table = [] {
    std::array<Plain, kPlainLimit> made{};
    for (char32_t i = 0; i < kPlainLimit; ++i) made[i] = plain_of(i);
    return made;
  }();
  return table[c];
}

Class class_of(char32_t c) {
  if (c < kPlainLimit) return plain(c).kind;
  return is_plain_grams(c) ? Class::kGrams : class_of_any(c);
}

bool is_digit_unit(const Unit& unit) {
  return unit.code_point < 0x80 ? is_digit(static_cast<char>(unit.code_point))
                                : u_isdigit(static_cast<UChar32>(unit.code_point)) != 0;
}

bool is_jamo_tail(char32_t c) {
  return c >= 0x1160 && c <= 0x11ff;
}

/// NFD text puts voicing marks and vowels in code points of their own: such a group is folded as a
/// whole.
bool continues_group(char32_t c) {
  return class_of(c) == Class::kMark || is_jamo_tail(c);
}

}  // namespace

struct Scanner::Character {
  char32_t code_point = 0;
  Class kind = Class::kSeparator;
  std::size_t begin = 0;
  std::size_t end = 0;  // == begin at the end of the text
};

Scanner::Character Scanner::read(std::size_t at) const {
  if (at >= text_.size())
    return {.code_point = 0, .kind = Class::kSeparator, .begin = at, .end = at};
  const auto first = static_cast<unsigned char>(text_[at]);
  if (first < 0x80)
    return {.code_point = first, .kind = plain(first).kind, .begin = at, .end = at + 1};
  UChar32 c = 0;
  auto i = static_cast<std::int64_t>(at);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
  U8_NEXT(bytes, i, static_cast<std::int64_t>(text_.size()), c);
  const auto end = static_cast<std::size_t>(i);
  if (c < 0) return {.code_point = 0xfffd, .kind = Class::kSeparator, .begin = at, .end = end};
  const auto code_point = static_cast<char32_t>(c);
  return {.code_point = code_point, .kind = class_of(code_point), .begin = at, .end = end};
}

/// Adds the folded character and the marks on it to the run; gives where it ended.
std::size_t Scanner::append(Run& run, const Character& character) const {
  const char32_t c = character.code_point;
  const Character after = read(character.end);
  const auto begin = static_cast<std::uint32_t>(character.begin);
  const bool more =
      after.end != after.begin && after.code_point >= 0x80 && continues_group(after.code_point);
  const bool full = run.kind == Run::Kind::kWord && run.units.size() >= kWordUnits;
  if (!more && (is_plain_grams(c) || (c < kPlainLimit && plain(c).folded != 0))) {
    const char32_t folded = c < kPlainLimit ? plain(c).folded : c;
    if (!full)
      run.units.push_back({folded, begin, static_cast<std::uint32_t>(character.end), folded != c});
    return character.end;
  }
  icu::UnicodeString group(static_cast<UChar32>(c));
  std::size_t end = character.end;
  std::size_t marks = 0;
  for (Character next = after; more && next.end != next.begin && continues_group(next.code_point);
       next = read(end)) {
    if (marks++ < kGroupMarks) group.append(static_cast<UChar32>(next.code_point));
    end = next.end;
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString folded = nfkc_casefold().normalize(group, error);
  if (U_FAILURE(error) || full) return end;
  for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const auto unit = static_cast<char32_t>(folded.char32At(i));
    if (class_of(unit) == Class::kSeparator) continue;  // compatibility forms may hold blanks
    run.units.push_back(
        {unit, begin, static_cast<std::uint32_t>(end), u_isupper(static_cast<UChar32>(c)) != 0});
  }
  return end;
}

/// Where '_' within a word, or an apostrophe between two letters, ends; nullopt if it does not
/// join.
std::optional<std::size_t> Scanner::joint_end(const Character& character, bool after_letter) const {
  std::size_t end = character.end;
  if (character.code_point == '_') {
    while (end < text_.size() && text_[end] == '_') ++end;
  } else if ((character.code_point != '\'' && character.code_point != 0x2019) || !after_letter) {
    return std::nullopt;
  }
  if (read(end).kind != Class::kWord) return std::nullopt;
  return end;
}

void Scanner::take_word(Run& run, const Character& first) {
  run.kind = Run::Kind::kWord;
  Character c = first;
  while (true) {
    if (c.kind == Class::kWord) {
      at_ = append(run, c);
    } else if (c.kind == Class::kIgnored && c.end != c.begin) {
      at_ = c.end;
    } else if (const auto end =
                   c.end == c.begin
                       ? std::nullopt
                       : joint_end(c, !run.units.empty() && !is_digit_unit(run.units.back()))) {
      const char32_t joint = c.code_point == '_' ? U'_' : U'\'';
      for (std::size_t at = at_; at < *end && run.units.size() < kWordUnits;
           at = joint == U'_' ? at + 1 : *end) {
        run.units.push_back({joint, static_cast<std::uint32_t>(at),
                             static_cast<std::uint32_t>(joint == U'_' ? at + 1 : *end), false});
      }
      at_ = *end;
    } else {
      break;
    }
    c = read(at_);
  }
  run.end = static_cast<std::uint32_t>(at_);
  for (const std::string_view suffix : {"++", "#"}) {
    if (text_.substr(at_).starts_with(suffix) && read(at_ + suffix.size()).kind != Class::kWord)
      run.suffix = suffix;
  }
}

void Scanner::take_grams(Run& run, const Character& first) {
  run.kind = Run::Kind::kGrams;
  for (Character c = first;
       c.kind == Class::kGrams || (c.kind == Class::kIgnored && c.end != c.begin); c = read(at_)) {
    at_ = c.kind == Class::kGrams ? append(run, c) : c.end;
  }
  run.end = static_cast<std::uint32_t>(at_);
}

bool Scanner::next(Run& run) {
  while (at_ < text_.size()) {
    run.units.clear();
    run.suffix = {};
    const Character c = read(at_);
    if (c.kind == Class::kWord || (c.code_point == '_' && read(c.end).kind == Class::kWord)) {
      if (c.kind != Class::kWord) at_ = c.end;  // a leading '_' is no part of the word
      take_word(run, read(at_));
    } else if (c.kind == Class::kGrams) {
      take_grams(run, c);
    } else {
      at_ = c.end;
    }
    if (!run.units.empty()) return true;
  }
  return false;
}

std::string utf8_of(const std::vector<Unit>& units, std::size_t first, std::size_t last) {
  std::string out;
  for (std::size_t i = first; i < last && i < units.size(); ++i) {
    const char32_t c = units[i].code_point;
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
      continue;
    }
    std::array<std::uint8_t, U8_MAX_LENGTH> bytes{};
    std::int32_t length = 0;
    UBool failed = false;
    U8_APPEND(bytes.data(), length, U8_MAX_LENGTH, static_cast<std::uint32_t>(c), failed);
    if (!failed)
      out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
  }
  return out;
}

namespace {

/// At a character boundary.
std::string clipped(std::string term) {
  if (term.size() <= kTermBytes) return term;
  std::size_t end = kTermBytes;
  while (end > 0 && (static_cast<unsigned char>(term[end]) & 0xc0) == 0x80) --end;
  term.resize(end);
  return term;
}

enum class Piece { kJoint, kDigit, kUpper, kLower };

Piece piece_of(const Unit& unit) {
  if (unit.code_point == '_' || unit.code_point == '\'') return Piece::kJoint;
  if (is_digit_unit(unit)) return Piece::kDigit;
  return unit.upper ? Piece::kUpper : Piece::kLower;
}

/// Does a new part begin at `i`? Between letters and digits, before the capital of "javaScript" and
/// of "HTMLParser".
bool part_begins(const std::vector<Unit>& units, std::size_t i) {
  const Piece before = piece_of(units[i - 1]);
  const Piece here = piece_of(units[i]);
  if ((before == Piece::kJoint) != (here == Piece::kJoint) ||
      (before == Piece::kDigit) != (here == Piece::kDigit))
    return true;
  if (before == Piece::kLower && here == Piece::kUpper) return true;
  return before == Piece::kUpper && here == Piece::kUpper && i + 1 < units.size() &&
         piece_of(units[i + 1]) == Piece::kLower;
}

}  // namespace

std::string term_of(const Run& run) {
  return clipped(utf8_of(run.units, 0, run.units.size()));
}

std::vector<std::string> parts_of(const Run& word) {
  constexpr std::size_t kMost = 16;
  std::vector<std::string> parts;
  const auto& units = word.units;
  const std::size_t size = std::min<std::size_t>(units.size(), kTermBytes);
  std::size_t border = 1;
  while (border < size && !part_begins(units, border)) ++border;
  if (border >= size) return parts;  // nearly every word
  std::size_t first = 0;
  for (std::size_t i = 1; i <= size && parts.size() < kMost; ++i) {
    if (i < size && !part_begins(units, i)) continue;
    // A single letter is of no use alone; a single digit is what versions differ in.
    const Piece piece = piece_of(units[first]);
    if (piece == Piece::kDigit || (piece != Piece::kJoint && i - first > 1))
      parts.push_back(clipped(utf8_of(units, first, i)));
    first = i;
  }
  if (parts.size() == 1 && parts.front() == term_of(word)) parts.clear();
  return parts;
}

std::string unaccented(const Run& word) {
  bool plain_ascii = true;
  for (const auto& unit : word.units) plain_ascii = plain_ascii && unit.code_point < 0x80;
  if (plain_ascii) return {};
  UErrorCode error = U_ZERO_ERROR;
  const auto* nfd = icu::Normalizer2::getNFDInstance(error);
  if (U_FAILURE(error)) return {};
  const std::string term = term_of(word);
  const icu::UnicodeString apart = nfd->normalize(icu::UnicodeString::fromUTF8(term), error);
  if (U_FAILURE(error)) return {};
  icu::UnicodeString bare;
  for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 c = apart.char32At(i);
    if (u_charType(c) != U_NON_SPACING_MARK) bare.append(c);
  }
  std::string out;
  bare.toUTF8String(out);
  return out == term ? std::string() : out;
}

}  // namespace wm::search
