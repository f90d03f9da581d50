#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/html/tokenizer.h"

namespace wm::html::test {

/// What a tokenizer gave, with the pieces of a run joined: one line a token, such as `start a
/// href="x" /foreign`.
struct TokenList final : TokenSink {
  std::string joined;  ///< raw of all tokens
  std::vector<std::string> lines;
  bool offsets_right = true;
  bool views_right = true;  ///< names and values lie where they say they do
  std::size_t tokens = 0;

  void on_token(const Token& token) override;

 private:
  bool open_ = false;
};

/// Of `input` fed in the given pieces.
TokenList tokens_of(const std::vector<std::string_view>& pieces, TokenizerLimits limits = {},
                    Markup markup = Markup::kHtml);
/// Of the whole input, after checking that it is given back byte for byte, and the same for every
/// split into two (every `step`-th).
std::vector<std::string> checked_tokens(std::string_view input, TokenizerLimits limits = {},
                                        Markup markup = Markup::kHtml);
/// The lines joined by " | ".
std::string shown(const std::vector<std::string>& lines);

}  // namespace wm::html::test
