#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/css/css_scanner.h"

namespace wm::css {

/// Where in a sheet the scanner is: open blocks and functions, and the at-rule whose prelude it
/// reads. Tells what a string or a url token found there is. Depth is bounded: what lies deeper
/// than kMaxDepth is only counted.
class Context {
 public:
  /// What a '(' belongs to.
  enum class Function : std::uint8_t { kUrl, kSrc, kImageSet, kOther };

  void at_keyword(std::string_view lower_case);
  void open_function(Function function);
  void open(char bracket);
  void close(char bracket);
  void semicolon();
  /// Any other token but blanks and comments: after it, no URL of an @import can come.
  void other_token() {
    if (rule_ == Rule::kImport) rule_ = Rule::kNone;
  }
  /// Whether the next token may be the URL of an @import, so that each must be looked at.
  bool awaits_import() const { return rule_ == Rule::kImport; }
  /// Whether a ';' means something here.
  bool in_rule() const { return rule_ != Rule::kNone; }
  /// What a string token here is, if it is a URL. To be asked once for each string, at its start.
  std::optional<UrlUse::Kind> string_kind();
  /// The same for a url token.
  UrlUse::Kind url_kind();

 private:
  enum class Rule : std::uint8_t { kNone, kImport, kNamespace, kFontFace };
  enum class Open : std::uint8_t {
    kBlock,
    kFontFace,
    kSquare,
    kParenthesis,
    kUrl,
    kUsedUrl,
    kImageSet
  };
  static constexpr std::size_t kMaxDepth = 1024;
  void push(Open what);
  UrlUse::Kind kind_here() const;

  std::vector<Open> open_;
  std::size_t beyond_ = 0;
  std::size_t font_faces_ = 0;  ///< how many of open_ are
  Rule rule_ = Rule::kNone;
  std::size_t rule_depth_ = 0;  ///< open_.size() where the at-keyword stood
};

}  // namespace wm::css
