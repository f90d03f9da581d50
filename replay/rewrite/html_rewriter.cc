#include "replay/rewrite/html_rewriter.h"

#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "replay/rewrite/css_rewriter.h"
#include "replay/rewrite/html_attributes.h"
#include "replay/rewrite/js_rewriter.h"
#include "replay/rewrite/markup_text.h"

namespace wm::rewrite {

HtmlRewriter::HtmlRewriter(Address address, HtmlOptions options, EditSink& sink)
    : urls_(std::move(address)),
      options_(std::move(options)),
      sink_(sink),
      tokenizer_(*this, {}, options_.markup) {
  head_done_ = options_.head_insert.empty();
}

HtmlRewriter::~HtmlRewriter() = default;

void HtmlRewriter::finish() {
  tokenizer_.finish();
  end_raw_text();
  end_held_text();
}

void HtmlRewriter::on_token(const html::Token& token) {
  if (token.kind == html::TokenKind::kRawText) {
    on_raw_text(token);
    return;
  }
  if (inner_) end_raw_text();
  if (text_ != Text::kPlain && hold_text(token)) return;
  if (token.kind == html::TokenKind::kStartTag) {
    on_start_tag(token);
  } else if (token.kind == html::TokenKind::kComment && token.raw.starts_with("<?xml-stylesheet")) {
    edit_instruction(token);
  } else {
    sink_.keep(token.raw);
  }
}

void HtmlRewriter::on_start_tag(const html::Token& tag) {
  const bool is_head = !head_done_ && iequals(tag.name, "head");
  if (!head_done_ && !is_head) insert_head_before(tag);
  edits_.clear();
  if (tag.attributes != nullptr && may_hold_edits(*tag.attributes)) collect_edits(tag);
  write(tag.raw);
  if (is_head) {
    sink_.insert(options_.head_insert);
    head_done_ = true;
  }
  start_raw_text(tag);
}

void HtmlRewriter::insert_head_before(const html::Token& tag) {
  if (iequals(tag.name, "html")) return;
  sink_.insert(options_.head_insert);
  head_done_ = true;
}

void HtmlRewriter::start_raw_text(const html::Token& tag) {
  if (tag.self_closing && tag.foreign) return;
  if (tag.foreign) return start_held_text(tag);
  if (iequals(tag.name, "style")) {
    inner_ = std::make_unique<CssRewriter>(urls_, sink_);
  } else if (options_.scripts == Scripts::kRewrite && iequals(tag.name, "script")) {
    if (const auto kind = script_kind(tag)) inner_ = make_script_rewriter(*kind, urls_, sink_);
  }
}

void HtmlRewriter::on_raw_text(const html::Token& token) {
  if (inner_) {
    inner_->feed(token.raw);
  } else {
    sink_.keep(token.raw);
  }
}

void HtmlRewriter::end_raw_text() {
  if (!inner_) return;
  inner_->finish();
  inner_.reset();
}

void HtmlRewriter::collect_edits(const html::Token& tag) {
  // A meta that would change how the page is treated is put out of action whole, before its URLs
  // are looked at.
  if (iequals(tag.name, "meta") && is_neutral_meta(tag)) {
    if (const auto* content = tag.find("content")) rename(tag, *content);
  } else {
    for (const auto& found : html::url_attributes(tag)) edit_url_attribute(tag, found);
  }
  for (const auto& attribute : *tag.attributes) edit_other_attribute(tag, attribute);
}

void HtmlRewriter::edit_url_attribute(const html::Token& tag, const html::UrlAttribute& found) {
  const html::Attribute& attribute = (*tag.attributes)[found.index];
  const Modifier modifier = modifier_for(found.role, urls_.address().modifier);
  switch (found.syntax) {
    case html::UrlAttribute::Syntax::kSrcset:
      return edit_srcset(attribute, modifier);
    case html::UrlAttribute::Syntax::kUrlList:
      return edit_list(attribute, modifier);
    case html::UrlAttribute::Syntax::kCss:
      return edit_style(attribute);
    case html::UrlAttribute::Syntax::kHtml:
      return edit_srcdoc(attribute);
    case html::UrlAttribute::Syntax::kRefresh:
      if (const auto url = html::parse_refresh(attribute.value))
        edit_url(attribute, url->begin, url->end, modifier, RelativeUrls::kLeave);
      return;
    case html::UrlAttribute::Syntax::kContent:
      if (!is_absolute(attribute.value)) return;
      break;
    case html::UrlAttribute::Syntax::kUrl:
      break;
  }
  if (found.role == html::UrlRole::kLazy && !is_absolute(attribute.value)) return;
  if (options_.scripts == Scripts::kRewrite && is_javascript_url(attribute.value))
    return edit_handler(attribute, 11, ScriptKind::kUrl);
  // The type of a module cannot be told from its address otherwise.
  const bool all = found.role == html::UrlRole::kModule && options_.scripts == Scripts::kRewrite;
  edit_url(attribute, 0, attribute.value.size(), modifier,
           all ? RelativeUrls::kRewrite : RelativeUrls::kLeave);
  if (found.role == html::UrlRole::kBase && !base_seen_) {
    base_seen_ = true;
    urls_.set_base(DecodedValue(attribute.value).text());
  }
}

void HtmlRewriter::edit_url(const html::Attribute& attribute, std::size_t begin, std::size_t end,
                            Modifier modifier, RelativeUrls relative) {
  edit_attribute_url(attribute, begin, end, urls_, modifier, relative, edits_);
}

void HtmlRewriter::edit_srcset(const html::Attribute& attribute, Modifier modifier) {
  for (const auto& candidate : html::parse_srcset(attribute.value)) {
    edit_url(attribute, candidate.begin, candidate.end, modifier, RelativeUrls::kLeave);
  }
}

void HtmlRewriter::edit_list(const html::Attribute& attribute, Modifier modifier) {
  const auto value = attribute.value;
  for (std::size_t at = 0; at < value.size();) {
    while (at < value.size() && (is_space(value[at]) || value[at] == ',')) ++at;
    const std::size_t begin = at;
    while (at < value.size() && !is_space(value[at]) && value[at] != ',') ++at;
    if (at > begin) edit_url(attribute, begin, at, modifier, RelativeUrls::kLeave);
  }
}

void HtmlRewriter::edit_style(const html::Attribute& attribute) {
  const DecodedValue value(attribute.value);
  EditList list;
  CssRewriter css(urls_, list);
  css.feed(value.text());
  css.finish();
  map_attribute_edits(attribute, 0, value, list.edits(), edits_);
}

void HtmlRewriter::edit_srcdoc(const html::Attribute& attribute) {
  if (options_.srcdoc_depth == 0) return;
  const DecodedValue value(attribute.value);
  EditList list;
  HtmlOptions options = options_;
  options.markup = html::Markup::kHtml;
  --options.srcdoc_depth;
  Address address = urls_.address();
  address.document = urls_.base();
  HtmlRewriter inner(std::move(address), std::move(options), list);
  inner.feed(value.text());
  inner.finish();
  map_attribute_edits(attribute, 0, value, list.edits(), edits_);
}

void HtmlRewriter::edit_handler(const html::Attribute& attribute, std::size_t begin,
                                ScriptKind kind) {
  const DecodedValue value(attribute.value.substr(begin));
  EditList list;
  const auto script = make_script_rewriter(kind, urls_, list);
  script->feed(value.text());
  script->finish();
  map_attribute_edits(attribute, begin, value, list.edits(), edits_);
}

void HtmlRewriter::edit_other_attribute(const html::Token& tag, const html::Attribute& attribute) {
  switch (action_for(tag, attribute)) {
    case AttributeAction::kNone:
      return;
    case AttributeAction::kRename:
      return rename(tag, attribute);
    case AttributeAction::kRetarget:
      add(attribute.value_begin, attribute.value_begin + attribute.value.size(),
          std::string(kReplayFrame));
      return;
    case AttributeAction::kDisableType:
      add(attribute.value_begin, attribute.value_begin, "x-");
      return;
    case AttributeAction::kHandler:
      if (options_.scripts == Scripts::kRewrite) edit_handler(attribute, 0, ScriptKind::kHandler);
      return;
  }
}

void HtmlRewriter::rename(const html::Token& tag, const html::Attribute& attribute) {
  const auto at = static_cast<std::size_t>(attribute.name.data() - tag.raw.data());
  add(at, at, "_");
}

void HtmlRewriter::write(std::string_view raw) {
  if (edits_.empty()) {
    sink_.keep(raw);
  } else {
    write_edits(raw, edits_, sink_);  // two rules for one value: the first holds
  }
}

}  // namespace wm::rewrite
