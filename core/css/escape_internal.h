#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wm::css {

/// Newlines of CSS before preprocessing: LF, CR, FF.
constexpr bool is_newline(char c) noexcept {
  return c == '\n' || c == '\r' || c == '\f';
}

/// CSS Syntax 3, 4.3.7, byte by byte: how far an escape goes and what it stands for.
class Escape {
 public:
  enum class Step : std::uint8_t {
    kMore,  ///< the byte belongs to the escape, which may go on
    kDone,  ///< the byte belongs to the escape and ends it
    kPast,  ///< the escape ended before the byte
  };
  bool active() const { return stage_ != Stage::kNone; }
  /// After a backslash.
  void begin() {
    stage_ = Stage::kBackslash;
    value_ = 0;
    digits_ = 0;
  }
  bool at_backslash() const { return stage_ == Stage::kBackslash; }
  Step next(char c);
  void stop() { stage_ = Stage::kNone; }
  /// What it stands for, as far as read, as UTF-8: nothing for a backslash before a newline or at
  /// the end of a string.
  void append_to(std::string& out) const;
  /// The same if that is one ASCII character, else 0.
  char ascii() const;

 private:
  enum class Stage : std::uint8_t { kNone, kBackslash, kHex, kLineFeed };
  enum class What : std::uint8_t { kNothing, kByte, kCodePoint };
  Stage stage_ = Stage::kNone;
  What what_ = What::kNothing;
  std::uint8_t digits_ = 0;
  std::uint32_t value_ = 0;
};

/// The value of a string or url token without its delimiters.
std::string unescape(std::string_view raw);

}  // namespace wm::css
