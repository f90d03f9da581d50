#include "replay/rewrite/js_lexer.h"

#include <array>
#include "core/base/ascii.h"

namespace wm::rewrite {
namespace {

constexpr auto kIdentifierBytes = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    const char byte = static_cast<char>(c);
    table[c] = is_alnum(byte) || byte == '_' || byte == '$' || c >= 0x80 || byte == '\\';
  }
  return table;
}();
constexpr bool is_identifier_byte(char c) {
  return kIdentifierBytes[static_cast<unsigned char>(c)];
}

/// These never begin a longer operator, nor an HTML comment.
constexpr bool stands_alone(char c) {
  return c == ';' || c == ',' || c == ':' || c == '~';
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  for (const auto known : words) {
    if (word == known) return true;
  }
  return false;
}

// After these a value begins, so a slash begins a regular expression.
constexpr std::array<std::string_view, 14> kBeforeValue = {
    "return", "typeof", "case",   "do",    "else",  "in",    "instanceof",
    "new",    "void",   "delete", "throw", "await", "yield", "default"};
constexpr std::array<std::string_view, 5> kBeforeBlock = {"else", "do", "try", "finally", "static"};
// The parenthesis after these is no parameter list.
constexpr std::array<std::string_view, 7> kBeforeCondition = {"if",   "for",   "while", "switch",
                                                              "with", "catch", "await"};

class Lexer {
 public:
  Lexer(std::string_view source, JsGoal goal, std::vector<JsToken>& tokens)
      : source_(source), goal_(goal), tokens_(tokens) {}

  bool run() {
    if (source_.size() > (1u << 30)) return false;
    tokens_.clear();
    tokens_.reserve(source_.size() / 5 + 16);
    if (source_.starts_with("\xef\xbb\xbf")) at_ = 3;
    if (source_.substr(at_).starts_with("#!")) skip_line();
    while (at_ < source_.size()) {
      if (!step()) return false;
    }
    return open_.empty();
  }

 private:
  enum class Role : std::uint8_t {
    kParenthesis,
    kSquare,
    kBlock,
    kObject,
    kFunction,
    kClass,
    kTemplate
  };
  struct Open {
    std::uint32_t token;
    Role role;
  };

  bool step() {
    const char c = source_[at_];
    switch (c) {
      case '\n':
      case '\r':
        line_ = true;
        ++at_;
        return true;
      case ' ':
      case '\t':
      case '\v':
      case '\f':
        ++at_;
        return true;
      case '"':
      case '\'':
        return string(c);
      case '`':
        return template_piece(at_);
      case '/':
        return slash();
      case '}':
        return close_brace();
      default:
        break;
    }
    if (is_digit(c) || (c == '.' && at_ + 1 < source_.size() && is_digit(source_[at_ + 1])))
      return number();
    if (is_identifier_byte(c) || c == '#' || c == '@') return identifier();
    return punctuator(c);
  }

  void push(JsKind kind, std::size_t begin) {
    JsToken token{.begin = static_cast<std::uint32_t>(begin),
                  .end = static_cast<std::uint32_t>(at_),
                  .kind = kind};
    token.line_before = line_;
    token.functions = functions_;
    token.top_level = open_.empty();
    tokens_.push_back(token);
    line_ = false;
  }

  std::string_view text(std::size_t token) const { return text_of(source_, tokens_[token]); }
  bool has_previous() const { return !tokens_.empty(); }
  const JsToken& previous() const { return tokens_.back(); }

  void skip_line() {
    while (at_ < source_.size() && source_[at_] != '\n' && source_[at_] != '\r') ++at_;
  }

  bool string(char quote) {
    const std::size_t begin = at_++;
    while (at_ < source_.size()) {
      const char c = source_[at_++];
      if (c == quote) {
        push(JsKind::kString, begin);
        return true;
      }
      if (c == '\\' && at_ < source_.size()) {
        if (source_[at_] == '\r' && at_ + 1 < source_.size() && source_[at_ + 1] == '\n') ++at_;
        ++at_;
      } else if (c == '\n' || c == '\r') {
        return false;
      }
    }
    return false;
  }

  /// From a backtick or the brace that ends a substitution, to the next "${" or the closing
  /// backtick.
  bool template_piece(std::size_t begin) {
    at_ = begin + 1;
    while (at_ < source_.size()) {
      const char c = source_[at_++];
      if (c == '`') {
        push(JsKind::kTemplate, begin);
        return true;
      }
      if (c == '\\') {
        ++at_;
      } else if (c == '$' && at_ < source_.size() && source_[at_] == '{') {
        ++at_;
        push(JsKind::kTemplate, begin);
        open_.push_back({static_cast<std::uint32_t>(tokens_.size() - 1), Role::kTemplate});
        return true;
      }
    }
    return false;
  }

  bool slash() {
    const char next = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
    if (next == '/') {
      skip_line();
      return true;
    }
    if (next == '*') {
      const std::size_t end = source_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return false;
      if (source_.substr(at_, end - at_).find('\n') != std::string_view::npos) line_ = true;
      at_ = end + 2;
      return true;
    }
    if (value_may_begin()) {
      if (regex()) return true;
      // A guess may be wrong now and then; a text of such guesses is no script, and each costs a
      // line.
      if (++unfinished_ > 16) return false;
    }
    const std::size_t begin = at_;
    at_ += next == '=' ? 2 : 1;
    push(JsKind::kPunctuator, begin);
    return true;
  }

  bool regex() {
    std::size_t at = at_ + 1;
    bool in_class = false;
    for (; at < source_.size(); ++at) {
      const char c = source_[at];
      if (c == '\n' || c == '\r') return false;
      if (c == '\\') {
        ++at;
      } else if (c == '[') {
        in_class = true;
      } else if (c == ']') {
        in_class = false;
      } else if (c == '/' && !in_class) {
        break;
      }
    }
    if (at >= source_.size()) return false;
    const std::size_t begin = at_;
    at_ = at + 1;
    while (at_ < source_.size() && is_identifier_byte(source_[at_])) ++at_;
    push(JsKind::kRegex, begin);
    return true;
  }

  /// Can an expression begin here, or would it be the second operand in a row?
  bool value_may_begin() const {
    if (!has_previous()) return true;
    const auto& last = previous();
    const auto word = text(tokens_.size() - 1);
    switch (last.kind) {
      case JsKind::kIdentifier:
        return is_one_of(word, kBeforeValue) && !is_property(tokens_.size() - 1);
      case JsKind::kString:
      case JsKind::kNumber:
      case JsKind::kRegex:
        return false;
      case JsKind::kTemplate:
        return word.ends_with("${");
      case JsKind::kPunctuator:
        break;
    }
    if (word == ")") return last.match > 0 && follows_condition(last.match);
    if (word == "]" || word == "++" || word == "--") return false;
    if (word == "}") return last_closed_ == Role::kBlock || last_closed_ == Role::kFunction;
    return true;
  }

  bool is_property(std::size_t token) const {
    if (token == 0) return false;
    const auto before = text(token - 1);
    return before == "." || before == "?.";
  }

  /// Is the parenthesis at `token` that of an if, for, while …?
  bool follows_condition(std::size_t token) const {
    if (token == 0) return false;
    return tokens_[token - 1].kind == JsKind::kIdentifier &&
           is_one_of(text(token - 1), kBeforeCondition) && !is_property(token - 1);
  }

  bool number() {
    const std::size_t begin = at_++;
    while (at_ < source_.size()) {
      const char c = source_[at_];
      const char last = source_[at_ - 1];
      const bool sign = (c == '+' || c == '-') && (last == 'e' || last == 'E') &&
                        !istarts_with(source_.substr(begin, 2), "0x");
      if (!is_alnum(c) && c != '_' && c != '.' && !sign) break;
      // "1..toString()": the second dot is an operator.
      if (c == '.' &&
          source_.substr(begin, at_ - begin).find_first_of(".eExXbBoOn") != std::string_view::npos)
        break;
      ++at_;
    }
    push(JsKind::kNumber, begin);
    return true;
  }

  bool identifier() {
    const std::size_t begin = at_++;
    while (at_ < source_.size() && is_identifier_byte(source_[at_])) {
      // \u{…}
      if (source_[at_] == '\\' && source_.substr(at_, 3) == "\\u{") {
        const std::size_t end = source_.find('}', at_);
        if (end == std::string_view::npos) return false;
        at_ = end;
      }
      ++at_;
    }
    push(JsKind::kIdentifier, begin);
    if (text(tokens_.size() - 1) == "class" && !is_property(tokens_.size() - 1))
      classes_.push_back(open_.size());
    return true;
  }

  bool punctuator(char c) {
    if (c == '(' || c == '[' || c == '{') return open(c);
    if (c == ')' || c == ']') return close(c);
    if (stands_alone(c) || !goes_on()) {
      const std::size_t begin = at_++;
      push(JsKind::kPunctuator, begin);
      return true;
    }
    if (goal_ == JsGoal::kScript && source_.substr(at_, 4) == "<!--") {
      skip_line();
      return true;
    }
    if (goal_ == JsGoal::kScript && (line_ || !has_previous()) && source_.substr(at_, 3) == "-->") {
      skip_line();
      return true;
    }
    const std::size_t begin = at_;
    at_ += operator_length();
    push(JsKind::kPunctuator, begin);
    return true;
  }

  /// May the next byte belong to the operator at hand?
  bool goes_on() const {
    if (at_ + 1 >= source_.size()) return false;
    constexpr std::string_view kFollowing = "=+-*&|?.<>!";
    return kFollowing.find(source_[at_ + 1]) != std::string_view::npos;
  }

  std::size_t operator_length() const {
    static constexpr std::array<std::string_view, 29> kOperators = {">>>=",
                                                                    "...",
                                                                    "===",
                                                                    "!==",
                                                                    "**=",
                                                                    "<<=",
                                                                    ">>=",
                                                                    ">>>",
                                                                    "&&=",
                                                                    "||=",
                                                                    "?"
                                                                    "?=",
                                                                    "=>",
                                                                    "==",
                                                                    "!=",
                                                                    "<=",
                                                                    ">=",
                                                                    "&&",
                                                                    "||",
                                                                    "??",
                                                                    "?.",
                                                                    "++",
                                                                    "--",
                                                                    "+=",
                                                                    "-=",
                                                                    "*=",
                                                                    "%=",
                                                                    "&=",
                                                                    "|=",
                                                                    "^="};
    const auto rest = source_.substr(at_, 4);
    if (rest.starts_with("?.") && rest.size() > 2 && is_digit(rest[2])) return 1;
    for (const auto known : kOperators) {
      if (rest.starts_with(known)) return known.size();
    }
    return 1;
  }

  bool open(char c) {
    const Role role = c == '(' ? Role::kParenthesis : c == '[' ? Role::kSquare : brace_role();
    const std::size_t begin = at_++;
    push(JsKind::kPunctuator, begin);
    open_.push_back({static_cast<std::uint32_t>(tokens_.size() - 1), role});
    if (role == Role::kFunction || role == Role::kClass) {
      if (functions_ == UINT16_MAX) return false;
      ++functions_;
    }
    return true;
  }

  bool close(char c) {
    if (open_.empty()) return false;
    const Open opened = open_.back();
    if (c == ')' ? opened.role != Role::kParenthesis : opened.role != Role::kSquare) return false;
    finish_bracket(opened);
    return true;
  }

  bool close_brace() {
    if (open_.empty()) return false;
    const Open opened = open_.back();
    if (opened.role == Role::kTemplate) {
      open_.pop_back();
      return template_piece(at_);
    }
    if (opened.role == Role::kParenthesis || opened.role == Role::kSquare) return false;
    if (opened.role == Role::kFunction || opened.role == Role::kClass) --functions_;
    last_closed_ = opened.role;
    finish_bracket(opened);
    return true;
  }

  void finish_bracket(const Open& opened) {
    open_.pop_back();
    while (!classes_.empty() && classes_.back() > open_.size()) classes_.pop_back();
    const std::size_t begin = at_++;
    push(JsKind::kPunctuator, begin);
    tokens_.back().match = opened.token;
    tokens_[opened.token].match = static_cast<std::uint32_t>(tokens_.size() - 1);
  }

  /// What the brace at hand opens, by what stands before it.
  Role brace_role() {
    if (!classes_.empty() && classes_.back() == open_.size() && !extends_call()) {
      classes_.pop_back();
      return Role::kClass;
    }
    if (!has_previous()) return Role::kBlock;
    const auto& last = previous();
    const auto word = text(tokens_.size() - 1);
    if (last.kind == JsKind::kIdentifier) {
      if (is_property(tokens_.size() - 1)) return Role::kBlock;
      if (word == "catch") return Role::kBlock;
      if (is_one_of(word, kBeforeBlock)) return Role::kBlock;
      return is_one_of(word, kBeforeValue) || word == "of" || word == "const" || word == "let" ||
                     word == "var" || word == "import" || word == "export"
                 ? Role::kObject
                 : Role::kBlock;
    }
    if (last.kind != JsKind::kPunctuator)
      return last.kind == JsKind::kTemplate && !word.ends_with("${") ? Role::kBlock : Role::kObject;
    if (word == "=>") return Role::kFunction;
    if (word == ")")
      return last.match > 0 && follows_condition(last.match) ? Role::kBlock : Role::kFunction;
    if (word == ";" || word == "{") return Role::kBlock;
    if (word == "}") return Role::kBlock;
    if (word == ":")
      return !open_.empty() && open_.back().role == Role::kBlock && last.line_before
                 ? Role::kBlock
                 : Role::kObject;
    return Role::kObject;
  }

  /// "class A extends f({…}) {": the braces of the argument are in a parenthesis, so this never is
  /// one; kept for "extends {" alone.
  bool extends_call() const { return has_previous() && text(tokens_.size() - 1) == "extends"; }

  const std::string_view source_;
  const JsGoal goal_;
  std::vector<JsToken>& tokens_;
  std::size_t at_ = 0;
  bool line_ = false;
  std::uint16_t functions_ = 0;
  int unfinished_ = 0;  ///< regular expressions that did not end
  Role last_closed_ = Role::kBlock;
  std::vector<Open> open_;
  std::vector<std::size_t>
      classes_;  ///< depths at which "class" was read and its body has not begun
};

}  // namespace

bool lex_js(std::string_view source, JsGoal goal, std::vector<JsToken>& tokens) {
  return Lexer(source, goal, tokens).run();
}

}  // namespace wm::rewrite
