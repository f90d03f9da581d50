#pragma once

#include <cstdint>
#include <string_view>

#include "core/html/tokenizer.h"

namespace wm::html {

/// Text in which only the end tag of its own element is markup: RCDATA, RAWTEXT, script data with
/// its escaped states, PLAINTEXT (13.2.5.2 to 5 and 9 to 31). Positions go forward only; a place
/// that cannot be decided yet is looked at again from its '<', which is at most twelve bytes.
class RawText {
 public:
  enum class Mode : std::uint8_t { kNone, kRcdata, kRawtext, kScript, kPlaintext };

  void enter(Mode mode, std::string_view element);
  void leave() { mode_ = Mode::kNone; }
  bool inside() const { return mode_ != Mode::kNone; }
  std::string_view element() const { return element_; }
  TokenKind token_kind() const {
    return mode_ == Mode::kRcdata ? TokenKind::kRcdata : TokenKind::kRawText;
  }

  /// Goes on at `at`. True: the element's end tag starts at `at`. False: all before `at` is text,
  /// and more bytes are needed.
  bool scan(std::string_view window, std::size_t& at, bool final);

 private:
  enum class Script : std::uint8_t { kPlain, kEscaped, kDoubleEscaped };
  enum class Match : std::uint8_t { kNo, kYes, kMore };
  static Match match(std::string_view rest, std::string_view lower_case);
  static Match match_word(std::string_view rest, std::string_view before, std::string_view word);
  bool scan_text(std::string_view window, std::size_t& at, bool final);
  bool scan_script(std::string_view window, std::size_t& at, bool final);
  /// What the '<' at `at` begins in a script; moves `at` past it. kYes: the end tag.
  Match less_than(std::string_view window, std::size_t& at);

  Mode mode_ = Mode::kNone;
  std::string_view element_;  ///< a constant
  Script script_ = Script::kPlain;
  std::uint8_t dashes_ =
      0;  ///< how many, up to two, stand before the next byte of an escaped script
};

}  // namespace wm::html
