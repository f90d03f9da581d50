#pragma once

#include <string_view>
#include <vector>

#include "replay/rewrite/js_lexer.h"

namespace wm::rewrite {

/// A script as tokens, and what can be told of them without a tree. Indices beyond the end are the
/// empty text.
class JsScript {
 public:
  explicit JsScript(std::string_view source) : source_(source) {}
  /// False as lex_js.
  bool read(JsGoal goal) { return lex_js(source_, goal, tokens_); }

  std::string_view text(std::size_t i) const {
    return i < tokens_.size() ? text_of(source_, tokens_[i]) : std::string_view();
  }
  std::string_view before(std::size_t i) const { return i == 0 ? std::string_view() : text(i - 1); }
  bool is(std::size_t i, JsKind kind) const {
    return i < tokens_.size() && tokens_[i].kind == kind;
  }
  bool is_property(std::size_t i) const { return before(i) == "." || before(i) == "?."; }
  bool begins_statement(std::size_t i) const;

  /// The names that the declarations "a = 1, {b, c: d = 2, ...e} = f()" from token `i` on bind,
  /// into `names`. Gives the index after the last token looked at. Brackets of values are stepped
  /// over, so every token is looked at by one declaration only.
  std::size_t bound_names(std::size_t i, std::vector<std::string_view>& names) const;

 protected:
  std::string_view source_;
  std::vector<JsToken> tokens_;

 private:
  std::size_t binding(std::size_t i, std::size_t depth, std::vector<std::string_view>& names) const;
  std::size_t skip_value(std::size_t i) const;
};

}  // namespace wm::rewrite
