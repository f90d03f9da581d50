#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wm::html {

/// An attribute as byte ranges of its tag's bytes. Names and values are as written: no case
/// folding, no character references undone.
struct Attribute {
  std::string_view name;
  std::string_view value;       ///< without quotes; empty if there is none
  std::size_t value_begin = 0;  ///< offset of value within Token::raw
  char quote = 0;               ///< '"', '\'', or 0 for an unquoted value
  bool has_value = false;       ///< there is a '='
};

enum class TokenKind {
  kText,     ///< character data; one run may come as several tokens
  kRawText,  ///< inside script, style, xmp, iframe, noembed, noframes, plaintext
  kRcdata,   ///< inside title and textarea
  kStartTag,
  kEndTag,
  kComment,  ///< comments, bogus comments, processing instructions, `</>`; and what is dropped: a
             ///< tag that the input ends in, or that is longer than the limit
  kDoctype,
  kCdata,  ///< a CDATA section in SVG or MathML, with its brackets
};

/// One token. All views live until on_token returns. Concatenating raw of all tokens gives the
/// input, byte for byte.
struct Token {
  TokenKind kind;
  std::string_view raw;
  std::uint64_t offset = 0;  ///< of raw in the whole input
  std::string_view
      name{};  ///< tags: as written. kRawText, kRcdata: the element they are in, lower case
  const std::vector<Attribute>* attributes =
      nullptr;  ///< start tags; duplicates are left out as the standard says
  bool self_closing = false;
  /// False if the same run, comment or section goes on in the next token; the one that ends a run
  /// may be empty.
  bool last_piece = true;
  bool foreign =
      false;  ///< tags: of SVG or MathML, these two included. Text: directly within such an element

  const Attribute* find(std::string_view lower_case_name) const;  ///< first of that name, any case
};

class TokenSink {
 public:
  virtual ~TokenSink() = default;
  virtual void on_token(const Token& token) = 0;
};

struct TokenizerLimits {
  std::size_t token_bytes = 4 << 20;  ///< a longer comment, section or doctype comes in pieces; a
                                      ///< longer tag as pieces of kComment. At least 64
  std::size_t attributes = 10000;     ///< per tag; those beyond are not told
};

/// kXml: no element holds raw text, CDATA sections are known everywhere, `?>` ends a processing
/// instruction. For application/xhtml+xml, SVG images and other XML, where `<script/>` and
/// `<title/>` are whole elements. Nothing is checked for well-formedness.
enum class Markup : std::uint8_t { kHtml, kXml };

/// The tokenization stage of the WHATWG HTML Standard (13.2.5) on bytes of any ASCII-compatible
/// encoding, with the tree builder's feedback (raw text elements, foreign content) simulated
/// without a tree; scripting is off, so noscript holds markup, as do template and select.
/// Streaming: any split of the input gives the same tokens save for where runs are cut into pieces.
/// Time is linear in the input and memory is bounded by the limits, whatever it holds; a token
/// within one chunk is not copied.
class Tokenizer {
 public:
  explicit Tokenizer(TokenSink& sink, TokenizerLimits limits = {}, Markup markup = Markup::kHtml);
  ~Tokenizer();
  void feed(std::string_view chunk);
  /// Gives out what an unfinished construct holds, as the standard does at end of file: a comment
  /// as comment, an unfinished tag as dropped. To be called once, last.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Convenience for input held whole.
void tokenize(std::string_view input, TokenSink& sink, TokenizerLimits limits = {},
              Markup markup = Markup::kHtml);

/// Character references undone (13.2.5.72 ff.); `in_attribute` applies the "=" and alphanumeric
/// rule. UTF-8 out. Linear.
enum class InAttribute { kNo, kYes };
std::string decode_references(std::string_view text, InAttribute where);
/// `value` so that an attribute with this quote (0: unquoted) reads back the same: & < > and the
/// quote escaped. An empty value without quotes cannot be written and becomes `""`.
std::string escape_attribute(std::string_view value, char quote);
std::string escape_text(std::string_view text);

}  // namespace wm::html
