#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace wm::css {

/// A URL in a style sheet or style attribute.
struct UrlUse {
  enum class Kind {
    kImport,     ///< @import, as string or url()
    kFont,       ///< within @font-face
    kResource,   ///< every other url(), src(), and strings in image-set()
    kNamespace,  ///< @namespace and @document: a name, never fetched or rewritten
  };
  enum class Form { kUrlToken, kString };  ///< unquoted inside url( ), or a quoted string
  Kind kind;
  Form form;
  std::uint64_t begin;  ///< offset in the whole input of the first byte that can be replaced: after
                        ///< the quote, or after "url(" and blanks
  std::uint64_t end;    ///< one past the last such byte
  char quote;           ///< '"', '\'' or 0
  std::string_view raw;  ///< those bytes as written; valid during the call
  std::string url;       ///< with CSS escapes undone
};

/// Finds every URL of CSS by the CSS Syntax tokenizer's rules: comments, strings, escapes, url
/// tokens, bad urls, nested functions. Streaming: any split of the input gives the same uses.
/// Linear; memory is bounded: a token longer than 1 MiB (a data: URL) is passed over, and so is
/// what holds nothing (`url()`). Sheets and style attributes have the same tokens.
class CssScanner {
 public:
  /// Receives, in order, every input byte exactly once: either through `on_bytes` or, for a URL's
  /// bytes, through `on_url`, so that concatenating what each stands for gives the input.
  struct Sink {
    virtual ~Sink() = default;
    virtual void on_bytes(std::string_view bytes) = 0;
    virtual void on_url(const UrlUse& use) = 0;
  };
  explicit CssScanner(Sink& sink);
  ~CssScanner();
  void feed(std::string_view chunk);
  /// A string or url token that the input ends in counts, as in the standard. To be called once,
  /// last.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// All URLs of a whole sheet held in memory, in order.
void for_each_url(std::string_view sheet, const std::function<void(const UrlUse&)>& each);

/// `url` as CSS text that a string with that quote, or an unquoted url( ), can hold. It holds no
/// '<', so it cannot end a style element.
std::string escape_url(std::string_view url, char quote);

}  // namespace wm::css
