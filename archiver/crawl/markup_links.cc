#include <algorithm>

#include "archiver/crawl/link_collector_internal.h"
#include "core/base/ascii.h"
#include "core/charset/charset.h"
#include "core/html/tokenizer.h"
#include "core/http/media_type.h"

namespace wm::crawl {
namespace {

using html::Token;
using html::TokenKind;
using html::UrlAttribute;
using html::UrlRole;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Bytes above 0x7f between '?' and '#' percent-encoded as they stand. The trail bytes of
/// Shift_JIS, GBK and Big5 are never one of these two characters, so the cut is safe in every
/// encoding that is not converted whole.
std::string with_encoded_query(std::string_view raw) {
  const std::size_t begin = std::min(raw.find('?'), raw.size());
  const std::size_t end = std::min(raw.find('#', begin), raw.size());
  std::string text(raw.substr(0, begin));
  for (const char c : raw.substr(begin, end - begin)) {
    if (static_cast<unsigned char>(c) < 0x80) {
      text += c;
    } else {
      text += '%';
      for (const char digit : hex_encode(std::string_view(&c, 1))) text += to_upper(digit);
    }
  }
  return text;
}

class MarkupLinks final : public html::TokenSink {
 public:
  MarkupLinks(const url::Url& url, std::string encoding, html::Markup markup, std::size_t depth,
              LinkCollector& into)
      : base_(url),
        encoding_(std::move(encoding)),
        utf8_(encoding_ == "UTF-8"),
        markup_(markup),
        depth_(depth),
        into_(into) {}

  void on_token(const Token& token) override {
    switch (token.kind) {
      case TokenKind::kStartTag:
        on_start_tag(token);
        break;
      case TokenKind::kEndTag:
        finish();
        break;
      case TokenKind::kRawText:
        if (open_ != Open::kNone) keep_text(token.raw);
        break;
      case TokenKind::kText:
      case TokenKind::kCdata:
        on_text(token);
        break;
      case TokenKind::kComment:
        on_comment(token);
        break;
      default:
        break;
    }
  }

  /// Reads what a style or script element holds that ends here: with its end tag, another tag, or
  /// the input.
  void finish() {
    const Open ended = std::exchange(open_, Open::kNone);
    const std::string text = std::exchange(element_text_, {});
    switch (ended) {
      case Open::kStyle:
        collect_css(text, base_, into_);
        break;
      case Open::kClassic:
        collect_script(text, base_, ScriptKind::kClassic, into_);
        break;
      case Open::kModule:
        collect_script(text, base_, ScriptKind::kModule, into_);
        break;
      case Open::kImportMap:
        collect_import_map(text, base_, into_);
        break;
      case Open::kNone:
        break;
    }
  }

 private:
  /// The element whose text is being gathered.
  enum class Open { kNone, kStyle, kClassic, kModule, kImportMap };

  void on_start_tag(const Token& token) {
    finish();
    ordinary_text_ = token.foreign || markup_ == html::Markup::kXml;
    if (!ordinary_text_ || !token.self_closing) {
      if (iequals(token.name, "style")) open_ = Open::kStyle;
      if (iequals(token.name, "script")) open_ = script_kind(token);
    }
    for (const UrlAttribute& found : html::url_attributes(token)) {
      take((*token.attributes)[found.index].value, found);
    }
  }

  static Open script_kind(const Token& token) {
    const auto* type = token.find("type");
    const std::string text = type != nullptr ? to_lower(trim(type->value)) : std::string();
    if (text == "module") return Open::kModule;
    if (text == "importmap") return Open::kImportMap;
    const auto media = http::parse_media_type(text);
    return text.empty() || (media && media->is_javascript()) ? Open::kClassic : Open::kNone;
  }

  /// In SVG and XML style and script hold ordinary text: with references, or as CDATA.
  void on_text(const Token& token) {
    if (open_ == Open::kNone || !ordinary_text_) return;
    constexpr std::string_view kOpen = "<![CDATA[", kClose = "]]>";
    std::string_view raw = token.raw;
    if (token.kind == TokenKind::kText) {
      return keep_text(html::decode_references(raw, html::InAttribute::kNo));
    }
    if (raw.starts_with(kOpen)) raw.remove_prefix(kOpen.size());
    if (raw.ends_with(kClose)) raw.remove_suffix(kClose.size());
    keep_text(raw);
  }

  void keep_text(std::string_view raw) {
    const std::size_t most = into_.limits().element_bytes;
    const std::size_t room = most - std::min(most, element_text_.size());
    if (raw.size() > room) into_.note_cut();
    raw = raw.substr(0, room);
    const bool plain = utf8_ || is_ascii(raw);
    const auto text = plain ? Result<std::string>(raw) : charset::to_utf8(raw, encoding_);
    element_text_ += text ? std::string_view(*text) : raw;
  }

  void take(std::string_view raw, const UrlAttribute& found) {
    using Syntax = UrlAttribute::Syntax;
    switch (found.syntax) {
      case Syntax::kUrl:
      case Syntax::kContent:
        take_url(raw, found.role);
        break;
      case Syntax::kSrcset:
        take_srcset(raw, found.role);
        break;
      case Syntax::kRefresh:
        take_refresh(raw, found.role);
        break;
      case Syntax::kUrlList:
        take_list(raw, found.role);
        break;
      case Syntax::kCss:
        collect_css(text_of(raw), base_, into_);
        break;
      case Syntax::kHtml:
        take_srcdoc(raw);
        break;
    }
  }

  /// The value as UTF-8 with references undone.
  std::string text_of(std::string_view raw) const {
    if (utf8_ || is_ascii(raw)) return html::decode_references(raw, html::InAttribute::kYes);
    const auto text = charset::to_utf8(raw, encoding_);
    return html::decode_references(text ? std::string_view(*text) : raw, html::InAttribute::kYes);
  }

  std::string url_text_of(std::string_view raw) const {
    if (utf8_ || is_ascii(raw)) return text_of(raw);
    return text_of(with_encoded_query(raw));
  }

  void take_url(std::string_view raw, UrlRole role) {
    if (role == UrlRole::kBase) {
      if (base_taken_) return;
      const auto url = url::Url::parse(url_text_of(raw), &base_);
      base_taken_ = true;
      if (url && url->is_http()) base_ = *url;
      return;
    }
    into_.add(url_text_of(raw), base_, role);
  }

  void take_srcset(std::string_view raw, UrlRole role) {
    const bool plain = utf8_ || is_ascii(raw);
    const std::string text = plain ? text_of(raw) : std::string(raw);
    for (const auto& candidate : html::parse_srcset(text)) {
      const auto url =
          std::string_view(text).substr(candidate.begin, candidate.end - candidate.begin);
      into_.add(plain ? std::string(url) : url_text_of(url), base_, role);
    }
  }

  void take_refresh(std::string_view raw, UrlRole role) {
    const std::string text = url_text_of(raw);
    if (!is_prompt_refresh(text)) role = UrlRole::kNavigation;
    if (const auto range = html::parse_refresh(text)) {
      into_.add(std::string_view(text).substr(range->begin, range->end - range->begin), base_,
                role);
    }
  }

  void take_list(std::string_view raw, UrlRole role) {
    const std::string text = url_text_of(raw);
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n\f", at), text.size());
      into_.add(std::string_view(text).substr(at, end - at), base_, role);
      at = end + 1;
    }
  }

  void take_srcdoc(std::string_view raw) {
    if (depth_ >= into_.limits().nested) return into_.note_cut();
    const std::string text = text_of(raw);
    MarkupLinks inner(base_, "UTF-8", html::Markup::kHtml, depth_ + 1, into_);
    html::tokenize(text, inner);
    inner.finish();
  }

  /// <?xml-stylesheet href="…"?> of XHTML and SVG comes as a comment.
  void on_comment(const Token& token) {
    if (!token.raw.starts_with("<?xml-stylesheet")) return;
    const std::string_view raw = token.raw;
    const std::size_t name = raw.find("href");
    if (name == raw.npos) return;
    const std::size_t open = raw.find_first_of("\"'", name);
    if (open == raw.npos || trim(raw.substr(name + 4, open - name - 4)) != "=") return;
    const std::size_t close = raw.find(raw[open], open + 1);
    if (close == raw.npos) return;
    take_url(raw.substr(open + 1, close - open - 1), UrlRole::kStyle);
  }

  url::Url base_;
  bool base_taken_ = false;
  const std::string encoding_;
  const bool utf8_;
  const html::Markup markup_;
  const std::size_t depth_;
  LinkCollector& into_;
  Open open_ = Open::kNone;
  bool ordinary_text_ = false;  ///< of the open element
  std::string element_text_;
};

}  // namespace

Extracted links_of_markup(std::string_view bytes, const url::Url& url,
                          std::optional<std::string_view> http_charset, html::Markup markup,
                          ExtractLimits limits) {
  LinkCollector collector(limits);
  std::string encoding = charset::sniff_charset(bytes.substr(0, 64 << 10), http_charset).encoding;
  std::string converted;
  // Encodings in which '<' or '?' can be part of something else are converted first.
  if (encoding.starts_with("UTF-16") || encoding == "ISO-2022-JP") {
    if (auto text = charset::to_utf8(bytes, encoding)) {
      converted = std::move(*text);
      bytes = converted;
    }
    encoding = "UTF-8";
  }
  MarkupLinks links(url, std::move(encoding), markup, 0, collector);
  html::Tokenizer tokenizer(links, {}, markup);
  tokenizer.feed(bytes);
  tokenizer.finish();
  links.finish();
  return collector.take();
}

}  // namespace wm::crawl
