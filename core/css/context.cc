// CSS Syntax 3, section 5: which block, function and at-rule a token belongs to. A closing bracket
// closes only its own kind.
#include "core/css/context_internal.h"

namespace wm::css {

void Context::at_keyword(std::string_view lower_case) {
  rule_depth_ = open_.size();
  if (lower_case == "import") {
    rule_ = Rule::kImport;
  } else if (lower_case == "namespace" || lower_case == "document" ||
             lower_case == "-moz-document") {
    rule_ = Rule::kNamespace;
  } else {
    rule_ = lower_case == "font-face" ? Rule::kFontFace : Rule::kNone;
  }
}

void Context::push(Open what) {
  if (open_.size() >= kMaxDepth) {
    ++beyond_;
    return;
  }
  if (what == Open::kFontFace) ++font_faces_;
  open_.push_back(what);
}

void Context::open_function(Function function) {
  const bool url = function == Function::kUrl || function == Function::kSrc;
  // The string within url( ) is the import, so the function itself must not end the wait for it.
  if (!url) other_token();
  push(url ? Open::kUrl : function == Function::kImageSet ? Open::kImageSet : Open::kParenthesis);
}

void Context::open(char bracket) {
  other_token();
  if (bracket != '{') return push(bracket == '[' ? Open::kSquare : Open::kParenthesis);
  const bool of_rule = rule_ != Rule::kNone && rule_depth_ == open_.size();
  push(of_rule && rule_ == Rule::kFontFace ? Open::kFontFace : Open::kBlock);
  if (of_rule) rule_ = Rule::kNone;
}

void Context::close(char bracket) {
  other_token();
  if (beyond_ > 0) {
    --beyond_;
    return;
  }
  if (open_.empty()) return;
  const Open top = open_.back();
  const char closes = top == Open::kBlock || top == Open::kFontFace ? '}'
                      : top == Open::kSquare                        ? ']'
                                                                    : ')';
  if (closes != bracket) return;
  if (top == Open::kFontFace) --font_faces_;
  open_.pop_back();
  if (open_.size() < rule_depth_) rule_ = Rule::kNone;
}

void Context::semicolon() {
  if (rule_depth_ == open_.size()) rule_ = Rule::kNone;
}

UrlUse::Kind Context::kind_here() const {
  switch (rule_) {
    case Rule::kImport:
      return UrlUse::Kind::kImport;
    case Rule::kNamespace:
      return UrlUse::Kind::kNamespace;
    default:
      return font_faces_ > 0 ? UrlUse::Kind::kFont : UrlUse::Kind::kResource;
  }
}

UrlUse::Kind Context::url_kind() {
  const UrlUse::Kind kind = kind_here();
  other_token();
  return kind;
}

std::optional<UrlUse::Kind> Context::string_kind() {
  const bool of_rule =
      (rule_ == Rule::kImport || rule_ == Rule::kNamespace) && rule_depth_ == open_.size();
  if (of_rule) return url_kind();
  if (beyond_ > 0 || open_.empty()) return std::nullopt;
  switch (open_.back()) {
    case Open::kUrl:
      open_.back() = Open::kUsedUrl;  // modifiers may follow
      return url_kind();
    case Open::kImageSet:
      return url_kind();
    default:
      return std::nullopt;
  }
}

}  // namespace wm::css
