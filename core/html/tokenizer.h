#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wm::html {

/// An attribute as byte ranges of its tag's bytes. Names and values are as written: no case folding, no character references undone.
struct Attribute {
  std::string_view name;
  std::string_view value;          ///< without quotes; empty if there is none
  std::size_t value_begin = 0;     ///< offset of value within Token::raw
  char quote = 0;                  ///< '"', '\'', or 0 for an unquoted value
  bool has_value = false;          ///< there is a '='
};

enum class TokenKind {
  kText,       ///< character data; one run may come as several tokens
  kRawText,    ///< inside script, style, xmp, iframe, noembed, noframes, plaintext
  kRcdata,     ///< inside title and textarea
  kStartTag,
  kEndTag,
  kComment,    ///< comments, bogus comments, processing instructions
  kDoctype,
  kCdata,      ///< a CDATA section in SVG or MathML
};

/// One token. All views live until on_token returns. Concatenating raw of all tokens gives the input, byte for byte.
struct Token {
  TokenKind kind;
  std::string_view raw;
  std::uint64_t offset = 0;  ///< of raw in the whole input
  std::string_view name;     ///< tags: as written. kRawText, kRcdata: the element they are in, lower case
  const std::vector<Attribute>* attributes = nullptr;  ///< start tags; duplicates are left out as the standard says
  bool self_closing = false;
  bool last_piece = true;  ///< kRawText, kRcdata, kText: false if the same run goes on in the next token
  bool foreign = false;    ///< inside <svg> or <math>

  const Attribute* find(std::string_view lower_case_name) const;  ///< first of that name, any case
};

class TokenSink {
 public:
  virtual ~TokenSink() = default;
  virtual void on_token(const Token& token) = 0;
};

struct TokenizerLimits {
  std::size_t token_bytes = 4 << 20;  ///< a longer tag or comment is given out as text, in pieces
  std::size_t attributes = 10000;     ///< per tag; those beyond are not told
};

/// The tokenization stage of the WHATWG HTML Standard (13.2.5) on bytes of any ASCII-compatible encoding, with the tree builder's
/// feedback (raw text elements, foreign content, `</p` in scripts) simulated without a tree. Streaming: any split of the input
/// gives the same tokens save for where text runs are cut. Time is linear in the input and memory is bounded, whatever it holds.
class Tokenizer {
 public:
  explicit Tokenizer(TokenSink& sink, TokenizerLimits limits = {});
  ~Tokenizer();
  void feed(std::string_view chunk);
  /// Gives out what an unfinished construct holds, as the standard does at end of file (an unfinished tag comes as kText).
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Convenience for input held whole.
void tokenize(std::string_view input, TokenSink& sink, TokenizerLimits limits = {});

/// Character references undone (13.2.5.72 ff.); `in_attribute` applies the "=" and alphanumeric rule. UTF-8 out.
enum class InAttribute { kNo, kYes };
std::string decode_references(std::string_view text, InAttribute where);
/// `value` so that an attribute with this quote (0: unquoted) reads back the same: & < > and the quote escaped.
std::string escape_attribute(std::string_view value, char quote);
std::string escape_text(std::string_view text);

}  // namespace wm::html
