// The parts of XML that HTML does not have: text elements of SVG and XHTML, feeds, instructions.
#include "replay/rewrite/markup_text.h"

#include "core/base/ascii.h"
#include "replay/rewrite/css_rewriter.h"
#include "replay/rewrite/html_attributes.h"
#include "replay/rewrite/html_rewriter.h"

namespace wm::rewrite {
namespace {

// A script longer than the tokenizer takes whole is no page's.
constexpr std::size_t kHeldBytes = 8 << 20;

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

bool has_url_text(std::string_view element) {
  for (const std::string_view known : {"link", "url", "loc", "guid", "comments", "docs"}) {
    if (element == known) return true;
  }
  return false;
}

std::optional<html::SrcsetCandidate> stylesheet_href(std::string_view instruction) {
  for (std::size_t at = instruction.find("href"); at != std::string_view::npos;
       at = instruction.find("href", at + 4)) {
    if (at == 0 || !is_space(instruction[at - 1])) continue;
    std::size_t quote = at + 4;
    while (quote < instruction.size() && is_space(instruction[quote])) ++quote;
    if (quote == instruction.size() || instruction[quote] != '=') continue;
    ++quote;
    while (quote < instruction.size() && is_space(instruction[quote])) ++quote;
    if (quote == instruction.size() || (instruction[quote] != '"' && instruction[quote] != '\''))
      continue;
    const std::size_t end = instruction.find(instruction[quote], quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return html::SrcsetCandidate{quote + 1, end};
  }
  return std::nullopt;
}

void HtmlRewriter::start_held_text(const html::Token& tag) {
  const auto name = local_name(tag.name);
  if (iequals(name, "style")) {
    text_ = Text::kStyle;
  } else if (iequals(name, "script")) {
    const auto kind = script_kind(tag);
    if (options_.scripts != Scripts::kRewrite || !kind) return;
    text_ = Text::kScript;
    script_ = *kind;
  } else if (options_.markup == html::Markup::kXml && has_url_text(tag.name)) {
    text_ = Text::kUrl;
  }
}

/// True if the token is part of the text that is held, or its end is.
bool HtmlRewriter::hold_text(const html::Token& token) {
  const bool is_text =
      token.kind == html::TokenKind::kText || token.kind == html::TokenKind::kCdata;
  if (is_text && held_.size() + token.raw.size() <= kHeldBytes) {
    held_ += token.raw;
    return true;
  }
  if (is_text) {
    // Too long: as it is.
    sink_.keep(held_);
    sink_.keep(token.raw);
    held_.clear();
    text_ = Text::kPlain;
    return true;
  }
  const bool goes_on = token.kind == html::TokenKind::kComment;
  const Text text = text_;
  end_held_text();
  if (goes_on) text_ = text;
  return false;
}

void HtmlRewriter::end_held_text() {
  if (!held_.empty()) {
    auto edits = edits_of_text(held_);
    write_edits(held_, edits, sink_);
    held_.clear();
  }
  text_ = Text::kPlain;
}

std::vector<Edit> HtmlRewriter::edits_of_text(std::string_view written) {
  if (text_ == Text::kUrl) {
    const Modifier page = urls_.address().modifier;
    return url_text_edits(written, urls_, memento::is_page(page) ? page : Modifier::kNone);
  }
  const DecodedValue value = DecodedValue::of_text(written);
  EditList list;
  if (text_ == Text::kStyle) {
    CssRewriter css(urls_, list);
    css.feed(value.text());
    css.finish();
  } else {
    const auto script = make_script_rewriter(script_, urls_, list);
    script->feed(value.text());
    script->finish();
  }
  return text_edits(value, list.edits());
}

void HtmlRewriter::edit_instruction(const html::Token& token) {
  edits_.clear();
  if (const auto href = stylesheet_href(token.raw)) {
    const html::Attribute attribute{.name = "href",
                                    .value = token.raw.substr(href->begin, href->end - href->begin),
                                    .value_begin = href->begin,
                                    .quote = token.raw[href->begin - 1],
                                    .has_value = true};
    edit_url(attribute, 0, attribute.value.size(), Modifier::kStyle, RelativeUrls::kLeave);
  }
  write(token.raw);
}

}  // namespace wm::rewrite
