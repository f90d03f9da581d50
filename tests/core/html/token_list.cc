#include "tests/core/html/token_list.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm::html::test {
namespace {

std::string kind_of(const Token& token) {
  switch (token.kind) {
    case TokenKind::kText:
      return "text";
    case TokenKind::kRawText:
      return "raw(" + std::string(token.name) + ")";
    case TokenKind::kRcdata:
      return "rcdata(" + std::string(token.name) + ")";
    case TokenKind::kStartTag:
      return "start";
    case TokenKind::kEndTag:
      return "end";
    case TokenKind::kComment:
      return "comment";
    case TokenKind::kDoctype:
      return "doctype";
    case TokenKind::kCdata:
      return "cdata";
  }
  return "?";
}

}  // namespace

void TokenList::on_token(const Token& token) {
  ++tokens;
  offsets_right = offsets_right && token.offset == joined.size();
  joined += token.raw;
  const bool tag = token.kind == TokenKind::kStartTag || token.kind == TokenKind::kEndTag;
  std::string line = kind_of(token);
  if (!tag) {
    if (open_) {
      lines.back() += token.raw;
    } else {
      lines.push_back(line + " " + (token.foreign ? "/foreign " : "") + std::string(token.raw));
    }
    open_ = !token.last_piece;
    return;
  }
  open_ = false;
  line += " " + std::string(token.name);
  if ((token.attributes != nullptr) != (token.kind == TokenKind::kStartTag)) views_right = false;
  if (token.attributes != nullptr) {
    for (const Attribute& attribute : *token.attributes) {
      if (token.raw.substr(attribute.value_begin, attribute.value.size()) != attribute.value)
        views_right = false;
      line += " " + std::string(attribute.name);
      if (!attribute.has_value) continue;
      const std::string quote = attribute.quote == 0 ? "" : std::string(1, attribute.quote);
      line += "=" + quote + std::string(attribute.value) + quote;
    }
  }
  if (token.self_closing) line += " /";
  if (token.foreign) line += " /foreign";
  lines.push_back(line);
}

TokenList tokens_of(const std::vector<std::string_view>& pieces, TokenizerLimits limits,
                    Markup markup) {
  TokenList list;
  Tokenizer tokenizer(list, limits, markup);
  for (const std::string_view piece : pieces) {
    const wm::test::ExactCopy copy(piece);
    tokenizer.feed(copy.view());
  }
  tokenizer.finish();
  return list;
}

std::vector<std::string> checked_tokens(std::string_view input, TokenizerLimits limits,
                                        Markup markup) {
  const TokenList whole = tokens_of({input}, limits, markup);
  BOOST_TEST(whole.joined == input);
  BOOST_TEST(whole.offsets_right);
  BOOST_TEST(whole.views_right);
  const std::size_t step = input.size() > 2000 ? input.size() / 500 : 1;
  for (std::size_t cut = 0; cut <= input.size(); cut += step) {
    const TokenList split = tokens_of({input.substr(0, cut), input.substr(cut)}, limits, markup);
    if (split.joined != input || !split.offsets_right || !split.views_right ||
        split.lines != whole.lines) {
      BOOST_ERROR("split at " << cut << " of " << input << "\n  whole " << shown(whole.lines)
                              << "\n  split " << shown(split.lines));
      break;
    }
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < input.size() && input.size() <= 20000; ++i)
    bytes.push_back(input.substr(i, 1));
  if (!bytes.empty())
    BOOST_TEST(shown(tokens_of(bytes, limits, markup).lines) == shown(whole.lines));
  return whole.lines;
}

std::string shown(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : " | ") + line;
  return text;
}

}  // namespace wm::html::test
