#include "replay/rewrite/css_rewriter.h"

#include <string>

namespace wm::rewrite {

void CssRewriter::on_url(const css::UrlUse& use) {
  if (use.kind == css::UrlUse::Kind::kNamespace) {
    sink_.keep(use.raw);
    return;
  }
  const auto modifier =
      use.kind == css::UrlUse::Kind::kImport ? Modifier::kStyle : Modifier::kOther;
  const UrlEdit change = urls_.edit(use.url, modifier);
  if (change.kind == UrlEdit::Kind::kLeave) {
    sink_.keep(use.raw);
    return;
  }
  const std::string text = css::escape_url(change.text, use.quote);
  if (change.kind == UrlEdit::Kind::kReplace) {
    sink_.edit(use.raw, text);
    return;
  }
  std::size_t blanks = 0;
  while (blanks < use.raw.size() && static_cast<unsigned char>(use.raw[blanks]) <= 0x20) ++blanks;
  sink_.keep(use.raw.substr(0, blanks));
  sink_.insert(text);
  sink_.keep(use.raw.substr(blanks));
}

}  // namespace wm::rewrite
