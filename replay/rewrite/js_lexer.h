#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace wm::rewrite {

enum class JsKind : std::uint8_t {
  kIdentifier,  ///< and keywords
  kPunctuator,
  kString,
  kNumber,
  kRegex,
  kTemplate,  ///< one literal piece of a template: `…${, }…${, }…` or the whole
};

/// A token as byte range of the script; blanks and comments are left out.
struct JsToken {
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t match = 0;  ///< brackets: index of the partner
  JsKind kind;
  bool line_before = false;     ///< a line ended between this token and the one before
  std::uint16_t functions = 0;  ///< how many function and class bodies it is in
  bool top_level = false;       ///< in no bracket at all
};

enum class JsGoal { kScript, kModule };

/// Takes a script apart as ECMA-262 clause 12 has it: strings, comments, templates with what is
/// nested in them, and regular expressions told from divisions by what stands before them. Tokens
/// only, no tree. Linear. False if the text cannot be read to its end this way: unfinished strings,
/// brackets without partner, more than 1 GiB. Then `tokens` is of no use, and the script is no
/// script or of a kind that is not known here.
bool lex_js(std::string_view source, JsGoal goal, std::vector<JsToken>& tokens);

inline std::string_view text_of(std::string_view source, const JsToken& token) {
  return source.substr(token.begin, token.end - token.begin);
}

}  // namespace wm::rewrite
