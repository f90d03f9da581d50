#include "indexer/text/html_text.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"

namespace wm::text {
namespace {

using html::Attribute;
using html::InAttribute;
using html::Token;
using html::TokenKind;

constexpr std::size_t kFieldBytes = 16 << 10;  // of a title or a description
constexpr std::size_t kOpenMost = 64;          // regions within each other that are kept apart

/// Where a piece of text goes. The order is that of the result.
enum class Region { kMain, kBody, kAside, kNowhere };

template <std::size_t n>
bool is_any(std::string_view name, const std::array<std::string_view, n>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return iequals(name, one); });
}

// A reader sees a line end before and after these. Cells and items too, so that their words do not
// run together.
constexpr std::array<std::string_view, 48> kBlocks = {
    "address",    "article", "aside",  "blockquote", "body",   "br",     "caption", "center",
    "dd",         "details", "dialog", "dir",        "div",    "dl",     "dt",      "fieldset",
    "figcaption", "figure",  "footer", "form",       "h1",     "h2",     "h3",      "h4",
    "h5",         "h6",      "header", "hr",         "html",   "legend", "li",      "main",
    "menu",       "nav",     "ol",     "optgroup",   "option", "p",      "pre",     "section",
    "summary",    "table",   "tbody",  "td",         "th",     "tr",     "ul",      "title"};
constexpr std::array<std::string_view, 14> kVoid = {"area",  "base",   "br",    "col",  "embed",
                                                    "hr",    "img",    "input", "link", "meta",
                                                    "param", "source", "track", "wbr"};

bool is_heading(std::string_view name) {
  return name.size() == 2 && to_lower(name[0]) == 'h' && name[1] >= '1' && name[1] <= '6';
}

/// A cut may have gone through a character.
std::string whole(std::string text) {
  std::size_t tail = text.size();
  while (tail > 0 && text.size() - tail < 4 &&
         (static_cast<unsigned char>(text[tail - 1]) & 0xc0) == 0x80)
    --tail;
  if (tail > 0 && static_cast<unsigned char>(text[tail - 1]) >= 0xc0 &&
      !is_valid_utf8(std::string_view(text).substr(tail - 1)))
    text.resize(tail - 1);
  return text;
}

std::string value_of(const Token& token, std::string_view attribute) {
  const Attribute* found = token.find(attribute);
  return found == nullptr ? std::string()
                          : whole(html::decode_references(found->value.substr(0, kFieldBytes),
                                                          InAttribute::kYes));
}

/// Collapses blanks as it goes; a break is one line end however often it is asked for.
class Text {
 public:
  explicit Text(std::size_t limit) : limit_(limit) {}

  void add(std::string_view text) {
    if (out_.size() + text.size() > limit_)
      text = text.substr(0, limit_ - std::min(limit_, out_.size()));
    for (std::size_t at = 0; at < text.size();) {
      // U+00A0 is a blank here, and no word should hang on it.
      const bool hard = text.substr(at).starts_with("\xc2\xa0");
      if (hard || is_space(text[at])) {
        blank_ = true;
        at += hard ? 2 : 1;
        continue;
      }
      settle();
      out_.push_back(text[at++]);
    }
  }
  void line_end() { line_ = true; }
  bool empty() const { return out_.empty(); }
  std::string text() const { return whole(out_); }

 private:
  void settle() {
    if (!out_.empty() && (line_ || blank_)) out_.push_back(line_ ? '\n' : ' ');
    line_ = blank_ = false;
  }
  std::size_t limit_;
  std::string out_;
  bool blank_ = false;
  bool line_ = false;
};

class Extractor final : public html::TokenSink {
 public:
  explicit Extractor(std::size_t limit)
      : main_(limit),
        body_(limit),
        aside_(limit),
        headings_(kFieldBytes * 4),
        title_(kFieldBytes),
        limit_(limit) {}

  void on_token(const Token& token) override {
    switch (token.kind) {
      case TokenKind::kText:
      case TokenKind::kCdata:
        text(token);
        break;
      case TokenKind::kRcdata:
        rcdata(token);
        break;
      case TokenKind::kStartTag:
        start(token);
        break;
      case TokenKind::kEndTag:
        end(token.name);
        break;
      case TokenKind::kRawText:
      case TokenKind::kComment:
      case TokenKind::kDoctype:
        break;
    }
  }

  PageText take() {
    PageText page;
    page.title = title_.empty() ? std::move(social_title_) : title_.text();
    page.description =
        description_.empty() ? std::move(social_description_) : std::move(description_);
    page.headings = headings_.text();
    page.language = std::move(language_);
    for (const Text* part : {&main_, &body_, &aside_}) {
      if (part->empty()) continue;
      if (!page.text.empty()) page.text.push_back('\n');
      page.text.append(part->text());
    }
    if (page.text.size() > limit_) page.text.resize(limit_);
    page.text = whole(std::move(page.text));
    return page;
  }

 private:
  /// A tag that changes where text goes, until its end tag; tags of its name within it are counted.
  struct Open {
    std::string name;
    Region region;
    std::size_t depth;
  };

  Text& region_text() {
    return region() == Region::kMain ? main_ : region() == Region::kBody ? body_ : aside_;
  }

  /// The innermost of "nowhere" and "aside" wins over "main" around it: navigation within an
  /// article is still navigation.
  Region region() const {
    Region result = Region::kBody;
    for (const auto& open : open_) {
      if (open.region == Region::kNowhere) return Region::kNowhere;
      result = open.region == Region::kMain && result == Region::kAside ? result : open.region;
    }
    return result;
  }

  void text(const Token& token) {
    std::string_view raw = token.raw;
    if (token.kind == TokenKind::kCdata) {
      if (raw.starts_with("<![CDATA[")) raw.remove_prefix(9);
      if (raw.ends_with("]]>")) raw.remove_suffix(3);
      add_text(raw);
      return;
    }
    // A reference may be cut by the pieces a long run comes in.
    if (!token.last_piece || !run_.empty()) {
      run_.append(raw);
      if (!token.last_piece) return;
      add_text(html::decode_references(run_, InAttribute::kNo));
      run_.clear();
    } else if (raw.find('&') == raw.npos) {
      add_text(raw);
    } else {
      add_text(html::decode_references(raw, InAttribute::kNo));
    }
  }

  void add_text(std::string_view text) {
    if (region() == Region::kNowhere) return;
    region_text().add(text);
    if (heading_ != 0) headings_.add(text);
  }

  void rcdata(const Token& token) {
    const std::string text = html::decode_references(token.raw, InAttribute::kNo);
    if (token.name == "title") {
      if (!title_done_ && !token.foreign) title_.add(text);
    } else if (region() != Region::kNowhere) {
      aside_.add(text);
    }
  }

  void start(const Token& token) {
    const std::string_view name = token.name;
    if (token.foreign) return;
    if (iequals(name, "meta")) return meta(token);
    if (iequals(name, "html") && language_.empty()) language_ = value_of(token, "lang");
    if (iequals(name, "img") && region() != Region::kNowhere) {
      Text& alternative = region() == Region::kMain ? main_ : aside_;
      alternative.add(" " + value_of(token, "alt") + " ");
    }
    if (is_any(name, kBlocks)) line_end();
    if (is_heading(name)) {
      ++heading_;
      headings_.line_end();
    }
    const bool is_void = token.self_closing || is_any(name, kVoid);
    if (is_void) return;
    if (const auto region = region_of(token); region && open_.size() < kOpenMost) {
      open_.push_back({to_lower(name), *region, 1});
      return;
    }
    const auto same = std::find_if(open_.rbegin(), open_.rend(),
                                   [&](const Open& open) { return iequals(open.name, name); });
    if (same != open_.rend()) ++same->depth;
  }

  static std::optional<Region> region_of(const Token& token) {
    static constexpr std::array<std::string_view, 4> kAsides = {"nav", "aside", "footer", "select"};
    static constexpr std::array<std::string_view, 3> kAsideRoles = {"navigation", "banner",
                                                                    "contentinfo"};
    if (iequals(token.name, "template")) return Region::kNowhere;
    if (iequals(token.name, "main") || iequals(token.name, "article")) return Region::kMain;
    if (is_any(token.name, kAsides) || iequals(token.name, "noscript")) return Region::kAside;
    if (token.find("hidden") != nullptr) return Region::kAside;
    if (const Attribute* role = token.find("role")) {
      if (iequals(role->value, "main")) return Region::kMain;
      if (is_any(role->value, kAsideRoles)) return Region::kAside;
    }
    if (const Attribute* hidden = token.find("aria-hidden");
        hidden != nullptr && iequals(hidden->value, "true"))
      return Region::kAside;
    if (const Attribute* style = token.find("style")) {
      const auto display = ifind(style->value, "display");
      if (display != std::string_view::npos &&
          ifind(style->value.substr(display, 20), "none") != std::string_view::npos)
        return Region::kAside;
    }
    return std::nullopt;
  }

  void end(std::string_view name) {
    if (is_any(name, kBlocks)) line_end();
    if (iequals(name, "title") && !title_.empty()) title_done_ = true;
    if (is_heading(name) && heading_ > 0) --heading_;
    for (std::size_t i = open_.size(); i-- > 0;) {
      if (!iequals(open_[i].name, name)) continue;
      if (--open_[i].depth > 0) return;
      // What was opened within and never closed ends with it.
      open_.resize(i);
      return;
    }
    // An unclosed heading does not make a heading of all that follows.
    if (iequals(name, "div") || iequals(name, "section")) heading_ = 0;
  }

  void line_end() {
    if (region() == Region::kNowhere) return;
    main_.line_end();
    body_.line_end();
    aside_.line_end();
    headings_.line_end();
  }

  void meta(const Token& token) {
    std::string name = to_lower(value_of(token, "name"));
    if (name.empty()) name = to_lower(value_of(token, "property"));
    if (name == "description" && description_.empty()) description_ = value_of(token, "content");
    if ((name == "og:description" || name == "twitter:description") && social_description_.empty())
      social_description_ = value_of(token, "content");
    if ((name == "og:title" || name == "twitter:title") && social_title_.empty())
      social_title_ = value_of(token, "content");
    if (language_.empty() && iequals(value_of(token, "http-equiv"), "content-language"))
      language_ = value_of(token, "content");
  }

  Text main_;
  Text body_;
  Text aside_;
  Text headings_;
  Text title_;
  std::size_t limit_;
  std::string description_;
  std::string social_description_;
  std::string social_title_;
  std::string language_;
  std::string run_;
  std::vector<Open> open_;
  std::size_t heading_ = 0;
  bool title_done_ = false;
};

}  // namespace

PageText html_text(std::string_view html, std::size_t limit_bytes) {
  Extractor extractor(limit_bytes);
  html::tokenize(html, extractor);
  return extractor.take();
}

}  // namespace wm::text
