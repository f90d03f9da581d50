#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/html/tokenizer.h"
#include "core/html/url_attributes.h"
#include "replay/rewrite/decoded_value.h"
#include "replay/rewrite/edit.h"
#include "replay/rewrite/js_rewriter.h"
#include "replay/rewrite/markup_edits.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

/// The name of the frame that replayed pages are shown in: where links that would leave it are
/// sent.
inline constexpr std::string_view kReplayFrame = "___wb_replay_top_frame";

enum class Scripts {
  kLeave,    ///< scripts go out as they came: nothing but the CSP holds them
  kRewrite,  ///< for wombat
};

struct HtmlOptions {
  std::string head_insert;  ///< markup put right after <head>, or before the first tag that is
                            ///< neither html nor head
  Scripts scripts = Scripts::kLeave;
  std::size_t srcdoc_depth = 3;  ///< pages within srcdoc attributes within pages …
  html::Markup markup = html::Markup::kHtml;
};

/// An HTML page, an SVG image, a feed or other markup, edited in place (facts: replay 2.2). Only
/// values that must change change; a page that holds none comes out byte for byte. Comments are
/// left alone. `sink` outlives it.
class HtmlRewriter final : public Rewriter, private html::TokenSink {
 public:
  HtmlRewriter(Address address, HtmlOptions options, EditSink& sink);
  ~HtmlRewriter() override;
  void feed(std::string_view bytes) override { tokenizer_.feed(bytes); }
  void finish() override;

 private:
  void on_token(const html::Token& token) override;
  void on_start_tag(const html::Token& tag);
  void on_raw_text(const html::Token& token);
  void end_raw_text();
  bool hold_text(const html::Token& token);
  void start_held_text(const html::Token& tag);
  void end_held_text();
  std::vector<Edit> edits_of_text(std::string_view written);
  void edit_instruction(const html::Token& token);
  void insert_head_before(const html::Token& tag);
  void collect_edits(const html::Token& tag);
  void edit_url_attribute(const html::Token& tag, const html::UrlAttribute& found);
  void edit_url(const html::Attribute& attribute, std::size_t begin, std::size_t end,
                Modifier modifier, RelativeUrls relative);
  void edit_srcset(const html::Attribute& attribute, Modifier modifier);
  void edit_list(const html::Attribute& attribute, Modifier modifier);
  void edit_style(const html::Attribute& attribute);
  void edit_srcdoc(const html::Attribute& attribute);
  void edit_other_attribute(const html::Token& tag, const html::Attribute& attribute);
  void edit_handler(const html::Attribute& attribute, std::size_t begin, ScriptKind kind);
  void add(std::size_t begin, std::size_t end, std::string fresh) {
    edits_.push_back({begin, end, std::move(fresh)});
  }
  void rename(const html::Token& tag, const html::Attribute& attribute);
  void write(std::string_view raw);
  void start_raw_text(const html::Token& tag);

  UrlRewriter urls_;
  HtmlOptions options_;
  EditSink& sink_;
  std::vector<Edit> edits_;  ///< of the tag at hand, by offset in it
  bool head_done_ = false;
  bool base_seen_ = false;
  std::unique_ptr<Rewriter> inner_;  ///< of the script or style element we are in

  /// What the text of the element at hand is, where it is written as any other text: in XML and
  /// SVG.
  enum class Text { kPlain, kStyle, kScript, kUrl };
  Text text_ = Text::kPlain;
  ScriptKind script_ = ScriptKind::kClassic;
  std::string held_;  ///< of that text, until it ends

  html::Tokenizer tokenizer_;
};

/// The modifier that a URL of this role gets on a page with modifier `page`.
Modifier modifier_for(html::UrlRole role, Modifier page);

}  // namespace wm::rewrite
