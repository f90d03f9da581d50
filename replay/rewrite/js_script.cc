#include "replay/rewrite/js_script.h"

#include <algorithm>

namespace wm::rewrite {

bool JsScript::begins_statement(std::size_t i) const {
  if (i == 0) return true;
  const auto last = before(i);
  if (last == ";" || last == "}" || last == "{") return true;
  if (!tokens_[i].line_before) return false;
  if (tokens_[i - 1].kind == JsKind::kIdentifier && !is_property(i - 1)) {
    for (const std::string_view word :
         {"else", "do", "typeof", "new", "void", "delete", "in", "instanceof", "await", "yield",
          "case", "throw", "extends"}) {
      if (last == word) return false;
    }
  }
  // A line end ends a statement only where the next line could not go on with it.
  return tokens_[i - 1].kind != JsKind::kPunctuator || last == ")" || last == "]" || last == "++" ||
         last == "--";
}

std::size_t JsScript::bound_names(std::size_t i, std::vector<std::string_view>& names) const {
  while (i < tokens_.size()) {
    i = binding(i, 0, names);
    if (text(i) == "=") i = skip_value(i + 1);
    if (text(i) != ",") break;
    ++i;
  }
  return i;
}

std::size_t JsScript::binding(std::size_t i, std::size_t depth,
                              std::vector<std::string_view>& names) const {
  const auto word = text(i);
  if (is(i, JsKind::kIdentifier)) {
    names.push_back(word);
    return i + 1;
  }
  if ((word != "{" && word != "[") || depth > 50) return i + 1;
  const std::size_t end = tokens_[i].match;
  const bool object = word == "{";
  for (++i; i < end;) {
    const auto at = text(i);
    if (at == "," || at == "...") {
      ++i;
      continue;
    }
    if (object && at == "[") i = tokens_[i].match;  // a computed key
    if (object && text(i + 1) == ":") i += 2;
    i = std::max(binding(i, depth + 1, names), i + 1);
    if (text(i) == "=") i = skip_value(i + 1);
    if (i < end && text(i) != ",") i = std::max(skip_value(i), i + 1);
  }
  return end + 1;
}

/// To the comma, closing bracket or statement end after an expression.
std::size_t JsScript::skip_value(std::size_t i) const {
  for (std::size_t first = i; i < tokens_.size(); ++i) {
    const auto word = text(i);
    if (tokens_[i].kind != JsKind::kPunctuator) {
      if (i > first && tokens_[i].line_before && begins_statement(i)) return i;
      // No value holds these outside of brackets: the next declaration looks on.
      if (word == "var" || word == "let" || word == "const") return i;
      continue;
    }
    if (word == "," || word == ";" || word == ")" || word == "]" || word == "}") return i;
    if (word == "(" || word == "[" || word == "{") i = tokens_[i].match;
  }
  return i;
}

}  // namespace wm::rewrite
