#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/html/tokenizer.h"
#include "core/html/url_attributes.h"

namespace {

using namespace wm::html;

/// One line a token, the pieces of a run joined; and what must hold of any token.
struct Check final : TokenSink {
  std::size_t next = 0;
  std::string_view input;
  std::vector<std::string> tokens;
  bool open = false;

  void on_token(const Token& token) override {
    WM_CHECK(token.offset == next);
    WM_CHECK(input.substr(next, token.raw.size()) == token.raw);
    next += token.raw.size();
    const bool tag = token.kind == TokenKind::kStartTag || token.kind == TokenKind::kEndTag;
    WM_CHECK((token.kind == TokenKind::kStartTag) == (token.attributes != nullptr));
    if (!tag && open) {
      tokens.back() += token.raw;
    } else {
      tokens.push_back(std::to_string(static_cast<int>(token.kind)) + (token.foreign ? "f" : "h") +
                       (token.self_closing ? "/" : " ") + std::string(token.name) + "\n" +
                       std::string(token.raw));
    }
    open = !tag && !token.last_piece;
    if (token.kind == TokenKind::kStartTag) check_attributes(token);
  }

  void check_attributes(const Token& token) {
    for (const Attribute& attribute : *token.attributes) {
      WM_CHECK(token.raw.substr(attribute.value_begin, attribute.value.size()) == attribute.value);
      tokens.back() += "\n" + std::string(attribute.name) + "=" + std::string(attribute.value);
      (void)decode_references(attribute.value, InAttribute::kYes);
    }
    for (const UrlAttribute& found : url_attributes(token)) {
      const std::string_view value = token.attributes->at(found.index).value;
      for (const SrcsetCandidate& candidate : parse_srcset(value))
        WM_CHECK(candidate.begin < candidate.end && candidate.end <= value.size());
      if (const auto url = parse_refresh(value))
        WM_CHECK(url->begin < url->end && url->end <= value.size());
    }
  }
};

std::vector<std::string> run(std::string_view input, std::size_t piece, TokenizerLimits limits,
                             Markup markup) {
  Check check;
  check.input = input;
  Tokenizer tokenizer(check, limits, markup);
  for (std::size_t at = 0; at < input.size(); at += piece) tokenizer.feed(input.substr(at, piece));
  tokenizer.finish();
  WM_CHECK(check.next == input.size() && !check.open);
  return std::move(check.tokens);
}

}  // namespace

/// The first byte chooses the limits and the size of the pieces; the rest is markup.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const TokenizerLimits limits{
      .token_bytes = (data[0] & 1) != 0 ? std::size_t{64} : std::size_t{4096},
      .attributes = (data[0] & 2) != 0 ? 4u : 1000u};
  const Markup markup = (data[0] & 4) != 0 ? Markup::kXml : Markup::kHtml;
  const auto whole = run(input, std::max<std::size_t>(input.size(), 1), limits, markup);
  WM_CHECK(run(input, 1 + (data[0] >> 3), limits, markup) == whole);
  WM_CHECK(run(input, std::max<std::size_t>(input.size() / 2, 1), limits, markup) == whole);
  const std::string text(input);
  WM_CHECK(decode_references(escape_text(text), InAttribute::kNo) == text);
  WM_CHECK(decode_references(escape_attribute(text, '"'), InAttribute::kYes) == text);
  (void)decode_references(input, InAttribute::kNo);
  return 0;
}
